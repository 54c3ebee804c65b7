//! The encoder's operations in tract: embeddings + LayerNorm, linear (+ GELU), attention over
//! sequences of any length, residual + LayerNorm. All of them work on the packed batch.

use std::sync::Arc;

use biobert_kernels::{Matrix, MatrixMut, Panels};
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;

use crate::engine::Engine;
use crate::engine::control::Control;
use crate::model::weights::{Embeddings, Linear, Norm};

/// What the operations of one run need beside their inputs; put into the plan's shared state.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) engine: Engine,
    pub(super) control: Control,
}

impl Run {
    fn of<'a>(context: &EvalContext<'a>) -> TractResult<&'a Run> {
        let run = context.shared.and_then(|shared| shared.get::<Run>());
        run.ok_or_else(|| format_err!("the operation runs outside of an encoder"))
    }

    /// Rows in blocks, one after the other or on several threads; cancel and deadline are looked
    /// at before each block.
    fn by_rows(
        &self,
        values: &mut [f32],
        width: usize,
        work: impl Fn(usize, &mut [f32]) + Sync,
    ) -> TractResult<()> {
        let workers = self.engine.workers();
        let rows = workers.rows_per_task(values.len() / width);
        let blocks = values.chunks_mut(rows * width).enumerate().collect();
        Ok(workers.each(blocks, |(index, block)| {
            self.control.check()?;
            work(index * rows, block);
            Ok(())
        })?)
    }
}

/// What all four operations share: their weights are compared by identity, they give one output
/// that is as long as the batch, and they cannot run outside of an encoder.
macro_rules! packed_operation {
    ($operation:ident, $name:literal) => {
        impl PartialEq for $operation {
            fn eq(&self, other: &Self) -> bool {
                self.identity() == other.identity()
            }
        }

        impl Eq for $operation {}

        impl Op for $operation {
            fn name(&self) -> StaticName {
                $name.into()
            }

            op_as_typed_op!();
        }

        impl TypedOp for $operation {
            fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
                Ok(tvec!(f32::fact(&[inputs[0].shape[0].clone(), self.width().to_dim()])))
            }

            as_op!();
        }
    };
}

/// `tokens, position, segment` → states: the three embeddings added up and normalised.
#[derive(Debug, Clone)]
pub(super) struct Embed(pub(super) Arc<Embeddings>);

impl Embed {
    fn identity(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    fn width(&self) -> usize {
        self.0.norm.scale.len()
    }
}

packed_operation!(Embed, "BertEmbed");

impl EvalOp for Embed {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (tokens, position, segment) = args_3!(inputs);
        let ids = |tensor: &TValue| {
            Ok::<_, TractError>(tensor.try_as_plain_ram()?.as_slice::<u32>()?.to_vec())
        };
        let (tokens, position, segment) = (ids(&tokens)?, ids(&position)?, ids(&segment)?);
        let width = self.width();
        let Embeddings { word, position: positions, segment: segments, norm } = &*self.0;
        let mut states = vec![0.0; tokens.len() * width];
        run.by_rows(&mut states, width, |first, block| {
            for (index, row) in block.chunks_exact_mut(width).enumerate() {
                let at = first + index;
                word.add_row(tokens[at] as usize, row);
                positions.add_row(position[at] as usize, row);
                segments.add_row(segment[at] as usize, row);
                normalise(run, norm, row);
            }
        })?;
        output(states, width)
    }
}

/// `x` → `x * weight + bias`, then GELU where asked for.
#[derive(Debug, Clone)]
pub(super) struct Dense {
    pub(super) linear: Arc<Linear>,
    pub(super) gelu: bool,
}

impl Dense {
    fn identity(&self) -> (usize, bool) {
        (Arc::as_ptr(&self.linear).addr(), self.gelu)
    }

    fn width(&self) -> usize {
        self.linear.weight.n()
    }
}

packed_operation!(Dense, "BertLinear");

