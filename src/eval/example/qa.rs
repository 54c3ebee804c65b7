//! Questions with what is right to answer.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::data::{check_text, place};
use crate::document::shared;
use crate::error::{Error, Result};
use crate::text::{Input, OffsetUnit};

/// A question, a passage, and where in it the answer stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    pub(crate) question: String,
    /// Shared by the questions to it.
    #[serde(serialize_with = "shared")]
    pub(crate) passage: Arc<str>,
    /// Bytes of the passage; `None` where it does not tell.
    pub(crate) answer: Option<Range<usize>>,
}

impl Answered {
    /// A question and its passage; `answer` is half-open, `None` where the passage does not tell.
    ///
    /// # Errors
    /// [`Error::Argument`] for an empty question or an impossible place; [`Error::Encoding`].
    pub fn new(
        question: Input<'_>,
        passage: Input<'_>,
        unit: OffsetUnit,
        answer: Option<Range<usize>>,
    ) -> Result<Answered> {
        let (question, passage) = (check_text(question)?, check_text(passage)?);
        let offsets = passage.offsets(unit);
        let place = |answer| place(&passage, &offsets, answer, "the answer");
        let answer = answer.map(place).transpose()?;
        Answered::checked(question.as_str().to_string(), passage.as_str().into(), answer)
    }

    /// A question, a passage, and the bytes of the answer.
    pub(super) fn checked(
        question: String,
        passage: Arc<str>,
        answer: Option<Range<usize>>,
    ) -> Result<Answered> {
        if question.trim().is_empty() {
            return Err(Error::Argument("the question is empty".into()));
        }
        Ok(Answered { question, passage, answer })
    }
}

/// A question with passages, each of which may answer it, and words that do: a factoid or list
/// question of BioASQ's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Factoid {
    pub(crate) question: String,
    pub(crate) contexts: Vec<String>,
    pub(crate) gold: Gold,
}

/// What is right to answer, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) enum Gold {
    /// Any of these.
    Any(Vec<String>),
    /// All of these, each by any of its names.
    All(Vec<Vec<String>>),
}

/// A question, the passages to answer it from, and the label that does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YesNo {
    pub(crate) question: String,
    pub(crate) passages: Vec<String>,
    pub(crate) label: String,
}
