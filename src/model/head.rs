//! A head: a small layer on the encoder's states, and what its outputs mean.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use biobert_kernels::{FloatEnv, Panels, math};
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, States, Taken};
use crate::error::{Error, Result};
use crate::model::config::json_reason;
use crate::model::reader::Reader;
use crate::model::reader::crf::{Crf, Labelled};
use crate::model::shape::Shape;
use crate::model::state_dict::{Safetensors, StateDict};
use crate::model::tensors::{Loading, TensorFile, read_file};
use crate::model::weights::Linear;

/// What a head answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// Named entities.
    Ner,
    /// Relations between two entities.
    Re,
    /// Answers to questions.
    Qa,
    /// Classes of a document.
    Classify,
}

/// Which states a head reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Every token's state; one decision a token.
    Token,
    /// The state of `[CLS]`; one decision a sequence.
    Cls,
    /// Every token's state; a start and an end logit each.
    Span,
    /// The states of every layer, word by word; one decision a word.
    Words,
    /// The states of every layer at `[CLS]` and at some places of the text; one decision a sequence.
    Places,
    /// The states of every layer, token by token; a start and an end logit each.
    Passage,
}

impl Kind {
    /// Whether the states of all layers are read, not those of the last alone.
    pub(crate) fn reads_layers(self) -> bool {
        matches!(self, Kind::Words | Kind::Places | Kind::Passage)
    }
}

/// Places of a pair: `[CLS]`, the first entity, the second, what stands between them.
pub(crate) const PAIR_PLACES: usize = 4;
/// Places of a document: `[CLS]`, all of it.
pub(crate) const DOCUMENT_PLACES: usize = 2;

/// The JSON half of a head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadSpec {
    /// What it answers.
    pub task: Task,
    /// Which states it reads.
    pub kind: Kind,
    /// Its labels, in the order of its outputs.
    pub labels: Vec<String>,
    /// The labels in words, in the same order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_text: Option<Vec<String>>,
    /// The kind of entity that plain `B` and `I` stand for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// Relations: the kind of the first entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Relations: the kind of the second entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
    /// Relations: what stands in for the two entities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<[String; 2]>,
    /// Relations: the label that means "none".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negative: Option<String>,
    /// Classes: whether each label is decided by itself, so that several may hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multi_label: Option<bool>,
    /// How question and passage are laid out: a note for readers, there is one layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// How `[CLS]` is read: `cls` is its raw state, `pooler_tanh` BERT's pooler, which the head then
    /// brings along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<String>,
    /// Longest sequence in tokens, `[CLS]` and `[SEP]` included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<usize>,
    /// Tokens from one window of a long document to the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_step: Option<usize>,
    /// Temperature by which logits are divided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<f32>,
    /// SHA-256 of the `encoder.safetensors` that the head belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder_sha256: Option<String>,
    /// SHA-256 of the vocabulary and of how text is read with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokenizer_sha256: Option<String>,
    /// SHA-256 of the examples that it was trained on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_sha256: Option<String>,
    /// Licence of its weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// When it was trained, as whoever trained it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Data it was trained on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trained_on: Option<String>,
    /// Measured accuracy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<serde_json::Value>,
}

/// Tokens of a NER window where a head does not say: what BERT's own NER is trained with. Heads
/// learn from single sentences and do badly on more at once: with windows of 512, the default
/// model's F1 on NCBI-disease falls from 82 to 65 when ten sentences come as one document; with
/// windows of 128 it is 79.
const NER_TOKENS: usize = 128;

impl HeadSpec {
    /// A label in words; the label itself where there are none.
    pub(crate) fn label_text(&self, label: usize) -> &str {
        self.label_text.as_ref().map_or(&self.labels[label], |text| &text[label])
    }

    /// Whether several labels may hold at once, or one label may hold or not.
    pub(crate) fn decides_each_label(&self) -> bool {
        self.multi_label.unwrap_or(false) || self.labels.len() == 1
    }

    /// The kind of entity that plain `B` and `I` stand for.
    pub(crate) fn plain_entity(&self) -> Arc<str> {
        self.entity.as_deref().unwrap_or("Entity").into()
    }

    /// Pieces in a window and from one window to the next, for a model that takes `limit` tokens.
    pub(crate) fn windows(&self, limit: usize) -> (usize, usize) {
        let default = match self.task {
            Task::Ner => limit.min(NER_TOKENS),
            // As BioBERT answers BioASQ (biobert `run_qa.py`).
            Task::Qa => limit.min(384),
            Task::Re | Task::Classify => limit,
        };
        let capacity = self.max_tokens.unwrap_or(default) - 2;
        let step = match self.task {
            Task::Qa => capacity.min(128),
            // Windows share a quarter, so each piece has an eighth of a window around it.
            _ => capacity * 3 / 4,
        };
        (capacity, self.window_step.unwrap_or(step))
    }

