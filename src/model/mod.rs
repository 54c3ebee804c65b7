//! Models: what is read from disk, made ready to run, and shared between threads.

mod bert;
pub(crate) mod bundle;
pub(crate) mod config;
mod convert;
pub(crate) mod head;
mod head_file;
mod huggingface;
mod info;
mod onnx;
mod open;
mod probe;
mod purpose;
pub(crate) mod quant;
pub(crate) mod reader;
mod shape;
mod source;
pub(crate) mod state_dict;
mod tag;
pub(crate) mod tensors;
mod torch;
mod vocab;
pub(crate) mod weights;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use biobert_kernels::FloatEnv;

pub use convert::{ConvertOptions, convert};
pub use head::{HeadSpec, Kind, Task};
pub use head_file::HeadFile;
pub use info::{HeadInfo, Info};
pub use probe::Verification;
pub(crate) use probe::largest;
pub use source::{Format, Integrity, Origin};
pub(crate) use tag::Tag;
pub use tensors::Loading;

use crate::engine::{Batch, Bert, Control, Encoder, Engine, Taken};
use crate::error::{Error, Result, base_name};
use crate::model::head::Head;
use crate::model::source::{Body, Source};
use crate::model::tensors::TensorFile;
use crate::model::vocab::Vocabulary;
use crate::tokenizer::Tokenizer;

/// The arithmetic of an encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floating point.
    F32,
    /// 8-bit integers.
    Int8,
}

impl Precision {
    /// The name that options and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Precision::F32 => "f32",
            Precision::Int8 => "int8",
        }
    }
}

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

/// A model: tokenizer, encoder and heads. Immutable and cheap to clone; any number of threads may
/// use it at once.
#[derive(Debug, Clone)]
pub struct Model {
    shared: Arc<Shared>,
    heads: Arc<[Arc<Head>]>,
}

#[derive(Debug)]
struct Shared {
    name: String,
    format: Format,
    shape: shape::Shape,
    tokenizer: Tokenizer,
    encoder: Encoder,
    path_reason: String,
    notes: Vec<String>,
    origins: Vec<Origin>,
    licence: Option<String>,
    /// SHA-256 of the file that the encoder was read from.
    encoder_sha256: Option<String>,
    probe: Option<TensorFile>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.encoder.engine().live().models.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A sequence of token ids, for those who tokenise themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenSequence {
    /// Vocabulary ids, `[CLS]` and `[SEP]` included.
    pub ids: Vec<u32>,
    /// Ids before this index are in segment 0, the rest in segment 1.
    pub first_segment: usize,
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
        let source = Source::open(engine, directory, options.integrity, options.loading)?;
        Model::from_source(engine, base_name(directory), source, options.precision)
    }

    fn from_source(
        engine: &Engine,
        name: String,
        source: Source,
        precision: Option<Precision>,
    ) -> Result<Model> {
        let (encoder, vocabulary, path_reason) = match source.body {
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
        let (tokenizer, note) = vocabulary.tokenizer(source.shape.segments < 2)?;
        let mut notes: Vec<String> = note.into_iter().collect();
        for head in source.heads.iter().filter(|head| head.spec.task == Task::Ner) {
            if !head.spec.labels.iter().any(|label| label == "O") {
                let reason = "no label is O (outside), so that every word belongs to an entity";
                notes.push(format!("head {}: {reason}", head.name));
            }
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
            encoder_sha256,
            probe: source.bundle.map(|files| files.probe),
        });
        Ok(Model { shared, heads })
    }

    /// The engine that runs it.
    pub fn engine(&self) -> &Engine {
        self.shared.encoder.engine()
    }

