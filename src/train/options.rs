//! How a head is trained.

use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::heads::Task;

/// How much time a training may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// A first answer: a few epochs, of few texts as many as make 150 steps.
    Fast,
    /// Ten epochs, of few texts as many as make 600 steps.
    #[default]
    Best,
}

/// The architecture of a head. All read a frozen encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadKind {
    /// One linear layer on the last layer's states: a baseline, much worse for entities.
    Linear,
    /// A learned mix of the encoder's layers, a norm, a linear layer; for entities a CRF.
    Mix,
    /// Relations and classes: the same with a hidden layer.
    Mlp,
    /// Answers: the mean over the layers, and an LSTM in both directions.
    Lstm,
    /// Entities: the same with a CRF.
    LstmCrf,
}

impl HeadKind {
    /// The one that does best for a task.
    pub fn of(task: Task) -> HeadKind {
        match task {
            Task::Ner => HeadKind::LstmCrf,
            Task::Assertion => HeadKind::Linear,
            Task::Re | Task::Classify => HeadKind::Mlp,
            Task::Qa => HeadKind::Lstm,
        }
    }

    /// The name that options and reports use.
    pub fn name(self) -> &'static str {
        match self {
            HeadKind::Linear => "linear",
            HeadKind::Mix => "mix",
            HeadKind::Mlp => "mlp",
            HeadKind::Lstm => "lstm",
            HeadKind::LstmCrf => "lstm-crf",
        }
    }

    pub(super) fn expect_for(self, task: Task) -> Result<()> {
        // A head for assertions reads along with others, of which some read the last layer only.
        let mixes = self == HeadKind::Mix && task != Task::Assertion;
        if mixes || self == HeadKind::Linear || self == HeadKind::of(task) {
            return Ok(());
        }
        Err(Error::Argument(format!("a head of kind {} is for another task", self.name())))
    }
}

/// Settings of a training. The default is a good start.
#[derive(Debug, Clone)]
pub struct TrainOptions {
    /// How long it takes.
    pub preset: Preset,
    /// Its architecture; `None`: the best one for the task.
    pub head_kind: Option<HeadKind>,
    /// Random seed. The same seed, data and model give the same head, on every processor.
    pub seed: u64,
    /// Whether to train the head once more in the end, on training and held-out examples together, for
    /// the number of epochs that the held-out examples chose.
    pub refit: bool,
    /// Classes and relations: whether to give rare labels more weight.
    pub balanced: bool,
    /// Relations: the kinds of the two entities, to find pairs by; `None`: as the masks say,
    /// `Chemical` for `@CHEMICAL$`.
    pub kinds: Option<[String; 2]>,
    /// Relations: what replaces the two entities; `@ENTITY1$` and `@ENTITY2$` if not given.
    pub masks: Option<[String; 2]>,
    /// Relations: the label that means "none"; `None`: a label that says so, such as `0` or `false`.
    pub negative: Option<String>,
    /// A directory for intermediate results. A training that was killed resumes from there when it is
    /// started again with the same data and settings. It is emptied in the end. `None`: a nameless
    /// file in the system's temporary directory is used, and the training cannot resume.
    pub work: Option<PathBuf>,
    /// The most bytes of encoder output to keep on disk; about 1 kB a word for states of 384.
    pub max_feature_bytes: u64,
    /// Licence of the weights, for the head's file.
    pub licence: Option<String>,
    /// Date of the training, for the head's file; `None`: the file has no date.
    pub date: Option<String>,
}

impl Default for TrainOptions {
    fn default() -> Self {
        TrainOptions {
            preset: Preset::default(),
            head_kind: None,
            seed: 0,
            refit: false,
            balanced: false,
            kinds: None,
            masks: None,
            negative: None,
            work: None,
            max_feature_bytes: 32 << 30,
            licence: None,
            date: None,
        }
    }
}

/// The progress of a training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Progress {
    /// The encoder has read so many of so many sequences.
    Reading {
        /// Sequences read.
        done: usize,
        /// Sequences in all.
        of: usize,
    },
    /// A training that was killed resumes after an epoch.
    Resumed {
        /// Its number, from 1.
        epoch: usize,
    },
    /// So many batches of so many are done, over all epochs.
    Learning {
        /// Batches done.
        done: usize,
        /// Batches there are.
        of: usize,
        /// The mean loss of the epoch's batches so far.
        loss: f32,
        /// Time that the rest will take.
        left: Duration,
    },
    /// An epoch ended.
    Epoch {
        /// Its number, from 1.
        epoch: usize,
        /// The mean loss of its batches.
        loss: f32,
        /// F1 on the held-out data in percent, where they were looked at.
        f1: Option<f64>,
    },
}
