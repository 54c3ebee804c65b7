//! The modules after the pooling.

use std::path::Path;

use serde::Deserialize;

use super::{MODULES, Module, json, refused, shown};
use crate::engine::Shape;
use crate::error::Result;
use crate::files::safetensors::{Safetensors, TensorFile};
use crate::files::torch::Pickled;
use crate::files::{Loading, load};
use crate::heads::{Activation, Layer, Step, VectorSpec, Vectors};
use crate::state_dict::{StateDict, expect_shape};

/// `config.json` of a module: a linear layer's fields, and those that say what it works on.
#[derive(Debug, Deserialize)]
struct Config {
    #[serde(default = "tanh")]
    activation_function: String,
    #[serde(default = "yes")]
    bias: bool,
    #[serde(default)]
    use_residual: bool,
    module_input_name: Option<String>,
    module_output_name: Option<String>,
}

/// What the package takes where a file says nothing.
fn tanh() -> String {
    "torch.nn.modules.activation.Tanh".into()
}

fn yes() -> bool {
    true
}

/// Where the package keeps the vector between its modules.
const VECTOR: &str = "sentence_embedding";

/// Reads the modules that follow the pooling.
pub(super) fn read(
    mut spec: VectorSpec,
    directory: &Path,
    modules: &[Module],
    shape: Shape,
) -> Result<Vectors> {
    // Where the layer of each step lies, and whether it has a bias.
    let mut places = Vec::new();
    for module in modules {
        let (step, bias) = match module.name() {
            // Nothing falls out where nothing is trained.
            Some("Dropout") => continue,
            Some("Normalize") => {
                if directory.join(&module.path).join("config.json").exists() {
                    config(directory, module)?;
                }
                (Step::Normalize, false)
            }
            Some("LayerNorm") => (Step::LayerNorm, true),
            Some("Dense") => {
                let (config, file) = config(directory, module)?;
                if config.use_residual {
                    return Err(refused(&file, "use_residual is not supported"));
                }
                (Step::Dense(activation(&file, &config.activation_function)?), config.bias)
            }
            _ => {
                let class = shown(&module.class);
                let reason = format!("module {class} is not supported in this place");
                return Err(refused(MODULES, &reason));
            }
        };
        spec.steps.push(step);
        places.push((module, bias));
    }
    Vectors::new(spec, shape, |step, number, width| {
        let (module, bias) = places[number];
        let name = match step {
            Step::Normalize => return Layer::read(step, None, "", width),
            Step::LayerNorm => "norm",
            Step::Dense(_) => "linear",
        };
        let directory = directory.join(module.inside()?);
        let (safetensors, pickled) = ("model.safetensors", "pytorch_model.bin");
        // Small: copied whatever the model's loading is.
        if directory.join(safetensors).exists() {
            let file = TensorFile::open(&directory.join(safetensors), Loading::Copy)?;
            return layer(step, &Safetensors::new(&file)?, name, bias, width);
        }
        let bytes = load(&directory.join(pickled), Loading::Copy)?;
        layer(step, &Pickled::new(pickled, &bytes)?, name, bias, width)
    })
}

fn layer(step: Step, dict: &dyn StateDict, name: &str, bias: bool, width: usize) -> Result<Layer> {
    if bias {
        return Layer::read(step, Some(dict), name, width);
    }
    if dict.shape(&format!("{name}.bias")).is_some() {
        return Err(refused(dict.file_name(), "linear.bias, but config.json says bias false"));
    }
    Layer::read(step, Some(&WithoutBias(dict)), name, width)
}

/// `config.json` of a module and its name for errors; what works on anything else than the vector is
/// refused.
fn config(directory: &Path, module: &Module) -> Result<(Config, String)> {
    let file = format!("{}/config.json", module.inside()?);
    let config: Config = json(directory, &file)?;
    for (field, name) in [
        ("module_input_name", &config.module_input_name),
        ("module_output_name", &config.module_output_name),
    ] {
        if let Some(name) = name.as_ref().filter(|name| *name != VECTOR) {
            return Err(refused(&file, &format!("{field} {} is not supported", shown(name))));
        }
    }
    Ok((config, file))
}

/// An activation by the name of PyTorch's class, wherever in `torch.nn` it is.
fn activation(file: &str, class: &str) -> Result<Activation> {
    let name = class.strip_prefix("torch.nn.").and_then(|class| class.rsplit('.').next());
    name.and_then(Activation::of_class).ok_or_else(|| {
        let reason = format!("activation function {} is not supported", shown(class));
        refused(file, &reason)
    })
}

/// Tensors of a linear layer that has no bias: it gets one of zeros.
struct WithoutBias<'a>(&'a dyn StateDict);

impl StateDict for WithoutBias<'_> {
    fn file_name(&self) -> &str {
        self.0.file_name()
    }

    fn names(&self) -> Vec<String> {
        self.0.names()
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        if name != "linear.bias" {
            return self.0.shape(name);
        }
        self.0.shape("linear.weight")?.first().map(|&outputs| vec![outputs])
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        if name != "linear.bias" {
            return self.0.f32(name, shape);
        }
        expect_shape(self.file_name(), name, &self.shape(name).unwrap_or_default(), shape)?;
        Ok(vec![0.0; shape.iter().product()])
    }
}
