//! What a file of BioC says of a document: its passages, each with the entities that stand in it.

use std::collections::HashSet;
use std::ops::Range;

use serde_json::{Value, json};

use super::entity;
use super::model::{Annotation, BiocDocument, Infons, Location, Stretch};
use super::relation;
use crate::data::losses::{Holds, lose, running_number};
use crate::data::sound;
use crate::data::unique::Unique;
use crate::data::write::Losses;
use crate::document::{Document, Section};
use crate::error::Result;
use crate::text::{InvalidText, OffsetUnit, Offsets, Text};

/// A document in parts. `number`: of the documents so far, from 1; `given`: what they are called.
///
/// # Errors
/// [`Error::Argument`](crate::error::Error::Argument) for a document that is not sound.
pub(super) fn parts(
    document: &Document,
    number: usize,
    unit: OffsetUnit,
    given: &mut Unique,
    losses: &mut Losses,
) -> Result<BiocDocument> {
    sound::check(document)?;
    Holds::ALL.count(document, losses);
    let text = Text::new(document.text.as_str().into(), InvalidText::Reject)?;
    let offsets = text.offsets(unit);
    let id = document.id.clone().filter(|id| !id.trim().is_empty());
    lose(losses, "numbers given as ids", usize::from(id.is_none()));
    let id = given.take(id.unwrap_or_else(|| running_number(number)), number, losses);
    let infons = infons(document, &offsets);
    let mut parts = BiocDocument { id, infons, ..BiocDocument::default() };
    let stretches = stretches(document, losses);
    for (bytes, kind) in &stretches {
        let mut passage = Stretch { offset: offsets.at(bytes.start), ..Stretch::default() };
        if let Some(kind) = kind {
            passage.infons.add("type", *kind);
        }
        passage.text = Some(document.text[bytes.clone()].into());
        parts.passages.push(passage);
    }
    let ids = ids(document, losses);
    for (entity, id) in document.entities.iter().zip(&ids) {
        let location = |piece: &Range<usize>| {
            let offset = offsets.at(piece.start);
            Location { offset, length: offsets.at(piece.end) - offset }
        };
        let annotation = Annotation {
            id: id.clone(),
            infons: entity::write(entity, &document.text, &offsets, &document.sections, losses),
            text: Some(document.text[entity.bytes.clone()].into()),
            locations: entity.stretches().iter().map(location).collect(),
        };
        let home = stretches.partition_point(|(bytes, _)| bytes.end < entity.bytes.end);
        parts.passages[home].annotations.push(annotation);
    }
    parts.relations = relation::write(document, &ids, losses);
    Ok(parts)
}

/// What is known of the document as a whole.
fn infons(document: &Document, offsets: &Offsets<'_>) -> Infons {
    let mut infons = Infons::default();
    if let Some(provenance) = &document.provenance {
        infons.add("model", &provenance.model);
        if let Some(hash) = &provenance.hash {
            infons.add("model_hash", hash);
        }
        infons.add("model_version", &provenance.version);
    }
    if !document.sections.is_empty() {
        infons.add("sections", sections(&document.sections, offsets));
    }
    infons
}

/// What the entities are called: numbers, unless each has a name of its own.
fn ids(document: &Document, losses: &mut Losses) -> Vec<String> {
    let entities = &document.entities;
    let own: HashSet<&str> = entities.iter().filter_map(|entity| entity.id.as_deref()).collect();
    if own.len() == entities.len() && !own.iter().any(|id| id.trim().is_empty()) {
        return entities.iter().filter_map(|entity| entity.id.clone()).collect();
    }
    lose(losses, "entity ids", entities.iter().filter(|entity| entity.id.is_some()).count());
    (0..entities.len()).map(|index| index.to_string()).collect()
}

/// The passages. All of the text stands in one of them, but for the line ends between them, and every
/// entity within one.
fn stretches<'a>(
    document: &'a Document,
    losses: &mut Losses,
) -> Vec<(Range<usize>, Option<&'a str>)> {
    let (text, passages) = (document.text.as_str(), &document.passages);
    let whole = vec![(0..text.len(), None)];
    if !passages.is_sorted_by(|one, next| one.bytes.end <= next.bytes.start) {
        lose(losses, "passages", passages.len());
        return whole;
    }
    let mut stretches: Vec<(Range<usize>, Option<&str>)> = Vec::new();
    let mut end = 0;
    let ends = [(text.len()..text.len(), None)];
    let own = passages.iter().map(|passage| (passage.bytes.clone(), passage.kind.as_deref()));
    for (at, (bytes, kind)) in own.chain(ends).enumerate() {
        let gap = end..bytes.start;
        let is_last = at == passages.len();
        if is_last && gap.is_empty() {
            break;
        }
        // Line ends come back as such; anything else stands in a passage of its own.
        if text[gap.clone()].bytes().any(|byte| byte != b'\n') || is_last {
            lose(losses, "passages", usize::from(!passages.is_empty()));
            stretches.push((gap, None));
        }
        end = bytes.end;
        if !is_last {
            stretches.push((bytes, kind));
        }
    }
    for entity in &document.entities {
        cover(&mut stretches, &entity.bytes, losses);
    }
    if stretches.is_empty() { whole } else { stretches }
}

/// Joins stretches, so that one of them covers a place.
fn cover(
    stretches: &mut Vec<(Range<usize>, Option<&str>)>,
    place: &Range<usize>,
    losses: &mut Losses,
) {
    let first = stretches.partition_point(|(bytes, _)| bytes.end <= place.start);
    let first = first.min(stretches.len().saturating_sub(1));
    let last = stretches.partition_point(|(bytes, _)| bytes.start < place.end).max(first + 1);
    if last - first > 1 {
        lose(losses, "passages", last - first - 1);
        let joined = stretches[first].0.start..stretches[last - 1].0.end;
        stretches.splice(first..last, [(joined, None)]);
    }
    let bytes = &mut stretches[first].0;
    *bytes = bytes.start.min(place.start)..bytes.end.max(place.end);
}

/// The sections, as JSON.
fn sections(sections: &[Section], offsets: &Offsets<'_>) -> String {
    let one = |section: &Section| {
        let mut value = json!({
            "name": section.name,
            "start": offsets.at(section.place.start),
            "end": offsets.at(section.place.end),
            "title_start": offsets.at(section.title.start),
            "title_end": offsets.at(section.title.end),
        });
        value["parent"] = section.parent.into();
        value
    };
    Value::from(sections.iter().map(one).collect::<Vec<_>>()).to_string()
}