    /// A specification with nothing but what every head has.
    pub(crate) fn new(task: Task, kind: Kind, labels: Vec<String>) -> HeadSpec {
        HeadSpec {
            task,
            kind,
            labels,
            label_text: None,
            entity: None,
            first: None,
            second: None,
            mask: None,
            negative: None,
            multi_label: None,
            input: None,
            pooling: None,
            max_tokens: None,
            window_step: None,
            calibration: None,
            encoder_sha256: None,
            tokenizer_sha256: None,
            data_sha256: None,
            licence: None,
            date: None,
            trained_on: None,
            metrics: None,
        }
    }

    /// Reads and checks a head's JSON file.
    pub(crate) fn parse(file: &str, json: &[u8]) -> Result<HeadSpec> {
        let spec: HeadSpec = serde_json::from_slice(json)
            .map_err(|error| Error::model(file, json_reason(&error)))?;
        if spec.labels.is_empty() || spec.labels.len() > 65_536 {
            return Err(Error::model(file, format!("{} labels", spec.labels.len())));
        }
        if spec.label_text.as_ref().is_some_and(|text| text.len() != spec.labels.len()) {
            return Err(Error::model(file, "label_text and labels differ in length"));
        }
        let fits = match spec.task {
            Task::Ner => matches!(spec.kind, Kind::Token | Kind::Words),
            Task::Re | Task::Classify => matches!(spec.kind, Kind::Cls | Kind::Places),
            Task::Qa => matches!(spec.kind, Kind::Cls | Kind::Span | Kind::Passage),
        };
        if !fits {
            return Err(Error::model(file, "this kind of head cannot do this task"));
        }
        if spec.negative.as_ref().is_some_and(|negative| !spec.labels.contains(negative)) {
            return Err(Error::model(file, "negative is none of the labels"));
        }
        if spec.task == Task::Re && spec.decides_each_label() {
            return Err(Error::model(file, "a relation head chooses one of two labels or more"));
        }
        if matches!(spec.kind, Kind::Span | Kind::Passage) && spec.labels.len() != 2 {
            return Err(Error::model(file, "a span head has two labels: start and end"));
        }
        spec.pooled(file)?;
        if spec
            .calibration
            .is_some_and(|temperature| !(temperature > 0.0 && temperature.is_finite()))
        {
            return Err(Error::model(file, "calibration is not a positive number"));
        }
        Ok(spec)
    }

    /// Refuses a head that says that it belongs to another encoder's file.
    pub(crate) fn check_encoder(&self, file: &str, sha256: &str) -> Result<()> {
        if self.encoder_sha256.as_deref().is_some_and(|own| own != sha256) {
            return Err(Error::model(file, "the head belongs to another encoder"));
        }
        Ok(())
    }

    /// Rows that are read together for one decision.
    pub(crate) fn places(&self) -> usize {
        match (self.kind, self.task) {
            (Kind::Places, Task::Re) => PAIR_PLACES,
            (Kind::Places, _) => DOCUMENT_PLACES,
            _ => 1,
        }
    }

    /// Whether the head reads `[CLS]` through a pooler; `file` is where the specification stands.
    fn pooled(&self, file: &str) -> Result<bool> {
        match (self.pooling.as_deref(), self.kind) {
            (None | Some(CLS), _) => Ok(false),
            (Some(POOLER_TANH), Kind::Cls) => Ok(true),
            (Some(POOLER_TANH), _) => {
                Err(Error::model(file, "only a head that reads [CLS] has a pooler"))
            }
            (Some(_), _) => Err(Error::Unsupported(format!(
                "{file}: a pooling that is not known; there are {CLS} and {POOLER_TANH}"
            ))),
        }
    }
}

/// The poolings that [`HeadSpec::pooling`] can name.
pub(crate) const CLS: &str = "cls";
pub(crate) const POOLER_TANH: &str = "pooler_tanh";

/// What turns a state into logits.
#[derive(Debug)]
pub(crate) enum Weights {
    /// One linear layer.
    Linear(Linear),
    /// BERT's pooler, a linear layer and the hyperbolic tangent, before it.
    Pooled { pooler: Linear, classifier: Linear },
    /// What reads all layers; words' labels are chosen by a CRF.
    Reader { reader: Box<Reader>, crf: Option<Crf> },
    /// Nothing: the encoder is an ONNX graph that gives logits itself.
    Graph,
}

impl Weights {
    /// `classifier.*`, and `pooler.*` where the specification asks for it; of a head that reads all
    /// layers those of [`Reader`], and of [`Kind::Words`] those of [`Crf`] too.
    pub(crate) fn read(dict: &dyn StateDict, spec: &HeadSpec, shape: Shape) -> Result<Weights> {
        if spec.kind.reads_layers() {
            let labels = spec.labels.len();
            let reader = Box::new(Reader::read(dict, labels, spec.places(), shape)?);
            let crf = match spec.kind {
                Kind::Words => Some(Crf::read(dict, spec)?),
                _ => None,
            };
            return Ok(Weights::Reader { reader, crf });
        }
        let hidden = shape.hidden;
        let classifier = linear(dict, "classifier", hidden, spec.labels.len())?;
        if spec.pooled(dict.file_name())? {
            let pooler = linear(dict, "pooler", hidden, hidden)?;
            return Ok(Weights::Pooled { pooler, classifier });
        }
        Ok(Weights::Linear(classifier))
    }
}

