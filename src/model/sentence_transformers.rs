//! How a checkpoint makes vectors, in the older layout of `sentence-transformers`: `modules.json` lists
//! modules, each with a directory. Read are a transformer, a mean, perhaps a linear layer, perhaps unit
//! length, in this order. Anything else would give other vectors, and is refused by its name.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::engine::Shape;
use crate::error::{Error, Result, json_reason};
use crate::files::safetensors::{Safetensors, TensorFile};
use crate::files::torch::Pickled;
use crate::files::{Loading, load, read_file};
use crate::heads::{Activation, StatePooling, VectorSpec, Vectors};

const MODULES: &str = "modules.json";
const LIMITS: &str = "sentence_bert_config.json";
const PROMPTS: &str = "config_sentence_transformers.json";

/// A module of `modules.json`.
#[derive(Debug, Deserialize)]
struct Module {
    path: String,
    #[serde(rename = "type")]
    class: String,
}

/// `sentence_bert_config.json`.
#[derive(Debug, Default, Deserialize)]
struct Limits {
    max_seq_length: Option<usize>,
    #[serde(default)]
    do_lower_case: bool,
}

/// `config.json` of a linear layer.
#[derive(Debug, Deserialize)]
struct DenseConfig {
    activation_function: String,
    #[serde(default = "yes")]
    bias: bool,
}

fn yes() -> bool {
    true
}

/// How the checkpoint in a directory makes vectors: `None` if nothing is said of it. What cannot be done
/// is a reason and no error: the model's heads have no need of it.
pub(super) fn vectors(
    directory: &Path,
    shape: Shape,
) -> Option<std::result::Result<Vectors, String>> {
    if !directory.join(MODULES).exists() {
        return None;
    }
    Some(read(directory, shape).map_err(|error| error.to_string()))
}

fn read(directory: &Path, shape: Shape) -> Result<Vectors> {
    let modules: Vec<Module> = json(directory, MODULES)?;
    let mut rest = modules.iter().map(|module| (class(&module.class), module)).peekable();
    let mut next = |wanted: &str| rest.next_if(|(class, _)| *class == Some(wanted));
    match next("Transformer") {
        Some((_, module)) if module.path.is_empty() => {}
        _ => return Err(refused(MODULES, "it does not begin with a Transformer at the path \"\"")),
    }
    let Some((_, pooling)) = next("Pooling") else {
        return Err(refused(MODULES, "no Pooling follows the Transformer"));
    };
    let dense = next("Dense").map(|(_, module)| module);
    let normalize = next("Normalize").is_some();
    if let Some((_, module)) = rest.next() {
        let reason = format!("module {} is not supported in this place", module.class);
        return Err(refused(MODULES, &reason));
    }
    expect_mean(directory, &inside(pooling)?)?;
    let max_tokens = max_tokens(directory, shape)?;
    let spec = VectorSpec { pooling: StatePooling::Mean, max_tokens, dense: None, normalize };
    match dense {
        Some(module) => with_dense(&directory.join(inside(module)?), spec, shape),
        None => Vectors::read(spec, None, "", shape),
    }
}

/// The class of a module, without the package that it was always in.
fn class(name: &str) -> Option<&str> {
    name.strip_prefix("sentence_transformers.models.")
}

/// A module's directory, which must lie in the checkpoint's.
fn inside(module: &Module) -> Result<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if module.path.is_empty() || !module.path.chars().all(plain) {
        return Err(refused(MODULES, "a module's path is no directory beside it"));
    }
    Ok(module.path.clone())
}

/// Refuses any other way than the mean.
fn expect_mean(directory: &Path, path: &str) -> Result<()> {
    let file = format!("{path}/config.json");
    let config: BTreeMap<String, Value> = json(directory, &file)?;
    let is_on = |value: &Value| value == &Value::Bool(true);
    let mut modes = config
        .iter()
        .filter_map(|(name, value)| name.strip_prefix("pooling_mode_").filter(|_| is_on(value)));
    match (modes.clone().count(), modes.find(|mode| *mode != "mean_tokens")) {
        (1, None) => Ok(()),
        (_, Some(mode)) => Err(refused(&file, &format!("pooling mode {mode} is not supported"))),
        (_, None) => Err(refused(&file, "no pooling mode is chosen")),
    }
}

/// How many tokens the model reads; what else is done to a text before is refused.
fn max_tokens(directory: &Path, shape: Shape) -> Result<usize> {
    let there = |name: &str| directory.join(name).exists();
    let limits: Limits = if there(LIMITS) { json(directory, LIMITS)? } else { Limits::default() };
    if limits.do_lower_case {
        return Err(refused(LIMITS, "do_lower_case is not supported"));
    }
    if there(PROMPTS) {
        let prompts: BTreeMap<String, Value> = json(directory, PROMPTS)?;
        if prompts.get("default_prompt_name").is_some_and(|name| !name.is_null()) {
            return Err(refused(PROMPTS, "a default prompt is not supported"));
        }
    }
    Ok(limits.max_seq_length.unwrap_or(shape.max_tokens).min(shape.max_tokens))
}

/// With the linear layer of a directory.
fn with_dense(directory: &Path, spec: VectorSpec, shape: Shape) -> Result<Vectors> {
    let config: DenseConfig = json(directory, "config.json")?;
    let function = config.activation_function.rsplit('.').next().unwrap_or_default();
    let activation = match function {
        "Identity" => Activation::Identity,
        "Tanh" => Activation::Tanh,
        _ => {
            let reason = format!("activation function {function} is not supported");
            return Err(refused("config.json", &reason));
        }
    };
    if !config.bias {
        return Err(refused("config.json", "a linear layer without a bias is not supported"));
    }
    let spec = VectorSpec { dense: Some(activation), ..spec };
    let (safetensors, pickled) = ("model.safetensors", "pytorch_model.bin");
    if directory.join(safetensors).exists() {
        // Small: copied whatever the model's loading is.
        let file = TensorFile::open(&directory.join(safetensors), Loading::Copy)?;
        return Vectors::read(spec, Some(&Safetensors::new(&file)?), "linear", shape);
    }
    let bytes = load(&directory.join(pickled), Loading::Copy)?;
    Vectors::read(spec, Some(&Pickled::new(pickled, &bytes)?), "linear", shape)
}

fn json<T: DeserializeOwned>(directory: &Path, file: &str) -> Result<T> {
    let bytes = read_file(&directory.join(file))?;
    serde_json::from_slice(&bytes).map_err(|error| Error::model(file, json_reason(&error)))
}

fn refused(file: &str, reason: &str) -> Error {
    Error::Unsupported(format!("{file}: {reason}"))
}
