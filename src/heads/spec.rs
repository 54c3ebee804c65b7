//! What a head reads and what its outputs mean.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::AssertionValue;
use crate::error::{Error, Result};
use crate::tag::Tag;

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
    /// What a text says of an entity that another head found: whether the patient has it.
    Assertion,
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

/// What the outputs of a head mean: a variant for each form, with what only heads of that form have.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// A label of every word, which says to what entity it belongs.
    Tag {
        /// The kind of entity that plain `B` and `I` stand for.
        entity: Option<String>,
        /// Whether the labels of a sequence's tokens are chosen together, by a conditional random field. A head
        /// that reads words always has one.
        crf: bool,
    },
    /// How two entities of a sentence are related.
    Relation {
        /// The kinds of which the first entity may be; none: `Entity`.
        first: Vec<String>,
        /// The kinds of which the second entity may be; none: `Entity`.
        second: Vec<String>,
        /// What stands in for the two entities.
        mask: Option<[String; 2]>,
        /// The label that means "none".
        negative: Option<String>,
        /// How `[CLS]` is read.
        pooling: Option<ClsPooling>,
    },
    /// Classes of a document.
    Class {
        /// Whether each label is decided by itself, so that several may hold.
        multi_label: Option<bool>,
        /// How `[CLS]` is read.
        pooling: Option<ClsPooling>,
    },
    /// Numbers that say something of a document, each given as it is: a regression.
    Number {
        /// How `[CLS]` is read.
        pooling: Option<ClsPooling>,
    },
    /// Where in a passage the answer starts and ends.
    Answer {
        /// How question and passage are laid out: a note for readers, there is one layout.
        input: Option<String>,
    },
    /// Which of the labels answers a question, such as yes and no.
    Choice {
        /// How question and passage are laid out: a note for readers, there is one layout.
        input: Option<String>,
        /// Whether each label is decided by itself, so that several may hold.
        multi_label: Option<bool>,
        /// How `[CLS]` is read.
        pooling: Option<ClsPooling>,
    },
    /// What a text says of an entity. A label is the name of an [`AssertionValue`], and each has one.
    Assertion {
        /// What is read: a note for readers, there is one way.
        reads: Option<String>,
    },
}

/// How the state of `[CLS]` is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClsPooling {
    /// As it is.
    Cls,
    /// Through BERT's pooler, a linear layer and the hyperbolic tangent, which the head then brings
    /// along.
    PoolerTanh,
    /// The same with a rectifier (DistilBERT).
    PoolerRelu,
    /// The same with GELU (ELECTRA).
    PoolerGelu,
    /// Not `[CLS]` alone: the mean of all states of the sequence (ModernBERT).
    Mean,
}

impl ClsPooling {
    /// Whether there is a linear layer before the last.
    pub(crate) fn has_pooler(self) -> bool {
        matches!(self, ClsPooling::PoolerTanh | ClsPooling::PoolerRelu | ClsPooling::PoolerGelu)
    }
}

/// What a head is and where it comes from; `head.json` without its file.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadSpec {
    /// Which states it reads.
    pub kind: Kind,
    /// What its outputs mean.
    pub output: Output,
    /// Its labels, in the order of its outputs.
    pub labels: Vec<String>,
    /// The labels in words, in the same order.
    pub label_text: Option<Vec<String>>,
    /// Longest sequence in tokens, `[CLS]` and `[SEP]` included.
    pub max_tokens: Option<usize>,
    /// Tokens from one window of a long document to the next.
    pub window_step: Option<usize>,
    /// Temperature by which logits are divided.
    pub calibration: Option<f32>,
    /// States first go through a dense layer, GELU and a LayerNorm with this epsilon, which the head brings
    /// along (ModernBERT).
    pub transform_eps: Option<f32>,
    /// What it was made from.
    pub provenance: Provenance,
}

/// What a head was made from, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Provenance {
    /// SHA-256 of the `encoder.safetensors` that the head belongs to.
    pub encoder_sha256: Option<String>,
    /// SHA-256 of the vocabulary and of how text is read with it.
    pub tokenizer_sha256: Option<String>,
    /// SHA-256 of the examples that it was trained on.
    pub data_sha256: Option<String>,
    /// Licence of its weights.
    pub licence: Option<String>,
    /// When it was trained, as whoever trained it says.
    pub date: Option<String>,
    /// Data it was trained on.
    pub trained_on: Option<String>,
    /// Measured accuracy.
    pub metrics: Option<serde_json::Value>,
}

/// Places of a pair: `[CLS]`, the first entity, the second, what stands between them.
pub(crate) const PAIR_PLACES: usize = 4;
/// Places of a document: `[CLS]`, all of it.
pub(crate) const DOCUMENT_PLACES: usize = 2;

