//! Whether two paths give the same: what is taken for a BERT is run both ways first.

use crate::engine::{Batch, Bert, Control, Graph, Shape, Taken, TokenSequence};
use crate::error::Result;
use crate::heads::{Head, Kind};

/// Rounding differs between two ways of computing the same; anything else differs by more.
const TOLERANCE: f32 = 1e-3;

/// Compares the two paths; says of each outcome why.
pub(super) fn compare(
    bert: &Bert,
    head: Option<&Head>,
    graph: &Graph,
    shape: Shape,
) -> Result<std::result::Result<String, String>> {
    let sequences = sequences(shape);
    let count = sequences.len();
    let mut worst = 0.0_f32;
    for sequence in sequences {
        let mut batch = Batch::new();
        batch.push_tokens(&sequence);
        let states = bert.run(Taken::Last, &batch, &Control::default())?.swap_remove(0);
        let mut want = graph.run(&batch, &Control::default())?;
        let got = match head {
            Some(head) if head.spec.kind == Kind::Cls => {
                want.truncate(graph.width());
                head.logits(bert.engine(), &states[..bert.hidden()])
            }
            Some(head) => head.logits(bert.engine(), &states),
            None => states,
        };
        // A value that is no number must not pass for a small difference.
        let difference = |(got, want): (&f32, &f32)| match (got - want).abs() {
            difference if difference.is_nan() => f32::INFINITY,
            difference => difference,
        };
        worst = got.iter().zip(&want).map(difference).fold(worst, f32::max);
        if got.len() != want.len() {
            worst = f32::INFINITY;
        }
    }
    let what = if head.is_some() { "logits" } else { "states" };
    Ok(if worst <= TOLERANCE {
        Ok(format!(
            "the graph is a BERT: its {what} agree within {worst:.0e} on {count} probe sequences"
        ))
    } else {
        Err(format!("the graph is no plain BERT: its {what} differ by {worst:.0e} on a probe"))
    })
}

/// A handful of sequences, ids from all over the vocabulary: short ones, a pair, and a longer one.
pub(super) fn sequences(shape: Shape) -> Vec<TokenSequence> {
    let lengths = [3, 9, 24, shape.max_tokens.min(96)];
    let sequence = |(number, length): (usize, usize)| {
        let length = length.min(shape.max_tokens);
        // Knuth's multiplier: neighbours in the sequence lie far apart in the vocabulary.
        let id = |at: usize| {
            let hashed = ((number * 1000 + at + 1) as u64).wrapping_mul(2_654_435_761);
            (hashed % shape.vocab_size as u64) as u32
        };
        let pair = number == 1 && shape.segments > 1;
        let first_segment = if pair { length / 2 } else { length };
        TokenSequence { ids: (0..length).map(id).collect(), first_segment }
    };
    lengths.into_iter().enumerate().map(sequence).collect()
}
