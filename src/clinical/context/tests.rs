//! What is said of the entities of `sentences.txt` and `allergies.txt`, and that no text takes long or is cut apart.

use super::{Judges, assertions};
use crate::clinical::sections::sections;
use crate::document::{Assertion, AssertionCategory, AssertionValue, Entity};
use crate::error::{Error, Result};
use crate::sentence::sentences;

const SENTENCES: [&str; 2] = [include_str!("sentences.txt"), include_str!("allergies.txt")];

/// An entity of a marked text, and what is right to say of it.
type Marked = (Entity, Option<AssertionCategory>);

/// The text and the entities of a line; see the head of `sentences.txt`.
fn marked(line: &str) -> (String, Vec<Marked>) {
    let (mut text, mut marks) = (String::new(), Vec::new());
    let line = line.replace('⏎', "\n");
    let mut pieces = line.split('{');
    text.push_str(pieces.next().unwrap());
    for piece in pieces {
        let (mark, after) = piece.split_once('}').unwrap();
        let (words, right) = mark.split_once('|').unwrap();
        let (value, category) = right.split_once(' ').unwrap_or((right, ""));
        let (label, words) = match words.split_at_checked(2) {
            Some(("D:", words)) => ("Drug", words),
            Some(("T:", words)) => ("Test", words),
            Some(("R:", words)) => ("Procedure", words),
            _ => ("Problem", words),
        };
        let start = text.len();
        text.push_str(words);
        let bytes = start..text.len();
        let assertion = Some(AssertionValue::parse(value).unwrap());
        marks.push((
            Entity { assertion: assertion.map(Assertion::new), ..Entity::new(bytes, label.into()) },
            AssertionCategory::parse(category),
        ));
        text.push_str(after);
    }
    (text, marks)
}

/// What is said of the entities of a text.
fn said(text: &str, entities: &[Entity], head: Option<&[[f32; 5]]>) -> Result<Vec<Assertion>> {
    let sections = sections(text, &|| Ok(()))?;
    let home = |entity: &Entity| {
        sections.iter().rposition(|section| section.place.contains(&entity.bytes.start))
    };
    let home: Vec<_> = entities.iter().map(home).collect();
    let sentences = sentences(text);
    assertions(text, &sentences, &sections, entities, &home, head, Judges::All, &|| Ok(()))
}

