//! The fields of a `config.json` under the names that the families use, and what they say.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::files::config::encoder::{AttentionConfig, Biases, EncoderConfig};
use crate::files::config::family::Family;

/// Every field that some family has. DistilBERT and ModernBERT have names of their own for some.
#[derive(Debug, Deserialize)]
pub(super) struct Fields {
    model_type: Option<String>,
    #[serde(default)]
    architectures: Vec<String>,
    hidden_size: Option<usize>,
    dim: Option<usize>,
    embedding_size: Option<usize>,
    intermediate_size: Option<usize>,
    hidden_dim: Option<usize>,
    num_hidden_layers: Option<usize>,
    n_layers: Option<usize>,
    num_attention_heads: Option<usize>,
    n_heads: Option<usize>,
    max_position_embeddings: Option<usize>,
    type_vocab_size: Option<usize>,
    vocab_size: Option<usize>,
    pad_token_id: Option<usize>,
    layer_norm_eps: Option<f64>,
    norm_eps: Option<f64>,
    hidden_act: Option<String>,
    activation: Option<String>,
    hidden_activation: Option<String>,
    position_embedding_type: Option<String>,
    relative_attention_num_buckets: Option<usize>,
    attention_window: Option<AttentionWindow>,
    layer_types: Option<Vec<String>>,
    global_attn_every_n_layers: Option<usize>,
    local_attention: Option<usize>,
    sliding_window: Option<usize>,
    global_rope_theta: Option<f64>,
    local_rope_theta: Option<f64>,
    rope_parameters: Option<BTreeMap<String, Option<Rope>>>,
    rope_scaling: Option<serde_json::Value>,
    norm_bias: Option<bool>,
    attention_bias: Option<bool>,
    mlp_bias: Option<bool>,
    classifier_bias: Option<bool>,
    classifier_activation: Option<String>,
    classifier_pooling: Option<String>,
}

/// The same for all layers, or one for each.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum AttentionWindow {
    All(usize),
    Each(Vec<usize>),
}

#[derive(Debug, Deserialize)]
struct Rope {
    rope_type: Option<String>,
    /// The older name of that.
    r#type: Option<String>,
    rope_theta: Option<f64>,
}

fn unsupported<T>(what: &str, have: &str, want: &str) -> Result<T> {
    let reason = format!("config.json: {what} {have:?} is not supported, only {want:?} is");
    Err(Error::Unsupported(reason))
}

fn needed<T>(name: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::model("config.json", format!("missing field `{name}`")))
}

impl Fields {
    fn family(&self) -> Result<Family> {
        let of_class = || self.architectures.iter().find_map(|class| Family::of_class(class));
        let family = match self.model_type.as_deref() {
            Some(name) => Family::of_type(name),
            None => of_class(),
        };
        family.ok_or_else(|| {
            let have = self.model_type.as_deref().unwrap_or("(none)");
            let want = Family::types();
            Error::Unsupported(format!(
                "config.json: model_type {have:?} is not supported, only {want} are"
            ))
        })
    }

    pub(super) fn into_config(self) -> Result<EncoderConfig> {
        let family = self.family()?;
        let fixed = [
            ("hidden_act", &self.hidden_act, "gelu"),
            ("activation", &self.activation, "gelu"),
            ("hidden_activation", &self.hidden_activation, "gelu"),
            ("classifier_activation", &self.classifier_activation, "gelu"),
            ("position_embedding_type", &self.position_embedding_type, "absolute"),
        ];
        for (name, value, want) in fixed {
            if let Some(have) = value.as_deref().filter(|have| *have != want) {
                return unsupported(name, have, want);
            }
        }
        let hidden_size = needed("hidden_size", self.hidden_size.or(self.dim))?;
        let num_hidden_layers =
            needed("num_hidden_layers", self.num_hidden_layers.or(self.n_layers))?;
        let padding = match family {
            // `transformers` counts from 1, whatever the configuration says.
            Family::MpNet => 1,
            _ => self.pad_token_id.unwrap_or(1),
        };
        let first_position = if family.follows_fairseq() { padding.saturating_add(1) } else { 0 };
        let modern = family == Family::ModernBert;
        let eps = match family {
            Family::DistilBert => None,
            Family::ModernBert => self.norm_eps,
            _ => self.layer_norm_eps,
        };
        let bias = |field: Option<bool>| field.unwrap_or(!modern);
        let mean_pooling = match self.classifier_pooling.as_deref().filter(|_| modern) {
            None | Some("cls") => false,
            Some("mean") => true,
            Some(other) => return unsupported("classifier_pooling", other, "cls and mean"),
        };
        Ok(EncoderConfig {
            family,
            hidden_size,
            embedding_size: match family {
                Family::Electra => self.embedding_size.unwrap_or(128),
                _ => hidden_size,
            },
            intermediate_size: needed(
                "intermediate_size",
                self.intermediate_size.or(self.hidden_dim),
            )?,
            num_hidden_layers,
            num_attention_heads: needed(
                "num_attention_heads",
                self.num_attention_heads.or(self.n_heads),
            )?,
            max_position_embeddings: needed(
                "max_position_embeddings",
                self.max_position_embeddings,
            )?,
            first_position,
            type_vocab_size: match family {
                Family::DistilBert | Family::MpNet | Family::ModernBert => 0,
                _ => self.type_vocab_size.unwrap_or(2),
            },
            vocab_size: needed("vocab_size", self.vocab_size)?,
            // As the engine has it: in f32.
            layer_norm_eps: eps.unwrap_or(if modern { 1e-5 } else { 1e-12 }) as f32,
            biases: Biases {
                norm: bias(self.norm_bias),
                attention: bias(self.attention_bias),
                feed_forward: bias(self.mlp_bias),
                head: bias(self.classifier_bias),
            },
            attention: match family {
                Family::ModernBert => self.alternating(num_hidden_layers)?,
                Family::Longformer => self.windows(num_hidden_layers)?,
                _ => vec![AttentionConfig::default(); num_hidden_layers.min(MOST_LAYERS)],
            },
            relative_buckets: match (family, self.relative_attention_num_buckets) {
                (Family::MpNet, None | Some(MPNET_BUCKETS)) => Some(MPNET_BUCKETS),
                (Family::MpNet, Some(other)) => {
                    let want = MPNET_BUCKETS.to_string();
                    return unsupported(
                        "relative_attention_num_buckets",
                        &other.to_string(),
                        &want,
                    );
                }
                _ => None,
            },
            mean_pooling,
        })
    }

