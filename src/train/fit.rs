//! The loop: batches of like length, a rate that rises and falls, the epoch that does best on held-out
//! data.

use std::ops::ControlFlow;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use biobert_kernels::FloatEnv;

use crate::engine::{Control, Engine, Threads};
use crate::error::{Error, Result};
use crate::train::adamw::AdamW;
use crate::train::checkpoint::{Best, Checkpoint};
use crate::train::features::Features;
use crate::train::lesson::{Goal, Lesson};
use crate::train::net::{Batch, Body, Design, Net, Tensors};
use crate::train::options::{Preset, Progress};
use crate::train::report::Epoch;
use crate::train::work::Work;

/// Batches whose sequences are sorted by length together, so that a step of the LSTM has many rows.
const POOL: usize = 16;
/// Part of the steps in which the rate rises.
const WARM_UP: f64 = 0.1;
/// Looks at the held-out data in a training: of many short epochs only some are judged.
const LOOKS: usize = 20;
/// Looks without a better score after which a training ends.
const PATIENCE: usize = 5;
/// Time between two checkpoints at least.
const CHECKPOINT: Duration = Duration::from_secs(5);

/// A head after its training.
pub(super) struct Fitted {
    pub(super) tensors: Tensors,
    /// The epoch that it is of, from 1.
    pub(super) epoch: usize,
    /// Whether it was told to stop.
    pub(super) stopped: bool,
    pub(super) history: Vec<Epoch>,
}

/// How fast and how long is learnt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schedule {
    /// Sequences in a batch.
    pub(super) batch: usize,
    /// The highest rate.
    highest: f64,
    /// Epochs over which the rate falls.
    pub(super) epochs: usize,
}

impl Schedule {
    /// What suits a design, for so many sequences.
    pub(super) fn new(design: &Design, preset: Preset, sequences: usize) -> Schedule {
        let goal = design.goal;
        let (batch, rate) = match goal {
            Goal::Rows | Goal::Crf => (32, 2e-3),
            Goal::Class => (32, 1e-3),
            // As BioBERT answers BioASQ; its sequences are long.
            Goal::Span => (12, 1e-3),
        };
        // One layer alone is far from where it starts, and can take large steps; the more so on states
        // without a norm, which are small.
        let rate = match (design.body, design.norm) {
            (Body::Nothing, false) => 50.0 * rate,
            (Body::Nothing, true) => 10.0 * rate,
            _ => rate,
        };
        let (epochs, steps) = match (preset, goal) {
            (Preset::Fast, Goal::Class) => (5, 150_usize),
            (Preset::Fast, _) => (3, 150),
            (Preset::Best, _) => (10, 600),
        };
        let epochs = epochs.max(steps.div_ceil(sequences.div_ceil(batch).max(1)));
        Schedule { batch, highest: rate, epochs }
    }

    /// The rate of a step, which rises first and falls then; `done` is the part of all steps that
    /// has been done with it.
    fn rate(&self, done: f64) -> f64 {
        self.highest * (done / WARM_UP).min(1.0) * (1.0 - done).max(0.02)
    }
}

/// A failure of the autograd is a defect of ours: its operations fit together or they do not.
fn defect(error: candle_core::Error) -> Error {
    let _ = error;
    Error::Internal("training".into())
}

/// What is trained on.
pub(super) struct Fit<'a> {
    pub(super) engine: &'a Engine,
    pub(super) lesson: &'a Lesson,
    pub(super) features: &'a Features,
    pub(super) design: &'a Design,
    pub(super) schedule: Schedule,
    pub(super) seed: u64,
    pub(super) control: &'a Control,
    pub(super) work: &'a Work,
    /// What a checkpoint must have been made with.
    pub(super) fingerprint: &'a str,
}

