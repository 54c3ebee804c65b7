//! A whole BERT in int8 as one operation: tract's plan would make every thread wait at the end of
//! each node, and allocate for each.

use std::sync::Arc;

use biobert_kernels::MatrixMut;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;

use crate::engine::ops::{Run, ids, operation, rows_fact};
use crate::engine::pass::Pass;
use crate::engine::quant::QuantLinear;
use crate::engine::weights::{Embeddings, Layer};

/// `starts, globals, position, segment, tokens` → states: after the last of `depth` layers, or of the
/// embeddings and of every layer.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Bert {
    pub(in crate::engine) embeddings: Arc<Embeddings>,
    pub(in crate::engine) layers: Arc<[Layer<QuantLinear>]>,
    pub(in crate::engine) depth: usize,
    pub(in crate::engine) every: bool,
    pub(in crate::engine) hidden: usize,
    pub(in crate::engine) heads: usize,
}

impl Bert {
    fn identity(&self) -> (usize, usize, bool) {
        (self.layers.as_ptr().addr(), self.depth, self.every)
    }

    fn outputs(&self) -> usize {
        if self.every { self.depth + 1 } else { 1 }
    }

    fn facts(&self, tokens: &TDim) -> TVec<TypedFact> {
        tvec!(rows_fact(tokens, self.hidden); self.outputs())
    }
}

operation!(Bert, "BertInt8");

impl EvalOp for Bert {
    not_out_of_plan!();

    fn eval(&self, context: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let run = Run::of(context)?;
        let [starts, globals, position, segment, tokens] =
            <[TValue; 5]>::try_from(inputs.into_vec()).map_err(|_| format_err!("five inputs"))?;
        let (rows, hidden) = (tokens.len(), self.hidden);
        let mut states: TVec<_> =
            (0..self.outputs()).map(|_| run.memory.take(rows * hidden)).collect();
        let pass = Pass {
            workers: run.engine.workers(),
            control: &run.control,
            scratch: &run.scratch,
            embeddings: &self.embeddings,
            layers: &self.layers[..self.depth],
            hidden: self.hidden,
            attention_heads: self.heads,
            tokens: ids(&tokens)?,
            position: ids(&position)?,
            segment: ids(&segment)?,
            starts: ids(&starts)?,
            globals: ids(&globals)?,
        };
        let views: TVec<_> =
            states.iter_mut().map(|states| MatrixMut::new(states, rows, hidden, hidden)).collect();
        pass.run(&views)?;
        drop(views);
        Ok(states.into_iter().map(|states| states.into_output(hidden)).collect())
    }
}