/// A linear layer of a state dict. PyTorch keeps its weights as `[out, in]`.
pub(crate) fn linear(dict: &dyn StateDict, name: &str, k: usize, n: usize) -> Result<Linear> {
    let weight = dict.f32(&format!("{name}.weight"), &[n, k])?;
    let bias = dict.f32(&format!("{name}.bias"), &[n])?;
    Ok(Linear { weight: Panels::pack(k, n, |row, column| weight[column * k + row]), bias })
}

/// A head, ready to run.
#[derive(Debug)]
pub struct Head {
    /// Its name in the model.
    pub name: Arc<str>,
    /// What its outputs mean.
    pub spec: HeadSpec,
    pub(crate) weights: Weights,
}

impl Head {
    /// A head without weights of its own.
    #[cfg(test)]
    pub(crate) fn untrained(name: &str, spec: HeadSpec) -> Head {
        Head { name: name.into(), spec, weights: Weights::Graph }
    }

    /// Reads `<name>.json` and `<name>.safetensors` from a directory.
    pub(crate) fn open(directory: &Path, name: &str, shape: Shape) -> Result<Head> {
        let json_path = directory.join(format!("{name}.json"));
        let json = read_file(&json_path)?;
        let spec = HeadSpec::parse(&format!("{name}.json"), &json)?;
        // Small: copied whatever the model's loading is.
        let file = TensorFile::open(&directory.join(format!("{name}.safetensors")), Loading::Copy)?;
        let weights = Weights::read(&Safetensors::new(&file)?, &spec, shape)?;
        Ok(Head { name: name.into(), spec, weights })
    }

    /// Logits of states, `[rows, hidden]` → `[rows, labels]`, divided by the head's temperature.
    pub(crate) fn logits(&self, engine: &Engine, states: &[f32]) -> Vec<f32> {
        let _env = FloatEnv::standard();
        let mut logits = match &self.weights {
            Weights::Linear(classifier) => classifier.apply(engine, states),
            Weights::Pooled { pooler, classifier } => {
                let mut pooled = pooler.apply(engine, states);
                pooled.iter_mut().for_each(|value| *value = math::tanh(*value));
                classifier.apply(engine, &pooled)
            }
            Weights::Graph | Weights::Reader { .. } => states.to_vec(),
        };
        self.temper(&mut logits);
        logits
    }

    fn temper(&self, logits: &mut [f32]) {
        if let Some(temperature) = self.spec.calibration {
            logits.iter_mut().for_each(|logit| *logit /= temperature);
        }
    }

    /// The states that it wants of the encoder.
    pub(crate) fn taken(&self) -> Taken {
        if self.spec.kind.reads_layers() { Taken::All } else { Taken::Last }
    }

    /// The logits of one sequence, of whose states those that it [wants](Head::taken) are given:
    /// of its tokens, `[tokens, labels]`, or of the sequence, `[labels]`. `places` are ranges of tokens,
    /// `[CLS]` among them, for a head of [`Kind::Places`].
    pub(crate) fn sequence_logits(
        &self,
        engine: &Engine,
        states: &States<'_>,
        places: &[Range<usize>],
    ) -> Vec<f32> {
        let hidden = states.hidden();
        let Weights::Reader { reader, .. } = &self.weights else {
            let all = states.last();
            return self
                .logits(engine, if self.spec.kind == Kind::Cls { &all[..hidden] } else { all });
        };
        let _env = FloatEnv::standard();
        let layers: Vec<&[f32]> = states.layers().collect();
        let rows = match self.spec.kind {
            Kind::Places => reader.mix.rows(&layers, places.iter().cloned(), hidden),
            _ => reader.mix.rows(&layers, (0..states.tokens()).map(|at| at..at + 1), hidden),
        };
        let mut logits = reader.logits(engine, rows);
        self.temper(&mut logits);
        logits
    }

    /// The labels of one sequence's words, which are ranges of tokens, for a head of [`Kind::Words`].
    pub(crate) fn word_labels(
        &self,
        engine: &Engine,
        states: &States<'_>,
        words: impl Iterator<Item = Range<usize>>,
    ) -> Vec<Labelled> {
        let Weights::Reader { reader, crf: Some(crf) } = &self.weights else { return Vec::new() };
        let layers: Vec<&[f32]> = states.layers().collect();
        let emissions = reader.logits(engine, reader.mix.rows(&layers, words, states.hidden()));
        crf.label(&emissions, self.spec.calibration.unwrap_or(1.0))
    }
}

/// Whether a name can stand in a file name, a command line and a JSON key alike.
pub(crate) fn is_head_name(name: &str) -> bool {
    let ok = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !name.is_empty() && name.len() <= 64 && !name.starts_with('.') && name.bytes().all(ok)
}
