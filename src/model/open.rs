//! Opening a model: what was read, made ready to run.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use biobert_kernels::FloatEnv;

use crate::engine::{Bert, Encoder, Engine, Precision};
use crate::error::{Error, Result, base_name};
use crate::files::Loading;
use crate::files::vocab::Vocabulary;
use crate::heads::Task;
use crate::model::handle::{Model, Shared};
use crate::model::read;
use crate::model::source::{Body, Integrity, Source};

/// How a model is opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenOptions {
    /// How carefully a bundle's files are checked.
    pub integrity: Integrity,
    /// Whether they are mapped or copied.
    pub loading: Loading,
    /// Arithmetic; `None`: that of the stored weights, int8 for a bundle and f32 for a checkpoint.
    pub precision: Option<Precision>,
}

impl Model {
    /// Opens a bundle, a Hugging Face directory (`config.json`, `vocab.txt` or `tokenizer.json`, and
    /// `model.safetensors`, `pytorch_model.bin` or `model.onnx`), or a directory with `encoder/` and
    /// `heads/`.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Corrupt`] or [`Error::Model`] say what is wrong and in which
    /// file; [`Error::Unsupported`] names an architecture or a precision that there is not.
    pub fn open(engine: &Engine, directory: &Path, options: OpenOptions) -> Result<Model> {
        // Opening computes too: weights may change their arithmetic.
        let _env = FloatEnv::standard();
        let source = read::read(engine, directory, options.integrity, options.loading)?;
        Model::from_source(engine, base_name(directory), source, options.precision)
    }

    fn from_source(
        engine: &Engine,
        name: String,
        source: Source,
        precision: Option<Precision>,
    ) -> Result<Model> {
        let (mut encoder, vocabulary, path_reason) = match source.body {
            Body::Bert(parts) => {
                let stored = parts.weights.layers.precision();
                let weights = parts.weights.convert(precision.unwrap_or(stored))?;
                let bert = Bert::new(engine, weights)?;
                (Encoder::Bert(bert), Vocabulary::WordPiece(parts.vocab), parts.reason)
            }
            Body::Graph(_) if precision == Some(Precision::Int8) => {
                let reason = "an ONNX graph on the general path runs in f32 only";
                return Err(Error::Unsupported(reason.into()));
            }
            Body::Graph(parts) => (Encoder::Graph(parts.graph), parts.vocabulary, parts.reason),
        };
        encoder.place()?;
        let (tokenizer, note) = vocabulary.tokenizer(source.shape.segments < 2)?;
        let mut notes: Vec<String> = note.into_iter().collect();
        for head in source.heads.iter().filter(|head| head.spec.task() == Task::Ner) {
            if !head.spec.labels.iter().any(|label| label == "O") {
                let reason = "no label is O (outside), so that every word belongs to an entity";
                notes.push(format!("head {}: {reason}", head.name));
            }
        }
        if let Some(Err(reason)) = &source.vectors {
            notes.push(format!("the model's own vectors are left out: {reason}"));
        }
        for note in &notes {
            engine.log(&format!("model {name}: {note}"));
        }
        engine.live().models.fetch_add(1, Ordering::Relaxed);
        let heads = source.heads.into_iter().map(Arc::new).collect();
        let encoder_sha256 = match &source.bundle {
            Some(files) => Some(files.encoder_sha256.clone()),
            None => source.origins.first().map(|origin| origin.sha256.clone()),
        };
        let shared = Arc::new(Shared {
            name,
            format: source.format,
            shape: source.shape,
            tokenizer,
            encoder,
            path_reason,
            notes,
            origins: source.origins,
            licence: source.licence,
            masked: source.masked,
            vectors: source.vectors,
            encoder_sha256,
            probe: source.bundle.map(|files| files.probe),
        });
        Ok(Model { shared, heads, default_heads: source.default_heads.into() })
    }
}
