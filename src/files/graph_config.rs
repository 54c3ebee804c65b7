//! `config.json` of any family of encoders: the sizes, under the names that the families use.

use serde::Deserialize;

use crate::error::{Error, Result, json_reason};
use crate::files::config::Family;

/// What is needed of a `config.json` to run a graph.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct GraphConfig {
    model_type: Option<String>,
    pub(crate) vocab_size: usize,
    max_position_embeddings: usize,
    hidden_size: Option<usize>,
    /// The same in DistilBERT.
    dim: Option<usize>,
    num_hidden_layers: Option<usize>,
    /// The same in DistilBERT.
    n_layers: Option<usize>,
    pub(crate) type_vocab_size: Option<usize>,
    pad_token_id: Option<usize>,
}

/// A longer sequence would take gigabytes of attention in some graphs.
const LONGEST: usize = 4096;

impl GraphConfig {
    pub(crate) fn parse(json: &[u8]) -> Result<GraphConfig> {
        let config: GraphConfig = serde_json::from_slice(json)
            .map_err(|error| Error::model("config.json", json_reason(&error)))?;
        let sizes = [
            ("vocab_size", config.vocab_size, 1, 1 << 22),
            ("max_position_embeddings", config.max_position_embeddings, 16, 1 << 20),
            ("hidden_size", config.hidden(), 1, 1 << 13),
            ("num_hidden_layers", config.layers(), 1, 256),
        ];
        for (name, size, least, most) in sizes {
            if size < least || size > most {
                let reason = format!("{name} is {size}, and must be between {least} and {most}");
                return Err(Error::model("config.json", reason));
            }
        }
        if config.max_tokens() < 8 {
            return Err(Error::model("config.json", "pad_token_id leaves no positions"));
        }
        Ok(config)
    }

    /// Whether two separators stand between two texts and positions begin after the padding's id.
    pub(crate) fn is_roberta(&self) -> bool {
        self.model_type.as_deref().and_then(Family::of_type).is_some_and(Family::follows_fairseq)
    }

    /// 0, which is refused, where nothing says it.
    pub(crate) fn hidden(&self) -> usize {
        self.hidden_size.or(self.dim).unwrap_or(0)
    }

    /// Encoder layers.
    pub(crate) fn layers(&self) -> usize {
        self.num_hidden_layers.or(self.n_layers).unwrap_or(0)
    }

    /// The id that stands where there is no token.
    pub(crate) fn padding(&self) -> u32 {
        let id = self.pad_token_id.unwrap_or(if self.is_roberta() { 1 } else { 0 });
        if id < self.vocab_size { id as u32 } else { 0 }
    }

    /// The longest sequence, special tokens included.
    pub(crate) fn max_tokens(&self) -> usize {
        let taken =
            if self.is_roberta() { self.pad_token_id.unwrap_or(1).saturating_add(1) } else { 0 };
        self.max_position_embeddings.saturating_sub(taken).min(LONGEST)
    }
}
