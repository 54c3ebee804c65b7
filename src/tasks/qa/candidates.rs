//! The spans that a head finds for a question, before they are ranked.

use std::ops::Range;
use std::sync::Arc;

use crate::engine::Control;
use crate::error::Result;
use crate::heads::{Globals, Head};
use crate::model::Model;
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::qa::Asked;
use crate::tasks::qa::windows::{Windows, has_most_context};

/// Starts and ends of a window that are tried with each other.
const BEST: usize = 20;

/// A span that a head finds in a window.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) passage: usize,
    /// First and last piece.
    pub(crate) pieces: (usize, usize),
    /// Start logit plus end logit.
    pub(crate) logits: f32,
    /// The same sum at `[CLS]`: "no answer".
    null: f32,
}

impl Candidate {
    /// How far it is ahead of "no answer".
    pub(crate) fn score(&self) -> f32 {
        self.logits - self.null
    }
}

/// The spans that a head finds for each question, passage by passage, window by window.
pub(crate) fn candidates(
    model: &Model,
    head: &Head,
    asked: &[&Asked<'_>],
    max_tokens: usize,
    control: &Control,
) -> Result<Vec<Vec<Candidate>>> {
    let reads = Windows::new(model, &head.spec);
    let special = model.tokenizer().special();
    let mut found: Vec<Vec<Candidate>> = vec![Vec::new(); asked.len()];
    let passages = asked.iter().enumerate().flat_map(|(index, &asked)| {
        asked.passages.iter().enumerate().map(move |(at, passage)| (index, asked, at, passage))
    });
    let sequences = passages.flat_map(|(index, asked, at, passage)| {
        let windows: Arc<[Range<usize>]> = reads.of(asked, passage).into();
        let question = asked.question(reads.capacity);
        // Before the passage: `[CLS] question [SEP]`, or one `[SEP]` more.
        let before = question.len() + special.count(true) - 1;
        (0..windows.len()).map(move |number| {
            let sequence = Sequence::pair(question, &passage.pieces.ids[windows[number].clone()]);
            Ok(((index, at, before, windows.clone(), number), sequence))
        })
    });
    encode(
        model,
        head.taken(),
        Globals::of(&head.spec),
        sequences,
        control,
        |key, states| {
            let (index, passage, before, windows, number) = key;
            let logits = head.sequence_logits(model.engine(), &states, &[]);
            let window = &windows[number];
            let own = &logits[2 * before..][..2 * window.len()];
            let null = logits[0] + logits[1];
            let spans = spans(own, max_tokens)
                .filter(|(start, _)| has_most_context(&windows, number, window.start + start));
            let candidate = |(start, end)| Candidate {
                passage,
                pieces: (window.start + start, window.start + end),
                logits: own[2 * start] + own[2 * end + 1],
                null,
            };
            Ok((index, spans.map(candidate).collect::<Vec<_>>()))
        },
        |(index, candidates)| {
            found[index].extend(candidates);
            Ok(())
        },
    )?;
    Ok(found)
}

/// The first and last pieces of the spans that are tried, start by start.
fn spans(logits: &[f32], max_tokens: usize) -> impl Iterator<Item = (usize, usize)> {
    let (starts, ends) = (best(logits, 0), best(logits, 1));
    starts.into_iter().flat_map(move |start| {
        let fits = move |&end: &usize| end >= start && end - start < max_tokens;
        let ends: Vec<usize> = ends.iter().copied().filter(fits).collect();
        ends.into_iter().map(move |end| (start, end))
    })
}

/// The best span of a window: the sum of its start and end logits, its first and last piece.
pub(crate) fn best_span(logits: &[f32], max_tokens: usize) -> Option<(f32, (usize, usize))> {
    let scored = spans(logits, max_tokens)
        .map(|(start, end)| (logits[2 * start] + logits[2 * end + 1], (start, end)));
    scored.max_by(|(a, _), (b, _)| a.total_cmp(b))
}

/// The pieces with the largest start (0) or end (1) logits, the best first, the first of equals
/// first.
fn best(logits: &[f32], which: usize) -> Vec<usize> {
    let mut pieces: Vec<usize> = (0..logits.len() / 2).collect();
    let logit = |piece: usize| logits[2 * piece + which];
    pieces.sort_by(|&a, &b| logit(b).total_cmp(&logit(a)));
    pieces.truncate(BEST);
    pieces
}
