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