#[test]
fn sentences_come_out_right() {
    let mut wrong = Vec::new();
    let lines = SENTENCES.into_iter().flat_map(str::lines);
    for line in lines.filter(|line| !line.starts_with('#')) {
        let (text, marks) = marked(line);
        let entities: Vec<Entity> = marks.iter().map(|(entity, _)| entity.clone()).collect();
        for (found, (entity, category)) in said(&text, &entities, None).unwrap().iter().zip(marks) {
            let right = Some(found.value) == entity.value()
                && category.is_none_or(|category| found.category == Some(category))
                && (0.0..=1.0).contains(&found.score);
            if !right {
                let words = &text[entity.bytes];
                let cue = found.cue.clone().map(|cue| &text[cue]);
                wrong.push(format!(
                    "{words}: {:?} {:?} {cue:?} in {line}",
                    found.value, found.category
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_statement_of_cues_alone_is_read_once() {
    let text = "no if mother possible history of (? - ".repeat(4000) + "fever";
    let label: std::sync::Arc<str> = "Problem".into();
    let entity = |at: usize| Entity::new(at..at + 2, label.clone());
    let entities: Vec<Entity> = (0..text.len() - 5).step_by(38).map(entity).collect();
    let sentence = 0..text.len();
    let home = vec![None; entities.len()];
    let run = |check: &dyn Fn() -> Result<()>| {
        assertions(
            &text,
            std::slice::from_ref(&sentence),
            &[],
            &entities,
            &home,
            None,
            Judges::All,
            check,
        )
    };
    assert_eq!(run(&|| Ok(())).unwrap().len(), entities.len());
    let calls = std::cell::Cell::new(0);
    let second = || {
        calls.set(calls.get() + 1);
        if calls.get() > 1 { Err(Error::Cancelled) } else { Ok(()) }
    };
    assert_eq!(run(&second).unwrap_err(), Error::Cancelled, "a long statement is read in pieces");
}

#[test]
fn the_head_decides_where_it_is_alone_and_is_outvoted_by_a_heading() {
    let text = "PAST MEDICAL HISTORY\nGout.\nAsthma.\n\nPLAN\nAllopurinol for gout.\n";
    let at = |words: &str| {
        let start = text.find(words).unwrap();
        Entity::new(start..start + words.len(), "Problem".into())
    };
    let entities = [at("Gout"), at("Asthma"), at("gout")];
    let present = [[0.97, 0.01, 0.01, 0.005, 0.005]; 3];
    let found = said(text, &entities, Some(&present)).unwrap();
    let historical = |found: &Assertion| {
        found.category == Some(AssertionCategory::Section)
            && found.value == AssertionValue::Historical
            && found.cue.clone().map(|cue| &text[cue]) == Some("PAST MEDICAL HISTORY")
    };
    assert!(historical(&found[0]) && historical(&found[1]), "{found:?}");
    assert_eq!((found[2].value, found[2].category), (AssertionValue::Present, None));
    let (sentences, home) = (sentences(text), [None; 3]);
    let alone = |judges| {
        let head = Some(present.as_slice());
        assertions(text, &sentences, &[], &entities, &home, head, judges, &|| Ok(())).unwrap()
    };
    assert!((alone(Judges::Head)[0].score - 0.97).abs() < 1e-5);
    assert!(alone(Judges::Rules).iter().all(|found| found.value == AssertionValue::Present));
}

/// A head that is as sure as can be of "present" takes no allergy for a drug that is taken.
#[test]
fn allergies_are_not_outvoted() {
    for line in [
        "Allergies: {D:ibuprofen|absent}.",
        "Allergies: {D:ibuprofen|absent}, {D:aspirin|absent}.",
        "Allergies:⏎- {D:Ibuprofen|absent}: hives⏎- {D:Codeine|absent}: nausea",
        "Allergies: 1. {D:ibuprofen|absent} 2. {D:codeine|absent}",
        "Allergies: {D:aspirin|absent} 325 mg (hives)",
        "Adverse reactions: {D:ibuprofen|absent} - GI bleed.",
        "No known allergies except {D:sulfa|absent}.",
        "No known allergies apart from {D:aspirin|absent}.",
        "Allergic to {D:sulfa|absent}; tolerates {D:amoxicillin|present}.",
        "Allergies: {D:penicillin|absent}⏎⏎Medications:⏎{D:aspirin|present} 81 mg daily",
    ] {
        let (text, marks) = marked(line);
        let entities: Vec<Entity> = marks.iter().map(|(entity, _)| entity.clone()).collect();
        let head = vec![[1.0, 0.0, 0.0, 0.0, 0.0]; entities.len()];
        for (found, entity) in said(&text, &entities, Some(&head)).unwrap().iter().zip(entities) {
            assert_eq!(Some(found.value), entity.value(), "{} in {line}", &text[entity.bytes]);
        }
    }
}

/// Two heads may find the same words.
#[test]
fn what_is_said_of_an_entity_is_said_of_another_at_its_place() {
    let text = "Rash due to carbamazepine in 2003. Outgrew asthma. Colonoscopy deferred.";
    let at = |words: &str, label: &str| {
        let start = text.find(words).unwrap();
        Entity::new(start..start + words.len(), label.into())
    };
    let words = ["Rash", "carbamazepine", "asthma"];
    let entities: Vec<Entity> =
        words.iter().flat_map(|words| [at(words, "Problem"), at(words, "Problem")]).collect();
    let found = said(text, &entities, None).unwrap();
    for (twins, words) in found.chunks(2).zip(words) {
        assert_eq!(twins[0].category, twins[1].category, "{words}");
        assert_eq!(twins[0].value, twins[1].value, "{words}");
    }
}

proptest::proptest! {
    /// One assertion for each entity, and cues that the text can be cut at, whatever the text.
    #[test]
    fn any_text_has_an_answer(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "no", "mother", "’s", "?", "(-", ")", ":", "é", "\u{1F600}", "\r\n", "\0", " ", " ", "denies:\n- ",
            "İ", "ruled out", "PMH", "[ ]", "in 2015", "\u{2028}", "if", ";", "-", "+",
        ]), 0..40),
        cuts in proptest::collection::vec(0usize..120, 0..6),
    ) {
        let text = words.concat();
        let mut cuts: Vec<usize> = cuts.iter().map(|&cut| text.floor_char_boundary(cut)).collect();
        cuts.sort_unstable();
        let entity = |cut: &[usize]| {
            Entity::new(cut[0]..cut[1], "Problem".into())
        };
        let entities: Vec<Entity> = cuts.windows(2).map(entity).collect();
        let found = said(&text, &entities, None).unwrap();
        assert_eq!(found.len(), entities.len());
        assert!(found.into_iter().filter_map(|found| found.cue).all(|cue| text.get(cue).is_some()));
    }
}
