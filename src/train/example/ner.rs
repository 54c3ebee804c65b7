//! Texts with entities marked in them.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::eval::conlleval::Sentence;
use crate::eval::ner::join;
use crate::heads::Tag;
use crate::tasks::{shared, spans};
use crate::text::{Input, OffsetUnit};
use crate::train::example::{label, place, text};

/// A text whose entities are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Annotated {
    pub(in crate::train) text: String,
    /// The words, as bytes of the text, where a file has its own: then the text is one sentence.
    pub(in crate::train) words: Option<Vec<Range<usize>>>,
    /// The entities in order; they do not overlap.
    pub(in crate::train) entities: Vec<Mention>,
}

/// An entity of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::train) struct Mention {
    /// Bytes of the text.
    pub(in crate::train) bytes: Range<usize>,
    #[serde(serialize_with = "shared")]
    pub(in crate::train) kind: Arc<str>,
}

/// An entity of a text, as the caller marked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark<'a> {
    /// Offset of its first character.
    pub start: usize,
    /// Offset behind its last character.
    pub end: usize,
    /// Its kind.
    pub label: &'a str,
}

impl Annotated {
    /// A text with its entities, in any order; offsets count `unit`.
    ///
    /// # Errors
    /// [`Error::Argument`] for an impossible place, an empty label, or entities that overlap;
    /// [`Error::Encoding`].
    pub fn new(document: Input<'_>, unit: OffsetUnit, marks: &[Mark<'_>]) -> Result<Annotated> {
        let text = text(document)?;
        let offsets = text.offsets(unit);
        let mention = |(index, mark): (usize, &Mark<'_>)| {
            let what = format!("entity {index}");
            let bytes = place(&text, &offsets, mark.start..mark.end, &what)?;
            Ok(Mention { bytes, kind: label(mark.label, &what)?.into() })
        };
        let mut entities = marks.iter().enumerate().map(mention).collect::<Result<Vec<_>>>()?;
        entities.sort_by_key(|entity| entity.bytes.start);
        if entities.windows(2).any(|pair| pair[1].bytes.start < pair[0].bytes.end) {
            return Err(Error::Argument("two entities overlap".into()));
        }
        Ok(Annotated { text: text.as_str().to_string(), words: None, entities })
    }

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
            let marks = [Mark { start, end, label: "Organ" }];
            let found = Annotated::new("😀 naïv liver.".into(), unit, &marks).unwrap();
            assert_eq!(&found.text[found.entities[0].bytes.clone()], "liver");
        }
    }

    #[test]
    fn every_impossible_mark_is_refused() {
        let told = |unit, marks: &[(usize, usize, &str)]| {
            let mark = |&(start, end, label)| Mark { start, end, label };
            let marks: Vec<Mark<'_>> = marks.iter().map(mark).collect();
            Annotated::new("Pain 😀 knee".into(), unit, &marks).unwrap_err().to_string()
        };
        let scalars = OffsetUnit::UnicodeScalars;
        assert_eq!(told(scalars, &[(7, 12, "x")]), "entity 0 ends behind the text");
        assert_eq!(told(scalars, &[(3, 3, "x")]), "entity 0 is empty or ends before it starts");
        assert_eq!(told(scalars, &[(7, 9, " ")]), "entity 0 has no label");
        assert_eq!(told(scalars, &[(4, 5, "x")]), "entity 0 is white space");
        assert_eq!(told(scalars, &[(7, 11, "x"), (0, 8, "y")]), "two entities overlap");
        for unit in [OffsetUnit::Utf8Bytes, OffsetUnit::Utf16Units] {
            assert_eq!(told(unit, &[(6, 8, "x")]), "entity 0 starts or ends within a character");
        }
    }
}
