//! What is read from disk, the same form whatever it was read from.

use crate::engine::weights::EncoderWeights;
use crate::engine::{Graph, Precision, Shape};
use crate::error::{Error, Result};
use crate::files::Loading;
use crate::files::config::EncoderConfig;
use crate::files::safetensors::TensorFile;
use crate::files::vocab::{Casing, Vocabulary};
use crate::heads::{Head, MaskedHead, Vectors};

/// How carefully a bundle's files are checked when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Integrity {
    /// Every byte of every file against its SHA-256.
    #[default]
    Full,
    /// The same for small files; of the tensor files only length and header.
    Headers,
}

/// How a model is opened.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// How carefully a bundle's files are checked.
    pub integrity: Integrity,
    /// Whether they are mapped or copied.
    pub loading: Loading,
    /// Arithmetic; `None`: that of the stored weights, int8 for a bundle and f32 for a checkpoint.
    pub precision: Option<Precision>,
    /// Names for the outputs of a checkpoint's head, in their order; none: those that the checkpoint has.
    pub labels: Vec<String>,
    /// What decides whether text keeps its case: the vocabulary, or the checkpoint's files.
    pub casing: Casing,
}

/// The form in which a model lay on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelFormat {
    /// This library's own.
    Bundle,
    /// A directory as Hugging Face's `transformers` writes it.
    HuggingFace,
    /// Such a directory with an ONNX graph for its weights.
    Onnx,
}

impl ModelFormat {
    /// The name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            ModelFormat::Bundle => "bundle",
            ModelFormat::HuggingFace => "hugging-face",
            ModelFormat::Onnx => "onnx",
        }
    }
}

/// What a file was made from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Base name of the checkpoint's directory.
    pub name: String,
    /// SHA-256 of its weights file.
    pub sha256: String,
}

/// A model as read from disk.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) format: ModelFormat,
    pub(crate) shape: Shape,
    pub(crate) config_json: Vec<u8>,
    pub(crate) body: Body,
    pub(crate) heads: Vec<Head>,
    /// The quantized encoder and the probe, where the source is a bundle.
    pub(crate) bundle: Option<BundleFiles>,
    pub(crate) origins: Vec<Origin>,
    pub(crate) licence: Option<String>,
    /// Heads that run where a call names none; a task without one of them runs all that it has.
    pub(crate) default_heads: Vec<String>,
    /// What fills masks, where the checkpoint kept it from pre-training.
    pub(crate) masked: Option<MaskedHead>,
    /// How the model makes vectors, or why that cannot be done here; `None`: it says nothing of it.
    pub(crate) vectors: Option<std::result::Result<Vectors, String>>,
    /// What there is to be told of how its files were read.
    pub(crate) notes: Vec<String>,
    /// What its files have and nothing reads, and why that does no harm.
    pub(crate) passed_over: Vec<String>,
}

/// Files of a bundle that another bundle can take over as they are.
#[derive(Debug)]
pub(crate) struct BundleFiles {
    /// The seal of its manifest.
    pub(crate) seal: String,
    /// SHA-256 of the encoder's file.
    pub(crate) encoder_sha256: String,
    pub(crate) encoder: TensorFile,
    pub(crate) probe: TensorFile,
}

/// Encoder and vocabulary.
#[derive(Debug)]
pub(crate) enum Body {
    /// For the fast path.
    Bert(BertParts),
    /// For the general path.
    Graph(GraphParts),
}

/// A BERT by its weights.
#[derive(Debug)]
pub(crate) struct BertParts {
    pub(crate) config: EncoderConfig,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) weights: EncoderWeights,
    /// Why it goes this way.
    pub(crate) reason: String,
}

/// A graph that is run as it is.
#[derive(Debug)]
pub(crate) struct GraphParts {
    pub(crate) graph: Graph,
    pub(crate) vocabulary: Vocabulary,
    /// Why it goes this way.
    pub(crate) reason: String,
}

/// What the rest of a model needs to know of a configuration.
pub(crate) fn shape_of(config: &EncoderConfig) -> Shape {
    Shape {
        vocab_size: config.vocab_size,
        max_tokens: config.max_tokens(),
        segments: if config.family.has_segments() { config.type_vocab_size } else { 1 },
        hidden: config.hidden_size,
        layers: config.num_hidden_layers,
    }
}

impl Source {
    /// Takes over the heads of a source with the same encoder.
    pub(crate) fn extend(&mut self, other: Source) {
        // Where one of them has chosen, all heads of one that has not are chosen.
        if !self.default_heads.is_empty() || !other.default_heads.is_empty() {
            self.default_heads = [self.chosen(), other.chosen()].concat();
        }
        self.heads.extend(other.heads);
        self.origins.extend(other.origins);
        self.masked = self.masked.take().or(other.masked);
        self.vectors = self.vectors.take().or(other.vectors);
    }

    fn chosen(&self) -> Vec<String> {
        match self.default_heads.is_empty() {
            true => self.heads.iter().map(|head| head.name.to_string()).collect(),
            false => self.default_heads.clone(),
        }
    }

    /// The parts of a BERT, which are what a bundle is made of; `name` is the source's.
    pub(crate) fn bert(&self, name: &str) -> Result<&BertParts> {
        match &self.body {
            Body::Bert(parts) => Ok(parts),
            Body::Graph(parts) => Err(Error::Unsupported(format!(
                "{name}: only what runs on the fast path can become a bundle, and this runs as an ONNX graph: {}",
                parts.reason
            ))),
        }
    }
}

impl Body {
    /// What turns text into ids.
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        match self {
            Body::Bert(parts) => &parts.vocabulary,
            Body::Graph(parts) => &parts.vocabulary,
        }
    }
}
