//! What an assertion head makes of entities: its logits at the first pieces of an entity's words, averaged
//! and turned into probabilities. It reads the states that heads for entities read, in the same pass.

use std::ops::Range;

use biobert_kernels::FloatEnv;

use crate::document::AssertionValue;
use crate::engine::Engine;
use crate::heads::Head;

/// A number for each value, in the order of [`AssertionValue::ALL`].
pub(crate) type Values = [f32; AssertionValue::ALL.len()];

/// The logits of rows of states.
pub(crate) fn logits(engine: &Engine, head: &Head, rows: &[f32]) -> Vec<Values> {
    let Some(outputs) = head.spec.assertions() else { return Vec::new() };
    let logits = head.logits(engine, rows);
    logits.chunks_exact(outputs.len()).map(|row| outputs.map(|output| row[output])).collect()
}

/// The probabilities of entities, which are bytes of the text, from the logits of its words, whose bytes `words`
/// has. Of an entity without a word all values are as probable.
pub(crate) fn probabilities(
    engine: &Engine,
    words: &[(u32, u32)],
    logits: &[Values],
    entities: impl Iterator<Item = Range<usize>>,
) -> Vec<Values> {
    let _env = FloatEnv::standard();
    let of_entity = |entity: Range<usize>| {
        let from = words.partition_point(|&(_, end)| end as usize <= entity.start);
        let to = words.partition_point(|&(start, _)| (start as usize) < entity.end);
        let words = logits.get(from..to).unwrap_or_default();
        let mut mean = Values::default();
        for word in words {
            mean.iter_mut().zip(word).for_each(|(sum, logit)| *sum += logit);
        }
        mean.iter_mut().for_each(|sum| *sum /= words.len().max(1) as f32);
        engine.workers().kernel().softmax(&mut mean, 1.0);
        mean
    };
    entities.map(of_entity).collect()
}
