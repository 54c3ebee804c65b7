//! Texts with entities of which it is known what the text says: whether the patient has them.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::data::{check_text, label, place};
use crate::document::{Assertion, AssertionValue, Document, Entity, shared};
use crate::error::{Error, Result};
use crate::text::{Input, OffsetUnit};

/// A text of whose entities it is known what it says of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asserted {
    pub(crate) text: String,
    /// The entities in order; they do not overlap.
    pub(crate) entities: Vec<AssertedMention>,
}

/// An entity of a text and what the text says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct AssertedMention {
    /// Bytes of the text.
    pub(crate) bytes: Range<usize>,
    #[serde(serialize_with = "shared")]
    pub(crate) kind: Arc<str>,
    pub(crate) value: AssertionValue,
}

/// An entity of a text, as the caller marked it, and what the text says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssertedMark<'a> {
    /// Offset of its first character.
    pub start: usize,
    /// Offset after its last character.
    pub end: usize,
    /// Its kind.
    pub label: &'a str,
    /// What the text says of it.
    pub value: AssertionValue,
}

impl Asserted {
    /// A text with its entities, in any order; offsets count `unit`.
    ///
    /// # Errors
    /// Those of [`Annotated::new`](crate::eval::Annotated::new).
    pub fn new(
        document: Input<'_>,
        unit: OffsetUnit,
        marks: &[AssertedMark<'_>],
    ) -> Result<Asserted> {
        let text = check_text(document)?;
        let offsets = text.offsets(unit);
        let entity = |(index, mark): (usize, &AssertedMark<'_>)| {
            let what = format!("entity {index}");
            let bytes = place(&text, &offsets, mark.start..mark.end, &what)?;
            let label = label(mark.label, &what)?.into();
            let assertion = Some(Assertion::new(mark.value));
            Ok(Entity { assertion, ..Entity::new(bytes, label) })
        };
        let entities = marks.iter().enumerate().map(entity).collect::<Result<Vec<_>>>()?;
        let text = text.as_str().to_string();
        Asserted::from_document(Document { text, entities, ..Document::default() })
    }

    /// A document with its entities.
    pub(super) fn from_document(document: Document) -> Result<Asserted> {
        let mention = |(index, entity): (usize, Entity)| {
            let missing = || Error::Argument(format!("entity {index} has no assertion"));
            let value = entity.value().ok_or_else(missing)?;
            Ok(AssertedMention { bytes: entity.bytes, kind: entity.label, value })
        };
        let entities = document.entities.into_iter().enumerate().map(mention);
        let mut entities = entities.collect::<Result<Vec<_>>>()?;
        entities.sort_by_key(|entity| entity.bytes.start);
        if entities.windows(2).any(|pair| pair[1].bytes.start < pair[0].bytes.end) {
            return Err(Error::Argument("two entities overlap".into()));
        }
        Ok(Asserted { text: document.text, entities })
    }
}
