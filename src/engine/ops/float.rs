//! Linear layers and attention in f32.

use std::sync::Arc;

use biobert_kernels::{Matrix, MatrixMut, Panels};
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;

use crate::engine::linear::Linear;
use crate::engine::memory::Rows;
use crate::engine::ops::{Run, ids, operation, rows_fact};

/// `x` → `x * weight + bias`, then GELU where asked for.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Dense {
    pub(in crate::engine) linear: Arc<Linear>,
    pub(in crate::engine) gelu: bool,
}

impl Dense {
    fn identity(&self) -> (usize, bool) {
        (Arc::as_ptr(&self.linear).addr(), self.gelu)
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, self.linear.weight.n()))
    }
}

operation!(Dense, "BertLinear");

impl EvalOp for Dense {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let x = args_1!(inputs);
        let x = Rows::of(&x)?;
        let Linear { weight, bias } = &*self.linear;
        let (k, n) = (weight.k(), weight.n());
        let kernel = run.engine.workers().kernel();
        let mut out = run.memory.take(x.len() / k * n);
        let rows_per_task = run.engine.workers().rows_per_task(x.len() / k);
        let tasks = out.chunks_mut(rows_per_task * n).enumerate().collect();
        run.each(tasks, |(index, block): (usize, &mut [f32])| {
            let (first, rows) = (index * rows_per_task, block.len() / n);
            kernel.matmul(
                Matrix::new(&x[first * k..], rows, k, k),
                weight,
                MatrixMut::new(block, rows, n, n),
            );
            for row in block.chunks_exact_mut(n) {
                if self.gelu { kernel.bias_gelu(row, bias) } else { kernel.add(row, bias) }
            }
        })?;
        Ok(tvec!(out.into_output(n)))
    }
}

/// `starts, qkv` → context: softmax(Q·Kᵀ/√d)·V for each head of each sequence.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Attention {
    pub(in crate::engine) heads: usize,
    pub(in crate::engine) hidden: usize,
}

impl Attention {
    fn identity(&self) -> (usize, usize) {
        (self.heads, self.hidden)
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, self.hidden))
    }
}

operation!(Attention, "BertAttention");

/// Query rows that a task handles: enough work to pay for packing keys and values again.
const QUERIES: usize = 128;
/// Query rows whose scores are in memory at a time: 32 × 512 scores are 64 KB.
const SCORES: usize = 32;

impl EvalOp for Attention {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (starts, qkv) = args_2!(inputs);
        let qkv = Rows::of(&qkv)?;
        let starts = ids(&starts)?;
        let hidden = self.hidden;
        let mut out = run.memory.take(qkv.len() / 3);

        let tasks = attention_tasks(starts, qkv, 3 * hidden, &mut out, hidden, QUERIES);
        run.each(tasks, |(sequence, first, block)| self.attend(run, sequence, first, block))?;
        Ok(tvec!(out.into_output(hidden)))
    }
}

impl Attention {
    /// The context of a block of queries, for all heads, one after the other.
    fn attend(&self, run: &Run, sequence: &[f32], first: usize, out: &mut [f32]) {
        let kernel = run.engine.workers().kernel();
        let (hidden, width) = (self.hidden, self.hidden / self.heads);
        let stride = 3 * hidden;
        let (length, queries) = (sequence.len() / stride, out.len() / hidden);
        let factor = 1.0 / (width as f32).sqrt();
        let mut scores = vec![0.0; SCORES.min(queries) * length];
        let (mut keys, mut values) = (Panels::default(), Panels::default());
        for head in 0..self.heads {
            let q = head * width;
            let (k, v) = (hidden + q, 2 * hidden + q);
            keys.repack(width, length, |i, token| sequence[token * stride + k + i]);
            values.repack(length, width, |token, i| sequence[token * stride + v + i]);
            for row in (0..queries).step_by(SCORES) {
                let rows = SCORES.min(queries - row);
                let scores = &mut scores[..rows * length];
                let query = &sequence[(first + row) * stride + q..];
                let query = Matrix::new(query, rows, width, stride);
                kernel.matmul(query, &keys, MatrixMut::new(scores, rows, length, length));
                for scores in scores.chunks_exact_mut(length) {
                    kernel.softmax(scores, factor);
                }
                let out = &mut out[row * hidden + q..];
                let scores = Matrix::new(scores, rows, length, length);
                kernel.matmul(scores, &values, MatrixMut::new(out, rows, width, hidden));
            }
        }
    }
}

/// What each task of attention gets: a sequence of `qkv`, the first of its queries, and the rows of
/// `out` to write, `queries` at most. `row` and `width` are the lengths of a row of the two.
fn attention_tasks<'a>(
    starts: &[u32],
    qkv: &'a [f32],
    row: usize,
    out: &'a mut [f32],
    width: usize,
    queries: usize,
) -> Vec<(&'a [f32], usize, &'a mut [f32])> {
    let mut tasks = Vec::new();
    let mut rest = out;
    for pair in starts.windows(2) {
        let (start, end) = (pair[0] as usize, pair[1] as usize);
        let sequence = &qkv[start * row..end * row];
        for first in (0..end - start).step_by(queries) {
            let (block, others) = rest.split_at_mut(queries.min(end - start - first) * width);
            rest = others;
            tasks.push((sequence, first, block));
        }
    }
    tasks
}
