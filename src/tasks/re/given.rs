//! Entities that the caller gives, brought from the caller's unit to bytes.

use crate::error::{Error, Result};
use crate::tasks::RunOptions;
use crate::tasks::ner::{ByteEntity, Found};
use crate::tasks::read::Reading;

/// An entity that the caller knows already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenEntity {
    /// Index of its document.
    pub doc: usize,
    /// Offset of its first character, in the unit of the call.
    pub start: usize,
    /// Offset after its last character.
    pub end: usize,
    /// Its kind, such as `Chemical`; capitals do not matter.
    pub kind: String,
}

/// The caller's entities, by document.
pub(super) struct Given<'a> {
    documents: Vec<Vec<(usize, &'a GivenEntity)>>,
}

impl<'a> Given<'a> {
    pub(super) fn new(entities: &'a [GivenEntity], documents: usize) -> Result<Given<'a>> {
        let mut by_document = vec![Vec::new(); documents];
        for (index, entity) in entities.iter().enumerate() {
            let slot = by_document.get_mut(entity.doc).ok_or_else(|| {
                Error::Argument(format!("entity {index} is of a document that does not exist"))
            })?;
            slot.push((index, entity));
        }
        Ok(Given { documents: by_document })
    }

    /// The entities of a document in bytes, in the order that results have.
    pub(super) fn of(
        &self,
        document: usize,
        reading: &Reading<'_>,
        options: &RunOptions,
    ) -> Result<Found> {
        let offsets = reading.text.offsets(options.unit);
        let refused = |index: usize, reason: &str| {
            Error::Argument(format!("entity {index} {reason}")).of_doc(document)
        };
        let byte = |index: usize, offset: usize| {
            let outside = "begins or ends outside its document or inside a character";
            offsets.exact(offset).ok_or_else(|| refused(index, outside))
        };
        let mut entities = Vec::new();
        for &(index, entity) in &self.documents[document] {
            let bytes = byte(index, entity.start)?..byte(index, entity.end)?;
            if bytes.is_empty() {
                return Err(refused(index, "is empty"));
            }
            let label = entity.kind.as_str().into();
            entities.push(ByteEntity {
                bytes,
                label,
                head: "".into(),
                score: 1.0,
                also: Vec::new(),
            });
        }
        entities.sort_by_key(|entity| (entity.bytes.start, std::cmp::Reverse(entity.bytes.end)));
        Ok(Found { entities, ..Found::default() })
    }
}
