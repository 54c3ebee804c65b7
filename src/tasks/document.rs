//! Results as documents, which formats are written from. `text` is what the call was given, read as the call
//! read it, and `unit` the call's.

use std::ops::Range;
use std::sync::Arc;

use crate::document::{Document, Entity, Relation, Section};
use crate::tasks::TextRange;
use crate::tasks::extract::{DocumentExtract, ExtractedEntity, ExtractedRelation};
use crate::tasks::ner::{DocumentSpans, Span};
use crate::tasks::re::{DocumentRelations, Relation as Related};
use crate::tasks::sections::DocumentSections;
use crate::text::{OffsetUnit, Offsets, Text};

impl DocumentExtract {
    /// The note with all that was found in it, in bytes. It has no id and no provenance yet.
    pub fn document(&self, text: &Text<'_>, unit: OffsetUnit) -> Document {
        let offsets = text.offsets(unit);
        let place = |place: TextRange| bytes(&offsets, place);
        let entity = |entity: &ExtractedEntity| Entity {
            score: Some(entity.score),
            head: Some(entity.head.clone()),
            also: entity.also.clone(),
            section: entity.section,
            assertion: entity.assertion.map(|assertion| assertion.map(place)),
            expansion: entity.expansion.clone(),
            attributes: entity.attributes.iter().map(|one| one.clone().map(place)).collect(),
            links: entity.links.clone(),
            ..Entity::new(place(entity.place), entity.label.clone())
        };
        let relation = |relation: &ExtractedRelation| Relation {
            text: words(&relation.label, &relation.text),
            score: Some(relation.score),
            head: Some(relation.head.clone()),
            assertion: relation.assertion,
            ..Relation::new(relation.first, relation.second, relation.label.to_string())
        };
        Document {
            text: text.as_str().into(),
            sections: sections(&self.sections, &offsets),
            entities: self.entities.iter().map(entity).collect(),
            relations: self.relations.iter().map(relation).collect(),
            code_relations: self.code_relations.clone(),
            truncated: self.flags.truncated,
            ..Document::default()
        }
    }
}

impl DocumentSpans {
    /// The text with its entities, in bytes. It has no id and no provenance yet.
    pub fn document(&self, text: &Text<'_>, unit: OffsetUnit) -> Document {
        let entities = entities(&self.spans, &text.offsets(unit));
        let truncated = self.flags.truncated;
        Document { text: text.as_str().into(), entities, truncated, ..Document::default() }
    }
}

impl DocumentRelations {
    /// The text with its entities and their relations, in bytes. It has no id and no provenance yet.
    pub fn document(&self, text: &Text<'_>, unit: OffsetUnit) -> Document {
        let relation = |relation: &Related| Relation {
            text: words(&relation.label, &relation.text),
            score: Some(relation.score),
            head: Some(relation.head.clone()),
            ..Relation::new(relation.first, relation.second, relation.label.to_string())
        };
        Document {
            text: text.as_str().into(),
            entities: entities(&self.spans, &text.offsets(unit)),
            relations: self.relations.iter().map(relation).collect(),
            truncated: self.flags.truncated,
            ..Document::default()
        }
    }
}

impl DocumentSections {
    /// The note with its sections, in bytes. It has no id and no provenance yet.
    pub fn document(&self, text: &Text<'_>, unit: OffsetUnit) -> Document {
        let sections = sections(&self.sections, &text.offsets(unit));
        Document { text: text.as_str().into(), sections, ..Document::default() }
    }
}

/// A label's words, if they say more than it does.
fn words(label: &str, text: &Arc<str>) -> Option<Arc<str>> {
    (**text != *label && !text.trim().is_empty()).then(|| text.clone())
}

fn bytes(offsets: &Offsets<'_>, place: TextRange) -> Range<usize> {
    offsets.byte(place.start)..offsets.byte(place.end)
}

fn sections(sections: &[Section<TextRange>], offsets: &Offsets<'_>) -> Vec<Section> {
    sections.iter().map(|section| section.map(|place| bytes(offsets, place))).collect()
}

/// Of an entity that the caller gave no head is told, and no score.
fn entities(spans: &[Span], offsets: &Offsets<'_>) -> Vec<Entity> {
    let entity = |span: &Span| {
        let place = TextRange { start: span.start, end: span.end };
        let found = !span.head.is_empty();
        Entity {
            score: found.then_some(span.score),
            head: found.then(|| span.head.clone()),
            ..Entity::new(bytes(offsets, place), span.label.clone())
        }
    };
    spans.iter().map(entity).collect()
}
