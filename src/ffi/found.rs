//! Results: what they hold.

use std::sync::Arc;

use serde::Serialize;

use crate::ffi::assertion::{BIOBERT_ASSERTION_NONE, assertion, biobert_assertion};
use crate::ffi::note::NoteViews;
use crate::ffi::text::biobert_str;
use crate::tasks::classify::{Class, DocumentClasses};
use crate::tasks::embed::DocumentEmbedding;
use crate::tasks::extract::{DocumentExtract, ExtractedEntity, ExtractedRelation};
use crate::tasks::fill::{Candidate, DocumentMasks};
use crate::tasks::ner::{DocumentSpans, Span};
use crate::tasks::qa::{Answer, QuestionAnswers};
use crate::tasks::re::{DocumentRelations, Relation};
use crate::tasks::sections::DocumentSections;
use crate::tasks::sentences::DocumentSentences;
use crate::tasks::{DocFlags, TextRange};

/// An entity that was found: a half-open range of the document, in the unit of the call, with a
/// label.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_span {
    /// Offset of its first character.
    pub start: u64,
    /// Offset after its last character.
    pub end: u64,
    /// Its kind, such as `Disease`.
    pub label: biobert_str,
    /// The head that found it; empty if the caller gave the entity.
    pub head: biobert_str,
    /// Mean probability of the labels of its words, from 0 to 1.
    pub score: f32,
}

/// A sentence or a token: a half-open range of the document, in the unit of the call.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_range {
    /// Offset of its first character.
    pub start: u64,
    /// Offset after its last character.
    pub end: u64,
}

/// A relation between two entities of a sentence.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_relation {
    /// The first entity: an index into the document's spans.
    pub first: u64,
    /// The second entity: an index into the document's spans.
    pub second: u64,
    /// The label.
    pub label: biobert_str,
    /// The label in words, as they stand between the two entities: "induces".
    pub text: biobert_str,
    /// The head that found it.
    pub head: biobert_str,
    /// Probability of the label, from 0 to 1.
    pub score: f32,
    /// Of its ends' assertions the one that stands first in: other person, absent, possible,
    /// historical, present. A drug with category `BIOBERT_CATEGORY_STOPPED` or
    /// `BIOBERT_CATEGORY_ALLERGY` counts as present: it did what it is said to have done.
    /// `BIOBERT_ASSERTION_NONE` outside of `biobert_extract_run`.
    pub assertion: biobert_assertion,
}

/// A possible answer to a question: a half-open range of a passage.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_answer {
    /// Index of the passage among those of the question.
    pub passage: u64,
    /// Offset of its first character in the passage, in the unit of the call.
    pub start: u64,
    /// Offset after its last character.
    pub end: u64,
    /// The head that answered.
    pub head: biobert_str,
    /// Start logit plus end logit, minus the same sum for "no answer" in the same window. Above 0,
    /// the head finds it more likely than no answer. Scores can be compared across windows and
    /// passages.
    pub score: f32,
    /// With `pool` of `biobert_qa_options`: the mean over passages of the probability that they give
    /// this answer; the rest is of its best mention. Otherwise 0.
    pub probability: f32,
}

/// A class of a document, of a pair of documents or of a question.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_class {
    /// The label.
    pub label: biobert_str,
    /// The label in words.
    pub text: biobert_str,
    /// The head that found it.
    pub head: biobert_str,
    /// Its probability, from 0 to 1; of a regression the number itself, which may be any.
    pub score: f32,
    /// 1 if it holds, else 0. Of most heads the most probable label holds; of a head that decides
    /// each label by itself, every label with a probability of at least a half; of a regression
    /// none.
    pub holds: u32,
}

/// A mask of a document: a half-open range, in the unit of the call.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_mask {
    /// Offset of the mask token's first character.
    pub start: u64,
    /// Offset after its last character.
    pub end: u64,
    /// What may stand there, the most probable first: index of the first in the document's list.
    pub first_candidate: u64,
    /// How many there are.
    pub n_candidates: u64,
}

/// A piece of the vocabulary that may stand at a mask.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_candidate {
    /// The piece as it is spelled; one that continues a word begins with `##` in BERT's vocabulary.
    /// Empty for a row of the model for which its vocabulary has no piece.
    pub token: biobert_str,
    /// Its id.
    pub id: u32,
    /// Its probability among all pieces, from 0 to 1.
    pub score: f32,
}

/// What was found in a document, in C's structs. Their strings belong to the task's result.
#[derive(Debug, Default)]
pub(crate) struct Views {
    pub(crate) spans: Vec<biobert_span>,
    pub(crate) relations: Vec<biobert_relation>,
    pub(crate) answers: Vec<biobert_answer>,
    /// Nothing is NaN for C.
    pub(crate) no_answer: Option<f32>,
    pub(crate) classes: Vec<biobert_class>,
    pub(crate) sentences: Vec<biobert_range>,
    pub(crate) tokens: Vec<biobert_range>,
    pub(crate) masks: Vec<biobert_mask>,
    /// Those of all masks, one after the other.
    pub(crate) candidates: Vec<biobert_candidate>,
    pub(crate) note: NoteViews,
}

