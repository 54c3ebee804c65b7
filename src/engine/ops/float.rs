//! Linear layers and attention in f32.

use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::{Bias, Kernel, Matrix, MatrixMut, Panels};
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;

use crate::engine::linear::Linear;
use crate::engine::memory::Rows;
use crate::engine::ops::{Run, ids, operation, rows_fact};
use crate::engine::rotary::Rotary;
use crate::engine::sight::{QUERIES, Sight, View};

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
        let out = dense(run, &self.linear, self.gelu, Rows::of(&x)?)?;
        Ok(tvec!(out.into_output(self.linear.weight.n())))
    }
}

fn dense(run: &Run, linear: &Linear, gelu: bool, x: &[f32]) -> TractResult<Rows> {
    let Linear { weight, bias } = linear;
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
            if gelu { kernel.bias_gelu(row, bias) } else { kernel.add(row, bias) }
        }
    })?;
    Ok(out)
}

/// `position, qkv` → qkv with queries and keys turned by their places.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Rotate {
    pub(in crate::engine) rotary: Arc<Rotary>,
    pub(in crate::engine) hidden: usize,
}

impl Rotate {
    fn identity(&self) -> usize {
        Arc::as_ptr(&self.rotary).addr()
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, 3 * self.hidden))
    }
}

operation!(Rotate, "BertRotary");

impl EvalOp for Rotate {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (position, qkv) = args_2!(inputs);
        let (position, qkv) = (ids(&position)?, Rows::of(&qkv)?);
        let (kernel, width) = (run.engine.workers().kernel(), 3 * self.hidden);
        run.sweep(position.len(), width, |at, row| {
            row.copy_from_slice(&qkv[at * width..][..width]);
            self.rotary.turn(kernel, position[at] as usize, &mut row[..2 * self.hidden]);
        })
    }
}

/// `x`, values and gates → gelu(values) * gates.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Gate {
    /// Values of a row.
    pub(in crate::engine) width: usize,
}

impl Gate {
    fn identity(&self) -> usize {
        self.width
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, self.width))
    }
}

operation!(Gate, "BertGate");

impl EvalOp for Gate {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let x = args_1!(inputs);
        let x = Rows::of(&x)?;
        let (kernel, width) = (run.engine.workers().kernel(), self.width);
        run.sweep(x.len() / (2 * width), width, |at, row| {
            let mut both = x[at * 2 * width..][..2 * width].to_vec();
            kernel.gate(&mut both);
            row.copy_from_slice(&both[..width]);
        })
    }
}

/// `starts, globals, x, qkv` → context: softmax(Q·Kᵀ/√d + bias)·V for each head of each sequence, over
/// what its [`Sight`] shows.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Attention {
    pub(in crate::engine) sight: Arc<Sight>,
    /// Query, key and value of global tokens, from the states `x`.
    pub(in crate::engine) global_qkv: Option<Arc<Linear>>,
    pub(in crate::engine) heads: usize,
    pub(in crate::engine) hidden: usize,
}

impl Attention {
    fn identity(&self) -> (usize, usize, usize) {
        (self.heads, self.hidden, Arc::as_ptr(&self.sight).addr())
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, self.hidden))
    }
}

operation!(Attention, "BertAttention");

/// Query rows whose scores are in memory at a time: 32 × 512 scores are 64 KB.
const SCORES: usize = 32;

/// A sequence on its way through attention.
struct Sequence<'a> {
    qkv: &'a [f32],
    length: usize,
    globals: usize,
    /// Where there are global tokens.
    global_qkv: Option<Rows>,
}

