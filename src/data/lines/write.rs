//! Documents as JSON lines, key by key: scripts rely on the keys and on their order. What a document says
//! beyond them has keys after them, which are left out where there is nothing to say.

use std::io::Write;
use std::ops::Range;

use serde::Serialize;

use crate::data::losses::lose;
use crate::data::sound;
use crate::data::write::{Losses, Writer, unwritten};
use crate::document::{
    self, Abstention, Also, Assertion, AssertionValue, AttributeKind, Code, Document, Provenance,
};
use crate::error::Result;
use crate::text::{Input, InvalidText, OffsetUnit, Offsets, Text};

/// Writes a document a line.
pub(in crate::data) struct LineWriter<'a> {
    out: Box<dyn Write + 'a>,
    unit: OffsetUnit,
    count: usize,
    losses: Losses,
}

impl<'a> LineWriter<'a> {
    pub(in crate::data) fn new(out: Box<dyn Write + 'a>, unit: OffsetUnit) -> LineWriter<'a> {
        LineWriter { out, unit, count: 0, losses: Losses::new() }
    }
}

impl Writer for LineWriter<'_> {
    fn document(&mut self, document: &Document) -> Result<()> {
        sound::check(document)?;
        let text = Text::new(Input::from(document.text.as_str()), InvalidText::Reject)?;
        let offsets = text.offsets(self.unit);
        let line = Line::new(self.count, document.id.as_ref(), document, &offsets);
        let mut json = serde_json::to_string(&line).map_err(unwritten)?;
        json.push('\n');
        self.out.write_all(json.as_bytes()).map_err(unwritten)?;
        self.count += 1;
        lose(&mut self.losses, "questions", document.questions.len());
        Ok(())
    }

    fn finish(&mut self) -> Result<Losses> {
        self.out.flush().map_err(unwritten)?;
        Ok(std::mem::take(&mut self.losses))
    }
}

/// A document as a line. `I` is what it is called.
#[derive(Serialize)]
pub struct Line<'a, I> {
    doc: usize,
    id: Option<I>,
    text: &'a str,
    sections: Vec<Section<'a>>,
    entities: Vec<Entity<'a>>,
    relations: Vec<Relation<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passages: Vec<Passage<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_relations: Vec<CodeRelation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<Vec<Place>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provenance: Option<&'a Provenance>,
}

/// A place in the caller's unit.
#[derive(Serialize)]
struct Place {
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Section<'a> {
    #[serde(flatten)]
    place: Place,
    title: &'a str,
    name: &'a str,
    loinc: Option<&'a str>,
    parent: Option<usize>,
}

#[derive(Serialize)]
struct Entity<'a> {
    #[serde(flatten)]
    place: Place,
    text: &'a str,
    label: &'a str,
    score: Option<f32>,
    head: Option<&'a str>,
    also: &'a [Also],
    section: Option<usize>,
    assertion: Option<Assertion<Place>>,
    expansion: Option<&'a str>,
    attributes: Vec<Attribute<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pieces: Vec<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

#[derive(Serialize)]
struct Attribute<'a> {
    kind: AttributeKind,
    #[serde(flatten)]
    place: Place,
    text: &'a str,
    low: Option<f64>,
    high: Option<f64>,
    comparator: Option<&'a str>,
    unit: Option<&'a str>,
    step: u32,
    parsed: bool,
}

/// What a code system has for an entity: the candidate that is given, and all there are.
#[derive(Serialize)]
struct Link<'a> {
    system: &'a str,
    code: Option<&'a str>,
    name: Option<&'a str>,
    score: Option<f32>,
    reason: Option<document::Reason>,
    abstention: Option<Abstention>,
    candidates: &'a [Code],
}

#[derive(Serialize)]
struct Relation<'a> {
    first: usize,
    second: usize,
    label: &'a str,
    score: Option<f32>,
    assertion: Option<AssertionValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct Passage<'a> {
    #[serde(flatten)]
    place: Place,
    kind: Option<&'a str>,
}

