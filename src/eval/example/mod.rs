//! Examples: documents as one task sees them, with what is right to say. A training learns from them
//! and a head is measured on them, so that both accept the same files.

mod assertion;
mod classify;
mod golden;
mod masks;
mod ner;
mod qa;
mod re;
mod read;

pub use assertion::{Asserted, AssertedMark};
pub use classify::Labelled;
pub use golden::read_golden;
pub use ner::{Annotated, Mark};
pub use qa::{Answered, Factoid, YesNo};
pub use re::Pair;
pub use read::{Data, DataOptions, read};

pub(crate) use ner::Mention;
pub(crate) use qa::Gold;

use std::collections::BTreeSet;

use serde::Serialize;

use re::number;

use crate::heads::Task;

/// A text with its right answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Example {
    /// A text with its entities.
    Ner(Annotated),
    /// A text with its entities and what it says of each.
    Assertion(Asserted),
    /// A sentence with two entities and how they are related.
    Re(Pair),
    /// A document with its class.
    Classify(Labelled),
    /// A question with a passage and the answer in it.
    Qa(Answered),
    /// A question with passages and words that answer it: to measure with, not to learn from.
    Factoid(Factoid),
    /// A question that a label answers: to measure with, not to learn from.
    YesNo(YesNo),
}

impl Example {
    /// The task that it teaches.
    pub fn task(&self) -> Task {
        match self {
            Example::Ner(_) => Task::Ner,
            Example::Assertion(_) => Task::Assertion,
            Example::Re(_) => Task::Re,
            Example::Classify(_) => Task::Classify,
            Example::Qa(_) | Example::Factoid(_) | Example::YesNo(_) => Task::Qa,
        }
    }

    /// The label of a pair, a document or an answer.
    pub fn label(&self) -> Option<&str> {
        match self {
            Example::Re(pair) => Some(&pair.label),
            Example::Classify(labelled) => Some(&labelled.label),
            Example::YesNo(asked) => Some(&asked.label),
            Example::Ner(_) | Example::Assertion(_) | Example::Qa(_) | Example::Factoid(_) => None,
        }
    }

    /// Whether a head can be trained on it.
    pub fn teaches(&self) -> bool {
        !matches!(self, Example::Factoid(_) | Example::YesNo(_))
    }

    /// What tells the document that it comes from: examples of one document have the same number.
    pub(crate) fn document(&self) -> u64 {
        match self {
            Example::Ner(annotated) => number(&annotated.text),
            Example::Assertion(asserted) => number(&asserted.text),
            Example::Re(pair) => pair.document,
            Example::Classify(labelled) => number(&labelled.text),
            Example::Qa(asked) => number(&asked.passage),
            Example::YesNo(asked) => number(&asked.passages.concat()),
            Example::Factoid(asked) => number(&asked.question),
        }
    }

    /// What it teaches: its label, the kinds of its entities, what is said of them, or whether there is an answer. The
    /// empty word stands for nothing found.
    pub(crate) fn classes(&self) -> BTreeSet<&str> {
        match self {
            Example::Ner(Annotated { entities, .. }) if entities.is_empty() => [""].into(),
            Example::Ner(Annotated { entities, .. }) => entities.iter().map(|e| &*e.kind).collect(),
            Example::Assertion(Asserted { entities, .. }) if entities.is_empty() => [""].into(),
            Example::Assertion(Asserted { entities, .. }) => {
                entities.iter().map(|e| e.value.name()).collect()
            }
            Example::Re(_) | Example::Classify(_) | Example::YesNo(_) => {
                self.label().into_iter().collect()
            }
            Example::Qa(asked) => [asked.answer.as_ref().map_or("", |_| "answer")].into(),
            Example::Factoid(_) => ["answer"].into(),
        }
    }

    /// Bytes of its texts.
    pub(crate) fn size(&self) -> u64 {
        let size = match self {
            Example::Ner(annotated) => annotated.text.len(),
            Example::Assertion(asserted) => asserted.text.len(),
            Example::Re(pair) => pair.text.len(),
            Example::Classify(labelled) => {
                labelled.text.len() + labelled.second.as_ref().map_or(0, String::len)
            }
            Example::Qa(asked) => asked.question.len() + asked.passage.len(),
            Example::YesNo(asked) => {
                asked.question.len() + asked.passages.iter().map(String::len).sum::<usize>()
            }
            Example::Factoid(asked) => {
                asked.question.len() + asked.contexts.iter().map(String::len).sum::<usize>()
            }
        };
        size as u64
    }
}

impl From<Annotated> for Example {
    fn from(annotated: Annotated) -> Example {
        Example::Ner(annotated)
    }
}

impl From<Asserted> for Example {
    fn from(asserted: Asserted) -> Example {
        Example::Assertion(asserted)
    }
}

impl From<Pair> for Example {
    fn from(pair: Pair) -> Example {
        Example::Re(pair)
    }
}

impl From<Labelled> for Example {
    fn from(labelled: Labelled) -> Example {
        Example::Classify(labelled)
    }
}

impl From<Answered> for Example {
    fn from(answered: Answered) -> Example {
        Example::Qa(answered)
    }
}
