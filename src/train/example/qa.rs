//! Questions with a passage and the answer in it.

use std::ops::Range;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::text::{Input, OffsetUnit};
use crate::train::example::{place, text};

/// A question, a passage, and where in it the answer stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    pub(in crate::train) question: String,
    pub(in crate::train) passage: String,
    /// Bytes of the passage; `None` where it does not tell.
    pub(in crate::train) answer: Option<Range<usize>>,
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
        let (question, passage) = (text(question)?, text(passage)?);
        if question.as_str().trim().is_empty() {
            return Err(Error::Argument("the question is empty".into()));
        }
        let offsets = passage.offsets(unit);
        let place = |answer| place(&passage, &offsets, answer, "the answer");
        let answer = answer.map(place).transpose()?;
        Ok(Answered {
            question: question.as_str().to_string(),
            passage: passage.as_str().to_string(),
            answer,
        })
    }
}
