//! `config.json` of a BERT checkpoint, as Hugging Face writes it.

use serde::Deserialize;

use crate::error::{Error, Result, json_reason};

/// The shape of a BERT encoder.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct BertConfig {
    /// Must be `bert`.
    pub model_type: Option<String>,
    /// The class that wrote the checkpoint, such as `BertForTokenClassification`.
    #[serde(default)]
    pub architectures: Vec<String>,
    /// Width of the token states.
    pub hidden_size: usize,
    /// Width inside the feed-forward block.
    pub intermediate_size: usize,
    /// Encoder layers.
    pub num_hidden_layers: usize,
    /// Attention heads; they divide `hidden_size`.
    pub num_attention_heads: usize,
    /// Positions that the model was trained with: the longest sequence.
    pub max_position_embeddings: usize,
    /// Segments: 2 in every published BERT.
    #[serde(default = "two")]
    pub type_vocab_size: usize,
    /// Rows of the word embedding; may exceed the lines of the vocabulary.
    pub vocab_size: usize,
    /// Added to the variance in LayerNorm.
    #[serde(default = "bert_eps")]
    pub layer_norm_eps: f64,
    /// Must be `gelu`.
    #[serde(default = "gelu")]
    pub hidden_act: String,
    /// Must be `absolute`.
    #[serde(default = "absolute")]
    pub position_embedding_type: String,
}

fn two() -> usize {
    2
}

fn bert_eps() -> f64 {
    1e-12
}

fn gelu() -> String {
    "gelu".into()
}

fn absolute() -> String {
    "absolute".into()
}

impl BertConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`Error::Model`] if it is not JSON, lacks a field or contradicts itself;
    /// [`Error::Unsupported`] for another architecture.
    pub fn parse(json: &[u8]) -> Result<BertConfig> {
        let config: BertConfig = serde_json::from_slice(json)
            .map_err(|error| Error::model("config.json", json_reason(&error)))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        let unsupported = |what: &str, have: &str, want: &str| {
            Err(Error::Unsupported(format!(
                "config.json: {what} {have:?} is not supported, only {want:?} is"
            )))
        };
        match self.model_type.as_deref() {
            Some("bert") => {}
            None if self.architectures.iter().any(|name| name.starts_with("Bert")) => {}
            other => return unsupported("model_type", other.unwrap_or("(none)"), "bert"),
        }
        if self.hidden_act != "gelu" {
            return unsupported("hidden_act", &self.hidden_act, "gelu");
        }
        if self.position_embedding_type != "absolute" {
            return unsupported(
                "position_embedding_type",
                &self.position_embedding_type,
                "absolute",
            );
        }
        // Several times the largest BERT: a file cannot ask for more memory than a machine has.
        let sizes = [
            ("hidden_size", self.hidden_size, 1 << 13),
            ("intermediate_size", self.intermediate_size, 1 << 15),
            ("num_hidden_layers", self.num_hidden_layers, 256),
            ("num_attention_heads", self.num_attention_heads, 256),
            ("max_position_embeddings", self.max_position_embeddings, 1 << 14),
            ("type_vocab_size", self.type_vocab_size, 1 << 10),
            ("vocab_size", self.vocab_size, 1 << 22),
        ];
        for (name, size, largest) in sizes {
            if size == 0 || size > largest {
                let reason = format!("{name} is {size}, and must be between 1 and {largest}");
                return Err(Error::model("config.json", reason));
            }
        }
        if !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            let (hidden, heads) = (self.hidden_size, self.num_attention_heads);
            let reason =
                format!("hidden_size {hidden} is not a multiple of num_attention_heads {heads}");
            return Err(Error::model("config.json", reason));
        }
        if self.max_position_embeddings < 8 {
            return Err(Error::model("config.json", "max_position_embeddings is below 8"));
        }
        // As the engine has it: in f32.
        let eps = self.layer_norm_eps as f32;
        if !(eps > 0.0 && eps < 1.0) {
            return Err(Error::model("config.json", "layer_norm_eps is not between 0 and 1"));
        }
        Ok(())
    }

    /// The first field in which another encoder computes differently.
    pub(crate) fn differs(&self, other: &BertConfig) -> Option<&'static str> {
        let fields = [
            ("num_attention_heads", self.num_attention_heads == other.num_attention_heads),
            ("layer_norm_eps", self.layer_norm_eps == other.layer_norm_eps),
            ("num_hidden_layers", self.num_hidden_layers == other.num_hidden_layers),
            ("hidden_size", self.hidden_size == other.hidden_size),
            ("vocab_size", self.vocab_size == other.vocab_size),
        ];
        fields.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: &str = r#"{"model_type":"bert","hidden_size":32,"intermediate_size":64,
        "num_hidden_layers":2,"num_attention_heads":2,"max_position_embeddings":64,"vocab_size":100}"#;

    #[test]
    fn published_defaults_are_filled_in() {
        let config = BertConfig::parse(TINY.as_bytes()).unwrap();
        assert_eq!(config.type_vocab_size, 2);
        assert_eq!(config.hidden_act, "gelu");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let cases = [
            (
                "\"bert\"",
                "\"roberta\"",
                "config.json: model_type \"roberta\" is not supported, only \"bert\" is",
            ),
            (
                "_heads\":2",
                "_heads\":3",
                "config.json: hidden_size 32 is not a multiple of num_attention_heads 3",
            ),
            (
                "\"vocab_size\":100",
                "\"vocab_size\":0",
                "config.json: vocab_size is 0, and must be between 1 and 4194304",
            ),
            (
                ",\"vocab_size\":100",
                "",
                "config.json: missing field `vocab_size` at line 2 column 83",
            ),
            ("}", "", "config.json: the JSON ends early at line 2 column 99"),
        ];
        for (from, to, want) in cases {
            let error = BertConfig::parse(TINY.replace(from, to).as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), want);
        }
    }
}
