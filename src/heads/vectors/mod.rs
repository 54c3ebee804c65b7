//! How a model makes one vector of a text, where it was taught to (Reimers and Gurevych 2019): the last
//! states of its tokens become one row, which goes through steps: linear layers, norms, unit length.

mod pool;
mod spec;
mod step;

pub(crate) use pool::{Pool, StatePooling};
pub(crate) use spec::VectorSpec;
pub(crate) use step::{Activation, Layer, Step, unit};

use crate::engine::{Engine, Shape};
use crate::error::{Error, Result};
use crate::state_dict::StateDict;

/// Wider than any model's vectors.
const MOST_WIDTH: usize = 1 << 16;
/// More steps than any model has.
const MOST_STEPS: usize = 32;

/// A [`VectorSpec`], ready to run.
#[derive(Debug)]
pub(crate) struct Vectors {
    pub(crate) spec: VectorSpec,
    /// One for each step.
    pub(crate) layers: Vec<Layer>,
}

impl Vectors {
    /// Reads the layers of the steps; `read` is given a step, its number and how wide its inputs are.
    pub(crate) fn new(
        spec: VectorSpec,
        shape: Shape,
        read: impl Fn(Step, usize, usize) -> Result<Layer>,
    ) -> Result<Vectors> {
        if !(8..=shape.max_tokens).contains(&spec.max_tokens) {
            let (tokens, limit) = (spec.max_tokens, shape.max_tokens);
            let reason = format!("vectors of {tokens} tokens, the encoder takes 8 to {limit}");
            return Err(Error::Unsupported(reason));
        }
        let mut width = shape.hidden * spec.pooling.len().max(1);
        if width > MOST_WIDTH || spec.steps.len() > MOST_STEPS {
            return Err(Error::Unsupported("vectors of more parts than any model has".into()));
        }
        let mut layers = Vec::with_capacity(spec.steps.len());
        for (number, &step) in spec.steps.iter().enumerate() {
            let layer = read(step, number, width)?;
            width = layer.width(width);
            layers.push(layer);
        }
        Ok(Vectors { spec, layers })
    }

    /// With the layers of a bundle's file, which there is if a step has weights.
    pub(crate) fn of_bundle(
        spec: VectorSpec,
        dict: Option<&dyn StateDict>,
        shape: Shape,
    ) -> Result<Vectors> {
        let names = spec.names();
        Vectors::new(spec, shape, |step, number, width| {
            Layer::read(step, dict, &names[number], width)
        })
    }

    /// How wide the vectors are, of states that are `hidden` wide.
    pub(crate) fn width(&self, hidden: usize) -> usize {
        let pooled = hidden * self.spec.pooling.len().max(1);
        self.layers.iter().fold(pooled, |width, layer| layer.width(width))
    }

    /// The vector of a text from the row that its states became.
    pub(crate) fn of_row(&self, engine: &Engine, row: Vec<f32>) -> Vec<f32> {
        let steps = self.spec.steps.iter().zip(&self.layers);
        steps.fold(row, |row, (step, layer)| layer.apply(*step, engine, row))
    }
}
