//! Whether a document is sound: a writer that trusted it would write places that say nothing.

use std::ops::Range;

use crate::document::{Document, Entity, Link};
use crate::error::{Error, Result};

/// Refuses a document with a place outside of its text, or an index of what it does not have.
pub(super) fn check(document: &Document) -> Result<()> {
    let text = document.text.as_str();
    for (index, section) in document.sections.iter().enumerate() {
        let inside = holds(&section.place, &section.title);
        if !is_place(text, &section.place) || !is_place(text, &section.title) || !inside {
            return wrong(format!("section {index} has a place outside of its text"));
        }
        if section.parent.is_some_and(|parent| parent >= index) {
            return wrong(format!("section {index} stands in one that does not come before it"));
        }
    }
    for (index, entity) in document.entities.iter().enumerate() {
        check_entity(document, entity)
            .map_err(|reason| Error::Argument(format!("entity {index} {reason}")))?;
    }
    let count = document.entities.len();
    for (index, relation) in document.relations.iter().enumerate() {
        if relation.first >= count || relation.second >= count {
            return wrong(format!("relation {index} has an entity that is not there"));
        }
        if relation.label.trim().is_empty() {
            return wrong(format!("relation {index} has no label"));
        }
    }
    if document.code_relations.iter().any(|relation| relation.label.trim().is_empty()) {
        return wrong("a relation between codes has no label".into());
    }
    let passages = document.passages.iter().map(|passage| &passage.bytes);
    for place in passages {
        // A passage may be empty, such as the abstract of a paper without one.
        if text.get(place.clone()).is_none() {
            return wrong("a passage has a place outside of the text".into());
        }
    }
    if document.words.iter().flatten().any(|place| !is_place(text, place)) {
        return wrong("a word has a place outside of the text".into());
    }
    Ok(())
}

fn check_entity(document: &Document, entity: &Entity) -> std::result::Result<(), &'static str> {
    let text = document.text.as_str();
    let inside = |place: &Range<usize>| is_place(text, place);
    if !inside(&entity.bytes) {
        return Err("has a place outside of its text");
    }
    if text[entity.bytes.clone()].trim().is_empty() {
        return Err("is white space");
    }
    let ordered = entity.pieces.is_sorted_by(|one, next| one.end <= next.start);
    let ends = entity.pieces.first().zip(entity.pieces.last());
    let fit = ends.is_none_or(|(first, last)| (first.start..last.end) == entity.bytes);
    if !ordered || !fit || !entity.pieces.iter().all(inside) {
        return Err("has pieces that do not make up its place");
    }
    if entity.label.trim().is_empty() {
        return Err("has no label");
    }
    if entity.section.is_some_and(|section| section >= document.sections.len()) {
        return Err("stands in a section that is not there");
    }
    let cue = entity.assertion.as_ref().and_then(|assertion| assertion.cue.as_ref());
    if cue.is_some_and(|cue| !inside(cue)) {
        return Err("has a cue outside of its text");
    }
    if !entity.attributes.iter().all(|attribute| inside(&attribute.place)) {
        return Err("has an attribute outside of its text");
    }
    let said = |link: &Link| link.abstention.is_some() || !link.candidates.is_empty();
    if !entity.links.iter().all(said) {
        return Err("has neither a code nor why there is none");
    }
    Ok(())
}

fn wrong(reason: String) -> Result<()> {
    Err(Error::Argument(reason))
}

/// Whether a place is one of the text's, with something in it.
fn is_place(text: &str, place: &Range<usize>) -> bool {
    text.get(place.clone()).is_some_and(|part| !part.is_empty())
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
