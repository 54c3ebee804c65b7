//! How a head reads a passage after a question: windows, and which of them decides a token.

use std::ops::Range;

use crate::heads::HeadSpec;
use crate::model::Model;
use crate::tasks::qa::asked::Asked;
use crate::tasks::read::Reading;

/// How a head reads passages: windows after the question.
pub(crate) struct Windows {
    /// Pieces of question and passage together.
    pub(crate) capacity: usize,
    step: usize,
}

impl Windows {
    pub(crate) fn new(model: &Model, head: &HeadSpec) -> Windows {
        let special = model.tokenizer().special();
        let (single, step) = head.windows(model.max_tokens());
        Windows { capacity: single + special.count(false) - special.count(true), step }
    }

    /// Whether the question is not read to its end.
    pub(super) fn cuts(&self, asked: &Asked<'_>) -> bool {
        asked.question(self.capacity).len() < asked.question.pieces.len()
    }

    /// The windows of a passage, as ranges of its pieces; one, though empty, of an empty passage.
    pub(super) fn of(&self, asked: &Asked<'_>, passage: &Reading<'_>) -> Vec<Range<usize>> {
        self.ranges(asked.question(self.capacity).len(), passage.pieces.len())
    }

    /// The windows of a passage of so many pieces after a question of so many.
    pub(crate) fn ranges(&self, question: usize, len: usize) -> Vec<Range<usize>> {
        let capacity = self.capacity - question;
        let step = self.step.min(capacity);
        let last = len.saturating_sub(capacity).div_ceil(step);
        (0..=last).map(|index| index * step..len.min(index * step + capacity)).collect()
    }
}

/// The window in which a piece has most context: the smaller of what stands left and right of it,
/// and a hundredth of the window's length; the first of equals (google-research/bert
/// `_check_is_max_context`).
pub(super) fn has_most_context(windows: &[Range<usize>], window: usize, piece: usize) -> bool {
    let context = |window: &Range<usize>| {
        let least = (piece - window.start).min(window.end - 1 - piece);
        least as f32 + 0.01 * window.len() as f32
    };
    let mut best = None;
    // The windows are in order: those that hold the piece stand together.
    let first = windows.partition_point(|window| window.end <= piece);
    let holding = windows.iter().enumerate().skip(first).take_while(|(_, w)| w.start <= piece);
    for (index, window) in holding {
        if best.is_none_or(|(_, most)| context(window) > most) {
            best = Some((index, context(window)));
        }
    }
    best.is_some_and(|(index, _)| index == window)
}
