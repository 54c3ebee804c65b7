//! A question and its passages, read.

use crate::engine::Control;
use crate::error::Result;
use crate::model::Model;
use crate::tasks::RunOptions;
use crate::tasks::read::{Reading, read};
use crate::text::Input;

/// Pieces of a question that are read, as in BioBERT's code.
pub(crate) const QUESTION_PIECES: usize = 64;

/// A question that was read.
pub(crate) struct Asked<'a> {
    pub(super) question: Reading<'a>,
    pub(crate) passages: Vec<Reading<'a>>,
    /// How much each passage counts where they decide together; none where all count alike.
    pub(super) weights: &'a [f32],
}

impl<'a> Asked<'a> {
    pub(crate) fn read(
        model: &Model,
        question: Input<'a>,
        passages: impl Iterator<Item = Input<'a>>,
        options: &RunOptions,
        control: &Control,
    ) -> Result<Result<Asked<'a>>> {
        let read = |input| read(model, input, options, control);
        let passages = passages.map(read).collect::<Result<Result<Vec<_>>>>()?;
        let question = read(question)?;
        Ok(question.and_then(|question| Ok(Asked { question, passages: passages?, weights: &[] })))
    }

    /// The question's pieces that are read: half of a sequence at most.
    pub(super) fn question(&self, capacity: usize) -> &[u32] {
        let ids = &self.question.pieces.ids;
        &ids[..ids.len().min(QUESTION_PIECES).min(capacity / 2)]
    }
}
