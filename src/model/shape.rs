//! The shape of an encoder: what the rest of a model needs to know of it, whatever its family.

use crate::model::config::BertConfig;

/// Sizes of an encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Ids are below this.
    pub(crate) vocab_size: usize,
    /// The longest sequence, special tokens included.
    pub(crate) max_tokens: usize,
    /// How many segments it tells apart.
    pub(crate) segments: usize,
    /// Width of a state.
    pub(crate) hidden: usize,
    pub(crate) layers: usize,
}

impl From<&BertConfig> for Shape {
    fn from(config: &BertConfig) -> Shape {
        Shape {
            vocab_size: config.vocab_size,
            max_tokens: config.max_position_embeddings,
            segments: config.type_vocab_size,
            hidden: config.hidden_size,
            layers: config.num_hidden_layers,
        }
    }
}
