//! What a pass reads.

use std::ops::Range;

use biobert_kernels::Kernel;

use crate::engine::control::Control;
use crate::engine::pass::scratch::Scratch;
use crate::engine::quant::QuantLinear;
use crate::engine::weights::{Embeddings, Layer};
use crate::engine::workers::Workers;

/// The ids of a packed batch, the weights that they meet, and who does the work.
pub(in crate::engine) struct Pass<'a> {
    pub(in crate::engine) workers: &'a Workers,
    pub(in crate::engine) control: &'a Control,
    pub(in crate::engine) scratch: &'a Scratch,
    pub(in crate::engine) embeddings: &'a Embeddings,
    pub(in crate::engine) layers: &'a [Layer<QuantLinear>],
    /// Width of a state.
    pub(in crate::engine) hidden: usize,
    pub(in crate::engine) attention_heads: usize,
    /// Vocabulary ids, places and segments, `[T]` each.
    pub(in crate::engine) tokens: &'a [u32],
    pub(in crate::engine) position: &'a [u32],
    pub(in crate::engine) segment: &'a [u32],
    /// Where each sequence starts, and the end of the last.
    pub(in crate::engine) starts: &'a [u32],
    /// How many tokens at the start of each sequence see all others and are seen by all, `[N]`.
    pub(in crate::engine) globals: &'a [u32],
}

impl Pass<'_> {
    pub(super) fn kernel(&self) -> &'static dyn Kernel {
        self.workers.kernel()
    }

    /// The rows of some sequences.
    pub(super) fn rows(&self, sequences: &Range<usize>) -> Range<usize> {
        self.starts[sequences.start] as usize..self.starts[sequences.end] as usize
    }
}
