//! The rules in texts that people write.

use super::sentences;
use proptest::prelude::*;

/// Checks the sentences of texts in which "¦" marks every start but the first.
fn check(marked: &[&str]) {
    for marked in marked {
        let text = marked.replace('¦', "");
        let found: Vec<&str> = sentences(&text).into_iter().map(|range| &text[range]).collect();
        let want: Vec<&str> = marked.split('¦').map(str::trim).collect();
        assert_eq!(found, want);
    }
}

#[test]
fn words_that_lead_on_do_not_end_a_sentence() {
    check(&[
        "She saw Dr. Smith today. ¦He agreed.",
        "Mr. and Mrs. Doe came with Ms. Roe. ¦Prof. Poe did not.",
        "Cases vs. controls differed, cf. Fig. 2 and Eq. 3.",
        "We used a steroid (e.g. Prednisone), i.e. Deltasone, at approx. 5 mg.",
        "She went to St. Mary's Hospital.",
        "He has MS. ¦Walking is hard.",
        "MS. JANE ROE WAS SEEN. ¦SHE IS WELL.",
    ]);
}

#[test]
fn abbreviations_may_end_a_sentence_before_a_capital() {
    check(&[
        "Metoprolol 25 mg p.o. b.i.d. was continued. ¦Aspirin was not.",
        "She takes it q.d. ¦The dose is 5 mg.",
        "He came at 9 a.m. on Monday and left at 5 p.m. ¦Nobody saw him.",
        "Pain, fever, etc. were denied. ¦He has no cough.",
        "Smith et al. showed this. ¦So did Jones et al. (2019) and Roe et al. [5] later.",
        "Take 5 mg. daily and 2 tabs. 3 times a week.",
        "Tylenol No. 3 was given in vol. 2. ¦No. ¦She declined.",
        "It fell in Jan. 2019 and rose in Feb. ¦Rain helped.",
        "She lost weight (from 92 kg. to 80 kg.). ¦He gained some.",
        "Propofol (2 mg/kg i.v.) Ringer lactate and saline were given.",
        "She was in the U.S. Army. ¦He was treated in the U.S. ¦They met there.",
        "Seen by Jane Roe, M.D. ¦She agreed.",
        "Glucose was 110 mg/dL. ¦Sodium was 5 mmol/L. ¦All is well.",
        "The 53 y.o. female was seen.",
    ]);
}

#[test]
fn a_single_letter_is_an_initial_a_species_or_a_name_of_its_own() {
    check(&[
        "J. Smith and Mary A. Jones wrote it. ¦A. Roe read it.",
        "Seen by J. R. Smith. ¦He signed.",
        "E. coli and S. aureus grew. ¦So did C. difficile.",
        "She has hepatitis C. ¦Blood was drawn from group B. ¦Nothing grew.",
        "We cut lamin A. ¦Cells died.",
    ]);
}

#[test]
fn periods_within_numbers_dates_and_names_do_not_count() {
    check(&[
        "Give 2.5 mg (p = .05), a 1.5-fold rise. ¦On 01.02.2020 at 10.30 it fell.",
        "The A1c was 7.2. ¦He takes insulin.",
        "The pH was 7.4. ¦3 samples were lost.",
        "NF.1 and p.Leu68Pro differ, as www.example.org and a@b.Example.com do.",
    ]);
}

#[test]
fn the_blank_after_a_period_may_be_missing() {
    check(&[
        "It was normal.¦The rest (e.g.those) was not. ¦Fine.",
        "We measured IL-2.¦The level rose.",
        "Deaths rose (p < 0.01).¦(ABSTRACT TRUNCATED AT 250 WORDS)",
    ]);
}

#[test]
fn closing_quotes_and_brackets_belong_to_the_sentence() {
    check(&[
        "She said that it \"comes and goes.\" ¦He did not.",
        "(Nobody knew why.) ¦It healed.",
        "“Is it better?” ¦“No.” ¦She left.",
        "\"Why?\" she asked.",
    ]);
}

#[test]
fn other_stops_end_a_sentence_and_semicolons_and_colons_do_not() {
    check(&[
        "Any pain? ¦None! ¦Good.",
        "Pain ... none today ... ¦She left. ¦Well… ¦Maybe.",
        "Two arms; one was blinded; the other was not.",
        "RESULTS: All were well. ¦CONCLUSION: It works.",
        "痛い。¦熱はない！¦本当？¦はい",
    ]);
}

#[test]
fn small_letters_start_a_sentence_behind_a_plain_word() {
    check(&[
        "She denies alcohol abuse. ¦smoked in the past. ¦mRNA was low.",
        "Transcripts fell in mice. ¦p53 did not. ¦α-Synuclein rose.",
        "Fusarium oxysporum f. sp. cubense and Aedes spp. mosquitoes.",
    ]);
}

