//! What a training or a measurement came to.

use serde::Serialize;

use crate::eval::conlleval::NerScore;
use crate::eval::labelled::ClassScore;
use crate::heads::Task;
use crate::model::HeadFile;

/// A head that was trained, not yet in files, and what came out.
#[derive(Debug, Clone)]
pub struct TrainedHead {
    /// The head.
    pub head: HeadFile,
    /// What came out.
    pub report: TrainReport,
}

/// What a training came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrainReport {
    /// The task that was learnt.
    pub task: Task,
    /// What the head is made of, such as `lstm-crf`.
    pub head_kind: &'static str,
    /// The labels that it gives.
    pub labels: Vec<String>,
    /// Examples that it learnt from.
    pub texts: usize,
    /// Examples that were held out to choose the epoch; after a refit it learnt from them too.
    pub held_out: usize,
    /// The epoch that was chosen, from 1.
    pub epoch: usize,
    /// Whether it was told to stop; the head is that of the best epoch until then.
    pub stopped: bool,
    /// How it did on what was held out, at that epoch.
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// How its probabilities were corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
    /// What became of each epoch.
    pub history: Vec<Epoch>,
}

/// What became of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Epoch {
    /// The mean loss of its batches: how unlikely what is right was (minus the logarithm of its
    /// probability).
    #[serde(serialize_with = "short")]
    pub loss: f32,
    /// F1 on the held-out examples in percent, where they were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1: Option<f64>,
}

/// How a head does on examples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// The score as a whole.
    pub score: Score,
    /// Each label, or each kind of entity, by itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_label: Vec<LabelScore>,
    /// What was taken for what; of entities word by word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confusion: Option<Confusion>,
    /// How far probabilities are from how often they are right, 0 to 1: the expected calibration error
    /// over fifteen bins (Guo et al. 2017). Of entities over the words that are in one, or are said
    /// to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration_error: Option<f64>,
}

/// The score of a task, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Score {
    /// Of entities.
    Ner(NerScore),
    /// Of relations and classes.
    Classes(ClassScore),
    /// Of answers.
    Answers(AnswerScore),
}

impl Score {
    /// F1 in percent.
    pub fn f1(&self) -> f64 {
        match self {
            Score::Ner(score) => score.f1,
            Score::Classes(score) => score.f1,
            Score::Answers(score) => score.f1,
        }
    }
}

/// How well answers are found, in percent, as SQuAD counts but by pieces.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct AnswerScore {
    /// Questions whose best answer is exactly the right one, or that rightly have none.
    pub exact: f64,
    /// The mean over questions of the harmonic mean of precision and recall of the best answer's pieces.
    pub f1: f64,
    /// Questions.
    pub questions: usize,
}

/// Precision, recall and F1 of a label, in percent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelScore {
    /// The label.
    pub label: String,
    /// Right ones of those that were given.
    pub precision: f64,
    /// Right ones of those that there are.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// How many there are.
    pub gold: usize,
    /// How many were given.
    pub predicted: usize,
    /// How many were given rightly.
    pub correct: usize,
}

/// How often each label was taken for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The labels of rows and columns.
    pub labels: Vec<String>,
    /// A row for each right label, a column for each that was given.
    pub counts: Vec<Vec<usize>>,
}

/// The correction of a head's probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Calibration {
    /// What logits are divided by.
    #[serde(serialize_with = "short")]
    pub temperature: f32,
    /// The calibration error without it.
    pub error_before: f64,
}

/// Four places: what is written comes back as it was, whoever reads it.
fn short<S: serde::Serializer>(value: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((f64::from(*value) * 1e4).round() / 1e4)
}
