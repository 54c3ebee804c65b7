//! What there is to know about a model, for people and for programs.

use serde::Serialize;

use crate::engine::{Encoder, Engine};
use crate::heads::{HeadSpec, Kind, Step, Task, VectorSpec, Vectors};
use crate::model::handle::Model;
use crate::model::source::{ModelFormat, Origin};

/// A description of a model; serialises to the JSON of `biobert info --format json`.
#[derive(Debug, Clone, Serialize)]
pub struct Info {
    /// Base name of its directory.
    pub name: String,
    /// `bundle`, `hugging-face` or `onnx`.
    pub format: &'static str,
    /// `fast`: our own operations over the packed batch; `general`: an ONNX graph as it is.
    pub path: &'static str,
    /// Why that path.
    pub path_reason: String,
    /// The arithmetic in use.
    pub precision: &'static str,
    /// How the weights are stored.
    pub weights: &'static str,
    /// The instruction set in use.
    pub isa: &'static str,
    /// The instruction sets that this processor has.
    pub isa_available: Vec<&'static str>,
    /// Threads of the engine.
    pub threads: usize,
    /// Where the encoder runs: `cpu` or `gpu`.
    pub device: &'static str,
    /// The GPU, where it runs on one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpu: Option<String>,
    /// Why the engine has none, where it would have liked one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_gpu: Option<String>,
    /// Encoder layers.
    pub layers: usize,
    /// Width of a state.
    pub hidden: usize,
    /// Pieces in the vocabulary.
    pub vocabulary: usize,
    /// Whether the text keeps its case.
    pub cased: bool,
    /// The heads in their order.
    pub heads: Vec<HeadInfo>,
    /// Those that run where a call names none; a task without one of them runs all that it has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_heads: Vec<String>,
    /// What stands for a missing word in texts, where the model can fill it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask_token: Option<String>,
    /// The vectors that the model makes, where it says how.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vectors: Option<VectorInfo>,
    /// Limits of a call.
    pub limits: Limits,
    /// The checkpoints that it was made from.
    pub source: Vec<Origin>,
    /// Licence, where a bundle states it.
    pub licence: Option<String>,
    /// Where the model's files contradict each other and what was done about it; what was passed over.
    pub notes: Vec<String>,
    /// What its files have and nothing reads, and why that does no harm.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<String>,
}

/// A head in an [`Info`].
#[derive(Debug, Clone, Serialize)]
pub struct HeadInfo {
    /// Its name.
    pub name: String,
    /// What it answers.
    pub task: Task,
    /// Which states it reads.
    pub kind: Kind,
    /// Its labels.
    pub labels: Vec<String>,
    /// Whether any number of labels may hold at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi_label: Option<bool>,
    /// Whether its outputs are numbers that are given as they are, and no probabilities.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub regression: bool,
    /// Whether a conditional random field chooses the labels of a sequence's tokens together.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub crf: bool,
    /// The entity that plain labels stand for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The kinds of which the two entities of a relation may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related: Option<[Vec<String>; 2]>,
    /// What it was trained on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trained_on: Option<String>,
}

/// Vectors in an [`Info`].
#[derive(Debug, Clone, Serialize)]
pub struct VectorInfo {
    /// Numbers in a vector.
    pub width: usize,
    /// Tokens that are read at once for one.
    pub max_tokens: usize,
    /// Whether they have length 1.
    pub normalized: bool,
    /// How the states of a text become one row, the parts of which stand one after the other; of none, the
    /// graph gives the vector itself.
    pub pooling: Vec<String>,
    /// What the row goes through then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// Names of the prompts that can be put before a text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<String>,
    /// The prompt that is put there where a call chooses none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_prompt: Option<String>,
    /// Whether the states of the prompt count too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_prompt: Option<bool>,
    /// Whether text is lower-cased before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lower_case: bool,
}

impl VectorInfo {
    fn new(vectors: &Vectors, hidden: usize) -> VectorInfo {
        let VectorSpec { pooling, steps, prompts, default_prompt, .. } = &vectors.spec;
        VectorInfo {
            width: vectors.width(hidden),
            max_tokens: vectors.spec.max_tokens,
            normalized: steps.last() == Some(&Step::Normalize),
            pooling: pooling.iter().map(|mode| mode.name()).collect(),
            steps: steps.iter().map(|step| step.name()).collect(),
            prompts: prompts.keys().cloned().collect(),
            default_prompt: default_prompt.clone(),
            include_prompt: (!prompts.is_empty()).then_some(vectors.spec.include_prompt),
            lower_case: vectors.spec.lower_case,
        }
    }
}

/// Limits of a call.
#[derive(Debug, Clone, Serialize)]
pub struct Limits {
    /// Tokens that the encoder sees at once; longer documents become windows.
    pub max_tokens: usize,
    /// Largest document in bytes.
    pub max_doc_bytes: u64,
    /// Largest sum of the documents of a call in bytes.
    pub max_batch_bytes: u64,
}

impl HeadInfo {
    fn new(name: &str, spec: &HeadSpec) -> HeadInfo {
        HeadInfo {
            name: name.into(),
            task: spec.task(),
            kind: spec.kind,
            labels: spec.labels.clone(),
            multi_label: spec.multi_label(),
            regression: spec.is_regression(),
            crf: spec.has_token_crf(),
            entity: spec.entity().map(String::from),
            related: (spec.task() == Task::Re).then(|| spec.related().map(<[_]>::to_vec)),
            trained_on: spec.provenance.trained_on.clone(),
        }
    }
}

impl Model {
    /// What there is to know about the model.
    pub fn info(&self) -> Info {
        let model = &*self.shared;
        let engine = model.encoder.engine();
        let on_gpu = model.encoder.is_on_gpu();
        Info {
            name: model.name.clone(),
            format: model.format.name(),
            path: match model.encoder {
                Encoder::Bert(_) => "fast",
                Encoder::Graph(_) => "general",
            },
            path_reason: model.path_reason.clone(),
            precision: model.encoder.precision().name(),
            weights: if model.format == ModelFormat::Bundle { "int8" } else { "f32" },
            isa: engine.isa(),
            isa_available: Engine::isa_available(),
            threads: engine.options().threads,
            device: if on_gpu { "gpu" } else { "cpu" },
            gpu: on_gpu.then(|| engine.card()).flatten().map(|card| card.name().to_string()),
            no_gpu: engine.no_gpu().map(ToString::to_string),
            layers: model.shape.layers,
            hidden: model.shape.hidden,
            vocabulary: model.tokenizer.vocab_len(),
            cased: !model.tokenizer.options().lowercase,
            heads: self.heads.iter().map(|head| HeadInfo::new(&head.name, &head.spec)).collect(),
            default_heads: self.default_heads.to_vec(),
            mask_token: self.mask_token().map(String::from),
            vectors: self.vectors().ok().map(|vectors| VectorInfo::new(vectors, self.hidden())),
            limits: Limits {
                max_tokens: model.shape.max_tokens,
                max_doc_bytes: engine.options().max_doc_bytes,
                max_batch_bytes: engine.options().max_batch_bytes,
            },
            source: model.origins.clone(),
            licence: model.licence.clone(),
            notes: model.notes.clone(),
            passed_over: model.passed_over.clone(),
        }
    }
}
