//! The packed batch: the sequences of all documents in one list of tokens, without padding.

use crate::model::TokenSequence;
use crate::tokenizer::SpecialIds;

/// Sequences in one list. Linear layers see `[T, hidden]`; attention runs per sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    /// Vocabulary ids, `[T]`.
    pub(crate) tokens: Vec<u32>,
    /// Place in its sequence, `[T]`.
    pub(crate) position: Vec<u32>,
    /// Segment, `[T]`.
    pub(crate) segment: Vec<u32>,
    /// Where each sequence starts, and the end of the last: `[N + 1]`.
    pub(crate) starts: Vec<u32>,
}

impl Batch {
    pub(crate) fn new() -> Batch {
        Batch { starts: vec![0], ..Batch::default() }
    }

    /// Adds a sequence of the caller's own making, special tokens included.
    pub(crate) fn push_tokens(&mut self, sequence: &TokenSequence) {
        self.tokens.extend(&sequence.ids);
        self.finish(sequence.first_segment);
    }

    /// Adds `[CLS] first [SEP]`, and `second [SEP]` where there is a second text.
    pub(crate) fn push(&mut self, first: &[u32], second: Option<&[u32]>, special: SpecialIds) {
        let before = self.tokens.len();
        self.tokens.push(special.cls);
        self.tokens.extend(first);
        self.tokens.push(special.sep);
        let Some(second) = second else { return self.finish(usize::MAX) };
        let first_segment =
            if special.one_segment { usize::MAX } else { self.tokens.len() - before };
        self.tokens.extend(special.between());
        self.tokens.extend(second);
        self.tokens.push(special.sep);
        self.finish(first_segment);
    }

    /// Positions and segments of the tokens that came last.
    fn finish(&mut self, first_segment: usize) {
        let count = self.tokens.len() - self.position.len();
        self.position.extend(0..count as u32);
        self.segment.extend((0..count).map(|at| u32::from(at >= first_segment)));
        self.starts.push(self.tokens.len() as u32);
    }

    /// Tokens in the batch.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The rows of each sequence.
    pub(crate) fn sequences(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        self.starts.windows(2).map(|pair| pair[0] as usize..pair[1] as usize)
    }
}
