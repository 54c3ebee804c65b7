//! Opening a model: what was read, made ready to run.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use biobert_kernels::FloatEnv;

use crate::engine::{Bert, Encoder, Engine, Precision};
use crate::error::{Error, Result, base_name};
use crate::heads::Task;
use crate::model::handle::{Model, Shared};
use crate::model::labels::{HINT, are_numbers};
use crate::model::read;
use crate::model::source::{Body, OpenOptions, Source};

impl Model {
    /// Opens a bundle, a Hugging Face directory (`config.json`, `vocab.txt` or `tokenizer.json`, and
    /// `model.safetensors`, `pytorch_model.bin` or `model.onnx`), a LoRA adapter with its base, or a
    /// directory with `encoder/` and `heads/`.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Corrupt`] or [`Error::Model`] say what is wrong and in which
    /// file; [`Error::Unsupported`] names an architecture or a precision that there is not.
    pub fn open(engine: &Engine, directory: &Path, options: OpenOptions) -> Result<Model> {
        // Opening computes too: weights may change their arithmetic.
        let _env = FloatEnv::standard();
        let source = read::read(engine, directory, &options)?;
        Model::from_source(engine, base_name(directory), source, options)
    }

    fn from_source(
        engine: &Engine,
        name: String,
        source: Source,
        options: OpenOptions,
    ) -> Result<Model> {
        let precision = options.precision;
        let (mut encoder, vocabulary, path_reason) = match source.body {
            Body::Bert(parts) => {
                let stored = parts.weights.layers.precision();
                let weights = parts.weights.convert(precision.unwrap_or(stored))?;
                let bert = Bert::new(engine, weights)?;
                (Encoder::Bert(bert), parts.vocabulary, parts.reason)
            }
            Body::Graph(_) if precision == Some(Precision::Int8) => {
                let reason = "an ONNX graph on the general path runs in f32 only";
                return Err(Error::Unsupported(reason.into()));
            }
            Body::Graph(parts) => (Encoder::Graph(parts.graph), parts.vocabulary, parts.reason),
        };
        encoder.place()?;
        let one_segment = source.shape.segments < 2;
        let (tokenizer, mut notes) = vocabulary.tokenizer(one_segment, options.casing)?;
        notes.extend(source.notes);
        for head in source.heads.iter().filter(|head| head.spec.task() == Task::Ner) {
            if !head.spec.labels.iter().any(|label| label == "O") {
                let reason = "no label is O (outside), so that every word belongs to an entity";
                notes.push(format!("head {}: {reason}", head.name));
            }
        }
        for head in source.heads.iter().filter(|head| head.spec.labels.len() > 1) {
            if are_numbers(&head.spec.labels) {
                notes.push(format!("head {}: its labels are numbers; {HINT}", head.name));
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
        let (encoder_sha256, sha256) = match &source.bundle {
            Some(files) => (Some(files.encoder_sha256.clone()), Some(files.seal.clone())),
            None => {
                let own = source.origins.first().map(|origin| origin.sha256.clone());
                (own.clone(), own)
            }
        };
        let shared = Arc::new(Shared {
            name,
            format: source.format,
            shape: source.shape,
            tokenizer,
            encoder,
            path_reason,
            notes,
            passed_over: source.passed_over,
            origins: source.origins,
            licence: source.licence,
            masked: source.masked,
            vectors: source.vectors,
            encoder_sha256,
            sha256,
            probe: source.bundle.map(|files| files.probe),
        });
        Ok(Model { shared, heads, default_heads: source.default_heads.into() })
    }
}