impl Fit<'_> {
    /// Trains on the sequences named for at most `epochs` epochs. Gives `judge` the head after an epoch;
    /// the best one by its score is kept, without scores the last. Who is told to stop gets the best
    /// so far, and an error only before there is one. `checkpoint` is the name of what it keeps to go on
    /// from.
    pub(super) fn run(
        &self,
        on: &[usize],
        epochs: usize,
        checkpoint: &str,
        judge: impl Fn(&Tensors) -> Result<Option<f64>> + Send,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Fitted> {
        // The autograd works on the pool of whoever calls it, which must not be the host's; the host's
        // own functions are called on the host's thread.
        let (tell, told) = sync_channel(0);
        let (answer, wait) = sync_channel(0);
        let learn = |pool: &rayon::ThreadPool| {
            let mut fitted = Err(Error::Internal("training".into()));
            pool.in_place_scope(|scope| {
                let fitted = &mut fitted;
                scope.spawn(move |_| {
                    let _env = FloatEnv::standard();
                    let mut progress = |progress| {
                        let answer = tell.send(progress).ok().and_then(|()| wait.recv().ok());
                        // No answer: the host's function did not come back.
                        match answer {
                            Some(ControlFlow::Continue(())) => Ok(()),
                            Some(ControlFlow::Break(())) | None => Err(Error::Cancelled),
                        }
                    };
                    *fitted = self.epochs(on, epochs, checkpoint, judge, &mut progress);
                });
                for event in told {
                    let _ = answer.send(progress(event));
                }
            });
            fitted
        };
        // Its threads are gone when the call returns.
        let threads = Threads::start(self.engine.options().threads)?;
        learn(&threads)
    }

    fn epochs(
        &self,
        on: &[usize],
        epochs: usize,
        checkpoint: &str,
        judge: impl Fn(&Tensors) -> Result<Option<f64>>,
        progress: &mut dyn FnMut(Progress) -> Result<()>,
    ) -> Result<Fitted> {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let kernel = self.engine.workers().kernel();
        let net = Net::new(self.design.clone(), kernel, &mut random).map_err(defect)?;
        let mut optimizer = AdamW::new(&net.vars());
        let mut state = Checkpoint::default();
        if let Some(found) = self.kept(checkpoint) {
            found.restore(&net.vars(), &mut optimizer).map_err(defect)?;
            random = fastrand::Rng::with_seed(found.random);
            state = found;
            progress(Progress::Resumed { epoch: state.history.len() })?;
        }
        let per_epoch = on.len().div_ceil(self.schedule.batch);
        let all = epochs * per_epoch;
        let (started, before) = (Instant::now(), state.history.len() * per_epoch);
        let mut kept_at = Instant::now();
        let every = epochs.div_ceil(LOOKS);
        let mut stopped = false;
        'epochs: while state.history.len() < epochs && state.looks_in_vain < PATIENCE {
            let epoch = state.history.len() + 1;
            let mut sum = 0.0;
            for (index, chosen) in self.batches(on, &mut random).into_iter().enumerate() {
                let done = (epoch - 1) * per_epoch + index + 1;
                let part = done as f64 / (self.schedule.epochs * per_epoch) as f64;
                let rate = self.schedule.rate(part);
                let (loss, gradients) =
                    net.step(self.batch(&chosen)?, &mut random).map_err(defect)?;
                optimizer.step(&net.vars(), &gradients, rate).map_err(defect)?;
                sum += loss;
                let each = started.elapsed() / (done - before) as u32;
                let left = each * (all - done) as u32;
                let loss = sum / (index + 1) as f32;
                let told = progress(Progress::Learning { done, of: all, loss, left });
                match told.and_then(|()| self.control.check()) {
                    // Who is told to stop keeps the best epoch so far.
                    Err(_) if state.best.is_some() => {
                        stopped = true;
                        break 'epochs;
                    }
                    told => told?,
                }
            }
            let loss = sum / per_epoch.max(1) as f32;
            let mut f1 = None;
            if epoch == 1 || epoch.is_multiple_of(every) || epoch == epochs {
                let tensors = net.tensors().map_err(defect)?;
                f1 = judge(&tensors)?;
                state.look(Best { score: f1.unwrap_or(epoch as f64), epoch, tensors });
            }
            state.history.push(Epoch { loss, f1 });
            let told = progress(Progress::Epoch { epoch, loss, f1 });
            let last = epoch == epochs || state.looks_in_vain == PATIENCE;
            if self.work.keeps() && (last || kept_at.elapsed() >= CHECKPOINT) {
                state.take(&net.vars(), &optimizer, random.get_seed()).map_err(defect)?;
                self.work.keep(checkpoint, &state.bytes(self.fingerprint)?)?;
                kept_at = Instant::now();
            }
            stopped = told.is_err();
            if stopped {
                break;
            }
        }
        let best = state.best.ok_or_else(|| Error::Internal("no epoch".into()))?;
        Ok(Fitted { tensors: best.tensors, epoch: best.epoch, stopped, history: state.history })
    }

    /// Where this very training stood, if it was begun before.
    fn kept(&self, checkpoint: &str) -> Option<Checkpoint> {
        Checkpoint::read(&self.work.checkpoint(checkpoint)?, self.fingerprint)
    }

    /// The sequences in a new order, in batches of like length.
    fn batches(&self, on: &[usize], random: &mut fastrand::Rng) -> Vec<Vec<usize>> {
        let size = self.schedule.batch;
        let mut order = on.to_vec();
        random.shuffle(&mut order);
        let mut batches: Vec<Vec<usize>> = Vec::new();
        for pool in order.chunks_mut(size * POOL) {
            pool.sort_by_key(|&sequence| self.features.rows(sequence));
            batches.extend(pool.chunks(size).map(<[usize]>::to_vec));
        }
        random.shuffle(&mut batches);
        batches
    }

    fn batch(&self, chosen: &[usize]) -> Result<Batch> {
        let mut batch = Batch { rows: Vec::new(), targets: Vec::new(), starts: vec![0] };
        let mut rows = 0;
        for &sequence in chosen {
            self.features.append(sequence, &mut batch.rows)?;
            batch.targets.extend(&self.lesson.sequences[sequence].targets);
            rows += self.features.rows(sequence);
            batch.starts.push(rows);
        }
        Ok(batch)
    }
}
