//! Sequences through the encoder, in packed batches that keep to the token budget.

use std::ops::Range;

use crate::engine::{Batch, Control};
use crate::error::Result;
use crate::model::Model;

/// Encodes sequences of pieces and gives each one's states, `[pieces, hidden]` without those of
/// `[CLS]` and `[SEP]`, to `sink` together with its key. The order is that of the input.
pub(crate) fn encode<'a, Key>(
    model: &Model,
    sequences: impl Iterator<Item = (Key, &'a [u32])>,
    control: &Control,
    mut sink: impl FnMut(Key, &[f32]) -> Result<()>,
) -> Result<()> {
    let budget = model.engine().options().token_budget;
    let (hidden, special) = (model.hidden(), model.tokenizer().special());
    let mut keys = Vec::new();
    let mut batch = Batch::new();
    let mut flush = |batch: &mut Batch, keys: &mut Vec<Key>| {
        let states = model.encoder().run(batch, control)?;
        for (Range { start, end }, key) in batch.sequences().zip(keys.drain(..)) {
            sink(key, &states[(start + 1) * hidden..(end - 1) * hidden])?;
        }
        *batch = Batch::new();
        Ok(())
    };
    for (key, pieces) in sequences {
        if !keys.is_empty() && batch.len() + pieces.len() + 2 > budget {
            flush(&mut batch, &mut keys)?;
        }
        batch.push(pieces, special);
        keys.push(key);
    }
    if keys.is_empty() { Ok(()) } else { flush(&mut batch, &mut keys) }
}
