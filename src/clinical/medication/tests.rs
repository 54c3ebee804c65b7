use super::medication;
use crate::clinical::quantity::cases::{check, marked};
use crate::document::{AttributeKind, Entity};
use crate::error::Error;
use crate::sentence::sentences;

#[test]
fn drugs_have_their_attributes() {
    check(include_str!("cases.txt"), "Drug", &|text, sentences, entities| {
        medication(text, sentences, entities, &|| Ok(())).unwrap()
    });
}

fn read(text: &str, entities: &[Entity]) -> Vec<Vec<crate::document::Attribute>> {
    medication(text, &sentences(text), entities, &|| Ok(())).unwrap()
}

#[test]
fn a_test_ends_what_is_the_drugs() {
    let (text, mut entities) = marked("[[Lasix]] 40 mg, [[creatinine]] 2 mg daily", "Drug");
    entities[1].label = "Test".into();
    let found = read(&text, &entities);
    assert_eq!(found[0].len(), 1, "{found:?}");
    assert!(found[1].is_empty());
}

#[test]
fn a_reason_is_the_problem_that_the_model_found() {
    let note = "[[warfarin]] was started by cardiology for [[atrial fibrillation with RVR]] today";
    let (text, mut entities) = marked(note, "Drug");
    entities[1].label = "Problem".into();
    let found = read(&text, &entities);
    let reason = found[0].iter().find(|found| found.kind == AttributeKind::Reason).unwrap();
    assert_eq!(reason.place, entities[1].bytes);
}

#[test]
fn a_duration_right_after_a_problem_is_the_problems() {
    for (note, durations) in
        [("on [[Eliquis]] with new [[SOB]] x3d", 0), ("[[Norco]] prn [[pain]] x3d", 1)]
    {
        let (text, mut entities) = marked(note, "Drug");
        entities[1].label = "Problem".into();
        let found = read(&text, &entities);
        let found = found[0].iter().filter(|found| found.kind == AttributeKind::Duration);
        assert_eq!(found.count(), durations, "{note}");
    }
}

#[test]
fn a_number_after_a_chemical_is_no_dose() {
    let (text, entities) = marked("[[sodium]] 134, [[potassium]] 40 mEq", "Chemical");
    let found = read(&text, &entities);
    assert!(found[0].is_empty());
    assert_eq!(found[1][0].unit.as_deref(), Some("meq"));
}

#[test]
fn places_are_whole_characters_of_any_text() {
    for note in [
        "[[aspirin]]½½½½½",
        "[[aspirin]]\u{2028}½\0µg\r\n5 µ",
        "💊[[aspirin]]💊 5 💊 mg",
        "[[aspirin]]",
        "[[aspirin]] 1/",
        "[[aspirin]] 5-",
        "[[aspirin]] for",
        "[[aspirin]] prn (",
        "[[aspirin]] q",
        "[[aspirin]] x",
    ] {
        let (text, entities) = marked(note, "Drug");
        for attribute in &read(&text, &entities)[0] {
            assert!(text.get(attribute.place.clone()).is_some(), "{note}");
        }
    }
    let digits = "9".repeat(500);
    let (text, entities) = marked(&format!("[[aspirin]] {digits} mg"), "Drug");
    assert!(read(&text, &entities)[0].iter().all(|found| found.low.is_none_or(f64::is_finite)));
}

#[test]
fn a_cancelled_call_ends() {
    let (text, entities) = marked("[[aspirin]] 5 mg", "Drug");
    let cancelled = medication(&text, &sentences(&text), &entities, &|| Err(Error::Cancelled));
    assert_eq!(cancelled, Err(Error::Cancelled));
}
