//! The loop: batches of like length, a rate that rises and falls, the epoch that does best on held-out
//! data.

use std::sync::Arc;

use biobert_kernels::FloatEnv;
use serde::Serialize;

use crate::engine::{Control, Engine};
use crate::error::{Error, Result};
use crate::tasks::Tag;
use crate::train::adamw::AdamW;
use crate::train::defect;
use crate::train::features::{Features, Sequence};
use crate::train::net::{Batch, Net, Sizes, Tensors};

/// How much time a training may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// A first answer: three epochs, of few texts as many as make 150 steps.
    Fast,
    /// Ten epochs, of few texts as many as make 600 steps.
    #[default]
    Best,
}

impl Preset {
    /// Epochs over so many sequences.
    pub(super) fn epochs(self, sequences: usize) -> usize {
        let (epochs, steps) = match self {
            Preset::Fast => (3, 150_usize),
            Preset::Best => (10, 600),
        };
        epochs.max(steps.div_ceil(sequences.div_ceil(BATCH).max(1)))
    }
}

/// Settings of a training.
#[derive(Debug, Clone, Default)]
pub struct TrainOptions {
    /// How long it takes.
    pub preset: Preset,
    /// Where chance starts: the same seed, data, model and machine give the same head.
    pub seed: u64,
    /// Whether the head is trained once more, on training and held-out data together, for as many
    /// epochs as the held-out data chose.
    pub refit: bool,
}

/// Where a training stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Progress {
    /// The encoder has read so many of so many sequences.
    Reading {
        /// Sequences read.
        done: usize,
        /// Sequences there are.
        of: usize,
    },
    /// So many batches of so many are done, over all epochs.
    Learning {
        /// Batches done.
        done: usize,
        /// Batches there are.
        of: usize,
        /// The mean loss of the last epoch's batches so far.
        loss: f32,
    },
    /// An epoch ended.
    Epoch {
        /// Its number, from 1.
        epoch: usize,
        /// The mean loss of its batches.
        loss: f32,
        /// F1 on the held-out data in percent, if there are any.
        f1: Option<f64>,
    },
}

/// Sequences in a batch.
const BATCH: usize = 32;
/// Batches whose sequences are sorted by length together, so that a step of the LSTM has many rows.
const POOL: usize = 16;
/// The highest rate.
const RATE: f64 = 2e-3;
/// Width of each direction of the LSTM.
const WIDTH: usize = 128;
/// Part of the steps in which the rate rises.
const WARM_UP: f64 = 0.1;

/// What became of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Epoch {
    /// The mean loss of its batches: of a sequence, how unlikely its right labels were (minus the
    /// logarithm of their probability).
    pub loss: f32,
    /// F1 on the held-out texts in percent, if there are any.
    pub f1: Option<f64>,
}

/// A head after its training.
pub(super) struct Fitted {
    pub(super) tensors: Tensors,
    /// The epoch that it is of, from 1.
    pub(super) epoch: usize,
    /// Whether it was told to stop before its last epoch.
    pub(super) stopped: bool,
    pub(super) history: Vec<Epoch>,
}

/// What is trained on.
pub(super) struct Task<'a> {
    pub(super) engine: &'a Engine,
    pub(super) features: &'a Features,
    pub(super) sequences: &'a [&'a Sequence],
    pub(super) hidden: usize,
    pub(super) tags: Arc<[Tag]>,
    pub(super) seed: u64,
    pub(super) control: &'a Control,
}

