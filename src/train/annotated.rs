//! Texts with entities marked in them, and the files that hold them.

use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::eval::conlleval::Sentence;
use crate::eval::ner::join;
use crate::tasks::{Tag, spans};
use crate::text::{InvalidText, OffsetUnit, Text};

/// A text whose entities are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotated {
    pub(super) text: String,
    /// The words, as bytes of the text, where a file has its own: then the text is one sentence.
    pub(super) words: Option<Vec<Range<usize>>>,
    /// The entities in order; they do not overlap.
    pub(super) entities: Vec<Mention>,
}

/// An entity of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// Bytes of the text.
    pub(super) bytes: Range<usize>,
    pub(super) kind: Arc<str>,
}

impl Annotated {
    /// A sentence of words with BIO tags; `entity` is the kind that plain `B` and `I` stand for.
    pub fn from_tags(sentence: &Sentence, entity: &str) -> Annotated {
        let entity: Arc<str> = entity.into();
        let tags: Vec<Tag> = sentence.tags.iter().map(|tag| Tag::parse(tag, &entity)).collect();
        let (text, words) = join(&sentence.words);
        let mentions = spans(tags.iter().map(|tag| (tag, 1.0))).into_iter().map(|span| Mention {
            bytes: words[span.words.start].start..words[span.words.end - 1].end,
            kind: span.kind,
        });
        let entities = mentions.collect();
        Annotated { text, words: Some(words), entities }
    }
}

/// A line of a file of annotated texts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: String,
    entities: Vec<Marked>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marked {
    start: usize,
    end: usize,
    label: String,
}

/// Reads lines of JSON, `{"text": …, "entities": [{"start": …, "end": …, "label": …}]}`. Offsets are
/// half-open and count `unit`. Empty lines are passed over.
///
/// # Errors
/// [`Error::Model`] with the number of the line and what is wrong with it: no such JSON, an offset
/// behind the text or within a character, an empty entity or label, entities that overlap.
pub fn parse_jsonl(file: &str, text: &str, unit: OffsetUnit) -> Result<Vec<Annotated>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let parse = |(index, line): (usize, &str)| {
        annotated(line, unit)
            .map_err(|reason| Error::model(file, format!("line {}: {reason}", index + 1)))
    };
    lines.map(parse).collect()
}

/// What a line says, or what is wrong with it; never a word of it.
fn annotated(line: &str, unit: OffsetUnit) -> std::result::Result<Annotated, String> {
    // What the parser says may quote the text.
    let line: Line = serde_json::from_str(line)
        .map_err(|error| format!("not JSON of this form, at column {}", error.column()))?;
    let text =
        Text::new(line.text.as_str().into(), InvalidText::Reject).map_err(|e| e.to_string())?;
    let offsets = text.offsets(unit);
    let length = offsets.at(line.text.len());
    let mut entities = Vec::with_capacity(line.entities.len());
    for (index, marked) in line.entities.iter().enumerate() {
        let wrong = |what: &str| Err(format!("entity {index} {what}"));
        if marked.end > length {
            return wrong("ends behind the text");
        }
        if marked.start >= marked.end {
            return wrong("is empty or ends before it starts");
        }
        let bytes = offsets.byte(marked.start)..offsets.byte(marked.end);
        if offsets.at(bytes.start) != marked.start || offsets.at(bytes.end) != marked.end {
            return wrong("starts or ends within a character");
        }
        if marked.label.trim().is_empty() {
            return wrong("has no label");
        }
        if line.text[bytes.clone()].trim().is_empty() {
            return wrong("is white space");
        }
        entities.push(Mention { bytes, kind: marked.label.trim().into() });
    }
    entities.sort_by_key(|entity| entity.bytes.start);
    if entities.windows(2).any(|pair| pair[1].bytes.start < pair[0].bytes.end) {
        return Err("two entities overlap".into());
    }
    Ok(Annotated { text: line.text, words: None, entities })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_places() {
        let words = ["The", "left", "knee", "and", "liver"].map(String::from).into();
        let tags = ["O", "B-Part", "I-Part", "O", "I-Organ"].map(String::from).into();
        let found = Annotated::from_tags(&Sentence { words, tags }, "X");
        let found: Vec<_> =
            found.entities.iter().map(|e| (&found.text[e.bytes.clone()], &*e.kind)).collect();
        assert_eq!(found, [("left knee", "Part"), ("liver", "Organ")]);
    }

    #[test]
    fn offsets_count_what_they_are_said_to_count() {
        let units = [
            (OffsetUnit::Utf8Bytes, 11, 16),
            (OffsetUnit::UnicodeScalars, 7, 12),
            (OffsetUnit::Utf16Units, 8, 13),
        ];
        for (unit, start, end) in units {
            let line = format!(
                r#"{{"text":"😀 naïv liver.","entities":[{{"start":{start},"end":{end},"label":"Organ"}}]}}"#
            );
            let found = parse_jsonl("f", &format!("\n{line}\n\n"), unit).unwrap();
            assert_eq!(&found[0].text[found[0].entities[0].bytes.clone()], "liver");
        }
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let told = |entities: &str, unit| {
            let good = r#"{"text":"é","entities":[]}"#;
            let bad = format!(r#"{{"text":"Pain 😀 knee","entities":[{entities}]}}"#);
            parse_jsonl("a.jsonl", &format!("{good}\n{bad}"), unit).unwrap_err().to_string()
        };
        let scalars = |entities| told(entities, OffsetUnit::UnicodeScalars);
        let mistakes = [
            (r#"{"start":7,"end":12,"label":"x"}"#, "entity 0 ends behind the text"),
            (r#"{"start":3,"end":3,"label":"x"}"#, "entity 0 is empty or ends before it starts"),
            (r#"{"start":7,"end":9,"label":" "}"#, "entity 0 has no label"),
            (r#"{"start":4,"end":5,"label":"x"}"#, "entity 0 is white space"),
            (
                r#"{"start":7,"end":11,"label":"x"},{"start":0,"end":8,"label":"y"}"#,
                "two entities overlap",
            ),
        ];
        for (entities, reason) in mistakes {
            assert_eq!(scalars(entities), format!("a.jsonl: line 2: {reason}"));
        }
        for (unit, start) in [(OffsetUnit::Utf8Bytes, 6), (OffsetUnit::Utf16Units, 6)] {
            let error = told(&format!(r#"{{"start":{start},"end":8,"label":"x"}}"#), unit);
            assert!(
                error.contains("line 2: entity 0 starts or ends within a character"),
                "{error}"
            );
        }
        for line in ["{", r#"{"text":"a"}"#, r#"{"text":"a","entities":[{"start":-1}]}"#] {
            let error = parse_jsonl("a.jsonl", line, OffsetUnit::Utf8Bytes).unwrap_err();
            assert!(error.to_string().starts_with("a.jsonl: line 1: "), "{error}");
        }
    }
}
