//! What is read from disk, the same form whatever it was read from.

use crate::model::config::BertConfig;
use crate::model::head::Head;
use crate::model::tensors::TensorFile;
use crate::model::vocab::Vocab;
use crate::model::weights::EncoderWeights;

/// How carefully a bundle's files are checked when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Integrity {
    /// Every byte of every file against its SHA-256.
    #[default]
    Full,
    /// The same for small files; of the tensor files only length and header.
    Headers,
}

/// The form in which a model lay on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// This library's own.
    Bundle,
    /// A directory as Hugging Face's `transformers` writes it.
    HuggingFace,
}

impl Format {
    /// The name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Format::Bundle => "bundle",
            Format::HuggingFace => "hugging-face",
        }
    }
}

/// What a file was made from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// Base name of the checkpoint's directory.
    pub name: String,
    /// SHA-256 of its weights file.
    pub sha256: String,
}

/// A model as read from disk.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) format: Format,
    pub(crate) config: BertConfig,
    pub(crate) config_json: Vec<u8>,
    pub(crate) vocab: Vocab,
    pub(crate) weights: EncoderWeights,
    pub(crate) heads: Vec<Head>,
    /// The quantized encoder and the probe, where the source is a bundle.
    pub(crate) bundle: Option<BundleFiles>,
    pub(crate) origins: Vec<Origin>,
    pub(crate) licence: Option<String>,
}

/// Files of a bundle that another bundle can take over as they are.
#[derive(Debug)]
pub(crate) struct BundleFiles {
    pub(crate) encoder: TensorFile,
    pub(crate) probe: TensorFile,
}