impl Task<'_> {
    /// Trains on the sequences named for at most `epochs` epochs of a schedule of `schedule`. Gives
    /// `judge` the head after each epoch; the best one by its score is kept, without scores the
    /// last. Who is told to stop gets the best so far, and an error only before there is one.
    pub(super) fn fit(
        &self,
        on: &[usize],
        epochs: usize,
        schedule: usize,
        judge: impl Fn(&Tensors) -> Result<Option<f64>> + Send,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Fitted> {
        let _env = FloatEnv::standard();
        // The autograd works on the pool of whoever calls it, which must not be the host's.
        let threads = self.engine.options().threads;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .start_handler(|_| crate::silence::keep_this_thread_silent())
            .build()
            .map_err(|_| Error::Io {
                file: "threads".into(),
                reason: "none can be started".into(),
            })?;
        pool.install(|| {
            let _env = FloatEnv::standard();
            self.run(on, epochs, schedule, judge, progress)
        })
    }

    fn run(
        &self,
        on: &[usize],
        epochs: usize,
        schedule: usize,
        judge: impl Fn(&Tensors) -> Result<Option<f64>>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Fitted> {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let sizes = Sizes { hidden: self.hidden, width: WIDTH, labels: self.tags.len() };
        let kernel = self.engine.workers().kernel();
        let net = Net::new(sizes, kernel, self.tags.clone(), &mut random).map_err(defect)?;
        let mut optimizer = AdamW::new(&net.vars()).map_err(defect)?;
        let per_epoch = on.len().div_ceil(BATCH);
        let steps = (schedule * per_epoch) as f64;
        let mut done = 0;
        let mut history = Vec::with_capacity(epochs);
        let mut best: Option<(f64, Tensors, usize)> = None;
        'epochs: for epoch in 1..=epochs {
            let mut sum = 0.0;
            for (index, chosen) in self.batches(on, &mut random).into_iter().enumerate() {
                match self.control.check() {
                    // Who is told to stop keeps the best epoch so far.
                    Err(_) if best.is_some() => break 'epochs,
                    told => told?,
                }
                let at = (done + 1) as f64 / steps;
                let rate = RATE * (at / WARM_UP).min(1.0) * (1.0 - at).max(0.02);
                let (loss, gradients) =
                    net.step(self.batch(&chosen), &mut random).map_err(defect)?;
                optimizer.step(&net.vars(), &gradients, rate).map_err(defect)?;
                sum += loss;
                done += 1;
                let loss = sum / (index + 1) as f32;
                progress(Progress::Learning { done, of: epochs * per_epoch, loss });
            }
            let tensors = net.tensors().map_err(defect)?;
            let f1 = judge(&tensors)?;
            let loss = sum / per_epoch.max(1) as f32;
            progress(Progress::Epoch { epoch, loss, f1 });
            history.push(Epoch { loss, f1 });
            let score = f1.unwrap_or(epoch as f64);
            // Of equals the later: it has learnt more, and a score of few texts is often the same.
            if best.as_ref().is_none_or(|(best, _, _)| score >= *best) {
                best = Some((score, tensors, epoch));
            }
        }
        let (_, tensors, epoch) = best.ok_or_else(|| Error::Internal("no epoch".into()))?;
        Ok(Fitted { tensors, epoch, stopped: history.len() < epochs, history })
    }

    /// The sequences in a new order, in batches of like length.
    fn batches(&self, on: &[usize], random: &mut fastrand::Rng) -> Vec<Vec<usize>> {
        let mut order = on.to_vec();
        random.shuffle(&mut order);
        let mut batches: Vec<Vec<usize>> = Vec::new();
        for pool in order.chunks_mut(BATCH * POOL) {
            pool.sort_by_key(|&sequence| self.features.words(sequence));
            batches.extend(pool.chunks(BATCH).map(<[usize]>::to_vec));
        }
        random.shuffle(&mut batches);
        batches
    }

    fn batch(&self, chosen: &[usize]) -> Batch {
        let mut batch = Batch { means: Vec::new(), labels: Vec::new(), starts: vec![0] };
        for &sequence in chosen {
            self.features.append(sequence, &mut batch.means);
            batch.labels.extend(&self.sequences[sequence].labels);
            batch.starts.push(batch.labels.len());
        }
        batch
    }
}
