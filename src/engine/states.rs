//! What the encoder gives for one sequence.

use std::ops::Range;

/// Which states a run gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Taken {
    /// Those of the last layer.
    Last,
    /// Those after so many layers; 0 is the embeddings.
    After(usize),
    /// Those of the embeddings and of every layer, in this order.
    All,
}

/// The states of a sequence, those of the special tokens with them.
#[derive(Debug, Clone)]
pub(crate) struct States<'a> {
    layers: &'a [Vec<f32>],
    tokens: Range<usize>,
    hidden: usize,
}

impl<'a> States<'a> {
    /// Some tokens of a batch, of whose states `layers` has those that were taken.
    pub(crate) fn new(layers: &'a [Vec<f32>], tokens: Range<usize>, hidden: usize) -> States<'a> {
        States { layers, tokens, hidden }
    }

    /// Those that were taken, of several layers the last one's: `[tokens, hidden]`.
    pub(crate) fn last(&self) -> &'a [f32] {
        self.layers().next_back().unwrap_or_default()
    }

    /// Those of every layer that was taken.
    pub(crate) fn layers(&self) -> impl DoubleEndedIterator<Item = &'a [f32]> {
        let numbers = self.tokens.start * self.hidden..self.tokens.end * self.hidden;
        self.layers.iter().map(move |layer| &layer[numbers.clone()])
    }

    /// Tokens of the sequence.
    pub(crate) fn tokens(&self) -> usize {
        self.tokens.len()
    }

    /// Width of a state.
    pub(crate) fn hidden(&self) -> usize {
        self.hidden
    }
}
