//! Sequences through the encoder, in packed batches that keep to the token budget.

use std::borrow::Cow;

use crate::engine::{Batch, Control, States, Taken};
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
            sink(key, States::new(&layers, rows, hidden))?;
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
        let (ids, first_segment) = special.frame(&sequence.first, sequence.second.as_deref());
        batch.push(ids, first_segment);
        keys.push(key);
    }
    if keys.is_empty() { Ok(()) } else { flush(&mut batch, &mut keys) }
}