    /// Longformer's windows: even, half of each on either side.
    fn windows(&self, layers: usize) -> Result<Vec<AttentionConfig>> {
        let windows = match needed("attention_window", self.attention_window.as_ref())? {
            AttentionWindow::All(window) => vec![*window; layers.min(MOST_LAYERS)],
            AttentionWindow::Each(windows) => windows.clone(),
        };
        if windows.len() != layers {
            let reason = format!("attention_window has {} entries, not {layers}", windows.len());
            return Err(Error::model("config.json", reason));
        }
        if let Some(odd) = windows.iter().find(|window| !window.is_multiple_of(2)) {
            let reason = format!("attention_window is {odd}, and must be even");
            return Err(Error::model("config.json", reason));
        }
        let each = |window| AttentionConfig { window: Some(window / 2), rotary: None };
        Ok(windows.into_iter().map(each).collect())
    }

    /// ModernBERT's layers, which see all or a window.
    fn alternating(&self, layers: usize) -> Result<Vec<AttentionConfig>> {
        if self.rope_scaling.as_ref().is_some_and(|scaling| !scaling.is_null()) {
            return Err(Error::Unsupported("config.json: rope_scaling is not supported".into()));
        }
        let theta = |kind: &str, older: Option<f64>, default: f64| {
            let rope = self.rope_parameters.as_ref().and_then(|rope| rope.get(kind)?.as_ref());
            let kinds = rope.map(|rope| [rope.rope_type.as_deref(), rope.r#type.as_deref()]);
            let kinds = kinds.into_iter().flatten().flatten();
            if let Some(other) = kinds.into_iter().find(|kind| *kind != "default") {
                return unsupported("rope_type", other, "default");
            }
            Ok(rope.and_then(|rope| rope.rope_theta).or(older).unwrap_or(default))
        };
        let global = theta("full_attention", self.global_rope_theta, 160_000.0)?;
        let local = theta("sliding_attention", self.local_rope_theta, 10_000.0)?;
        // Half of the window, where somebody wrote that.
        let window = self.sliding_window.unwrap_or(self.local_attention.unwrap_or(128) / 2);
        let sees = |all: bool| match all {
            true => AttentionConfig { window: None, rotary: Some(global) },
            false => AttentionConfig { window: Some(window), rotary: Some(local) },
        };
        let Some(types) = &self.layer_types else {
            let every = self.global_attn_every_n_layers.unwrap_or(3).max(1);
            return Ok((0..layers.min(MOST_LAYERS))
                .map(|n| sees(n.is_multiple_of(every)))
                .collect());
        };
        if types.len() != layers {
            let reason = format!("layer_types has {} entries, not {layers}", types.len());
            return Err(Error::model("config.json", reason));
        }
        let each = |kind: &String| match kind.as_str() {
            "full_attention" => Ok(sees(true)),
            "sliding_attention" => Ok(sees(false)),
            other => unsupported("layer_types", other, "full_attention and sliding_attention"),
        };
        types.iter().map(each).collect()
    }
}

/// `transformers` computes with as many, whatever the configuration says.
const MPNET_BUCKETS: usize = 32;

/// More than the check allows: until it looks, a file may ask for any number.
const MOST_LAYERS: usize = 1 << 10;