/// Tokens of a NER window where a head does not say: what BERT's own NER is trained with. Heads
/// learn from single sentences and do badly on more at once: with windows of 512, the default
/// model's F1 on NCBI-disease falls from 82 to 65 when ten sentences come as one document; with
/// windows of 128 it is 79.
const NER_TOKENS: usize = 128;

impl HeadSpec {
    /// A specification with nothing but what every head has.
    pub(crate) fn new(kind: Kind, output: Output, labels: Vec<String>) -> HeadSpec {
        HeadSpec {
            kind,
            output,
            labels,
            label_text: None,
            max_tokens: None,
            window_step: None,
            calibration: None,
            transform_eps: None,
            provenance: Provenance::default(),
        }
    }

    /// What it answers.
    pub fn task(&self) -> Task {
        match self.output {
            Output::Tag { .. } => Task::Ner,
            Output::Relation { .. } => Task::Re,
            Output::Class { .. } | Output::Number { .. } => Task::Classify,
            Output::Answer { .. } | Output::Choice { .. } => Task::Qa,
            Output::Assertion { .. } => Task::Assertion,
        }
    }

    /// How it reads `[CLS]`, where it does and says so.
    pub fn pooling(&self) -> Option<ClsPooling> {
        match self.output {
            Output::Relation { pooling, .. }
            | Output::Class { pooling, .. }
            | Output::Number { pooling }
            | Output::Choice { pooling, .. } => pooling,
            Output::Tag { .. } | Output::Answer { .. } | Output::Assertion { .. } => None,
        }
    }

    /// What it reads `[CLS]` with, to be set.
    pub(crate) fn pooling_mut(&mut self) -> Option<&mut Option<ClsPooling>> {
        match &mut self.output {
            Output::Relation { pooling, .. }
            | Output::Class { pooling, .. }
            | Output::Number { pooling }
            | Output::Choice { pooling, .. } => Some(pooling),
            Output::Tag { .. } | Output::Answer { .. } | Output::Assertion { .. } => None,
        }
    }

    /// The kind of entity that plain `B` and `I` stand for, where the head says it.
    pub fn entity(&self) -> Option<&str> {
        match &self.output {
            Output::Tag { entity, .. } => entity.as_deref(),
            _ => None,
        }
    }

    /// The kinds of which the two entities of a relation may be, as far as the head says them.
    pub fn related(&self) -> [&[String]; 2] {
        match &self.output {
            Output::Relation { first, second, .. } => [first, second],
            _ => [&[], &[]],
        }
    }

    /// What stands in for the two entities of a relation.
    pub fn mask(&self) -> Option<&[String; 2]> {
        match &self.output {
            Output::Relation { mask, .. } => mask.as_ref(),
            _ => None,
        }
    }

    /// The label that means that two entities are not related.
    pub fn negative(&self) -> Option<&str> {
        match &self.output {
            Output::Relation { negative, .. } => negative.as_deref(),
            _ => None,
        }
    }

    /// Whether any number of labels may hold at once, where the head says it.
    pub fn multi_label(&self) -> Option<bool> {
        match self.output {
            Output::Class { multi_label, .. } | Output::Choice { multi_label, .. } => multi_label,
            _ => None,
        }
    }

    /// A label in words; the label itself where there are none.
    pub(crate) fn label_text(&self, label: usize) -> &str {
        self.label_text.as_ref().map_or(&self.labels[label], |text| &text[label])
    }

    /// Whether its outputs are numbers that are given as they are, and no probabilities.
    pub fn is_regression(&self) -> bool {
        matches!(self.output, Output::Number { .. })
    }

    /// Whether a conditional random field chooses the labels of a sequence's tokens together.
    pub fn has_token_crf(&self) -> bool {
        matches!(self.output, Output::Tag { crf: true, .. })
    }

    /// Whether several labels may hold at once, or one label may hold or not.
    pub(crate) fn decides_each_label(&self) -> bool {
        self.multi_label().unwrap_or(false) || self.labels.len() == 1
    }

    /// What each label says of its word.
    pub(crate) fn tags(&self) -> Vec<Tag> {
        let entity: Arc<str> = self.plain_entity();
        self.labels.iter().map(|label| Tag::parse(label, &entity)).collect()
    }

    /// The kind of entity that plain `B` and `I` stand for.
    pub(crate) fn plain_entity(&self) -> Arc<str> {
        self.entity().unwrap_or("Entity").into()
    }