impl EvalOp for Attention {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (starts, globals, x, qkv) = args_4!(inputs);
        let (x, qkv) = (Rows::of(&x)?, Rows::of(&qkv)?);
        let hidden = self.hidden;
        let mut sequences = Vec::new();
        for (pair, &globals) in ids(&starts)?.windows(2).zip(ids(&globals)?) {
            let rows = pair[0] as usize..pair[1] as usize;
            let global_qkv = match &self.global_qkv {
                Some(linear) if globals > 0 => {
                    Some(dense(run, linear, false, &x[rows.start * hidden..rows.end * hidden])?)
                }
                _ => None,
            };
            let qkv = &qkv[rows.start * 3 * hidden..rows.end * 3 * hidden];
            let globals = if global_qkv.is_some() { globals as usize } else { 0 };
            sequences.push(Sequence { qkv, length: rows.len(), globals, global_qkv });
        }
        let mut out = run.memory.take(qkv.len() / 3);
        let mut tasks = Vec::new();
        let mut rest = &mut *out;
        for sequence in &sequences {
            // Blocks of queries: enough work to pay for packing keys and values again.
            for first in (0..sequence.length).step_by(QUERIES) {
                let queries = first..sequence.length.min(first + QUERIES);
                let (block, others) = rest.split_at_mut(queries.len() * hidden);
                rest = others;
                tasks.push((sequence, queries, block));
            }
        }
        run.each(tasks, |(sequence, queries, block)| {
            self.attend(run, sequence, queries, block);
        })?;
        Ok(tvec!(out.into_output(hidden)))
    }
}

impl Attention {
    /// The context of a block of queries, for all heads, one after the other.
    fn attend(&self, run: &Run, of: &Sequence<'_>, queries: Range<usize>, out: &mut [f32]) {
        let kernel = run.engine.workers().kernel();
        let mut scratch = Scratch::default();
        let view = self.sight.view(queries.clone(), of.length, of.globals);
        for head in 0..self.heads {
            let bias = self.sight.bias(head, &view);
            self.head(kernel, of.qkv, head, (&view, bias), &mut scratch, out);
        }
        let Some(global_qkv) = &of.global_qkv else { return };
        let globals = queries.start..of.globals.min(queries.end);
        if globals.is_empty() {
            return;
        }
        let out = &mut out[..globals.len() * self.hidden];
        let view = View::all(globals, of.length);
        for head in 0..self.heads {
            self.head(kernel, global_qkv, head, (&view, None), &mut scratch, out);
        }
    }

    /// The context of one head.
    fn head(
        &self,
        kernel: &dyn Kernel,
        qkv: &[f32],
        head: usize,
        (view, bias): (&View, Option<Bias<'_>>),
        Scratch { keys, values, scores }: &mut Scratch,
        out: &mut [f32],
    ) {
        let (hidden, width) = (self.hidden, self.hidden / self.heads);
        let (stride, length) = (3 * hidden, view.len());
        let factor = 1.0 / (width as f32).sqrt();
        let q = head * width;
        let (k, v) = (hidden + q, 2 * hidden + q);
        keys.repack(width, length, |i, key| qkv[view.token(key) * stride + k + i]);
        values.repack(length, width, |key, i| qkv[view.token(key) * stride + v + i]);
        let queries = view.queries.len();
        scores.resize(SCORES.min(queries) * length, 0.0);
        for row in (0..queries).step_by(SCORES) {
            let rows = SCORES.min(queries - row);
            let scores = &mut scores[..rows * length];
            let query = &qkv[(view.queries.start + row) * stride + q..];
            let query = Matrix::new(query, rows, width, stride);
            kernel.matmul(query, keys, MatrixMut::new(scores, rows, length, length));
            for (at, scores) in scores.chunks_exact_mut(length).enumerate() {
                if let Some(bias) = bias {
                    let added = bias.of(row + at, length);
                    for (score, added) in scores[bias.first..].iter_mut().zip(added) {
                        *score += added / factor;
                    }
                }
                kernel.softmax(scores, factor);
            }
            let out = &mut out[row * hidden + q..];
            let scores = Matrix::new(scores, rows, length, length);
            kernel.matmul(scores, values, MatrixMut::new(out, rows, width, hidden));
        }
    }
}

/// Memory of a task.
#[derive(Default)]
struct Scratch {
    keys: Panels,
    values: Panels,
    scores: Vec<f32>,
}
