//! The packed batch: the sequences of all documents in one list of tokens, without padding.

/// A sequence of token ids, for those who tokenise themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenSequence {
    /// Vocabulary ids, `[CLS]` and `[SEP]` included.
    pub ids: Vec<u32>,
    /// Ids before this index are in segment 0, the rest in segment 1.
    pub first_segment: usize,
}

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
    /// How many tokens at the start of each sequence see all others and are seen by all, in layers that
    /// see windows: `[N]`.
    pub(crate) globals: Vec<u32>,
}

impl Batch {
    pub(crate) fn new() -> Batch {
        Batch { starts: vec![0], ..Batch::default() }
    }

    /// Adds a sequence, special tokens included.
    pub(crate) fn push_tokens(&mut self, sequence: &TokenSequence) {
        self.push(sequence.ids.iter().copied(), sequence.first_segment);
    }

    /// The same from ids one by one; those before `first_segment` are in segment 0.
    pub(crate) fn push(&mut self, ids: impl Iterator<Item = u32>, first_segment: usize) {
        self.tokens.extend(ids);
        let count = self.tokens.len() - self.position.len();
        self.position.extend(0..count as u32);
        self.segment.extend((0..count).map(|at| u32::from(at >= first_segment)));
        self.starts.push(self.tokens.len() as u32);
        self.globals.push(0);
    }

    /// The first `tokens` of the last sequence see all others and are seen by all.
    pub(crate) fn set_globals(&mut self, tokens: usize) {
        if let Some(globals) = self.globals.last_mut() {
            *globals = tokens as u32;
        }
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
