//! A model that is open: tokenizer, encoder and heads, shared between threads.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::document::Provenance;
use crate::engine::weights::Table;
use crate::engine::{Batch, Control, Encoder, Engine, Precision, Shape, Taken, TokenSequence};
use crate::error::{Error, Result};
use crate::files::safetensors::TensorFile;
use crate::heads::{Globals, Head, HeadSpec, MaskedHead, Task, Vectors};
use crate::model::masked;
use crate::model::source::{ModelFormat, Origin};
use crate::tokenizer::Tokenizer;

/// A model: tokenizer, encoder and heads. Immutable and cheap to clone; any number of threads may
/// use it at once.
#[derive(Debug, Clone)]
pub struct Model {
    pub(super) shared: Arc<Shared>,
    pub(super) heads: Arc<[Arc<Head>]>,
    pub(super) default_heads: Arc<[String]>,
}

/// What the clones of a model share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) name: String,
    pub(super) format: ModelFormat,
    pub(super) shape: Shape,
    pub(super) tokenizer: Tokenizer,
    pub(super) encoder: Encoder,
    pub(super) path_reason: String,
    pub(super) notes: Vec<String>,
    pub(super) passed_over: Vec<String>,
    pub(super) origins: Vec<Origin>,
    pub(super) licence: Option<String>,
    pub(super) masked: Option<MaskedHead>,
    pub(super) vectors: Option<std::result::Result<Vectors, String>>,
    /// SHA-256 of the file that the encoder was read from.
    pub(super) encoder_sha256: Option<String>,
    /// SHA-256 of the model: the seal of a bundle's manifest, else of the file that the encoder was read from.
    pub(super) sha256: Option<String>,
    pub(super) probe: Option<TensorFile>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.encoder.engine().live().models.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Model {
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

    /// The heads that run where a call names none; a task without one of them runs all that it has.
    pub fn default_heads(&self) -> &[String] {
        &self.default_heads
    }

    /// How wide the vectors of [`Pooling::Model`](crate::Pooling::Model) are; `None` if the model does not
    /// say how to make any.
    pub fn vector_width(&self) -> Option<usize> {
        self.vectors().ok().map(|vectors| vectors.width(self.hidden()))
    }

    /// How the model makes vectors.
    pub(crate) fn vectors(&self) -> Result<&Vectors> {
        match &self.shared.vectors {
            Some(Ok(vectors)) => Ok(vectors),
            Some(Err(reason)) => {
                Err(Error::Unsupported(format!("vectors of the model's own: {reason}")))
            }
            None => Err(Error::Unsupported(
                "the model does not say how to make vectors; choose another pooling".into(),
            )),
        }
    }

    /// What stands for a missing word in the texts of [`fill`](Model::fill), such as `[MASK]`; `None` if the
    /// model cannot fill it.
    pub fn mask_token(&self) -> Option<&str> {
        self.shared.masked.as_ref().and_then(|_| self.tokenizer().mask_token())
    }

    /// What fills masks, and the word embedding that it may share.
    pub(crate) fn masked(&self) -> Result<(&MaskedHead, &Table)> {
        let head = self.shared.masked.as_ref().zip(self.shared.encoder.words());
        head.ok_or_else(masked::missing)
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

    /// What documents say of who annotated them: this model.
    pub fn provenance(&self) -> Provenance {
        Provenance {
            model: self.shared.name.clone(),
            hash: self.shared.sha256.clone(),
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }

    pub(crate) fn encoder_sha256(&self) -> Option<&str> {
        self.shared.encoder_sha256.as_deref()
    }

    pub(crate) fn shape(&self) -> Shape {
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

    /// The heads of a task: those named, or the default ones, or all of them.
    pub(crate) fn heads_for(&self, task: Task, names: &[String]) -> Result<Vec<Arc<Head>>> {
        if !names.is_empty() {
            let named = names.iter().map(|name| self.head(name).cloned());
            let heads = named.collect::<Result<Vec<_>>>()?;
            if names.iter().collect::<std::collections::BTreeSet<_>>().len() != names.len() {
                return Err(Error::Argument("a head was named twice".into()));
            }
            if heads.iter().any(|head| head.spec.task() != task) {
                return Err(Error::Argument("a head that was named is for another task".into()));
            }
            return Ok(heads);
        }
        let heads = self.all_heads_for(task);
        if heads.is_empty() {
            return Err(Error::NotFound("the model has no head for this task".into()));
        }
        let is_default =
            |head: &Arc<Head>| self.default_heads.iter().any(|name| **name == *head.name);
        let chosen: Vec<_> = heads.iter().filter(|head| is_default(head)).cloned().collect();
        Ok(if chosen.is_empty() { heads } else { chosen })
    }

    /// All heads of a task.
    pub(crate) fn all_heads_for(&self, task: Task) -> Vec<Arc<Head>> {
        self.heads.iter().filter(|head| head.spec.task() == task).cloned().collect()
    }

    /// The states of token sequences after a layer, `[tokens of all sequences, hidden]`; layer 0
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
        for batch in self.batches(sequences, Globals::None)? {
            let found = self.shared.encoder.run(self.after(layer), &batch, &Control::default())?;
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
        for batch in self.batches(sequences, Globals::of(&head.spec))? {
            let rows = self.shared.encoder.run_last(&batch, &Control::default())?;
            let width = self.hidden();
            for of in batch.sequences() {
                let read = head.rows(&rows[of.start * width..of.end * width], width);
                logits.extend(head.logits(self.engine(), &read));
            }
        }
        Ok(logits)
    }

    /// How to ask for the states after a layer: an ONNX graph knows its last ones only.
    pub(crate) fn after(&self, layer: usize) -> Taken {
        if layer == self.layers() { Taken::Last } else { Taken::After(layer) }
    }

    /// The sequences in batches that keep to the engine's token budget.
    fn batches(&self, sequences: &[TokenSequence], globals: Globals) -> Result<Vec<Batch>> {
        let sep = self.tokenizer().special().sep;
        let mut batches: Vec<Batch> = Vec::new();
        let mut room = 0;
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
            let cost = self.shared.encoder.cost(sequence.ids.len(), Taken::Last);
            if batches.is_empty() || cost > room {
                batches.push(Batch::new());
                room = self.shared.encoder.token_budget();
            }
            room = room.saturating_sub(cost);
            if let Some(batch) = batches.last_mut() {
                batch.push_tokens(sequence);
                let first = sequence.ids.iter().position(|&id| id == sep).unwrap_or(1);
                batch.set_globals(globals.tokens(first.saturating_sub(1)));
            }
        }
        Ok(batches)
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
