//! The encoder's operations in tract, all of them over the packed batch: embeddings + LayerNorm and
//! residual + LayerNorm here, linear layers and attention in f32 (`float`) or in int8 (`int8`).
//!
//! On the int8 path states go from operation to operation in two forms: as f32, which residuals add
//! to, and as [`QuantRows`], which linear layers read. Whoever writes a row quantizes it in the same
//! sweep.

pub(super) mod float;
pub(super) mod int8;

use std::sync::Arc;

use biobert_kernels::{QuantRows, ROW_BLOCK};
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;

use crate::engine::Engine;
use crate::engine::control::Control;
use crate::engine::memory::{Memory, Rows};
use crate::engine::weights::{Embeddings, Norm};

/// What the operations of one run need beside their inputs; put into the plan's shared state.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) engine: Engine,
    pub(super) control: Control,
    pub(super) memory: Arc<Memory>,
}

impl Run {
    fn of<'a>(context: &EvalContext<'a>) -> TractResult<&'a Run> {
        let run = context.shared.and_then(|shared| shared.get::<Run>());
        run.ok_or_else(|| format_err!("the operation runs outside of an encoder"))
    }

    /// Does every task, on all threads; cancel and deadline are looked at before each.
    fn each<T: Send>(&self, tasks: Vec<T>, work: impl Fn(T) + Sync) -> TractResult<()> {
        Ok(self.engine.workers().each(tasks, |task| {
            self.control.check()?;
            work(task);
            Ok(())
        })?)
    }

    /// Sweeps over `rows` rows of states: `work` fills a row of the number it is given, then the row
    /// is quantized where that is asked for.
    fn sweep(
        &self,
        rows: usize,
        width: usize,
        quantize: bool,
        work: impl Fn(usize, &mut [f32]) + Sync,
    ) -> TractResult<TVec<TValue>> {
        let kernel = self.engine.workers().kernel();
        let stride = if quantize { QuantRows::stride(width) } else { 0 };
        let mut states = self.memory.take(rows * width);
        let mut quantized = self.memory.take(rows.next_multiple_of(ROW_BLOCK) * stride);

        let rows_per_task = self.engine.workers().rows_per_task(rows);
        let mut tasks = Vec::new();
        let mut rest = &mut quantized[..];
        for (index, block) in states.chunks_mut(rows_per_task * width).enumerate() {
            let (quantized, others) = rest.split_at_mut(block.len() / width * stride);
            rest = others;
            tasks.push((index * rows_per_task, block, quantized));
        }
        self.each(tasks, |(first, block, quantized)| {
            for (index, row) in block.chunks_exact_mut(width).enumerate() {
                work(first + index, row);
                if quantize {
                    kernel.quantize(row, &mut quantized[index * stride..][..stride]);
                }
            }
        })?;
        let states = states.into_output(width);
        Ok(if quantize { tvec!(states, quantized.into_output(stride)) } else { tvec!(states) })
    }
}

/// What all operations share: their weights are compared by identity, their last input has a row for
/// each token, `facts` says what they give, and they cannot run outside of an encoder.
macro_rules! operation {
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
                let last = inputs.last().context("an operation without inputs")?;
                Ok(self.facts(&last.shape[0]))
            }

            as_op!();
        }
    };
}

use operation;

/// `tokens, position, segment` → states: the three embeddings added up and normalised.
#[derive(Debug, Clone)]
pub(super) struct Embed {
    pub(super) embeddings: Arc<Embeddings>,
    pub(super) quantize: bool,
}

impl Embed {
    fn identity(&self) -> (usize, bool) {
        (Arc::as_ptr(&self.embeddings).addr(), self.quantize)
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        states_facts(tokens, self.embeddings.norm.scale.len(), self.quantize)
    }
}

operation!(Embed, "BertEmbed");

impl EvalOp for Embed {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (tokens, position, segment) = args_3!(inputs);
        let ids = |tensor: &TValue| {
            Ok::<_, TractError>(tensor.try_as_plain_ram()?.as_slice::<u32>()?.to_vec())
        };
        let (tokens, position, segment) = (ids(&tokens)?, ids(&position)?, ids(&segment)?);
        let Embeddings { word, position: positions, segment: segments, norm } = &*self.embeddings;
        run.sweep(tokens.len(), norm.scale.len(), self.quantize, |at, row| {
            row.fill(0.0);
            word.add_row(tokens[at] as usize, row);
            positions.add_row(position[at] as usize, row);
            segments.add_row(segment[at] as usize, row);
            normalise(run, norm, row);
        })
    }
}

/// `x, residual` → LayerNorm(x + residual).
#[derive(Debug, Clone)]
pub(super) struct AddNorm {
    pub(super) norm: Arc<Norm>,
    pub(super) quantize: bool,
}

impl AddNorm {
    fn identity(&self) -> (usize, bool) {
        (Arc::as_ptr(&self.norm).addr(), self.quantize)
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        states_facts(tokens, self.norm.scale.len(), self.quantize)
    }
}

operation!(AddNorm, "BertAddNorm");

impl EvalOp for AddNorm {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (x, residual) = args_2!(inputs);
        let (x, residual) = (Rows::<f32>::of(&x)?, Rows::<f32>::of(&residual)?);
        let width = self.norm.scale.len();
        let kernel = run.engine.workers().kernel();
        run.sweep(x.len() / width, width, self.quantize, |at, row| {
            row.copy_from_slice(&x[at * width..][..width]);
            kernel.add(row, &residual[at * width..][..width]);
            normalise(run, &self.norm, row);
        })
    }
}

fn normalise(run: &Run, norm: &Norm, row: &mut [f32]) {
    run.engine.workers().kernel().layer_norm(row, &norm.scale, &norm.shift, norm.eps);
}

/// What each task of attention gets: a sequence of `qkv`, the first of its queries, and the rows of
/// `out` to write, `queries` at most. `row` and `width` are the lengths of a row of the two.
fn attention_tasks<'a, T>(
    starts: &[u32],
    qkv: &'a [f32],
    row: usize,
    out: &'a mut [T],
    width: usize,
    queries: usize,
) -> Vec<(&'a [f32], usize, &'a mut [T])> {
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

/// States, and their quantized rows where there are any.
fn states_facts(tokens: &TDim, width: usize, quantize: bool) -> TVec<TypedFact> {
    let states = rows_fact(tokens, width);
    if quantize { tvec!(states, quant_fact(tokens, width)) } else { tvec!(states) }
}

/// f32 rows.
fn rows_fact(tokens: &TDim, width: usize) -> TypedFact {
    f32::fact(&[tokens.clone(), width.to_dim()])
}

/// [`QuantRows`]: a multiple of [`ROW_BLOCK`] of them.
fn quant_fact(tokens: &TDim, width: usize) -> TypedFact {
    let blocks = (tokens.clone() + (ROW_BLOCK - 1) as i64) / ROW_BLOCK;
    u8::fact(&[blocks * ROW_BLOCK, QuantRows::stride(width).to_dim()])
}
