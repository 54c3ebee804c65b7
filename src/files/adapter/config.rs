//! `adapter_config.json` of a LoRA adapter, as `peft` writes it. A field that is not known here may change
//! what the weights mean: it must say nothing, or it is refused by its name.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::{Error, Result, json_reason};
use crate::files::computation::says_something;

pub(crate) const CONFIG: &str = "adapter_config.json";

/// Fields that have no say in what the merged weights are.
const HARMLESS: [&str; 18] = [
    "auto_mapping",
    "bias",
    "corda_config",
    "ensure_weight_tying",
    "eva_config",
    // `peft` itself sets it aside on a linear layer.
    "fan_in_fan_out",
    "inference_mode",
    "layers_pattern",
    "loftq_config",
    "lora_dropout",
    "lora_ga_config",
    "megatron_config",
    "megatron_core",
    "peft_version",
    "qalora_group_size",
    "revision",
    "runtime_config",
    "velora_config",
];

/// More names than any list has.
const MOST_NAMES: usize = 4096;

/// Ways to begin that leave the base's weights alone. Others move a part of them into the adapter, and a merge into the
/// unchanged base would count it twice.
const PLAIN_INITS: [&str; 3] = ["gaussian", "orthogonal", "eva"];

/// The classes that `peft` has tasks for.
const TASKS: [(&str, &str); 3] = [
    ("TOKEN_CLS", "BertForTokenClassification"),
    ("SEQ_CLS", "BertForSequenceClassification"),
    ("QUESTION_ANS", "BertForQuestionAnswering"),
];

#[derive(Debug, Deserialize)]
struct File {
    base_model_name_or_path: Option<String>,
    task_type: Option<String>,
    r: usize,
    lora_alpha: f64,
    #[serde(default)]
    rank_pattern: Map<String, Value>,
    #[serde(default)]
    alpha_pattern: Map<String, Value>,
    #[serde(default)]
    use_rslora: bool,
    #[serde(default)]
    use_dora: bool,
    #[serde(default)]
    init_lora_weights: Value,
    target_modules: Value,
    #[serde(default)]
    exclude_modules: Value,
    #[serde(default)]
    layers_to_transform: Value,
    modules_to_save: Option<Vec<String>>,
    auto_mapping: Option<Map<String, Value>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// What an adapter is.
#[derive(Debug)]
pub(crate) struct AdapterConfig {
    /// The base as whoever trained the adapter called it.
    pub(crate) base: Option<String>,
    /// The class of the model that it was trained in, where it says so.
    pub(crate) architecture: Option<String>,
    /// Modules that are changed, by the ends of their names; none where a pattern chose them.
    pub(super) targets: Vec<String>,
    /// Whether every layer that has such a module is changed.
    pub(super) all_layers: bool,
    /// Modules that the adapter brings whole.
    pub(super) modules_to_save: Vec<String>,
    pub(super) use_dora: bool,
    use_rslora: bool,
    alpha: f64,
    alphas: Vec<(String, f64)>,
    ranks: Vec<usize>,
}

impl AdapterConfig {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// [`Error::Unsupported`] names another kind of adapter or a field; [`Error::Model`] what is missing.
    pub(crate) fn parse(json: &[u8]) -> Result<AdapterConfig> {
        let malformed = |error| Error::model(CONFIG, json_reason(&error));
        let fields: Map<String, Value> = serde_json::from_slice(json).map_err(malformed)?;
        match fields.get("peft_type").and_then(Value::as_str) {
            Some("LORA") => {}
            // Its name is not shown: it may be anything.
            Some(kind) if kind.len() < 40 && kind.bytes().all(|b| b.is_ascii_graphic()) => {
                return refuse(&format!("peft_type {kind} is not supported, only LORA is"));
            }
            _ => return refuse("names no peft_type that is known"),
        }
        let file: File = serde_json::from_slice(json).map_err(malformed)?;
        let is_known = |field: &str| field == "peft_type" || HARMLESS.contains(&field);
        let mut rest = file.rest.iter();
        if let Some((field, _)) =
            rest.find(|(name, value)| !is_known(name) && says_something(value))
        {
            let field: String = field.chars().filter(|c| !c.is_control()).take(60).collect();
            return refuse(&format!("{field} is not supported"));
        }
        match &file.init_lora_weights {
            Value::Null | Value::Bool(_) => {}
            Value::String(way) if PLAIN_INITS.contains(&way.as_str()) => {}
            _ => {
                return refuse(
                    "init_lora_weights is one that changes the base's weights: save the adapter converted to plain LoRA",
                );
            }
        }
        let lists = [file.rank_pattern.len(), file.alpha_pattern.len()];
        let targets = file.target_modules.as_array().map_or(0, Vec::len);
        if lists.into_iter().chain([targets]).any(|count| count > MOST_NAMES) {
            return Err(Error::model(CONFIG, format!("a list of more than {MOST_NAMES} names")));
        }
        if file.r == 0 || !file.lora_alpha.is_finite() {
            return Err(Error::model(CONFIG, "r is 0 or lora_alpha is no number"));
        }
        let numbers = |field: &str, pattern: &Map<String, Value>| {
            let number = |(key, value): (&String, &Value)| {
                let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
                let value = value.as_f64().filter(|_| key.chars().all(plain));
                value.map(|value| (key.clone(), value))
            };
            let all: Option<Vec<_>> = pattern.iter().map(number).collect();
            all.map_or_else(
                || refuse(&format!("{field} has a key that is a regular expression")),
                Ok,
            )
        };
        let mapped = file.auto_mapping.as_ref().and_then(|map| map.get("base_model_class"));
        let task = file.task_type.as_deref();
        let of_task = TASKS.iter().find(|(name, _)| Some(*name) == task).map(|(_, class)| *class);
        let ranks = numbers("rank_pattern", &file.rank_pattern)?;
        Ok(AdapterConfig {
            base: file.base_model_name_or_path.filter(|base| !base.is_empty()),
            architecture: of_task.or_else(|| mapped?.as_str()).map(String::from),
            targets: match &file.target_modules {
                Value::Array(names) => {
                    names.iter().filter_map(|name| name.as_str().map(String::from)).collect()
                }
                _ => Vec::new(),
            },
            all_layers: ![&file.exclude_modules, &file.layers_to_transform]
                .into_iter()
                .any(|choice| !choice.is_null()),
            modules_to_save: file.modules_to_save.unwrap_or_default(),
            use_dora: file.use_dora,
            use_rslora: file.use_rslora,
            alpha: file.lora_alpha,
            alphas: numbers("alpha_pattern", &file.alpha_pattern)?,
            ranks: ranks.iter().map(|(_, rank)| *rank as usize).chain([file.r]).collect(),
        })
    }

