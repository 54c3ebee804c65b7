//! The spans that a head finds for a question, before they are ranked.

use std::ops::Range;
use std::sync::Arc;

use crate::engine::{Control, Taken};
use crate::error::Result;
use crate::model::Model;
use crate::model::head::Head;
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
    pub(super) fn score(&self) -> f32 {
        self.logits - self.null
    }
}

/// The spans that a head finds for each question, passage by passage, window by window.
pub(crate) fn candidates(
    model: &Model,
    head: &Head,
    asked: &[&Asked<'_>],
    max_pieces: usize,
    control: &Control,
) -> Result<Vec<Vec<Candidate>>> {
    let reads = Windows::new(model, head);
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
    encode(model, Taken::Last, sequences, control, |key, states| {
        let states = states.last();
        let (index, passage, before, windows, number) = key;
        let logits = head.logits(model.engine(), states);
        let window = &windows[number];
        let own = &logits[2 * before..][..2 * window.len()];
        let null = logits[0] + logits[1];
        let (starts, ends) = (best(own, 0), best(own, 1));
        for &start in &starts {
            if !has_most_context(&windows, number, window.start + start) {
                continue;
            }
            for &end in ends.iter().filter(|&&end| end >= start && end - start < max_pieces) {
                found[index].push(Candidate {
                    passage,
                    pieces: (window.start + start, window.start + end),
                    logits: own[2 * start] + own[2 * end + 1],
                    null,
                });
            }
        }
        Ok(())
    })?;
    Ok(found)
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