#[test]
fn list_items_keep_their_numbers() {
    check(&[
        "1. Aspirin 81 mg ¦2. Metoprolol 25 mg p.o. b.i.d. ¦3. Lasix p.r.n.",
        "Plan: 1. Aspirin daily. ¦2. Rest.",
        "We show that 1) it works and 2) it is cheap.",
        "He moved at age 2. ¦She stayed.",
        "IV. Plan\n¦b. Aspirin 81 mg\n¦2. Heparin\n¦- fever\n¦* cough\n¦• chills\n¦3) rest",
        "• fever ¦• chills",
    ]);
}

#[test]
fn notes_have_one_statement_per_line() {
    check(&[
        "ASSESSMENT AND PLAN\n¦Chest pain\n¦HPI:\n¦She is well",
        "BP: 120/80\n¦HR: 72\n¦Temp: 98.6 F",
        "1. Aspirin 81 mg\r\n¦2. Heparin\r\n\r\n¦She is well\t and\tat home.\r\n",
        "lisinopril 10 mg p.o.\n¦metoprolol 25 mg b.i.d.\n¦Aspirin",
        "Family history: none\n¦Social history: smokes",
        "Page one ends\n\n\n\n¦page two starts\u{2029}¦page three\r¦Page four",
    ]);
}

#[test]
fn wrapped_lines_go_on() {
    check(&[
        "She has fever, chills,\nnausea, and\tvomiting",
        "The patient is a 60 year old man with diabetes and hypertension, seen by Dr.\n\
         Smith after a fall in which he broke his left arm. ¦He was given 2 mg of\n\
         morphine i.v. and sent home. ¦He came back today and was seen in the Boston\n\
         Clinic, where he was well.\n\n\
         ¦He went home",
        "- A cough that has lasted for three weeks and is worse at night and in the\n  \
         morning\n¦- No fever",
    ]);
}

#[test]
fn marks_of_de_identification_stand_for_names() {
    check(&["Seen on [**2019-3-4**] by Dr. [**Last Name**] at ___. ¦___ is well. ¦[**He**] left."]);
}

#[test]
fn long_runs_are_no_trouble() {
    // With work that grows with the square of the length, this would take hours.
    let much = 2_000_000;
    let runs = ["a", "word ", ". ", ".", ".(", ".)) ", "\"", "'. ", "1. ", " ", "- ", "a:\u{b}"];
    for run in runs {
        let text = run.repeat(much / run.len()) + "end";
        assert!(!sentences(&text).is_empty());
    }
    for line in ["A line of text.\n", "x.\r\n", "no stop\n"] {
        assert_eq!(sentences(&line.repeat(much / 16)).len(), much / 16);
    }
    assert_eq!(sentences(&"word ".repeat(much / 5)).len(), 1);
}

/// Numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Lines of lists, one of them longer than what prose is wrapped at.
const LISTS: [[&str; 5]; 4] = [
    [
        "Denies fever",
        "Denies chest pain, shortness of breath, palpitations, syncope or hemoptysis",
        "Diarrhea for three days",
        "Mother with breast cancer",
        "No known drug allergies",
    ],
    [
        "Hypertension, well controlled",
        "Type 2 diabetes with neuropathy, retinopathy and chronic kidney disease stage 3",
        "Gout",
        "Hepatitis C",
        "Appendectomy in 1998",
    ],
    [
        "Tylenol 500 mg as needed for pain",
        "Metoprolol succinate 25 mg by mouth once a day in the morning with food",
        "Aspirin 81 mg daily",
        "Vitamin D 1000 units",
        "Insulin glargine 22 units at bedtime",
    ],
    [
        "Fatigue since Monday",
        "Patient reports burning pain in both feet at night and numbness of the toes",
        "Reports no falls",
        "Ankle swelling in the evening",
        "Does not smoke",
    ],
];

#[test]
fn lines_of_a_list_are_never_glued() {
    let mut dice = Dice(7);
    for round in 0..200 {
        let mut list = LISTS[round % LISTS.len()];
        for at in (1..list.len()).rev() {
            list.swap(at, dice.below(at + 1));
        }
        let line_break =
            ["\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"][round % 8];
        let text = list.join(line_break);
        let found: Vec<&str> = sentences(&text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, list);
    }
}