#[derive(Serialize)]
struct CodeRelation<'a> {
    first: &'a str,
    second: &'a str,
    label: &'a str,
    score: Option<f32>,
}

impl<'a, I> Line<'a, I> {
    /// A document's line. `offsets` are those of its text.
    pub fn new(
        doc: usize,
        id: Option<I>,
        document: &'a Document,
        offsets: &Offsets<'_>,
    ) -> Line<'a, I> {
        let at = |bytes: &Range<usize>| Place {
            start: offsets.at(bytes.start),
            end: offsets.at(bytes.end),
        };
        let text = document.text.as_str();
        let section = |section: &document::Section| Section {
            place: at(&section.place),
            title: &text[section.title.clone()],
            name: section.name,
            loinc: section.loinc,
            parent: section.parent,
        };
        let passage = |passage: &'a document::Passage| Passage {
            place: at(&passage.bytes),
            kind: passage.kind.as_deref(),
        };
        Line {
            doc,
            id,
            text,
            sections: document.sections.iter().map(section).collect(),
            entities: document.entities.iter().map(|one| Entity::new(text, one, &at)).collect(),
            relations: document.relations.iter().map(Relation::new).collect(),
            truncated: document.truncated,
            passages: document.passages.iter().map(passage).collect(),
            code_relations: document.code_relations.iter().map(CodeRelation::new).collect(),
            label: document.label.as_deref(),
            second: document.second.as_deref(),
            words: document.words.as_ref().map(|words| words.iter().map(at).collect()),
            provenance: document.provenance.as_ref(),
        }
    }
}

impl<'a> Entity<'a> {
    fn new(
        text: &'a str,
        entity: &'a document::Entity,
        at: &impl Fn(&Range<usize>) -> Place,
    ) -> Entity<'a> {
        let attribute = |attribute: &'a document::Attribute| Attribute {
            kind: attribute.kind,
            place: at(&attribute.place),
            text: &text[attribute.place.clone()],
            low: attribute.low,
            high: attribute.high,
            comparator: attribute.comparator,
            unit: attribute.unit.as_deref(),
            step: attribute.step,
            parsed: attribute.parsed,
        };
        Entity {
            place: at(&entity.bytes),
            text: &text[entity.bytes.clone()],
            label: &entity.label,
            score: entity.score,
            head: entity.head.as_deref(),
            also: &entity.also,
            section: entity.section,
            assertion: entity.assertion.clone().map(|one| one.map(|cue| at(&cue))),
            expansion: entity.expansion.as_deref(),
            attributes: entity.attributes.iter().map(attribute).collect(),
            codes: entity.links.iter().map(Link::new).collect(),
            pieces: entity.pieces.iter().map(at).collect(),
            id: entity.id.as_deref(),
        }
    }
}

impl<'a> Link<'a> {
    fn new(link: &'a document::Link) -> Link<'a> {
        let given = link.given();
        Link {
            system: &link.system,
            code: given.map(|one| one.code.as_str()),
            name: given.and_then(|one| one.name.as_deref()),
            score: given.and_then(|one| one.score),
            reason: given.and_then(|one| one.reason),
            abstention: link.abstention,
            candidates: &link.candidates,
        }
    }
}

impl<'a> Relation<'a> {
    fn new(relation: &'a document::Relation) -> Relation<'a> {
        Relation {
            first: relation.first,
            second: relation.second,
            label: &relation.label,
            score: relation.score,
            assertion: relation.assertion,
            head: relation.head.as_deref(),
            text: relation.text.as_deref(),
        }
    }
}

impl<'a> CodeRelation<'a> {
    fn new(relation: &'a document::CodeRelation) -> CodeRelation<'a> {
        CodeRelation {
            first: &relation.first,
            second: &relation.second,
            label: &relation.label,
            score: relation.score,
        }
    }
}
