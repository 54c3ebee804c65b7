//! What a training or a measurement came to.

use serde::Serialize;

use crate::eval::Evaluation;
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