/// Prose of notes; "¦" marks every sentence but the first.
const PROSE: [&str; 6] = [
    "Mrs. Roe is a 74-year-old woman with atrial fibrillation and chronic kidney disease who came to the emergency department after two days of nausea and poor appetite. ¦She denies chest pain, shortness of breath, palpitations or syncope. ¦Her daughter, who lives with her in Boston, says that she has been drinking very little and that she fell on Sunday without hitting her head. ¦She takes apixaban, metoprolol and furosemide.",
    "On examination she was awake and oriented but slow to answer. ¦The blood pressure was 98/60 mmHg with a heart rate of 112 beats per minute. ¦The abdomen was soft, and there was no rebound or guarding. ¦Laboratory tests showed a creatinine of 2.4 mg/dL, up from 1.3 in March, and a potassium of 5.6 mmol/L.",
    "We think that the injury of the kidney is due to loss of volume, since it improved with fluids. ¦Obstruction was excluded by ultrasound on the first day. ¦Furosemide was held, and it will be started again at half the dose when she drinks well. ¦If the potassium rises above 6, the nephrologist on call should be told at once.",
    "He had pneumonia of the right lower lobe in 2019, was treated with Augmentin for seven days, and recovered fully. ¦Since then he has had no cough, fever or loss of weight. ¦A CT of the chest in May showed a nodule of 4 mm that has not changed since 2021.",
    "The patient was seen by Dr. Smith of the Department of Neurology because of weakness of the left arm that began on the morning of admission. ¦MRI of the brain showed no infarct, and the symptoms resolved within an hour. ¦Aspirin was started, and she was sent home with a monitor.",
    "Family members report that the father had Parkinson disease and that an aunt died of a stroke at the age of 61. ¦There is no history of cancer in the family.",
];

/// Wraps text at a width; ragged: some lines end up to a fifth before it.
fn wrapped(text: &str, width: usize, ragged: Option<&mut Dice>) -> String {
    let mut dice = ragged;
    let mut limit = || width - dice.as_mut().map_or(0, |dice| dice.below(width / 5 + 1));
    let (mut out, mut length, mut most) = (String::new(), 0, limit());
    for word in text.split(' ') {
        if length > 0 && length + 1 + word.chars().count() > most {
            out.push('\n');
            (length, most) = (0, limit());
        } else if length > 0 {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += word.chars().count();
    }
    out
}

/// Of sentences of the prose, wrapped: how many are found again, and how many there are.
fn recovered(width: usize, mut dice: Option<Dice>) -> (usize, usize) {
    let (mut right, mut all) = (0, 0);
    for prose in PROSE {
        let want: Vec<&str> = prose.split('¦').map(str::trim).collect();
        let text = wrapped(&prose.replace('¦', ""), width, dice.as_mut());
        let found: Vec<String> =
            sentences(&text).into_iter().map(|range| text[range].replace('\n', " ")).collect();
        right +=
            want.iter().filter(|sentence| found.iter().any(|found| found == *sentence)).count();
        all += want.len();
    }
    (right, all)
}

#[test]
fn prose_goes_on_at_any_width() {
    for width in [35, 40, 50, 60, 72, 80, 100, 120] {
        let (right, all) = recovered(width, None);
        assert_eq!(right, all, "at {width} columns");
        let (mut right, mut all) = (0, 0);
        for seed in 0..10 {
            let (found, there) = recovered(width, Some(Dice(seed)));
            (right, all) = (right + found, all + there);
        }
        println!("ragged at {width} columns: {right} of {all}");
        assert!(20 * right >= 19 * all, "ragged at {width} columns: {right} of {all}");
    }
}

#[test]
fn every_mark_of_a_line_makes_a_statement() {
    check(&[
        "[x] Fever\n¦[ ] Cough that is worse at night and in the morning\n¦[x] chills",
        "☐ fever\n¦☑ cough ¦☐ chills",
        "| fever | yes |\n¦| cough | no |",
        "Sodium   140   mmol/L\n¦Potassium   5.6   mmol/L",
        "The patient takes these every day with food:\n¦Aspirin\n¦Lisinopril",
        "a) fever and chills\n¦b) cough",
        "#1 Hypertension\n¦#2 Gout",
        "Hypertension\r¦Gout\u{b}¦Asthma\u{c}¦COPD\u{85}¦Anemia\u{2028}¦Eczema",
    ]);
}

proptest! {
    #[test]
    fn sentences_cover_the_text_in_order(
        text in "([a-zA-Z0-9.?!…。()\"'•:,*#\\[_ -]|[ \n\r\t]|1\\. |Dr\\. |The |\\PC){0,120}",
    ) {
        let mut next = 0;
        for range in sentences(&text) {
            prop_assert!(next <= range.start && range.start < range.end);
            prop_assert!(text[next..range.start].trim().is_empty());
            prop_assert_eq!(text[range.clone()].trim(), &text[range.clone()]);
            next = range.end;
        }
        prop_assert!(text[next..].trim().is_empty());
    }
}