impl EvalOp for Dense {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let x = args_1!(inputs);
        let x = x.try_as_plain_ram()?.as_slice::<f32>()?;
        let Linear { weight, bias } = &*self.linear;
        let (k, n) = (weight.k(), weight.n());
        let kernel = run.engine.workers().kernel();
        let mut out = vec![0.0; x.len() / k * n];
        run.by_rows(&mut out, n, |first, block| {
            let rows = block.len() / n;
            kernel.matmul(
                Matrix::new(&x[first * k..], rows, k, k),
                weight,
                MatrixMut::new(block, rows, n, n),
            );
            for row in block.chunks_exact_mut(n) {
                if self.gelu { kernel.bias_gelu(row, bias) } else { kernel.add(row, bias) }
            }
        })?;
        output(out, n)
    }
}

/// `qkv, starts` → context: softmax(Q·Kᵀ/√d)·V for each head of each sequence.
#[derive(Debug, Clone)]
pub(super) struct Attention {
    pub(super) heads: usize,
    pub(super) hidden: usize,
}

impl Attention {
    fn identity(&self) -> (usize, usize) {
        (self.heads, self.hidden)
    }

    fn width(&self) -> usize {
        self.hidden
    }
}

packed_operation!(Attention, "BertAttention");

/// Query rows that a task handles: enough work to pay for packing keys and values again.
const QUERIES: usize = 128;
/// Query rows whose scores are in memory at a time: 32 × 512 scores are 64 KB.
const SCORES: usize = 32;

impl EvalOp for Attention {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (qkv, starts) = args_2!(inputs);
        let qkv = qkv.try_as_plain_ram()?.as_slice::<f32>()?;
        let starts = starts.try_as_plain_ram()?.as_slice::<u32>()?;
        let hidden = self.hidden;
        let mut out = vec![0.0; qkv.len() / 3];

        // Each task: a sequence, the first of its queries, and the rows to write.
        let mut tasks = Vec::new();
        let mut rest = out.as_mut_slice();
        for pair in starts.windows(2) {
            let (start, end) = (pair[0] as usize, pair[1] as usize);
            let sequence = &qkv[start * 3 * hidden..end * 3 * hidden];
            for first in (0..end - start).step_by(QUERIES) {
                let rows = QUERIES.min(end - start - first);
                let (block, behind) = std::mem::take(&mut rest).split_at_mut(rows * hidden);
                rest = behind;
                tasks.push((sequence, first, block));
            }
        }
        run.engine.workers().each(tasks, |(sequence, first, block)| {
            run.control.check()?;
            self.attend(run, sequence, first, block);
            Ok(())
        })?;
        output(out, hidden)
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

/// `x, residual` → LayerNorm(x + residual).
#[derive(Debug, Clone)]
pub(super) struct AddNorm(pub(super) Arc<Norm>);

impl AddNorm {
    fn identity(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    fn width(&self) -> usize {
        self.0.scale.len()
    }
}

packed_operation!(AddNorm, "BertAddNorm");

impl EvalOp for AddNorm {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (x, residual) = args_2!(inputs);
        // The plan has let go of `x`: this takes its memory without a copy.
        let mut x = x.into_tensor();
        let residual = residual.try_as_plain_ram()?.as_slice::<f32>()?;
        let width = self.width();
        let kernel = run.engine.workers().kernel();
        run.by_rows(x.try_as_plain_ram_mut()?.as_slice_mut::<f32>()?, width, |first, block| {
            for (index, row) in block.chunks_exact_mut(width).enumerate() {
                kernel.add(row, &residual[(first + index) * width..][..width]);
                normalise(run, &self.0, row);
            }
        })?;
        Ok(tvec!(x.into_tvalue()))
    }
}

fn normalise(run: &Run, norm: &Norm, row: &mut [f32]) {
    run.engine.workers().kernel().layer_norm(row, &norm.scale, &norm.shift, norm.eps);
}

/// Rows of a width as the one output of an operation, without a copy.
fn output(values: Vec<f32>, width: usize) -> TractResult<TVec<TValue>> {
    let rows = values.len() / width;
    let array = tract_ndarray::Array2::from_shape_vec((rows, width), values)?;
    Ok(tvec!(Tensor::from(array).into_tvalue()))
}
