//! The encoder's operations in tract, all of them over the packed batch. In f32: embeddings, sums and
//! LayerNorm here, linear layers and attention in `float`. In int8: the whole encoder as
//! one operation (`int8`).

pub(super) mod float;
pub(super) mod int8;

use std::sync::Arc;

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;

use crate::engine::Engine;
use crate::engine::control::Control;
use crate::engine::memory::{Memory, Rows};
use crate::engine::pass::Scratch;
use crate::engine::weights::{Embeddings, Norm};

/// What the operations of one run need beside their inputs; put into the plan's shared state.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) engine: Engine,
    pub(super) control: Control,
    pub(super) memory: Arc<Memory>,
    pub(super) scratch: Arc<Scratch>,
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

    /// Sweeps over `rows` rows of states: `work` fills a row of the number it is given.
    fn sweep(
        &self,
        rows: usize,
        width: usize,
        work: impl Fn(usize, &mut [f32]) + Sync,
    ) -> TractResult<TVec<TValue>> {
        let mut states = self.memory.take(rows * width);
        let rows_per_task = self.engine.workers().rows_per_task(rows);
        let tasks = states.chunks_mut(rows_per_task * width).enumerate().collect();
        self.each(tasks, |(index, block): (usize, &mut [f32])| {
            for (row, states) in block.chunks_exact_mut(width).enumerate() {
                work(index * rows_per_task + row, states);
            }
        })?;
        Ok(tvec!(states.into_output(width)))
    }
}

/// The numbers of an input.
fn ids(tensor: &TValue) -> TractResult<&[u32]> {
    tensor.try_as_plain_ram()?.as_slice::<u32>()
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

/// `tokens, position, segment` → states: the three embeddings added up and, but for a pre-norm,
/// normalised.
#[derive(Debug, Clone)]
pub(super) struct Embed {
    pub(super) embeddings: Arc<Embeddings>,
}

impl Embed {
    fn identity(&self) -> usize {
        Arc::as_ptr(&self.embeddings).addr()
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, self.embeddings.width()))
    }
}

operation!(Embed, "BertEmbed");

impl EvalOp for Embed {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (tokens, position, segment) = args_3!(inputs);
        let (tokens, position, segment) = (ids(&tokens)?, ids(&position)?, ids(&segment)?);
        let norm = &self.embeddings.norm;
        run.sweep(tokens.len(), self.embeddings.width(), |at, row| {
            self.embeddings.sum(tokens[at], position[at], segment[at], row);
            if !norm.pre {
                normalise(run, norm, row);
            }
        })
    }
}

/// `x, residual` → LayerNorm(x + residual).
#[derive(Debug, Clone)]
pub(super) struct AddNorm {
    pub(super) norm: Arc<Norm>,
}

impl AddNorm {
    fn identity(&self) -> usize {
        Arc::as_ptr(&self.norm).addr()
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, self.norm.scale.len()))
    }
}

operation!(AddNorm, "BertAddNorm");

impl EvalOp for AddNorm {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (x, residual) = args_2!(inputs);
        let (x, residual) = (Rows::of(&x)?, Rows::of(&residual)?);
        let width = self.norm.scale.len();
        let kernel = run.engine.workers().kernel();
        run.sweep(x.len() / width, width, |at, row| {
            row.copy_from_slice(&x[at * width..][..width]);
            kernel.add(row, &residual[at * width..][..width]);
            normalise(run, &self.norm, row);
        })
    }
}

/// `x, residual` → x + residual.
#[derive(Debug, Clone)]
pub(super) struct Add {
    pub(super) width: usize,
}

impl Add {
    fn identity(&self) -> usize {
        self.width
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, self.width))
    }
}

operation!(Add, "BertAdd");

impl EvalOp for Add {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let (x, residual) = args_2!(inputs);
        let (x, residual) = (Rows::of(&x)?, Rows::of(&residual)?);
        let kernel = run.engine.workers().kernel();
        run.sweep(x.len() / self.width, self.width, |at, row| {
            row.copy_from_slice(&x[at * self.width..][..self.width]);
            kernel.add(row, &residual[at * self.width..][..self.width]);
        })
    }
}

/// `x` → LayerNorm(x).
#[derive(Debug, Clone)]
pub(super) struct Normalise {
    pub(super) norm: Arc<Norm>,
}

impl Normalise {
    fn identity(&self) -> usize {
        Arc::as_ptr(&self.norm).addr()
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, self.norm.scale.len()))
    }
}

operation!(Normalise, "BertNorm");

impl EvalOp for Normalise {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let x = args_1!(inputs);
        let x = Rows::of(&x)?;
        let width = self.norm.scale.len();
        run.sweep(x.len() / width, width, |at, row| {
            row.copy_from_slice(&x[at * width..][..width]);
            normalise(run, &self.norm, row);
        })
    }
}

fn normalise(run: &Run, norm: &Norm, row: &mut [f32]) {
    run.engine.workers().kernel().layer_norm(row, &norm.scale, &norm.shift, norm.eps);
}

/// f32 rows.
fn rows_fact(tokens: &TDim, width: usize) -> TypedFact {
    f32::fact(&[tokens.clone(), width.to_dim()])
}
