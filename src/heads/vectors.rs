//! How a model makes one vector of a text, where it was taught to: the mean of the last states of all
//! tokens, `[CLS]` and `[SEP]` among them, a linear layer, unit length (Reimers and Gurevych 2019).

use biobert_kernels::math;
use serde::{Deserialize, Serialize};

use crate::engine::linear::Linear;
use crate::engine::{Engine, Shape};
use crate::error::{Error, Result};
use crate::heads::linear::linear;
use crate::state_dict::StateDict;

/// What a file says of it, beside the weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VectorSpec {
    /// How the states become one.
    pub(crate) pooling: StatePooling,
    /// Longest sequence in tokens, `[CLS]` and `[SEP]` included.
    pub(crate) max_tokens: usize,
    /// What becomes of the linear layer's outputs; `None`: there is no such layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dense: Option<Activation>,
    /// Whether vectors have length 1.
    pub(crate) normalize: bool,
}

/// How the states of a text become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StatePooling {
    /// Their mean.
    Mean,
}

/// What becomes of a layer's outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Activation {
    Identity,
    Tanh,
}

/// The same, ready to run.
#[derive(Debug)]
pub(crate) struct Vectors {
    pub(crate) spec: VectorSpec,
    /// There exactly where the specification has it.
    pub(crate) dense: Option<Linear>,
}

/// Wider than any model's vectors.
const MOST_WIDTH: usize = 16_384;

impl Vectors {
    /// Reads a layer's `NAME.weight` and `NAME.bias`, if the specification has a layer. `dict` may be
    /// asked for nothing else.
    pub(crate) fn read(
        spec: VectorSpec,
        dict: Option<&dyn StateDict>,
        name: &str,
        shape: Shape,
    ) -> Result<Vectors> {
        if !(8..=shape.max_tokens).contains(&spec.max_tokens) {
            let (tokens, limit) = (spec.max_tokens, shape.max_tokens);
            let reason = format!("vectors of {tokens} tokens, the encoder takes 8 to {limit}");
            return Err(Error::Unsupported(reason));
        }
        let dense = match (spec.dense, dict) {
            (Some(_), Some(dict)) => {
                let weight = format!("{name}.weight");
                let width = dict.shape(&weight).and_then(|shape| shape.first().copied());
                match width {
                    Some(width) if (1..=MOST_WIDTH).contains(&width) => {
                        Some(linear(dict, name, shape.hidden, width)?)
                    }
                    _ => {
                        let reason = format!("{weight} has no usable width");
                        return Err(Error::model(dict.file_name(), reason));
                    }
                }
            }
            (Some(_), None) => return Err(Error::Internal("a layer without weights".into())),
            (None, _) => None,
        };
        Ok(Vectors { spec, dense })
    }

    /// How wide the vectors are, of states that are `hidden` wide.
    pub(crate) fn width(&self, hidden: usize) -> usize {
        self.dense.as_ref().map_or(hidden, |layer| layer.weight.n())
    }

    /// A vector of the mean of a text's states.
    pub(crate) fn of_mean(&self, engine: &Engine, mean: Vec<f32>) -> Vec<f32> {
        let mut vector = match &self.dense {
            Some(layer) => layer.apply(engine, &mean),
            None => mean,
        };
        if self.spec.dense == Some(Activation::Tanh) {
            vector.iter_mut().for_each(|value| *value = math::tanh(*value));
        }
        if self.spec.normalize {
            unit(&mut vector);
        }
        vector
    }
}

/// Scales a vector to length 1; zeros stay zeros.
pub(crate) fn unit(vector: &mut [f32]) {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}
