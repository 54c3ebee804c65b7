//! Notes in the styles that notes have, with the sections that a reader sees.

use std::fmt::Write;

use proptest::prelude::*;

use super::{home, sections};
use crate::document::Section;
use crate::error::Error;

fn found(text: &str) -> Vec<Section> {
    sections(text, &|| Ok(())).unwrap()
}

/// The sections of a text, one a line: name, code, title, first and last words; indented by depth.
fn outline(text: &str) -> String {
    let all = found(text);
    let mut out = String::new();
    for section in &all {
        let depth = std::iter::successors(section.parent, |&parent| all[parent].parent).count();
        let (body, title) = (&text[section.place.clone()], &text[section.title.clone()]);
        let words: Vec<&str> = body.split_whitespace().collect();
        let (first, last) = (
            words[..words.len().min(2)].join(" "),
            words[words.len().saturating_sub(2)..].join(" "),
        );
        let indent = "  ".repeat(depth);
        let (name, loinc) = (section.name, section.loinc.unwrap_or("-"));
        writeln!(out, "{indent}{name} {loinc} [{title}] {first} … {last}").unwrap();
    }
    out
}

macro_rules! notes {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            let text = include_str!(concat!("notes/", stringify!($name), ".txt"));
            let want = include_str!(concat!("notes/", stringify!($name), ".sections"));
            assert_eq!(outline(text), want);
            // The same with other line breaks.
            for line_break in ["\r\n", "\r", "\u{2028}"] {
                assert_eq!(outline(&text.replace('\n', line_break)), want);
            }
        }
    )*};
}

notes! {
    capitals_alone capitals_with_colon title_case_with_colon title_case_alone shorthand_on_lines one_line
    markdown bold underlined numbered roman_and_letters table
}

#[test]
fn prose_is_no_heading() {
    for text in [
        "Plan to discharge tomorrow.",
        "Medications were reviewed.",
        "Allergies improved with cetirizine",
        "She was told: stop smoking. The plan: none.",
        "We talked about diet and about her\nMedications\nwith her daughter.",
        "He has a history of\nallergies: pollen and dust",
        "P: 88\nS: 95%",
        "Vitamin A: low. P: normal.",
        "Follow up.",
        "PE on CT",
        "- Labs\n- Imaging",
        "PLAN DISCUSSED WITH PATIENT AND FAMILY",
        "| Medication | Dose |\n|---|---|\n| aspirin | 81 mg |",
        "Temp: 38\nBP: 120/80",
        "# hypertension, well controlled.",
    ] {
        assert_eq!(outline(text), "", "{text}");
    }
}

/// The names of the sections of a text, with their titles.
fn names(text: &str) -> Vec<(&'static str, String)> {
    found(text).iter().map(|one| (one.name, text[one.title.clone()].to_owned())).collect()
}

#[test]
fn letters_are_headings_before_an_age_or_a_number_of_a_list() {
    for text in [
        "S: cough\nO: BP 152/88\nA: HTN\nP: x\n",
        "S: 52yo F with cough\nO: BP 152/88\nA: 1. HTN\nP: 1) x\n",
        "S: 52-year-old man\r\nO: clear\r\nA: cold\r\nP: 1. rest\r\n",
        "S: 52 y/o\nO: clear\nA: cold\nP: rest",
        "S: 52M\nO: clear\nA: cold\nP: rest",
    ] {
        let names: Vec<&str> = found(text).iter().map(|section| section.name).collect();
        assert_eq!(names, ["subjective", "objective", "assessment", "plan"], "{text}");
    }
    assert_eq!(names("S: 95%\nP: 88\nA: 7.35"), []);
}

#[test]
fn an_exam_of_a_radiologist_is_a_study() {
    for text in [
        "EXAM: CT CHEST, ABDOMEN AND PELVIS WITH CONTRAST\n",
        "EXAM: PORTABLE CHEST RADIOGRAPH\n",
        "EXAMINATION: MRI of the brain\n",
        "Exam: Right knee X-ray, two views\n",
        "EXAM:\nXR LEFT FOOT\n",
    ] {
        assert_eq!(found(text)[0].name, "imaging", "{text}");
    }
    for text in ["EXAM: Lungs clear, CXR pending", "Exam: tells us all", "PHYSICAL EXAM:\nGen: NAD"]
    {
        assert_eq!(found(text)[0].name, "physical_examination", "{text}");
    }
}

#[test]
fn drugs_that_were_stopped_have_a_section_of_their_own() {
    for title in [
        "STOP TAKING:",
        "Stop taking:",
        "STOPPED MEDICATIONS",
        "DISCONTINUED MEDICATIONS:",
        "Discontinued Medications",
        "Medications to stop:",
        "PRIOR MEDICATIONS:",
        "STOP taking these medications:",
    ] {
        let text = format!("CURRENT MEDICATIONS:\naspirin\n\n{title}\n1. Metformin 1000 mg\n");
        let all = found(&text);
        let place = text.find("Metformin").unwrap();
        let name = home(&all, place).map(|index| all[index].name);
        assert_eq!(name, Some("discontinued_medications"), "{text}");
        assert_eq!(home(&all, text.find("aspirin").unwrap()).map(|index| all[index].name), {
            Some("medications")
        });
    }
}

