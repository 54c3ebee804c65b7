//! Sequences through the encoder, in packed batches that keep to the token budget.

use std::borrow::Cow;
use std::ops::Range;

use crate::engine::{Batch, Control, Taken};
use crate::error::Result;
use crate::model::Model;

/// Pieces of one text, or of two that are read together; special tokens come around them later.
#[derive(Debug, Clone)]
pub(crate) struct Sequence<'a> {
    pub(crate) first: Cow<'a, [u32]>,
    pub(crate) second: Option<Cow<'a, [u32]>>,
}

impl<'a> Sequence<'a> {
    /// A sequence of one text.
    pub(crate) fn single(pieces: impl Into<Cow<'a, [u32]>>) -> Sequence<'a> {
        Sequence { first: pieces.into(), second: None }
    }

    /// A sequence of two texts.
    pub(crate) fn pair(
        first: impl Into<Cow<'a, [u32]>>,
        second: impl Into<Cow<'a, [u32]>>,
    ) -> Sequence<'a> {
        Sequence { first: first.into(), second: Some(second.into()) }
    }

    fn len(&self) -> usize {
        self.first.len() + self.second.as_ref().map_or(0, |second| second.len())
    }
}

/// The states of a sequence, those of the special tokens with them.
#[derive(Debug, Clone)]
pub(crate) struct States<'a> {
    layers: &'a [Vec<f32>],
    tokens: Range<usize>,
    hidden: usize,
}

impl<'a> States<'a> {
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

/// Encodes sequences and gives each one's states to `sink` together with its key. The order is that
/// of the input.
pub(crate) fn encode<'a, Key>(
    model: &Model,
    taken: Taken,
    sequences: impl Iterator<Item = Result<(Key, Sequence<'a>)>>,
    control: &Control,
    mut sink: impl FnMut(Key, States<'_>) -> Result<()>,
) -> Result<()> {
    let budget = model.engine().options().token_budget;
    let (hidden, special) = (model.hidden(), model.tokenizer().special());
    let mut keys = Vec::new();
    let mut batch = Batch::new();
    let mut flush = |batch: &mut Batch, keys: &mut Vec<Key>| {
        let layers = model.encoder().run(taken, batch, control)?;
        for (rows, key) in batch.sequences().zip(keys.drain(..)) {
            sink(key, States { layers: &layers, tokens: rows, hidden })?;
        }
        *batch = Batch::new();
        Ok(())
    };
    for sequence in sequences {
        let (key, sequence) = sequence?;
        let tokens = sequence.len() + special.count(sequence.second.is_some());
        if !keys.is_empty() && batch.len() + tokens > budget {
            flush(&mut batch, &mut keys)?;
        }
        batch.push(&sequence.first, sequence.second.as_deref(), special);
        keys.push(key);
    }
    if keys.is_empty() { Ok(()) } else { flush(&mut batch, &mut keys) }
}
