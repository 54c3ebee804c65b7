//! One JSON object per document or question.

use std::io::Write;

use biobert::data::Line;
use biobert::document::Provenance;
use biobert::{Class, Error, Mask, TextRange};
use serde::Serialize;
use serde_json::Value;

use crate::failure::Result;
use crate::highlight::Found;
use crate::note::{Heading, Note};
use crate::output::{Answered, Document, Output, Source};

pub struct Jsonl<W> {
    out: W,
    /// Who annotated notes.
    provenance: Option<Provenance>,
}

impl<W: Write> Jsonl<W> {
    pub fn new(out: W, provenance: Option<Provenance>) -> Self {
        Jsonl { out, provenance }
    }

    fn object(&mut self, object: &impl Serialize) -> Result<()> {
        line(&mut self.out, &serde_json::to_string(object)?)
    }
}

#[derive(Serialize)]
struct JsonDocument<'a> {
    doc: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Value>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entities: Option<Vec<Entity<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relations: Option<Vec<Relation<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    classes: Option<&'a [Class]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    masks: Option<&'a [Mask]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentences: Option<Vec<Sentence<'a>>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
}

#[derive(Serialize)]
struct Entity<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    label: &'a str,
    score: f32,
    /// Empty of an entity that was given.
    #[serde(skip_serializing_if = "str::is_empty")]
    head: &'a str,
}

impl<'a> Entity<'a> {
    fn new(found: &Found<'a>) -> Entity<'a> {
        let Found { entity, text, .. } = found;
        Entity {
            start: entity.start,
            end: entity.end,
            text,
            label: &entity.label,
            score: entity.score,
            head: &entity.head,
        }
    }
}

#[derive(Serialize)]
struct Relation<'a> {
    first: Entity<'a>,
    second: Entity<'a>,
    label: &'a str,
    text: &'a str,
    score: f32,
    head: &'a str,
}

impl<'a> Relation<'a> {
    fn new(relation: &'a biobert::Relation, found: &[Found<'a>]) -> Relation<'a> {
        Relation {
            first: Entity::new(&found[relation.first]),
            second: Entity::new(&found[relation.second]),
            label: &relation.label,
            text: &relation.text,
            score: relation.score,
            head: &relation.head,
        }
    }
}

#[derive(Serialize)]
struct Sentence<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

/// A note of which only the sections were looked for.
#[derive(Serialize)]
struct Divided<'a> {
    doc: usize,
    id: Option<&'a Value>,
    text: &'a str,
    sections: Vec<Section<'a>>,
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

#[derive(Serialize)]
struct JsonQuestion<'a> {
    question: &'a str,
    answers: Vec<Answer<'a>>,
    /// Passages that were found and read, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passages: Vec<JsonPassage<'a>>,
    /// Which part of the question's words one of them has.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<f32>,
    /// `null` where there is nothing to answer with.
    no_answer: f32,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    classes: &'a [Class],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
}

/// A passage in its document.
#[derive(Serialize)]
struct JsonPassage<'a> {
    document: &'a str,
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct Answer<'a> {
    passage: usize,
    /// Of a passage that was found; start and end are then in its document.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'a str>,
    start: usize,
    end: usize,
    text: &'a str,
    score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f32>,
    head: &'a str,
}

#[derive(Serialize)]
pub struct Failed<'a> {
    pub doc: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a Value>,
    pub error: String,
}

impl<W: Write> Output for Jsonl<W> {
    fn document(&mut self, document: &Document<'_>) -> Result<()> {
        let Document { index, id, text, content, found, sentences } = document;
        let relations = content.relations.map(|relations| {
            relations.iter().map(|relation| Relation::new(relation, found)).collect()
        });
        let sentences = content.sentences.map(|places| {
            let json = |(place, &text): (&TextRange, _)| Sentence {
                start: place.start,
                end: place.end,
                text,
            };
            places.iter().zip(sentences).map(json).collect()
        });
        self.object(&JsonDocument {
            doc: *index,
            id: *id,
            text,
            entities: content.entities.map(|_| found.iter().map(Entity::new).collect()),
            relations,
            classes: content.classes,
            masks: content.masks,
            sentences,
            truncated: content.flags.truncated,
        })
    }

    fn answers(&mut self, answered: &Answered<'_>) -> Result<()> {
        let found = answered.found;
        let places = answered.places();
        let answers = found.answers.iter().zip(places).map(|(answer, place)| {
            let range = answered.range(answer);
            let source = answered.sources.get(answer.passage);
            Answer {
                passage: answer.passage,
                document: source.map(|source| &*source.document),
                start: range.start,
                end: range.end,
                text: &answered.passages[answer.passage].as_str()[place],
                score: answer.score,
                probability: answer.probability,
                head: &answer.head,
            }
        });
        let unit = answered.unit;
        let passages = answered.sources.iter().zip(answered.passages).map(|(source, text)| {
            let start = source.start(unit);
            let end = start + text.offsets(unit).at(text.as_str().len());
            JsonPassage { document: &source.document, start, end, text: &source.text }
        });
        self.object(&JsonQuestion {
            question: answered.question,
            answers: answers.collect(),
            passages: passages.collect(),
            words: answered.words.map(|words| words.part),
            no_answer: found.no_answer,
            classes: &found.classes,
            truncated: found.flags.truncated,
        })
    }

    fn note(&mut self, note: &Note<'_>) -> Result<()> {
        let Source { index, id, text, unit } = note.source;
        let offsets = text.offsets(unit);
        if let Some(found) = note.found {
            let mut document = found.document(text, unit);
            document.provenance.clone_from(&self.provenance);
            return self.object(&Line::new(index, id, &document, &offsets));
        }
        let sections = note.headings.iter().map(Section::new).collect();
        self.object(&Divided { doc: index, id, text: note.text, sections })
    }

    fn failed(&mut self, doc: usize, id: Option<&Value>, error: &Error) -> Result<()> {
        self.object(&Failed { doc, id, error: error.to_string() })
    }

    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Writes a line and flushes: results are seen as they come.
pub fn line(out: &mut impl Write, text: &str) -> Result<()> {
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(())
}
