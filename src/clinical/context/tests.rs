//! What is said of the entities of `sentences.txt`, and that no text takes long or is cut apart.

use super::{Judges, assertions};
use crate::clinical::sections::sections;
use crate::document::{Assertion, AssertionCategory, AssertionValue, Entity};
use crate::error::{Error, Result};
use crate::sentence::sentences;

const SENTENCES: &str = include_str!("sentences.txt");

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
            Entity { bytes, label: label.into(), assertion },
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
    for line in SENTENCES.lines().filter(|line| !line.starts_with('#')) {
        let (text, marks) = marked(line);
        let entities: Vec<Entity> = marks.iter().map(|(entity, _)| entity.clone()).collect();
        for (found, (entity, category)) in said(&text, &entities, None).unwrap().iter().zip(marks) {
            let right = Some(found.value) == entity.assertion
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