    /// The output of each assertion, in the order of [`AssertionValue::ALL`]; `None` if the labels are
    /// others than their names.
    pub(crate) fn assertions(&self) -> Option<[usize; AssertionValue::ALL.len()]> {
        let mut outputs = [0; AssertionValue::ALL.len()];
        for (output, value) in outputs.iter_mut().zip(AssertionValue::ALL) {
            *output = self.labels.iter().position(|label| label == value.name())?;
        }
        (self.labels.len() == outputs.len()).then_some(outputs)
    }

    /// Rows that are read together for one decision.
    pub(crate) fn places(&self) -> usize {
        match (self.kind, &self.output) {
            (Kind::Places, Output::Relation { .. }) => PAIR_PLACES,
            (Kind::Places, _) => DOCUMENT_PLACES,
            _ => 1,
        }
    }

    /// Pieces in a window and from one window to the next, for a model that takes `limit` tokens.
    pub(crate) fn windows(&self, limit: usize) -> (usize, usize) {
        let default = match self.task() {
            // An assertion is read in the pass in which its entity is found.
            Task::Ner | Task::Assertion => limit.min(NER_TOKENS),
            // As BioBERT answers BioASQ (biobert `run_qa.py`).
            Task::Qa => limit.min(384),
            Task::Re | Task::Classify => limit,
        };
        let capacity = self.max_tokens.unwrap_or(default) - 2;
        let step = match self.task() {
            Task::Qa => capacity.min(128),
            // Windows share a quarter, so each piece has an eighth of a window around it.
            _ => capacity * 3 / 4,
        };
        (capacity, self.window_step.unwrap_or(step))
    }

    /// Refuses a head that says that it belongs to another encoder's file.
    pub(crate) fn check_encoder(&self, file: &str, sha256: &str) -> Result<()> {
        if self.provenance.encoder_sha256.as_deref().is_some_and(|own| own != sha256) {
            return Err(Error::model(file, "the head belongs to another encoder"));
        }
        Ok(())
    }

    /// What must fit whatever file the head came from.
    pub(crate) fn check(&self, file: &str) -> Result<()> {
        let refuse = |reason: &str| Err(Error::model(file, reason));
        if self.labels.is_empty() || self.labels.len() > MOST_LABELS {
            return refuse(&format!("{} labels", self.labels.len()));
        }
        if self.label_text.as_ref().is_some_and(|text| text.len() != self.labels.len()) {
            return refuse("label_text and labels differ in length");
        }
        if self.negative().is_some_and(|negative| !self.labels.iter().any(|l| l == negative)) {
            return refuse("negative is not one of the labels");
        }
        if self.task() == Task::Re && self.decides_each_label() {
            return refuse("a relation head chooses one of two labels or more");
        }
        if matches!(self.output, Output::Answer { .. }) && self.labels.len() != 2 {
            return refuse("a span head has two labels: start and end");
        }
        if self.task() == Task::Assertion && self.assertions().is_none() {
            let names = AssertionValue::ALL.map(AssertionValue::name).join(", ");
            return refuse(&format!("the labels of an assertion head are {names}, in any order"));
        }
        if self.related().iter().any(|kinds| kinds.len() > MOST_KINDS) {
            return refuse(&format!("an end of a relation is of {MOST_KINDS} kinds at most"));
        }
        let pools = self.pooling().is_some_and(|pooling| pooling != ClsPooling::Cls);
        if pools && self.kind != Kind::Cls {
            return refuse("only a head that reads [CLS] has a pooler");
        }
        if let Some(eps) = self.transform_eps {
            if self.kind.reads_layers() || self.pooling().is_some_and(ClsPooling::has_pooler) {
                return refuse("transform_eps is for a head without a pooler, of the last states");
            }
            if !(eps > 0.0 && eps < 1.0) {
                return refuse("transform_eps is not between 0 and 1");
            }
        }
        if self.is_regression() && self.calibration.is_some() {
            return refuse("the numbers of a regression have no calibration");
        }
        if self.has_token_crf() && self.kind != Kind::Token {
            return refuse("crf is said of heads of the kind token only");
        }
        if self
            .calibration
            .is_some_and(|temperature| temperature <= 0.0 || !temperature.is_finite())
        {
            return refuse("calibration is not a positive number");
        }
        Ok(())
    }
}

/// More labels than any head has.
const MOST_LABELS: usize = 65_536;

/// More kinds than any relation is between.
const MOST_KINDS: usize = 64;

/// Whether a name can stand in a file name, a command line and a JSON key alike.
pub fn is_head_name(name: &str) -> bool {
    let ok = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !name.is_empty() && name.len() <= 64 && !name.starts_with('.') && name.bytes().all(ok)
}
