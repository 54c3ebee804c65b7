//! Measures: how well a head does on examples. One evaluator a task; a training counts with the same.

mod answers;
mod assertion;
mod calibration;
mod classes;
mod document;
pub(crate) mod example;
mod factoid;
mod linked;
mod ner;
mod pairs;
mod raw;
mod report;
mod terms;
mod yes_no;

pub use document::{DocumentEvaluation, evaluate_documents};
pub use example::{
    Annotated, Answered, Asserted, AssertedMark, Data, DataOptions, Example, Factoid, Labelled,
    Mark, Pair, YesNo, read, read_golden,
};
pub use report::{
    AnswerScore, AssertionReport, AssertionScore, ClassScore, Confusion, Evaluation, FactoidScore,
    KindScore, LabelScore, ListScore, NerScore, Score, YesNoScore,
};

pub use pairs::PairScore;
pub use raw::raw_link_scores;
pub use terms::{LinkScore, link_scores};

pub(crate) use answers::{AnswerTally, Span};
pub(crate) use assertion::AssertionTally;
pub(crate) use calibration::Bins;
pub(crate) use classes::ClassTally;
pub(crate) use ner::EntityTally;

use std::sync::Arc;

use biobert_kernels::FloatEnv;

use crate::engine::{Cancel, Control};
use crate::error::{Error, Result};
use crate::heads::{Head, HeadSpec, Kind, Task};
use crate::model::{HeadFile, Model};
use crate::tasks::RunOptions;
use crate::text::OffsetUnit;

/// What is measured, and how.
#[derive(Debug, Clone, Default)]
pub struct EvalOptions {
    /// The kinds of entity to score; all that the head finds if there is none. What the head finds of
    /// other kinds is not counted.
    pub kinds: Vec<String>,
    /// How factoid questions are answered.
    pub scoring: Scoring,
    /// Of list questions, [`QaOptions::threshold`](crate::QaOptions::threshold); 0.4 if it is not given.
    pub threshold: Option<f32>,
    /// A switch that ends the measurement.
    pub cancel: Cancel,
}

/// How factoid questions are answered from their passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scoring {
    /// As [`Model::qa`] answers them, pooled.
    #[default]
    Pooled,
    /// As BioBERT's scripts do: no answer is mended, and only what differs in case alone is one. List
    /// questions are not measured.
    Biobert,
}

/// Measures a head of a model on examples, which it has not learnt from.
///
/// Entities count by conlleval's rules; assertions on entities whose places are known. F1 of relations and classes is the micro average over the positive
/// labels: all but the head's `negative` one; without such a label, the second of two labels, or all of
/// more (dmis-lab/biobert `re_eval.py`); a text that is too long is cut. Answers count as in SQuAD, by
/// pieces; factoid and list questions as in BioASQ.
///
/// `progress` is told how many examples are done.
///
/// # Errors
/// [`Error::NotFound`] for an unknown head; [`Error::Argument`] for examples of another task, or with
/// labels or kinds that the head does not know, or a threshold that is not from 0 to 1 or that nothing is left out by;
/// [`Error::Cancelled`].
pub fn evaluate(
    model: &Model,
    head: &str,
    examples: &[Example],
    options: &EvalOptions,
    progress: &mut dyn FnMut(usize),
) -> Result<Evaluation> {
    Evaluator::new(model, model.head(head)?.clone(), options).evaluate(examples, progress)
}

/// Measures a head by itself, as [`evaluate`] does.
///
/// # Errors
/// Those of [`evaluate`], and those of [`Model::with_head`] for a head of another model.
pub fn evaluate_file(
    model: &Model,
    head: &HeadFile,
    examples: &[Example],
    options: &EvalOptions,
    progress: &mut dyn FnMut(usize),
) -> Result<Evaluation> {
    model.expect_states()?;
    let head = {
        let _env = FloatEnv::standard();
        Arc::new(head.head(model, head.name())?)
    };
    Evaluator::new(model, head, options).evaluate(examples, progress)
}

/// The kinds of entity that a head finds, in the order of its labels.
pub fn kinds(spec: &HeadSpec) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for kind in spec.tags().iter().filter_map(|tag| tag.kind()) {
        if kinds.iter().all(|known| **known != **kind) {
            kinds.push(kind.to_string());
        }
    }
    kinds
}

/// A head that is measured.
struct Evaluator<'a> {
    model: &'a Model,
    head: Arc<Head>,
    options: RunOptions,
    control: Control,
    kinds: &'a [String],
    scoring: Scoring,
    threshold: Option<f32>,
}

impl Evaluator<'_> {
    fn new<'a>(model: &'a Model, head: Arc<Head>, options: &'a EvalOptions) -> Evaluator<'a> {
        let cancel = Some(options.cancel.clone());
        let run = RunOptions { cancel, ..RunOptions::new(OffsetUnit::Utf8Bytes) };
        let control = run.control();
        let EvalOptions { kinds, scoring, threshold, .. } = options;
        let (scoring, threshold) = (*scoring, *threshold);
        Evaluator { model, head, options: run, control, kinds, scoring, threshold }
    }

    fn evaluate(
        &self,
        examples: &[Example],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Evaluation> {
        let spec = &self.head.spec;
        if let Some(at) = examples.iter().position(|example| example.task() != spec.task()) {
            return Err(wrong(at, "it is for another task"));
        }
        let factoid = matches!(examples.first(), Some(Example::Factoid(_)));
        match (spec.task(), spec.kind) {
            (Task::Ner, _) => self.entities(examples, progress),
            (Task::Re | Task::Classify, _) => self.classes(examples, progress),
            (Task::Qa, Kind::Cls) => self.yes_no(examples, progress),
            (Task::Qa, _) if factoid => self.factoid(examples, progress),
            (Task::Qa, _) => self.answers(examples, progress),
            (Task::Assertion, _) => self.assertions(examples, progress),
        }
    }

    /// The index of an example's label.
    fn label(&self, at: usize, label: &str) -> Result<usize> {
        let known = self.head.spec.labels.iter().position(|known| known == label);
        known.ok_or_else(|| wrong(at, "it has a label that the head does not know"))
    }
}

/// What is wrong with an example, by its index.
fn wrong(at: usize, reason: &str) -> Error {
    Error::Argument(format!("example {}: {reason}", at + 1))
}

/// A part of a whole in percent, rounded to two places; 0 of nothing.
fn percent(part: usize, of: usize) -> f64 {
    rounded(if of == 0 { 0.0 } else { 100.0 * part as f64 / of as f64 })
}

/// F1 in percent of what is right, what was predicted and what there is.
fn f1(right: usize, predicted: usize, gold: usize) -> f64 {
    percent(2 * right, predicted + gold)
}

/// Two places, as the measuring scripts print.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
