//! Texts with entities marked in them.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::data::{check_text, label, place};
use crate::document::{Document, Entity, shared};
use crate::error::{Error, Result};
use crate::text::{Input, OffsetUnit};

/// A text whose entities are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Annotated {
    pub(crate) text: String,
    /// The words, as bytes of the text, where a file has its own: then the text is one sentence.
    pub(crate) words: Option<Vec<Range<usize>>>,
    /// The entities in order; they do not overlap.
    pub(crate) entities: Vec<Mention>,
}

/// An entity of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Mention {
    /// Bytes of the text.
    pub(crate) bytes: Range<usize>,
    #[serde(serialize_with = "shared")]
    pub(crate) kind: Arc<str>,
}

/// An entity of a text, as the caller marked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark<'a> {
    /// Offset of its first character.
    pub start: usize,
    /// Offset after its last character.
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
        let text = check_text(document)?;
        let offsets = text.offsets(unit);
        let entity = |(index, mark): (usize, &Mark<'_>)| {
            let what = format!("entity {index}");
            let bytes = place(&text, &offsets, mark.start..mark.end, &what)?;
            Ok(Entity::new(bytes, label(mark.label, &what)?.into()))
        };
        let entities = marks.iter().enumerate().map(entity).collect::<Result<Vec<_>>>()?;
        let text = text.as_str().to_string();
        Annotated::from_document(Document { text, entities, ..Document::default() })
    }

    /// A document with its entities.
    pub(super) fn from_document(document: Document) -> Result<Annotated> {
        let Document { text, words, entities, .. } = document;
        let mention = |entity: Entity| Mention { bytes: entity.bytes, kind: entity.label };
        let mut entities: Vec<Mention> = entities.into_iter().map(mention).collect();
        entities.sort_by_key(|entity| entity.bytes.start);
        if entities.windows(2).any(|pair| pair[1].bytes.start < pair[0].bytes.end) {
            return Err(Error::Argument("two entities overlap".into()));
        }
        Ok(Annotated { text, words, entities })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(told(scalars, &[(7, 12, "x")]), "entity 0 ends after the text");
        assert_eq!(told(scalars, &[(3, 3, "x")]), "entity 0 is empty or ends before it starts");
        assert_eq!(told(scalars, &[(7, 9, " ")]), "entity 0 has no label");
        assert_eq!(told(scalars, &[(4, 5, "x")]), "entity 0 is white space");
        assert_eq!(told(scalars, &[(7, 11, "x"), (0, 8, "y")]), "two entities overlap");
        for unit in [OffsetUnit::Utf8Bytes, OffsetUnit::Utf16Units] {
            assert_eq!(told(unit, &[(6, 8, "x")]), "entity 0 starts or ends within a character");
        }
    }
}
