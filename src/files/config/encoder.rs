//! The shape of an encoder and how its layers compute, whatever its family.

use crate::error::{Error, Result};
use crate::files::config::family::Family;

/// The shape of an encoder, and how its layers compute.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EncoderConfig {
    pub(crate) family: Family,
    /// Width of the token states.
    pub(crate) hidden_size: usize,
    /// Width of the embeddings.
    pub(crate) embedding_size: usize,
    /// Width inside the feed-forward block.
    pub(crate) intermediate_size: usize,
    /// Encoder layers.
    pub(crate) num_hidden_layers: usize,
    /// Attention heads; they divide `hidden_size`.
    pub(crate) num_attention_heads: usize,
    /// Rows of the table of positions, where there is one.
    pub(crate) max_position_embeddings: usize,
    /// Rows of that table before the first token's.
    pub(crate) first_position: usize,
    /// Segments: 2 in every published BERT; 0 where there is no table of them.
    pub(crate) type_vocab_size: usize,
    /// Rows of the word embedding; may exceed the lines of the vocabulary.
    pub(crate) vocab_size: usize,
    /// Added to the variance in LayerNorm.
    pub(crate) layer_norm_eps: f32,
    /// Whether LayerNorms, the products of attention, those of the feed-forward block and the dense layer
    /// of heads have a bias.
    pub(crate) biases: Biases,
    /// What each layer's attention sees.
    pub(crate) attention: Vec<AttentionConfig>,
    /// Buckets of distances that have a bias (MPNet).
    pub(crate) relative_buckets: Option<usize>,
    /// Whether a sequence is classified by the mean of its states and not by its first.
    pub(crate) mean_pooling: bool,
}

/// Which parts have a bias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Biases {
    pub(crate) norm: bool,
    pub(crate) attention: bool,
    pub(crate) feed_forward: bool,
    pub(crate) head: bool,
}

/// The attention of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct AttentionConfig {
    /// Tokens that are seen on either side; `None`: all.
    pub(crate) window: Option<usize>,
    /// The base of rotary positions.
    pub(crate) rotary: Option<f64>,
}

impl EncoderConfig {
    pub(super) fn check(&self) -> Result<()> {
        // Several times the largest of them: a file cannot ask for more memory than a machine has.
        let sizes = [
            ("hidden_size", self.hidden_size, 1 << 13),
            ("embedding_size", self.embedding_size, 1 << 13),
            ("intermediate_size", self.intermediate_size, 1 << 15),
            ("num_hidden_layers", self.num_hidden_layers, 256),
            ("num_attention_heads", self.num_attention_heads, 256),
            ("max_position_embeddings", self.max_position_embeddings, 1 << 14),
            ("vocab_size", self.vocab_size, 1 << 22),
        ];
        let refuse = |reason: String| Err(Error::model("config.json", reason));
        for (name, size, largest) in sizes {
            if size == 0 || size > largest {
                return refuse(format!("{name} is {size}, and must be between 1 and {largest}"));
            }
        }
        let (segments, largest) = (self.type_vocab_size, 1 << 10);
        if self.family.has_segments() && segments == 0 || segments > largest {
            return refuse(format!(
                "type_vocab_size is {segments}, and must be between 1 and {largest}"
            ));
        }
        let (hidden, heads) = (self.hidden_size, self.num_attention_heads);
        if !hidden.is_multiple_of(heads) {
            return refuse(format!(
                "hidden_size {hidden} is not a multiple of num_attention_heads {heads}"
            ));
        }
        if self.max_tokens() < 8 {
            let (rows, taken) = (self.max_position_embeddings, self.first_position);
            return refuse(format!(
                "max_position_embeddings {rows} leaves {} positions after the padding's, less than 8",
                rows.saturating_sub(taken)
            ));
        }
        if !(self.layer_norm_eps > 0.0 && self.layer_norm_eps < 1.0) {
            return refuse("layer_norm_eps is not between 0 and 1".into());
        }
        for attention in &self.attention {
            if attention.window.is_some_and(|window| !(1..=1 << 14).contains(&window)) {
                return refuse("the attention window is not between 2 and 32768".into());
            }
            let Some(theta) = attention.rotary else { continue };
            if !(1.0..=1e12).contains(&theta) {
                return refuse(format!("rope_theta is {theta}, and must be between 1 and 1e12"));
            }
            if !(hidden / heads).is_multiple_of(2) {
                return refuse(format!("heads are {} wide, and must be even", hidden / heads));
            }
        }
        Ok(())
    }

    /// The longest sequence, special tokens included.
    pub(crate) fn max_tokens(&self) -> usize {
        self.max_position_embeddings.saturating_sub(self.first_position)
    }

    /// Width of a head.
    pub(crate) fn head_width(&self) -> usize {
        self.hidden_size / self.num_attention_heads
    }

    /// The first field in which another encoder computes differently.
    pub(crate) fn differs(&self, other: &EncoderConfig) -> Option<&'static str> {
        let fields = [
            ("model_type", self.family == other.family),
            ("num_attention_heads", self.num_attention_heads == other.num_attention_heads),
            ("layer_norm_eps", self.layer_norm_eps == other.layer_norm_eps),
            ("num_hidden_layers", self.num_hidden_layers == other.num_hidden_layers),
            ("hidden_size", self.hidden_size == other.hidden_size),
            ("vocab_size", self.vocab_size == other.vocab_size),
            ("attention", self.attention == other.attention),
        ];
        fields.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}
