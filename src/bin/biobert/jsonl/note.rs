//! A note as a JSON object, key by key: scripts rely on the keys and on their order.

use biobert::document::{self, Assertion, AssertionValue, AttributeKind};
use biobert::{Also, ExtractedRelation, TextRange};
use serde::Serialize;
use serde_json::Value;

use crate::note::{Finding, Heading, Note, Piece};

#[derive(Serialize)]
pub struct JsonNote<'a> {
    doc: usize,
    id: Option<&'a Value>,
    text: &'a str,
    sections: Vec<Section<'a>>,
    #[serde(flatten)]
    extract: Option<Extract<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
}

#[derive(Serialize)]
struct Section<'a> {
    start: usize,
    end: usize,
    title: &'a str,
    name: &'a str,
    loinc: Option<&'a str>,
    parent: Option<usize>,
}

#[derive(Serialize)]
struct Extract<'a> {
    entities: Vec<Entity<'a>>,
    relations: Vec<Relation<'a>>,
}

#[derive(Serialize)]
struct Entity<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    label: &'a str,
    score: f32,
    head: &'a str,
    also: &'a [Also],
    section: Option<usize>,
    assertion: Option<Assertion<TextRange>>,
    expansion: Option<&'a str>,
    attributes: Vec<Attribute<'a>>,
}

#[derive(Serialize)]
struct Attribute<'a> {
    kind: AttributeKind,
    start: usize,
    end: usize,
    text: &'a str,
    low: Option<f64>,
    high: Option<f64>,
    comparator: Option<&'a str>,
    unit: Option<&'a str>,
    step: u32,
    parsed: bool,
}

#[derive(Serialize)]
struct Relation<'a> {
    first: usize,
    second: usize,
    label: &'a str,
    score: f32,
    assertion: Option<AssertionValue>,
}

impl<'a> JsonNote<'a> {
    pub fn new(note: &'a Note<'_>) -> JsonNote<'a> {
        JsonNote {
            doc: note.index,
            id: note.id,
            text: note.text,
            sections: note.headings.iter().map(Section::new).collect(),
            extract: note.extract.as_ref().map(|extract| Extract {
                entities: extract.findings.iter().map(Entity::new).collect(),
                relations: extract.relations.iter().map(Relation::new).collect(),
            }),
            truncated: note.truncated,
        }
    }
}

impl<'a> Section<'a> {
    fn new(heading: &'a Heading<'_>) -> Section<'a> {
        let section = heading.section;
        Section {
            start: section.place.start,
            end: section.place.end,
            title: heading.title,
            name: section.name,
            loinc: section.loinc,
            parent: section.parent,
        }
    }
}

impl<'a> Entity<'a> {
    fn new(finding: &'a Finding<'_>) -> Entity<'a> {
        let entity = finding.entity;
        let attributes = entity.attributes.iter().zip(&finding.attributes);
        let attribute = |(attribute, piece)| Attribute::new(attribute, piece);
        Entity {
            start: entity.place.start,
            end: entity.place.end,
            text: finding.text,
            label: &entity.label,
            score: entity.score,
            head: &entity.head,
            also: &entity.also,
            section: entity.section,
            assertion: entity.assertion,
            expansion: entity.expansion.as_deref(),
            attributes: attributes.map(attribute).collect(),
        }
    }
}

impl<'a> Attribute<'a> {
    fn new(attribute: &'a document::Attribute<TextRange>, piece: &Piece<'a>) -> Attribute<'a> {
        Attribute {
            kind: attribute.kind,
            start: attribute.place.start,
            end: attribute.place.end,
            text: piece.text,
            low: attribute.low,
            high: attribute.high,
            comparator: attribute.comparator,
            unit: attribute.unit.as_deref(),
            step: attribute.step,
            parsed: attribute.parsed,
        }
    }
}

impl<'a> Relation<'a> {
    fn new(relation: &'a ExtractedRelation) -> Relation<'a> {
        Relation {
            first: relation.first,
            second: relation.second,
            label: &relation.label,
            score: relation.score,
            assertion: relation.assertion,
        }
    }
}