#[test]
fn what_goes_on_after_drugs_that_were_stopped_is_taken() {
    for text in [
        "DISCHARGE MEDICATIONS:\nSTOP:\nwarfarin\nCONTINUE:\naspirin\n",
        "STOP TAKING:\nwarfarin\nCONTINUE TAKING:\naspirin\n",
        "Stop taking these medications:\nwarfarin\nContinue:\naspirin\n",
        "MEDICATIONS:\nDiscontinued: warfarin\n\naspirin\n",
    ] {
        let all = found(text);
        let name = |words: &str| home(&all, text.find(words).unwrap()).map(|at| all[at].name);
        assert_eq!(name("warfarin"), Some("discontinued_medications"), "{text}");
        assert_eq!(name("aspirin"), Some("medications"), "{text}");
    }
    assert_eq!(names("She will stop taking: aspirin."), []);
}

#[test]
fn an_oncologic_history_is_a_kind() {
    let text = "HPI: fatigue\n\nOncologic history:\n2019: lumpectomy\n\nPMH: HTN";
    assert_eq!(found(text)[1].name, "oncologic_history");
}

#[test]
fn items_of_a_plan_are_no_sections_of_the_note() {
    let text =
        "ASSESSMENT AND PLAN:\n1. Allergies: cetirizine\n2. Family history: refer\n# Hypertension";
    assert_eq!(found(text).len(), 1);
}

#[test]
fn a_title_has_no_number_mark_or_colon() {
    for (text, title) in [
        ("2.1) PAST MEDICAL HISTORY: gout", "PAST MEDICAL HISTORY"),
        ("**Assessment:** gout", "Assessment"),
        ("=== PLAN ===\nrest", "PLAN"),
        ("[HPI]\nfell", "HPI"),
        ("### Vitals ###", "Vitals"),
        ("Labs (5/12):\nnormal", "Labs (5/12)"),
        ("Impression - gout", "Impression"),
        ("IMPRESSION Acute gout", "IMPRESSION"),
        ("FAMILY   mother gout", "FAMILY"),
        ("  Médications:\u{a0}none Plan:", ""),
        ("Plan:\u{a0}rest", "Plan"),
    ] {
        let all = found(text);
        let titles: Vec<&str> = all.iter().map(|section| &text[section.title.clone()]).collect();
        assert_eq!(titles.join(" "), title, "{text}");
    }
}

#[test]
fn a_byte_is_at_home_in_the_innermost_section() {
    let text = "Seen today.\n\nOBJECTIVE\nVITALS\nHR 80\nEXAM\nclear\n\nPLAN\nrest\n";
    let all = found(text);
    let name = |words: &str| home(&all, text.find(words).unwrap()).map(|index| all[index].name);
    assert_eq!(name("Seen"), None);
    assert_eq!(name("OBJ"), Some("objective"));
    assert_eq!(name("HR"), Some("vital_signs"));
    assert_eq!(name("clear"), Some("physical_examination"));
    assert_eq!(name("rest"), Some("plan"));
    assert_eq!(home(&all, text.len() - 1), None);
    assert_eq!(home(&[], 0), None);
}

#[test]
fn empty_sections_and_empty_texts_are_no_trouble() {
    assert_eq!(outline(""), "");
    assert_eq!(outline("PMH - "), "past_medical_history 11348-0 [PMH] PMH - … PMH -\n");
    assert_eq!(
        outline("PMH:\n\nALLERGIES:\n"),
        "past_medical_history 11348-0 [PMH] PMH: … PMH:\nallergies 48765-2 [ALLERGIES] ALLERGIES: … ALLERGIES:\n"
    );
}

#[test]
fn long_runs_are_no_trouble() {
    // With work that grows with the square of the length, this would take hours.
    let much = 2_000_000;
    let runs = [
        "a",
        " ",
        ":",
        "\n",
        "PMH: ",
        "PMH: HTN. ",
        ". A",
        "**",
        "|",
        "# ",
        "1. ",
        "PMH\n",
        "A:\n",
        "# A\n",
        "## PMH\n",
        "1.1.1 Plan:\n",
        "I. Plan\nA. Plan\n1. Plan\n- Plan:\n",
        "Exam: Vitals: Lungs: x. ",
        "é: ",
        "x\n=====\n",
        "OBJECTIVE\nVITALS\n",
        "\u{2028}",
    ];
    for run in runs {
        let all = found(&run.repeat(much / run.len()));
        assert!(all.is_sorted_by_key(|section| section.place.start));
    }
    assert_eq!(found(&"PMH\n".repeat(much / 4)).len(), much / 4);
}

#[test]
fn an_error_of_the_check_ends_the_work() {
    for run in ["PMH: HTN. ", "PMH\n"] {
        let text = run.repeat(100_000);
        let calls = std::cell::Cell::new(0);
        let check = || {
            calls.set(calls.get() + 1);
            if calls.get() < 3 { Ok(()) } else { Err(Error::Cancelled) }
        };
        assert_eq!(sections(&text, &check), Err(Error::Cancelled));
        assert_eq!(calls.get(), 3);
    }
}

proptest! {
    #[test]
    fn sections_lie_within_each_other_and_the_text(
        text in "([a-z.:|#*=-]|[ \n\r\t]|PMH|Plan|Exam|VITALS|OBJECTIVE|Labs|1\\. |II\\. |## |- |\\PC){0,120}",
    ) {
        let all = found(&text);
        for (index, section) in all.iter().enumerate() {
            let body = &text[section.place.clone()];
            prop_assert_eq!(body.trim(), body);
            prop_assert!(!text[section.title.clone()].is_empty());
            prop_assert!(section.place.start <= section.title.start && section.title.end <= section.place.end);
            if let Some(parent) = section.parent {
                prop_assert!(parent < index);
                prop_assert!(all[parent].place.start <= section.place.start);
                prop_assert!(section.place.end <= all[parent].place.end);
            }
            prop_assert_eq!(home(&all, section.title.start), Some(index));
        }
    }
}
