//! The weights of an encoder and its head, from a state dict as `transformers` names it.

mod head;
mod names;
mod sights;

use std::sync::Arc;

use crate::engine::Sight;
use crate::engine::linear::Linear;
use crate::engine::weights::{Embeddings, EncoderWeights, Layer, Layers, Norm, Table};
use crate::error::{Error, Result};
use crate::files::config::EncoderConfig;
use crate::heads::MaskedHead;
use crate::model::masked;
use crate::state_dict::StateDict;
pub(crate) use head::head;
use names::{Names, Norms, Qkv};
pub(crate) use sights::sights;

/// The encoder.
pub(crate) fn encoder(dict: &dyn StateDict, config: &EncoderConfig) -> Result<EncoderWeights> {
    let names = Names::of(config.family);
    Reader { dict: Spelled { dict, prefix: names.prefix }, names, config }.encoder()
}

/// The masked-language head that a checkpoint keeps from pre-training.
pub(crate) fn masked(
    dict: &dyn StateDict,
    weights: &EncoderWeights,
    config: &EncoderConfig,
) -> Result<Option<MaskedHead>> {
    let dict = Spelled { dict, prefix: Names::of(config.family).prefix };
    masked::read(&dict, &weights.embeddings.word, config.hidden_size, config.layer_norm_eps)
}

/// The tensors of a checkpoint, under any of the names they go by.
struct Spelled<'a> {
    dict: &'a dyn StateDict,
    prefix: &'static str,
}

impl StateDict for Spelled<'_> {
    fn file_name(&self) -> &str {
        self.dict.file_name()
    }

    fn names(&self) -> Vec<String> {
        self.dict.names()
    }

    fn own_name(&self, name: &str) -> String {
        self.dict.own_name(&self.spelling(name))
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        self.dict.shape(&self.spelling(name))
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.dict.f32(&self.spelling(name), shape)
    }
}

impl Spelled<'_> {
    /// With or without the family's prefix; `gamma` and `beta` in files from before 2019.
    fn spelling(&self, name: &str) -> String {
        let old = name
            .replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta");
        let prefixed = |name: &str| format!("{}{name}", self.prefix);
        let spellings = [name.to_string(), prefixed(name), prefixed(&old), old];
        let found = spellings.iter().find(|name| self.dict.shape(name).is_some());
        found.cloned().unwrap_or_else(|| name.to_string())
    }

    /// A vector of biases; zeros where the family has none.
    fn bias(&self, name: &str, length: usize, is_there: bool) -> Result<Vec<f32>> {
        match is_there {
            true => self.f32(&format!("{name}.bias"), &[length]),
            false => Ok(vec![0.0; length]),
        }
    }

    /// A linear layer. PyTorch keeps its weights as `[out, in]`.
    fn linear(&self, name: &str, k: usize, n: usize, bias: bool) -> Result<Linear> {
        let weight = self.f32(&format!("{name}.weight"), &[n, k])?;
        Ok(Linear::from_rows(&weight, k, self.bias(name, n, bias)?))
    }

    /// A LayerNorm of states.
    fn norm(&self, name: &str, config: &EncoderConfig, pre: bool) -> Result<Norm> {
        self.norm_of(name, config, config.hidden_size, pre)
    }

    fn norm_of(&self, name: &str, config: &EncoderConfig, width: usize, pre: bool) -> Result<Norm> {
        let scale = self.f32(&format!("{name}.weight"), &[width])?;
        let shift = self.bias(name, width, config.biases.norm)?;
        Ok(Norm { scale, shift, eps: config.layer_norm_eps, pre })
    }
}

struct Reader<'a> {
    dict: Spelled<'a>,
    names: Names,
    config: &'a EncoderConfig,
}

