//! Whether a document is sound, before it is written: its places lie within its text, its relations
//! between its entities, and all have a kind.

use std::ops::Range;

use crate::document::{Document, Entity};
use crate::error::{Error, Result};

/// Refuses a document with a place outside of its text, within a character, or of an entity that is white
/// space, or without a kind.
pub(super) fn check(document: &Document) -> Result<()> {
    let text = document.text.as_str();
    let within = |place: &Range<usize>, what: &str, index: usize| match text.get(place.clone()) {
        Some(_) => Ok(()),
        None => {
            let reason = "does not lie within the text, or cuts a character";
            Err(Error::Argument(format!("{what} {index} {reason}")))
        }
    };
    for (index, entity) in document.entities.iter().enumerate() {
        within(&entity.bytes, "entity", index)?;
        entity.pieces.iter().try_for_each(|piece| within(piece, "a piece of entity", index))?;
        if !sound_pieces(entity) || text[entity.bytes.clone()].trim().is_empty() {
            let reason = "is white space, or its pieces are not in order within it";
            return Err(Error::Argument(format!("entity {index} {reason}")));
        }
        named(&entity.label, "entity", index)?;
        let cue = entity.assertion.as_ref().and_then(|assertion| assertion.cue.as_ref());
        cue.map_or(Ok(()), |cue| within(cue, "the cue of entity", index))?;
        for attribute in &entity.attributes {
            within(&attribute.place, "an attribute of entity", index)?;
        }
        if entity.section.is_some_and(|section| section >= document.sections.len()) {
            return Err(Error::Argument(format!("the section of entity {index} is not there")));
        }
    }
    for (index, section) in document.sections.iter().enumerate() {
        within(&section.place, "section", index)?;
        within(&section.title, "the title of section", index)?;
        if section.parent.is_some_and(|parent| parent >= index) {
            return Err(Error::Argument(format!("section {index} stands in one after it")));
        }
    }
    for (index, passage) in document.passages.iter().enumerate() {
        within(&passage.bytes, "passage", index)?;
    }
    for (index, relation) in document.relations.iter().enumerate() {
        if relation.first.max(relation.second) >= document.entities.len() {
            return Err(Error::Argument(format!("an entity of relation {index} is not there")));
        }
        named(&relation.label, "relation", index)?;
    }
    for (index, relation) in document.code_relations.iter().enumerate() {
        named(&relation.label, "code relation", index)?;
    }
    Ok(())
}

fn named(label: &str, what: &str, index: usize) -> Result<()> {
    match label.trim().is_empty() {
        true => Err(Error::Argument(format!("{what} {index} has no label"))),
        false => Ok(()),
    }
}

fn sound_pieces(entity: &Entity) -> bool {
    let pieces = entity.stretches();
    pieces.first().is_some_and(|first| first.start == entity.bytes.start)
        && pieces.last().is_some_and(|last| last.end == entity.bytes.end)
        && pieces.iter().all(|piece| piece.start < piece.end)
        && pieces.is_sorted_by(|one, next| one.end <= next.start)
}
