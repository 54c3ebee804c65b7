//! A checkpoint directory as downloaded: `config.json`, `vocab.txt` or `tokenizer.json`,
//! `model.safetensors`.

use std::path::Path;

use biobert_kernels::Panels;
use safetensors::SafeTensors;

use crate::error::{Error, Result};
use crate::model::bundle::sha256;
use crate::model::config::BertConfig;
use crate::model::head::{Head, HeadSpec, Kind, Task, classifier};
use crate::model::source::{Format, Origin, Source};
use crate::model::tensors::{Loading, TensorFile, read_file};
use crate::model::vocab::Vocab;
use crate::model::weights::{Embeddings, EncoderWeights, Layer, Linear, Norm, Table};

const WEIGHTS: &str = "model.safetensors";

/// Classes of `transformers` whose weights are the encoder and things that we leave alone.
const ENCODER_ONLY: [&str; 4] =
    ["BertModel", "BertForMaskedLM", "BertForPreTraining", "BertLMHeadModel"];
const TOKEN_CLASSIFICATION: &str = "BertForTokenClassification";

/// Reads a checkpoint. Its head, if it has one, gets `name`.
pub(crate) fn open(directory: &Path, name: &str, loading: Loading) -> Result<Source> {
    let config_json = read_file(&directory.join("config.json"))?;
    let config = BertConfig::parse(&config_json)?;
    let token_classes = has_token_classes(&config)?;
    let vocab = Vocab::open(directory)?;
    if !directory.join(WEIGHTS).exists() && directory.join("pytorch_model.bin").exists() {
        let reason = "this version reads model.safetensors, and only pytorch_model.bin is there";
        return Err(Error::Unsupported(reason.into()));
    }
    let file = TensorFile::open(&directory.join(WEIGHTS), loading)?;
    let tensors = Tensors { file: &file, tensors: file.parse()? };
    let weights = tensors.encoder(&config)?;
    let heads = if token_classes { vec![token_head(&file, &config, name)?] } else { Vec::new() };
    let origins = vec![Origin { name: name.into(), sha256: sha256(file.bytes()) }];
    Ok(Source {
        format: Format::HuggingFace,
        config,
        config_json,
        vocab,
        weights,
        heads,
        bundle: None,
        origins,
        licence: None,
    })
}

fn has_token_classes(config: &BertConfig) -> Result<bool> {
    let Some(name) = config.architectures.first() else { return Ok(false) };
    if name == TOKEN_CLASSIFICATION {
        return Ok(true);
    }
    if ENCODER_ONLY.contains(&name.as_str()) {
        return Ok(false);
    }
    let reason = format!(
        "config.json: architecture {name} is not supported, only BertModel and {TOKEN_CLASSIFICATION} are"
    );
    Err(Error::Unsupported(reason))
}

fn token_head(file: &TensorFile, config: &BertConfig, name: &str) -> Result<Head> {
    let labels = config.labels()?;
    if labels.is_empty() {
        return Err(Error::model(
            "config.json",
            "id2label is missing: the head's labels have no names",
        ));
    }
    let linear = classifier(file, labels.len(), config.hidden_size)?;
    let spec = HeadSpec::new(Task::Ner, Kind::Token, labels);
    Ok(Head { name: head_name(name).into(), spec, linear })
}

/// A directory's name as a head's: what cannot stand in one becomes `-`.
fn head_name(directory: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = directory.chars().map(keep).take(64).collect();
    if name.trim_start_matches('.').is_empty() {
        "ner".into()
    } else {
        name.trim_start_matches('.').into()
    }
}

/// The tensors of a checkpoint, under any of the names they go by.
struct Tensors<'a> {
    file: &'a TensorFile,
    tensors: SafeTensors<'a>,
}

impl Tensors<'_> {
    /// With or without `bert.` in front; `gamma` and `beta` in files from before 2019.
    fn spelling(&self, name: &str) -> String {
        let old = name
            .replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta");
        let spellings = [name.to_string(), format!("bert.{name}"), format!("bert.{old}"), old];
        let found = spellings.iter().find(|name| self.tensors.tensor(name).is_ok());
        found.cloned().unwrap_or_else(|| name.to_string())
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.file.f32(&self.tensors, &self.spelling(name), shape)
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

    /// Several layers that read the same input, as one: their outputs follow each other.
    fn linear(&self, names: &[String], k: usize, n: usize) -> Result<Linear> {
        let mut weights = Vec::new();
        let mut bias = Vec::new();
        for name in names {
            // PyTorch keeps `[out, in]`.
            weights.extend(self.f32(&format!("{name}.weight"), &[n, k])?);
            bias.extend(self.f32(&format!("{name}.bias"), &[n])?);
        }
        let weight = Panels::pack(k, n * names.len(), |row, column| weights[column * k + row]);
        Ok(Linear { weight, bias })
    }

    fn layer(&self, index: usize, config: &BertConfig) -> Result<Layer> {
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let at = |name: &str| format!("encoder.layer.{index}.{name}");
        let qkv = ["query", "key", "value"].map(|name| at(&format!("attention.self.{name}")));
        Ok(Layer {
            qkv: self.linear(&qkv, hidden, hidden)?.into(),
            attention_output: self.linear(&[at("attention.output.dense")], hidden, hidden)?.into(),
            attention_norm: self.norm(&at("attention.output"), config)?.into(),
            intermediate: self.linear(&[at("intermediate.dense")], hidden, inner)?.into(),
            output: self.linear(&[at("output.dense")], inner, hidden)?.into(),
            output_norm: self.norm(&at("output"), config)?.into(),
        })
    }

    fn encoder(&self, config: &BertConfig) -> Result<EncoderWeights> {
        let (hidden, layers) = (config.hidden_size, config.num_hidden_layers);
        let beyond = format!("encoder.layer.{layers}.output.dense.weight");
        if self.tensors.tensor(&self.spelling(&beyond)).is_ok() {
            let reason =
                format!("holds a layer {layers}, but config.json says num_hidden_layers {layers}");
            return Err(Error::model(self.file.file_name(), reason));
        }
        let embeddings = Embeddings {
            word: self.table("word_embeddings", config.vocab_size, hidden)?,
            position: self.table("position_embeddings", config.max_position_embeddings, hidden)?,
            segment: self.table("token_type_embeddings", config.type_vocab_size, hidden)?,
            norm: self.norm("embeddings", config)?,
        };
        let layers = (0..layers).map(|index| self.layer(index, config)).collect::<Result<_>>()?;
        Ok(EncoderWeights {
            embeddings: embeddings.into(),
            layers,
            hidden,
            attention_heads: config.num_attention_heads,
        })
    }
}
