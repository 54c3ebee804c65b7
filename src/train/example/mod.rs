//! What a training learns from: texts, and what is right to say of them.

mod classify;
mod ner;
mod qa;
mod re;

pub use classify::Labelled;
pub use ner::{Annotated, Mark};
pub use qa::Answered;
pub use re::Pair;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::heads::Task;
use crate::text::{Input, InvalidText, Offsets, Text};

pub(super) use ner::Mention;

/// A text with its right answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Example {
    /// A text with its entities.
    Ner(Annotated),
    /// A sentence with two entities and how they are related.
    Re(Pair),
    /// A document with its class.
    Classify(Labelled),
    /// A question with a passage and the answer in it.
    Qa(Answered),
}

impl Example {
    /// The task that it teaches.
    pub fn task(&self) -> Task {
        match self {
            Example::Ner(_) => Task::Ner,
            Example::Re(_) => Task::Re,
            Example::Classify(_) => Task::Classify,
            Example::Qa(_) => Task::Qa,
        }
    }

    /// The label of a pair or a document.
    pub fn label(&self) -> Option<&str> {
        match self {
            Example::Re(pair) => Some(&pair.label),
            Example::Classify(labelled) => Some(&labelled.label),
            Example::Ner(_) | Example::Qa(_) => None,
        }
    }

    /// What tells the document that it comes from: examples of one document have the same number.
    pub(super) fn document(&self) -> u64 {
        match self {
            Example::Ner(annotated) => number(&annotated.text),
            Example::Re(pair) => pair.document,
            Example::Classify(labelled) => number(&labelled.text),
            Example::Qa(answered) => number(&answered.passage),
        }
    }

    /// What it teaches: its label, the kinds of its entities, or whether there is an answer. The
    /// empty word stands for nothing found.
    pub(super) fn classes(&self) -> BTreeSet<&str> {
        match self {
            Example::Ner(Annotated { entities, .. }) if entities.is_empty() => [""].into(),
            Example::Ner(Annotated { entities, .. }) => entities.iter().map(|e| &*e.kind).collect(),
            Example::Re(pair) => [&*pair.label].into(),
            Example::Classify(labelled) => [&*labelled.label].into(),
            Example::Qa(answered) => [answered.answer.as_ref().map_or("", |_| "answer")].into(),
        }
    }

    /// Bytes of its texts.
    pub(super) fn size(&self) -> u64 {
        (match self {
            Example::Ner(annotated) => annotated.text.len(),
            Example::Re(pair) => pair.text.len(),
            Example::Classify(labelled) => {
                labelled.text.len() + labelled.second.as_ref().map_or(0, String::len)
            }
            Example::Qa(answered) => answered.question.len() + answered.passage.len(),
        }) as u64
    }
}

impl From<Annotated> for Example {
    fn from(annotated: Annotated) -> Example {
        Example::Ner(annotated)
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

/// A text to learn from: bad bytes are refused, since what stands there cannot be known.
fn text(input: Input<'_>) -> Result<Text<'_>> {
    let text = Text::new(input, InvalidText::Reject)?;
    #[cfg(test)]
    crate::fault::maybe_slice(text.as_str());
    Ok(text)
}

/// A number for a text, the same for the same text.
fn number(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The bytes of a stretch that `what` names, or what is wrong with its offsets.
fn place(
    text: &Text<'_>,
    offsets: &Offsets<'_>,
    marked: Range<usize>,
    what: &str,
) -> Result<Range<usize>> {
    let wrong = |reason: &str| Err(Error::Argument(format!("{what} {reason}")));
    let Range { start, end } = marked;
    if end > offsets.at(text.as_str().len()) {
        return wrong("ends behind the text");
    }
    if start >= end {
        return wrong("is empty or ends before it starts");
    }
    let bytes = offsets.byte(start)..offsets.byte(end);
    if offsets.at(bytes.start) != start || offsets.at(bytes.end) != end {
        return wrong("starts or ends within a character");
    }
    if text.as_str()[bytes.clone()].trim().is_empty() {
        return wrong("is white space");
    }
    Ok(bytes)
}

/// A label without the blanks around it; there must be one.
fn label(label: &str, what: &str) -> Result<String> {
    match label.trim() {
        "" => Err(Error::Argument(format!("{what} has no label"))),
        label => Ok(label.to_string()),
    }
}
