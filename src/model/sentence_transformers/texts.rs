//! What is done to a text before it is read: how much of it, in which case, after which prompt.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{json, refused, shown};
use crate::engine::Shape;
use crate::error::Result;
use crate::heads::VectorSpec;

/// The file of the `Transformer`, under its names of the package's first versions too.
const LIMITS: [&str; 7] = [
    "sentence_bert_config.json",
    "sentence_roberta_config.json",
    "sentence_distilbert_config.json",
    "sentence_camembert_config.json",
    "sentence_albert_config.json",
    "sentence_xlm-roberta_config.json",
    "sentence_xlnet_config.json",
];
const TOKENIZER: &str = "tokenizer_config.json";
const PROMPTS: &str = "config_sentence_transformers.json";

/// Longer than any instruction.
const LONGEST_PROMPT: usize = 1 << 16;

/// The file of the `Transformer`.
#[derive(Debug, Default, Deserialize)]
struct Limits {
    max_seq_length: Option<usize>,
    #[serde(default)]
    do_lower_case: bool,
    transformer_task: Option<String>,
    module_output_name: Option<String>,
    modality_config: Option<Map<String, Value>>,
    processing_kwargs: Option<Map<String, Value>>,
    #[serde(alias = "tokenizer_args")]
    processor_kwargs: Option<Map<String, Value>>,
}

/// `config_sentence_transformers.json`.
#[derive(Debug, Default, Deserialize)]
struct Prompts {
    #[serde(default)]
    prompts: BTreeMap<String, Option<String>>,
    default_prompt_name: Option<String>,
}

/// Reads it. `transformer` is the directory of the first module.
pub(super) fn read(
    spec: &mut VectorSpec,
    directory: &Path,
    transformer: &Path,
    shape: Shape,
) -> Result<()> {
    let limits = LIMITS.iter().find(|file| transformer.join(file).exists());
    if let Some(file) = limits {
        let limits: Limits = json(transformer, file)?;
        expect_states(file, &limits)?;
        spec.lower_case = limits.do_lower_case;
        spec.max_tokens = limits.max_seq_length.unwrap_or(usize::MAX);
    }
    // Version 6 keeps it there alone.
    if limits.is_none() || spec.max_tokens == usize::MAX {
        spec.max_tokens = model_max_length(transformer)?;
    }
    spec.max_tokens = spec.max_tokens.min(shape.max_tokens);
    prompts(spec, directory)
}

/// Refuses a transformer that gives something else than its last states.
fn expect_states(file: &str, limits: &Limits) -> Result<()> {
    let said = [
        ("transformer_task", &limits.transformer_task, "feature-extraction"),
        ("module_output_name", &limits.module_output_name, "token_embeddings"),
    ];
    for (field, value, known) in said {
        if let Some(value) = value.as_ref().filter(|value| **value != known) {
            return Err(refused(file, &format!("{field} {} is not supported", shown(value))));
        }
    }
    let text = limits.modality_config.as_ref().map(|config| config.get("text"));
    let output = |text: Option<&Value>| {
        text.and_then(|text| text.get("method_output_name")).cloned().unwrap_or_default()
    };
    if text.is_some_and(|text| output(text) != "last_hidden_state") {
        return Err(refused(
            file,
            "modality_config: a text's last_hidden_state is not what it takes",
        ));
    }
    let arguments = [
        ("processing_kwargs", &limits.processing_kwargs),
        ("the tokenizer's arguments", &limits.processor_kwargs),
    ];
    for (field, value) in arguments {
        if value.as_ref().is_some_and(|value| !value.is_empty()) {
            return Err(refused(file, &format!("{field} are not supported")));
        }
    }
    Ok(())
}

/// What the tokenizer's file says; without a number, as many as the model takes.
fn model_max_length(transformer: &Path) -> Result<usize> {
    if !transformer.join(TOKENIZER).exists() {
        return Ok(usize::MAX);
    }
    let config: Map<String, Value> = json(transformer, TOKENIZER)?;
    // Where there is no limit, a number stands there that no integer holds.
    let length = config.get("model_max_length").and_then(Value::as_u64);
    Ok(length.and_then(|length| usize::try_from(length).ok()).unwrap_or(usize::MAX))
}

fn prompts(spec: &mut VectorSpec, directory: &Path) -> Result<()> {
    if !directory.join(PROMPTS).exists() {
        return Ok(());
    }
    let file: Prompts = json(directory, PROMPTS)?;
    let text = |(name, text): (String, Option<String>)| (name, text.unwrap_or_default());
    let prompts: BTreeMap<String, String> = file.prompts.into_iter().map(text).collect();
    if prompts.values().any(|prompt| prompt.len() > LONGEST_PROMPT) {
        return Err(refused(PROMPTS, "a prompt is longer than any instruction"));
    }
    let default = file.default_prompt_name;
    if default.as_ref().is_some_and(|name| !prompts.contains_key(name)) {
        return Err(refused(PROMPTS, "default_prompt_name is not one of the prompts"));
    }
    // Version 6 writes empty ones to every model.
    if prompts.values().any(|prompt| !prompt.is_empty()) {
        (spec.prompts, spec.default_prompt) = (prompts, default);
    }
    Ok(())
}
