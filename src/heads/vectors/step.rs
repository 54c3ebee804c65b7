//! What the row that a text became goes through.

use biobert_kernels::math;
use serde::{Deserialize, Serialize};

use super::MOST_WIDTH;
use crate::engine::Engine;
use crate::engine::linear::Linear;
use crate::engine::weights::Norm;
use crate::error::{Error, Result};
use crate::heads::linear::linear;
use crate::state_dict::StateDict;

/// Added to the variance in PyTorch's `LayerNorm`.
const NORM_EPS: f32 = 1e-5;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// A linear layer, and what becomes of its outputs.
    Dense(Activation),
    /// A norm over the row, with a scale and a shift.
    LayerNorm,
    /// Division by its length.
    Normalize,
}

impl Step {
    /// The name that reports use.
    pub(crate) fn name(self) -> String {
        match self {
            Step::Dense(activation) => format!("dense ({})", activation.name()),
            Step::LayerNorm => "layer norm".into(),
            Step::Normalize => "length 1".into(),
        }
    }
}

/// What becomes of a layer's outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Activation {
    Identity,
    Tanh,
    Relu,
    Gelu,
    Sigmoid,
    Silu,
}

impl Activation {
    /// By the name of PyTorch's class.
    pub(crate) fn of_class(class: &str) -> Option<Activation> {
        Some(match class {
            "Identity" => Activation::Identity,
            "Tanh" => Activation::Tanh,
            "ReLU" => Activation::Relu,
            "GELU" => Activation::Gelu,
            "Sigmoid" => Activation::Sigmoid,
            "SiLU" => Activation::Silu,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Activation::Identity => "identity",
            Activation::Tanh => "tanh",
            Activation::Relu => "relu",
            Activation::Gelu => "gelu",
            Activation::Sigmoid => "sigmoid",
            Activation::Silu => "silu",
        }
    }

    fn apply(self, row: &mut [f32]) {
        let function = match self {
            Activation::Identity => return,
            Activation::Tanh => math::tanh,
            Activation::Relu => |x: f32| if x > 0.0 { x } else { 0.0 },
            Activation::Gelu => math::gelu,
            Activation::Sigmoid => math::sigmoid,
            Activation::Silu => |x: f32| x * math::sigmoid(x),
        };
        row.iter_mut().for_each(|value| *value = function(*value));
    }
}

/// The weights of a step.
#[derive(Debug)]
pub(crate) enum Layer {
    Linear(Linear),
    Norm(Norm),
    None,
}

impl Layer {
    /// Reads `NAME.weight` and `NAME.bias` for inputs that are `width` wide. A linear layer that has no bias
    /// has one of zeros.
    pub(crate) fn read(
        step: Step,
        dict: Option<&dyn StateDict>,
        name: &str,
        width: usize,
    ) -> Result<Layer> {
        let dict = || dict.ok_or_else(|| Error::Internal("a layer without weights".into()));
        let (weight, bias) = (format!("{name}.weight"), format!("{name}.bias"));
        Ok(match step {
            Step::Normalize => Layer::None,
            Step::LayerNorm => {
                let dict = dict()?;
                let (scale, shift) = (dict.f32(&weight, &[width])?, dict.f32(&bias, &[width])?);
                Layer::Norm(Norm { scale, shift, eps: NORM_EPS, pre: false })
            }
            Step::Dense(_) => {
                let dict = dict()?;
                let outputs = dict.shape(&weight).and_then(|shape| shape.first().copied());
                match outputs {
                    Some(outputs) if (1..=MOST_WIDTH).contains(&outputs) => {
                        Layer::Linear(linear(dict, name, width, outputs)?)
                    }
                    _ => {
                        let reason = format!("{weight} has no usable width");
                        return Err(Error::model(dict.file_name(), reason));
                    }
                }
            }
        })
    }

    /// How wide its outputs are.
    pub(super) fn width(&self, inputs: usize) -> usize {
        match self {
            Layer::Linear(linear) => linear.weight.n(),
            Layer::Norm(_) | Layer::None => inputs,
        }
    }

    pub(super) fn apply(&self, step: Step, engine: &Engine, mut row: Vec<f32>) -> Vec<f32> {
        match (self, step) {
            (Layer::Linear(linear), Step::Dense(activation)) => {
                let mut row = linear.apply(engine, &row);
                activation.apply(&mut row);
                row
            }
            (Layer::Norm(norm), _) => {
                let kernel = engine.workers().kernel();
                kernel.layer_norm(&mut row, &norm.scale, &norm.shift, norm.eps);
                row
            }
            _ => {
                unit(&mut row);
                row
            }
        }
    }
}

/// Scales a vector to length 1; zeros stay zeros.
pub(crate) fn unit(vector: &mut [f32]) {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}