    /// The tokenizer.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.shared.tokenizer
    }

    /// Names and specifications of the heads, in their order.
    pub fn heads(&self) -> impl Iterator<Item = (&str, &HeadSpec)> {
        self.heads.iter().map(|head| (&*head.name, &head.spec))
    }

    /// The arithmetic of its encoder.
    pub fn precision(&self) -> Precision {
        self.shared.encoder.precision()
    }

    /// Encoder layers.
    pub fn layers(&self) -> usize {
        self.shared.shape.layers
    }

    /// Width of the row that the encoder gives for a token: of its state, or of its logits where an
    /// ONNX graph gives these itself.
    pub fn hidden(&self) -> usize {
        self.shared.encoder.width()
    }

    /// Rows of the word embedding: ids are below this.
    pub fn vocab_size(&self) -> usize {
        self.shared.shape.vocab_size
    }

    /// Longest sequence in tokens, `[CLS]` and `[SEP]` included.
    pub fn max_tokens(&self) -> usize {
        self.shared.shape.max_tokens
    }

    pub(crate) fn encoder_sha256(&self) -> Option<&str> {
        self.shared.encoder_sha256.as_deref()
    }

    pub(crate) fn shape(&self) -> shape::Shape {
        self.shared.shape
    }

    pub(crate) fn encoder(&self) -> &Encoder {
        &self.shared.encoder
    }

    /// Refuses a model whose encoder gives logits only.
    pub(crate) fn expect_states(&self) -> Result<()> {
        if self.shared.encoder.has_states() {
            return Ok(());
        }
        Err(Error::Unsupported("the model is an ONNX graph that gives logits and no states".into()))
    }

    /// A head by its name.
    pub(crate) fn head(&self, name: &str) -> Result<&Arc<Head>> {
        self.heads.iter().find(|head| &*head.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.heads().map(|(name, _)| name).collect();
            Error::NotFound(format!("the model has no such head; it has {}", list(&names)))
        })
    }

    /// The heads of a task: those named, or all of them.
    pub(crate) fn heads_for(&self, task: Task, names: &[String]) -> Result<Vec<Arc<Head>>> {
        if !names.is_empty() {
            let named = names.iter().map(|name| self.head(name).cloned());
            let heads = named.collect::<Result<Vec<_>>>()?;
            if names.iter().collect::<std::collections::BTreeSet<_>>().len() != names.len() {
                return Err(Error::Argument("a head was named twice".into()));
            }
            if heads.iter().any(|head| head.spec.task != task) {
                return Err(Error::Argument("a head that was named is for another task".into()));
            }
            return Ok(heads);
        }
        let heads: Vec<_> =
            self.heads.iter().filter(|head| head.spec.task == task).cloned().collect();
        if heads.is_empty() {
            return Err(Error::NotFound("the model has no head for this task".into()));
        }
        Ok(heads)
    }

    /// The states of token sequences behind a layer, `[tokens of all sequences, hidden]`; layer 0
    /// is the embeddings, [`layers`](Model::layers) the last.
    ///
    /// # Errors
    /// [`Error::Argument`] for an id, a length or a layer out of range; [`Error::Unsupported`] where
    /// an ONNX graph does not give these states.
    pub fn states(&self, sequences: &[TokenSequence], layer: usize) -> Result<Vec<f32>> {
        if layer > self.layers() {
            return Err(Error::Argument(format!("the model has {} layers", self.layers())));
        }
        self.expect_states()?;
        let mut states = Vec::new();
        for batch in self.batches(sequences)? {
            let found = self.shared.encoder.run(self.behind(layer), &batch, &Control::default())?;
            states.extend(found.into_iter().flatten());
        }
        Ok(states)
    }

    /// The logits of a head for token sequences: `[tokens, labels]` for token and span heads,
    /// `[sequences, labels]` for heads that read `[CLS]`.
    ///
    /// # Errors
    /// As [`states`](Model::states), and [`Error::NotFound`] for an unknown head.
    pub fn logits(&self, head: &str, sequences: &[TokenSequence]) -> Result<Vec<f32>> {
        let head = self.head(head)?;
        if head.spec.kind.reads_layers() {
            let reason = "a head that reads all layers has no logits of the last one's states";
            return Err(Error::Unsupported(reason.into()));
        }
        let mut logits = Vec::new();
        for batch in self.batches(sequences)? {
            let mut rows = self.shared.encoder.run_last(&batch, &Control::default())?;
            if head.spec.kind == Kind::Cls {
                let width = self.hidden();
                let first = |of: std::ops::Range<usize>| &rows[of.start * width..][..width];
                rows = batch.sequences().flat_map(first).copied().collect();
            }
            logits.extend(head.logits(self.engine(), &rows));
        }
        Ok(logits)
    }

    /// How to ask for the states behind a layer: an ONNX graph knows its last ones only.
    pub(crate) fn behind(&self, layer: usize) -> Taken {
        if layer == self.layers() { Taken::Last } else { Taken::Behind(layer) }
    }

    /// The sequences in batches that keep to the engine's token budget.
    fn batches(&self, sequences: &[TokenSequence]) -> Result<Vec<Batch>> {
        let mut batches: Vec<Batch> = Vec::new();
        for sequence in sequences {
            if sequence.ids.is_empty() || sequence.ids.len() > self.max_tokens() {
                let most = self.max_tokens();
                return Err(Error::Argument(format!("a sequence must have 1 to {most} tokens")));
            }
            if sequence.ids.iter().any(|&id| id as usize >= self.vocab_size()) {
                return Err(Error::Argument("a token id is outside of the vocabulary".into()));
            }
            if sequence.first_segment < sequence.ids.len() && self.shared.shape.segments < 2 {
                return Err(Error::Argument("the model has one segment only".into()));
            }
            let room = self.engine().options().token_budget.saturating_sub(sequence.ids.len());
            match batches.last_mut().filter(|batch| batch.len() <= room) {
                Some(batch) => batch.push_tokens(sequence),
                None => {
                    let mut batch = Batch::new();
                    batch.push_tokens(sequence);
                    batches.push(batch);
                }
            }
        }
        Ok(batches)
    }

    /// Checks what a bundle stores of itself: its probe sequences are run and compared with their
    /// stored f32 states and logits.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a model that is no bundle.
    pub fn verify(&self) -> Result<Verification> {
        let probe = self.shared.probe.as_ref().ok_or_else(|| {
            Error::Unsupported("only a bundle can be verified; convert the checkpoint first".into())
        })?;
        probe::verify(self, probe)
    }

    /// What there is to know about the model.
    pub fn info(&self) -> Info {
        info::info(&self.shared, &self.heads)
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
