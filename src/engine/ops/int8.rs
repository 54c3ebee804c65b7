//! Linear layers and attention in int8.

use std::sync::Arc;

use biobert_kernels::{Head, Matrix, MatrixMut, QuantRows, ROW_BLOCK};
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;

use crate::engine::memory::Rows;
use crate::engine::ops::{Run, attention_tasks, operation, quant_fact, rows_fact};
use crate::engine::quant::QuantLinear;

/// `x, tokens`, x in quantized rows → `x * weight + bias` as f32 rows.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Dense(pub(in crate::engine) Arc<QuantLinear>);

impl Dense {
    fn identity(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, self.0.layout.n()))
    }
}

operation!(Dense, "BertInt8Linear");

impl EvalOp for Dense {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (x, tokens) = args_2!(inputs);
        let x = Rows::<u8>::of(&x)?;
        let rows = tokens.len();
        let (k, n) = (self.0.layout.k(), self.0.layout.n());
        let (weights, kernel) = (self.0.weights(), run.engine.workers().kernel());
        let rows_per_task = run.engine.workers().rows_per_task(rows);
        let mut out = run.memory.take(rows * n);
        let tasks = out.chunks_mut(rows_per_task * n).enumerate().collect();
        run.each(tasks, |(index, out): (usize, &mut [f32])| {
            let rows = out.len() / n;
            let x = &x[index * rows_per_task * QuantRows::stride(k)..];
            let x = QuantRows::new(x, rows, k);
            kernel.linear(x, &weights, false, MatrixMut::new(out, rows, n, n));
        })?;
        Ok(tvec!(out.into_output(n)))
    }
}

/// `x, tokens`, x in quantized rows → `gelu(x * weight + bias)` as quantized rows. A block of rows goes the whole way
/// before the next begins, so that the wide f32 rows stay in the cache.
#[derive(Debug, Clone)]
pub(in crate::engine) struct DenseGelu(pub(in crate::engine) Arc<QuantLinear>);

impl DenseGelu {
    fn identity(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(quant_fact(tokens, self.0.layout.n()))
    }
}

operation!(DenseGelu, "BertInt8LinearGelu");

impl EvalOp for DenseGelu {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (x, tokens) = args_2!(inputs);
        let x = Rows::<u8>::of(&x)?;
        let rows = tokens.len();
        let (k, n) = (self.0.layout.k(), self.0.layout.n());
        let (weights, workers) = (self.0.weights(), run.engine.workers());
        let rows_per_task = workers.rows_per_task(rows);
        let stride = QuantRows::stride(n);
        let mut out = run.memory.take(rows.next_multiple_of(ROW_BLOCK) * stride);
        let tasks = out[..rows * stride].chunks_mut(rows_per_task * stride).enumerate().collect();
        run.each(tasks, |(index, out): (usize, &mut [u8])| {
            let rows = out.len() / stride;
            let x = &x[index * rows_per_task * QuantRows::stride(k)..];
            let x = QuantRows::new(x, rows, k);
            run.memory.with_scratch(|scratch| {
                scratch.rows.resize(rows * n, 0.0);
                let values = MatrixMut::new(&mut scratch.rows, rows, n, n);
                workers.kernel().linear(x, &weights, true, values);
                let quantized = out.chunks_exact_mut(stride);
                for (row, out) in scratch.rows.chunks_exact(n).zip(quantized) {
                    workers.kernel().quantize(row, out);
                }
            });
        })?;
        Ok(tvec!(out.into_output(stride)))
    }
}

/// `starts, qkv` → context as quantized rows: softmax(Q·Kᵀ/√d)·V for each head of each sequence.
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
        tvec!(quant_fact(tokens, self.hidden))
    }
}

operation!(Attention, "BertInt8Attention");

impl EvalOp for Attention {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (starts, qkv) = args_2!(inputs);
        let qkv = Rows::<f32>::of(&qkv)?;
        let starts = starts.try_as_plain_ram()?.as_slice::<u32>()?;
        let hidden = self.hidden;
        let (rows, stride) = (qkv.len() / (3 * hidden), QuantRows::stride(hidden));
        let mut out = run.memory.take(rows.next_multiple_of(ROW_BLOCK) * stride);

        // A sequence is divided only where threads would be idle: every part packs keys and values
        // again.
        let queries_per_task = rows.div_ceil(run.engine.workers().threads());
        let queries_per_task = queries_per_task.next_multiple_of(ROW_BLOCK);
        let tasks = attention_tasks(starts, qkv, 3 * hidden, &mut out, stride, queries_per_task);
        run.each(tasks, |(sequence, first, out)| self.attend(run, sequence, first, out))?;
        Ok(tvec!(out.into_output(stride)))
    }
}

impl Attention {
    /// The context of a block of queries, for all heads.
    fn attend(&self, run: &Run, sequence: &[f32], first: usize, out: &mut [u8]) {
        let workers = run.engine.workers();
        let (hidden, width) = (self.hidden, self.hidden / self.heads);
        let (row, stride) = (3 * hidden, QuantRows::stride(hidden));
        let (length, queries) = (sequence.len() / row, out.len() / stride);
        run.memory.with_scratch(|scratch| {
            scratch.rows.resize(queries * hidden, 0.0);
            for head in 0..self.heads {
                let part = |index: usize, first: usize, rows: usize| {
                    let at = first * row + index * hidden + head * width;
                    Matrix::new(&sequence[at..], rows, width, row)
                };
                let query = part(0, first, queries);
                let head_of = Head { query, key: part(1, 0, length), value: part(2, 0, length) };
                let context = &mut scratch.rows[head * width..];
                let context = MatrixMut::new(context, queries, width, hidden);
                workers.kernel().attention(head_of, &mut scratch.attention, context);
            }
            let rows = scratch.rows.chunks_exact(hidden);
            for (row, out) in rows.zip(out.chunks_exact_mut(stride)) {
                workers.kernel().quantize(row, out);
            }
        });
    }
}