/// What a task finds in a document.
pub(crate) trait Found: Serialize + Default + Send + Sync + 'static {
    fn flags(&self) -> DocFlags;
    fn views(&self) -> Views;
    /// The vector of an embedding.
    fn embedding(&self) -> &[f32] {
        &[]
    }
    /// The states of an embedding's tokens.
    fn states(&self) -> &[f32] {
        &[]
    }
}

impl Found for DocumentSpans {
    fn flags(&self) -> DocFlags {
        self.flags
    }

    fn views(&self) -> Views {
        Views { spans: self.spans.iter().map(span).collect(), ..Views::default() }
    }
}

impl Found for DocumentRelations {
    fn flags(&self) -> DocFlags {
        self.flags
    }

    fn views(&self) -> Views {
        Views {
            spans: self.spans.iter().map(span).collect(),
            relations: self.relations.iter().map(relation).collect(),
            ..Views::default()
        }
    }
}

impl Found for QuestionAnswers {
    fn flags(&self) -> DocFlags {
        self.flags
    }

    fn views(&self) -> Views {
        Views {
            answers: self.answers.iter().map(answer).collect(),
            no_answer: Some(self.no_answer),
            classes: self.classes.iter().map(class).collect(),
            ..Views::default()
        }
    }
}

impl Found for DocumentClasses {
    fn flags(&self) -> DocFlags {
        self.flags
    }

    fn views(&self) -> Views {
        Views { classes: self.classes.iter().map(class).collect(), ..Views::default() }
    }
}

impl Found for DocumentEmbedding {
    fn flags(&self) -> DocFlags {
        self.flags
    }

    fn views(&self) -> Views {
        Views { tokens: self.tokens.iter().map(range).collect(), ..Views::default() }
    }

    fn embedding(&self) -> &[f32] {
        &self.embedding
    }

    fn states(&self) -> &[f32] {
        &self.states
    }
}

impl Found for DocumentMasks {
    fn flags(&self) -> DocFlags {
        self.flags
    }

    fn views(&self) -> Views {
        let mut views = Views::default();
        for mask in &self.masks {
            views.masks.push(biobert_mask {
                start: mask.start as u64,
                end: mask.end as u64,
                first_candidate: views.candidates.len() as u64,
                n_candidates: mask.candidates.len() as u64,
            });
            views.candidates.extend(mask.candidates.iter().map(candidate));
        }
        views
    }
}

impl Found for DocumentSentences {
    fn flags(&self) -> DocFlags {
        self.flags
    }

    fn views(&self) -> Views {
        Views { sentences: self.sentences.iter().map(range).collect(), ..Views::default() }
    }
}

impl Found for DocumentSections {
    fn flags(&self) -> DocFlags {
        self.flags
    }

    fn views(&self) -> Views {
        Views { note: NoteViews::of_sections(&self.sections), ..Views::default() }
    }
}

impl Found for DocumentExtract {
    fn flags(&self) -> DocFlags {
        self.flags
    }

    fn views(&self) -> Views {
        let span = |entity: &ExtractedEntity| biobert_span {
            start: entity.place.start as u64,
            end: entity.place.end as u64,
            label: text(&entity.label),
            head: text(&entity.head),
            score: entity.score,
        };
        let relation = |relation: &ExtractedRelation| biobert_relation {
            first: relation.first as u64,
            second: relation.second as u64,
            label: text(&relation.label),
            text: text(&relation.text),
            head: text(&relation.head),
            score: relation.score,
            assertion: assertion(relation.assertion),
        };
        Views {
            spans: self.entities.iter().map(span).collect(),
            relations: self.relations.iter().map(relation).collect(),
            note: NoteViews::new(self),
            ..Views::default()
        }
    }
}

fn text(text: &Arc<str>) -> biobert_str {
    biobert_str::of(text)
}

fn span(entity: &Span) -> biobert_span {
    biobert_span {
        start: entity.start as u64,
        end: entity.end as u64,
        label: text(&entity.label),
        head: text(&entity.head),
        score: entity.score,
    }
}

fn range(place: &TextRange) -> biobert_range {
    biobert_range { start: place.start as u64, end: place.end as u64 }
}

fn relation(relation: &Relation) -> biobert_relation {
    biobert_relation {
        first: relation.first as u64,
        second: relation.second as u64,
        label: text(&relation.label),
        text: text(&relation.text),
        head: text(&relation.head),
        score: relation.score,
        assertion: BIOBERT_ASSERTION_NONE,
    }
}

fn answer(answer: &Answer) -> biobert_answer {
    biobert_answer {
        passage: answer.passage as u64,
        start: answer.start as u64,
        end: answer.end as u64,
        head: text(&answer.head),
        score: answer.score,
        probability: answer.probability.unwrap_or_default(),
    }
}

fn candidate(candidate: &Candidate) -> biobert_candidate {
    biobert_candidate { token: text(&candidate.token), id: candidate.id, score: candidate.score }
}

fn class(class: &Class) -> biobert_class {
    biobert_class {
        label: text(&class.label),
        text: text(&class.text),
        head: text(&class.head),
        score: class.score,
        holds: u32::from(class.holds),
    }
}