impl Reader<'_> {
    fn at(&self, layer: usize, name: &str) -> String {
        format!("{}{layer}.{name}", self.names.layer)
    }

    fn encoder(&self) -> Result<EncoderWeights> {
        let Reader { dict, names, config } = self;
        let layers = config.num_hidden_layers;
        if dict.shape(&format!("{}.weight", self.at(layers, names.output))).is_some() {
            let reason =
                format!("holds a layer {layers}, but config.json says num_hidden_layers {layers}");
            return Err(Error::model(dict.file_name(), reason));
        }
        let relative = config
            .relative_buckets
            .map(|buckets| dict.f32(names::RELATIVE, &[buckets, config.num_attention_heads]));
        let relative = relative.transpose()?;
        // Before tables are computed that may be large.
        let embeddings = self.embeddings()?;
        let sights = sights(config, relative.as_deref());
        let layers = sights.into_iter().enumerate().map(|(index, sight)| self.layer(index, sight));
        Ok(EncoderWeights {
            embeddings: embeddings.into(),
            layers: Layers::F32(layers.collect::<Result<_>>()?),
            hidden: config.hidden_size,
            attention_heads: config.num_attention_heads,
            relative_bias: relative.map(Into::into),
        })
    }

    fn embeddings(&self) -> Result<Embeddings> {
        let Reader { dict, names, config } = self;
        let width = config.embedding_size;
        let rows_of = |name: &str, rows: usize| dict.f32(&format!("{name}.weight"), &[rows, width]);
        let table = |values| Table::F32 { values, width };
        let word = table(rows_of(names.word, config.vocab_size)?);
        let position = match config.family.has_position_table() {
            false => None,
            true => {
                let mut rows = rows_of(names.position, config.max_position_embeddings)?;
                rows.drain(..config.first_position * width);
                Some(table(rows))
            }
        };
        let segment = match config.type_vocab_size {
            0 => None,
            segments => Some(table(rows_of(names.segment, segments)?)),
        };
        let norm = match names.embedding_norm {
            Some(name) => dict.norm_of(name, config, width, false)?,
            None => self.norm_before(0)?,
        };
        let project = (width != config.hidden_size)
            .then(|| dict.linear(names::PROJECT, width, config.hidden_size, true).map(Arc::new));
        Ok(Embeddings { word, position, segment, norm: norm.into(), project: project.transpose()? })
    }

    fn layer(&self, index: usize, sight: Arc<Sight>) -> Result<Layer<Linear>> {
        let Reader { dict, names, config } = self;
        let (hidden, inner, biases) = (config.hidden_size, config.intermediate_size, config.biases);
        let at = |name: &str| self.at(index, name);
        let attention_norm = || match names.norms {
            Norms::After { attention, .. } => dict.norm(&at(attention), config, false),
            Norms::Before { feed_forward, .. } => dict.norm(&at(feed_forward), config, true),
        };
        let output_norm = || match names.norms {
            Norms::After { feed_forward, .. } => dict.norm(&at(feed_forward), config, false),
            Norms::Before { .. } => self.norm_before(index + 1),
        };
        let gated = config.family.is_gated();
        let wide = if gated { 2 * inner } else { inner };
        let linear = |name: &str, k, n, bias| dict.linear(&at(name), k, n, bias).map(Arc::new);
        Ok(Layer {
            sight,
            qkv: match names.qkv {
                Qkv::Three(names) => self.qkv(index, names)?.into(),
                Qkv::One(name) => linear(name, hidden, 3 * hidden, biases.attention)?,
            },
            global_qkv: match names.global_qkv {
                Some(names) => Some(self.qkv(index, names)?.into()),
                None => None,
            },
            attention_output: linear(names.attention_output, hidden, hidden, biases.attention)?,
            attention_norm: attention_norm()?.into(),
            gated,
            intermediate: linear(names.intermediate, hidden, wide, biases.feed_forward)?,
            output: linear(names.output, inner, hidden, biases.feed_forward)?,
            output_norm: output_norm()?.into(),
        })
    }

    /// The norm that a layer begins with, where layers do; after the last that of all states.
    fn norm_before(&self, layer: usize) -> Result<Norm> {
        let Norms::Before { attention, end, .. } = self.names.norms else {
            return Err(Error::Internal("a family whose layers begin with no norm".into()));
        };
        match layer == self.config.num_hidden_layers {
            true => self.dict.norm(end, self.config, false),
            false => self.dict.norm(&self.at(layer, attention), self.config, true),
        }
    }

    /// Three layers that read the same input, as one: their outputs follow each other.
    fn qkv(&self, layer: usize, names: [&str; 3]) -> Result<Linear> {
        let width = self.config.hidden_size;
        let mut weights = Vec::with_capacity(3 * width * width);
        let mut bias = Vec::with_capacity(3 * width);
        for name in names {
            let name = self.at(layer, name);
            // PyTorch keeps `[out, in]`.
            weights.extend(self.dict.f32(&format!("{name}.weight"), &[width, width])?);
            bias.extend(self.dict.bias(&name, width, self.config.biases.attention)?);
        }
        Ok(Linear::from_rows(&weights, width, bias))
    }
}
