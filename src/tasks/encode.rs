//! Sequences through the encoder, in packed batches that keep to the token budget.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::iter::Peekable;

use crate::engine::{Batch, Control, States, Taken};
use crate::error::Result;
use crate::heads::Globals;
use crate::model::Model;
use crate::tokenizer::SpecialIds;

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

    /// Its tokens, special ones included.
    fn tokens(&self, special: SpecialIds) -> usize {
        let second = self.second.as_ref();
        self.first.len() + second.map_or(0, |ids| ids.len()) + special.count(second.is_some())
    }
}

/// Encodes sequences. `read` makes something of each one's states, on any thread; `keep` gets it, on
/// this thread and in the order of the sequences.
///
/// Every thread has a part of a batch to itself (on a GPU, the whole of it), through all layers and
/// `read`, and takes the next one when it is done. The last batch, and one with fewer sequences than threads, is divided otherwise:
/// all threads share it within the encoder.
pub(crate) fn encode<'a, Key: Send, R: Send>(
    model: &Model,
    taken: Taken,
    globals: Globals,
    sequences: impl Iterator<Item = Result<(Key, Sequence<'a>)>>,
    control: &Control,
    read: impl Fn(Key, States<'_>) -> Result<R> + Sync,
    mut keep: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    let (engine, special) = (model.engine(), model.tokenizer().special());
    let (workers, budget) = (engine.workers(), model.encoder().token_budget());
    // A GPU wants whole batches.
    let shares = if model.encoder().is_on_gpu() { 1 } else { workers.threads() };
    let cost = |sequence: &Sequence<'_>| model.encoder().cost(sequence.tokens(special), taken);
    let run = |part: Part<Key>| {
        let layers = model.encoder().run(taken, &part.batch, control)?;
        let states = part.batch.sequences().map(|rows| States::new(&layers, rows, model.hidden()));
        workers.map(part.keys.into_iter().zip(states).collect(), |(key, states)| read(key, states))
    };
    let mut keep = |found: Vec<R>| found.into_iter().try_for_each(&mut keep);
    let mut sequences = sequences.peekable();
    while sequences.peek().is_some() {
        let mut shared = None;
        let mut ready = VecDeque::new();
        let parts = std::iter::from_fn(|| {
            if ready.is_empty() {
                let batch = match take(&mut sequences, budget, cost) {
                    Ok(batch) => batch,
                    Err(error) => return Some(Err(error)),
                };
                if sequences.peek().is_none() || batch.len() < shares {
                    shared = Some(Part::new(batch, globals, special));
                    return None;
                }
                ready.extend(divide(batch, shares, globals, special));
            }
            ready.pop_front().map(Ok)
        });
        // As many parts wait as threads work, so that none of these waits.
        let ahead = (|part: &Part<Key>| part.batch.len() as u64, 2 * budget as u64);
        workers.in_order(parts, ahead, run, &mut keep)?;
        if let Some(part) = shared {
            keep(run(part)?)?;
        }
    }
    Ok(())
}

/// Sequences that fill a batch by their cost: one at least, if there is one.
fn take<'a, Key>(
    sequences: &mut Peekable<impl Iterator<Item = Result<(Key, Sequence<'a>)>>>,
    budget: usize,
    cost: impl Fn(&Sequence<'a>) -> usize,
) -> Result<Vec<(Key, Sequence<'a>)>> {
    let mut batch = Vec::new();
    let mut total = 0;
    while let Some(next) = sequences.next_if(|next| match next {
        Ok((_, sequence)) => batch.is_empty() || total + cost(sequence) <= budget,
        Err(_) => true,
    }) {
        let next = next?;
        total += cost(&next.1);
        batch.push(next);
    }
    Ok(batch)
}

/// A packed batch, or what a thread has of one.
struct Part<Key> {
    batch: Batch,
    keys: Vec<Key>,
}

impl<Key> Part<Key> {
    fn new<'a>(
        sequences: impl IntoIterator<Item = (Key, Sequence<'a>)>,
        globals: Globals,
        special: SpecialIds,
    ) -> Part<Key> {
        let mut part = Part { batch: Batch::new(), keys: Vec::new() };
        for (key, sequence) in sequences {
            let (ids, first_segment) = special.frame(&sequence.first, sequence.second.as_deref());
            part.batch.push(ids, first_segment);
            part.batch.set_globals(globals.tokens(sequence.first.len()));
            part.keys.push(key);
        }
        part
    }
}

/// Divides a batch into `count` parts of about as many tokens, or fewer.
fn divide<Key>(
    batch: Vec<(Key, Sequence<'_>)>,
    count: usize,
    globals: Globals,
    special: SpecialIds,
) -> Vec<Part<Key>> {
    let total: usize = batch.iter().map(|(_, sequence)| sequence.tokens(special)).sum();
    let share = total.div_ceil(count).max(1);
    let mut parts: Vec<Vec<_>> = (0..count).map(|_| Vec::new()).collect();
    let mut before = 0;
    for (key, sequence) in batch {
        let tokens = sequence.tokens(special);
        // A sequence belongs where its middle lies.
        parts[((before + tokens / 2) / share).min(count - 1)].push((key, sequence));
        before += tokens;
    }
    let full = parts.into_iter().filter(|part| !part.is_empty());
    full.map(|part| Part::new(part, globals, special)).collect()
}
