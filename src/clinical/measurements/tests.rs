use super::measurements;
use crate::clinical::quantity::cases::{check, marked};
use crate::document::{Attribute, Entity};
use crate::error::Error;
use crate::sentence::sentences;

#[test]
fn tests_have_their_results() {
    check(include_str!("cases.txt"), "Test", &|text, sentences, entities| {
        measurements(text, sentences, entities, &|| Ok(())).unwrap()
    });
}

fn read(text: &str, entities: &[Entity]) -> Vec<Vec<Attribute>> {
    measurements(text, &sentences(text), entities, &|| Ok(())).unwrap()
}

#[test]
fn a_result_stays_in_its_statement() {
    let (text, entities) = marked("[[VITALS]]\n\n120 beds\n[[BP]]", "Test");
    assert!(read(&text, &entities).iter().all(Vec::is_empty));
}

#[test]
fn only_tests_have_results() {
    let (text, entities) = marked("[[aspirin]] 81, [[aspirin]] negative", "Drug");
    assert!(read(&text, &entities).iter().all(Vec::is_empty));
}

#[test]
fn places_are_whole_characters_of_any_text() {
    for note in [
        "[[Hb]]½½½",
        "💊[[Hb]]💊5💊",
        "[[Hb]] -",
        "[[Hb]] 5/",
        "[[Hb]] 5 (",
        "[[Ht]] 5’",
        "µ[[BP]] 1/2/",
    ] {
        let (text, entities) = marked(note, "Test");
        for attribute in &read(&text, &entities)[0] {
            assert!(text.get(attribute.place.clone()).is_some(), "{note}");
        }
    }
}

#[test]
fn a_cancelled_call_ends() {
    let (text, entities) = marked("[[Hb]] 5", "Test");
    let cancelled = measurements(&text, &sentences(&text), &entities, &|| Err(Error::Cancelled));
    assert_eq!(cancelled, Err(Error::Cancelled));
}