    /// What the product of a module's two matrices is multiplied by; `rank` is their common side.
    pub(super) fn scaling(&self, module: &str, rank: usize) -> Result<f32> {
        if !self.ranks.contains(&rank) {
            return Err(Error::model(
                CONFIG,
                format!("r and rank_pattern do not know rank {rank}"),
            ));
        }
        // The first that fits, as `peft` takes it.
        let own = self.alphas.iter().find(|(key, _)| ends_in(module, key));
        let alpha = own.map_or(self.alpha, |(_, alpha)| *alpha);
        let rank = rank as f64;
        Ok((alpha / if self.use_rslora { rank.sqrt() } else { rank }) as f32)
    }
}

/// Whether a module's name is `end`, or ends in it after a dot.
pub(super) fn ends_in(module: &str, end: &str) -> bool {
    let before = module.strip_suffix(end);
    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn refuse<T>(reason: &str) -> Result<T> {
    Err(Error::Unsupported(format!("{CONFIG}: {reason}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = r#"{"peft_type":"LORA","r":4,"lora_alpha":8,"target_modules":["query"],
        "alpha_pattern":{"layer.1.attention.self.query":2},"rank_pattern":{"value":2},"task_type":"TOKEN_CLS"}"#;

    fn told(from: &str, to: &str) -> String {
        AdapterConfig::parse(PLAIN.replace(from, to).as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn scaling_follows_the_patterns() {
        let config = AdapterConfig::parse(PLAIN.as_bytes()).unwrap();
        assert_eq!(config.architecture.as_deref(), Some("BertForTokenClassification"));
        assert_eq!(config.scaling("a.layer.0.attention.self.query", 4).unwrap(), 2.0);
        assert_eq!(config.scaling("a.layer.1.attention.self.query", 2).unwrap(), 1.0);
        assert!(config.scaling("query", 3).is_err());
        let json = PLAIN.replace("\"r\"", "\"use_rslora\":true,\"r\"");
        let config = AdapterConfig::parse(json.as_bytes()).unwrap();
        assert_eq!(config.scaling("query", 4).unwrap(), 4.0);
    }

    #[test]
    fn what_cannot_be_merged_is_named() {
        let cases = [
            ("\"LORA\"", "\"IA3\"", "peft_type IA3 is not supported, only LORA is"),
            ("\"r\"", "\"lora_bias\":true,\"r\"", "lora_bias is not supported"),
            ("\"r\"", "\"new_thing\":{\"a\":1},\"r\"", "new_thing is not supported"),
            ("\"r\"", "\"init_lora_weights\":\"pissa\",\"r\"", "init_lora_weights is one that"),
            ("layer.1.", ".*", "alpha_pattern has a key that is a regular expression"),
            ("\"r\":4,", "", "missing field `r`"),
            ("\"r\":4", "\"r\":0", "r is 0"),
        ];
        for (from, to, want) in cases {
            let error = told(from, to);
            assert!(error.starts_with(&format!("{CONFIG}: {want}")), "{error}");
        }
        let silent = PLAIN.replace("\"r\"", "\"new_thing\":{},\"layer_replication\":null,\"r\"");
        assert!(AdapterConfig::parse(silent.as_bytes()).is_ok());
    }
}
