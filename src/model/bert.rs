//! The weights of a BERT, encoder and head, from a state dict as `transformers` names it.

use biobert_kernels::Panels;

use crate::engine::linear::Linear;
use crate::engine::weights::{Embeddings, EncoderWeights, Layer, Layers, Norm, Table};
use crate::error::{Error, Result};
use crate::files::config::BertConfig;
use crate::heads::{ClsPooling, Head, Kind, MaskedHead, Weights, linear};
use crate::model::masked;
use crate::model::purpose::Purpose;
use crate::state_dict::StateDict;

/// The encoder.
pub(crate) fn encoder(dict: &dyn StateDict, config: &BertConfig) -> Result<EncoderWeights> {
    Spelled(dict).encoder(config)
}

/// The head that a checkpoint brings, under a name of the caller's.
pub(crate) fn head(
    dict: &dyn StateDict,
    purpose: &Purpose,
    hidden: usize,
    name: &str,
) -> Result<Option<Head>> {
    let dict = &Spelled(dict);
    let Some(kind) = purpose.kind()? else { return Ok(None) };
    let layer = if kind == Kind::Span { "qa_outputs" } else { "classifier" };
    let outputs = dict.shape(&format!("{layer}.bias")).and_then(|shape| shape.first().copied());
    let Some(mut spec) = purpose.head(outputs.unwrap_or(0))? else { return Ok(None) };
    let classifier = linear(dict, layer, hidden, spec.labels.len())?;
    let weights = if kind == Kind::Cls {
        if let Some(pooling) = spec.pooling_mut() {
            *pooling = Some(ClsPooling::PoolerTanh);
        }
        Weights::Pooled { pooler: linear(dict, "pooler.dense", hidden, hidden)?, classifier }
    } else {
        Weights::Linear(classifier)
    };
    Ok(Some(Head { name: name.into(), spec, weights }))
}

/// The masked-language head that a checkpoint keeps from pre-training.
pub(crate) fn masked(
    dict: &dyn StateDict,
    weights: &EncoderWeights,
    config: &BertConfig,
) -> Result<Option<MaskedHead>> {
    let words = &weights.embeddings.word;
    masked::read(&Spelled(dict), words, config.hidden_size, config.layer_norm_eps)
}

/// The tensors of a BERT, under any of the names they go by.
struct Spelled<'a>(&'a dyn StateDict);

impl StateDict for Spelled<'_> {
    fn file_name(&self) -> &str {
        self.0.file_name()
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        self.0.shape(&self.spelling(name))
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.0.f32(&self.spelling(name), shape)
    }
}

impl Spelled<'_> {
    /// With or without the prefix `bert.`; `gamma` and `beta` in files from before 2019.
    fn spelling(&self, name: &str) -> String {
        let old = name
            .replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta");
        let spellings = [name.to_string(), format!("bert.{name}"), format!("bert.{old}"), old];
        let found = spellings.iter().find(|name| self.0.shape(name).is_some());
        found.cloned().unwrap_or_else(|| name.to_string())
    }

    fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table> {
        let values = self.f32(&format!("embeddings.{name}.weight"), &[rows, width])?;
        Ok(Table::F32 { values, width })
    }

    fn norm(&self, name: &str, config: &BertConfig) -> Result<Norm> {
        let vector =
            |part: &str| self.f32(&format!("{name}.LayerNorm.{part}"), &[config.hidden_size]);
        let (scale, shift) = (vector("weight")?, vector("bias")?);
        Ok(Norm { scale, shift, eps: config.layer_norm_eps as f32 })
    }

    fn linear(&self, name: &str, k: usize, n: usize) -> Result<Linear> {
        linear(self, name, k, n)
    }

    /// Three layers that read the same input, as one: their outputs follow each other.
    fn qkv(&self, names: [String; 3], k: usize, n: usize) -> Result<Linear> {
        let mut weights = Vec::with_capacity(3 * k * n);
        let mut bias = Vec::with_capacity(3 * n);
        for name in names {
            // PyTorch keeps `[out, in]`.
            weights.extend(self.f32(&format!("{name}.weight"), &[n, k])?);
            bias.extend(self.f32(&format!("{name}.bias"), &[n])?);
        }
        let weight = Panels::pack(k, 3 * n, |row, column| weights[column * k + row]);
        Ok(Linear { weight, bias })
    }

    fn layer(&self, index: usize, config: &BertConfig) -> Result<Layer<Linear>> {
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let at = |name: &str| format!("encoder.layer.{index}.{name}");
        let qkv = ["query", "key", "value"].map(|name| at(&format!("attention.self.{name}")));
        Ok(Layer {
            qkv: self.qkv(qkv, hidden, hidden)?.into(),
            attention_output: self.linear(&at("attention.output.dense"), hidden, hidden)?.into(),
            attention_norm: self.norm(&at("attention.output"), config)?.into(),
            intermediate: self.linear(&at("intermediate.dense"), hidden, inner)?.into(),
            output: self.linear(&at("output.dense"), inner, hidden)?.into(),
            output_norm: self.norm(&at("output"), config)?.into(),
        })
    }

    fn encoder(&self, config: &BertConfig) -> Result<EncoderWeights> {
        let (hidden, layers) = (config.hidden_size, config.num_hidden_layers);
        let beyond = format!("encoder.layer.{layers}.output.dense.weight");
        if self.shape(&beyond).is_some() {
            let reason =
                format!("holds a layer {layers}, but config.json says num_hidden_layers {layers}");
            return Err(Error::model(self.file_name(), reason));
        }
        let embeddings = Embeddings {
            word: self.table("word_embeddings", config.vocab_size, hidden)?,
            position: self.table("position_embeddings", config.max_position_embeddings, hidden)?,
            segment: self.table("token_type_embeddings", config.type_vocab_size, hidden)?,
            norm: self.norm("embeddings", config)?,
        };
        let layers = (0..layers).map(|index| self.layer(index, config)).collect::<Result<_>>()?;
        let layers = Layers::F32(layers);
        Ok(EncoderWeights {
            embeddings: embeddings.into(),
            layers,
            hidden,
            attention_heads: config.num_attention_heads,
        })
    }
}
