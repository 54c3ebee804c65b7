//! A training from its examples to its head, and the measurement of a head.

use std::fs::File;
use std::ops::ControlFlow;

use sha2::{Digest, Sha256};

use crate::engine::{Cancel, Control};
use crate::error::{Error, Result};
use crate::eval::{Evaluation, Example};
use crate::files::write::{Tensor, serialize};
use crate::hash::hex;
use crate::heads::Globals;
use crate::heads::Task;
use crate::heads::mix::Mix;
use crate::model::{HeadFile, Model};
use crate::tasks::RunOptions;
use crate::text::OffsetUnit;
use crate::train::calibrate::Decisions;
use crate::train::features::{Features, Layers};
use crate::train::fit::{Fit, Fitted, Schedule};
use crate::train::judge::Judge;
use crate::train::lesson::{Goal, Lesson};
use crate::train::net::{Body, Design, Tensors};
use crate::train::options::{HeadKind, Progress, TrainOptions};
use crate::train::report::{TrainReport, TrainedHead};
use crate::train::work::Work;

/// What a head is called until somebody gives it a name.
const NAME: &str = "trained";
/// Width of each direction of an LSTM.
const LSTM: usize = 128;
/// Width of a hidden layer.
const HIDDEN: usize = 256;
/// What a training keeps to go on from: the first time, and again with all data.
const FIRST: &str = "first.safetensors";
const AGAIN: &str = "again.safetensors";

/// Trains a head for a task from examples. Without examples to hold out, `dev`, a tenth of them is,
/// drawn by class and random seed; of fewer than ten none is.
///
/// What the encoder says is kept on disk, 2 bytes a number: 0.8 GB for a million words of states of
/// 384. `progress` is told where the training stands, many times a second, on the thread of the call; by
/// breaking it stops the training, as `cancel` does.
///
/// # Errors
/// [`Error::Argument`] where there is nothing to learn from; [`Error::Unsupported`] for a model that
/// is no BERT; [`Error::Cancelled`] before the first epoch has ended, afterwards the best head so far is
/// given; [`Error::Busy`] where another training uses the working directory; [`Error::Limit`] and
/// [`Error::Io`] for what is kept there.
pub fn train(
    model: &Model,
    task: Task,
    train: &[Example],
    dev: Option<&[Example]>,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<TrainedHead> {
    let run = RunOptions { cancel: Some(cancel.clone()), ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let control = run.control();
    let plan = Plan::new(model, task, train, dev, options, &control)?;
    let Plan { kind, lesson, layers, design, schedule } = &plan;
    let [of_features, fingerprint] = &plan.fingerprints(model, options);
    let work = Work::open(options.work.as_deref())?;
    let (limit, file) = (options.max_feature_bytes, work.features(of_features)?);
    let features = plan.features(model, limit, file, &control, progress)?;
    work.features_are_whole(of_features)?;
    let (engine, hidden) = (model.engine(), model.hidden());
    let judge = Judge { engine, lesson, features: &features, layers, hidden };
    // As it will be read again.
    let judged = |tensors: &Tensors| {
        let head = HeadFile::new(NAME, lesson.spec.clone(), &bytes(tensors)?)?;
        judge.judge(&head.head(model, NAME)?.weights)
    };
    let fit = Fit {
        engine,
        lesson,
        features: &features,
        design,
        schedule: *schedule,
        seed: options.seed,
        control: &control,
        work: &work,
        fingerprint,
    };
    let (first, tensors) = learn(&fit, options.refit, judged, progress)?;
    let (mut evaluation, decisions) = judged(&first.tensors)?;
    let calibration = decisions.calibration();
    let temperature = calibration.map(|calibration| calibration.temperature);
    evaluation.calibration_error = decisions.error(temperature.unwrap_or(1.0));
    let report = TrainReport {
        task,
        head_kind: kind.name(),
        labels: lesson.spec.labels.clone(),
        texts: lesson.texts,
        held_out: lesson.held_out,
        epoch: first.epoch,
        stopped: first.stopped,
        evaluation,
        calibration,
        history: first.history,
    };
    let mut spec = lesson.spec.clone();
    spec.calibration = temperature;
    spec.provenance.metrics = serde_json::to_value(&report).ok();
    let head = HeadFile::new(NAME, spec, &bytes(&tensors)?)?;
    work.finish(&[FIRST, AGAIN])?;
    Ok(TrainedHead { head, report })
}

/// What is learnt, and how.
struct Plan {
    kind: HeadKind,
    lesson: Lesson,
    layers: Layers,
    design: Design,
    schedule: Schedule,
}

impl Plan {
    fn new(
        model: &Model,
        task: Task,
        train: &[Example],
        dev: Option<&[Example]>,
        options: &TrainOptions,
        control: &Control,
    ) -> Result<Plan> {
        model.expect_states()?;
        let size = train.iter().chain(dev.unwrap_or_default()).map(Example::size).sum();
        let limit = model.engine().options().max_batch_bytes;
        if size > limit {
            return Err(Error::Limit { what: "the training data", size, limit });
        }
        let mut lesson = Lesson::new(model, task, train, dev, options, control)?;
        lesson.spec.provenance.data_sha256 = Some(sha256(&(train, dev)));
        let kind = options.head_kind.unwrap_or(HeadKind::of(task));
        let count = model.layers() + 1;
        let layers = match kind {
            HeadKind::Linear => Layers::Mixed(Mix::last(count)),
            HeadKind::Mix | HeadKind::Mlp => Layers::Each,
            HeadKind::Lstm | HeadKind::LstmCrf => Layers::Mixed(Mix::mean(count)),
        };
        let design = design(model, &lesson, kind, options, count);
        let schedule = Schedule::new(&design, options.preset, lesson.on.len());
        Ok(Plan { kind, lesson, layers, design, schedule })
    }

    /// What the encoder says of the sequences, in a file.
    fn features(
        &self,
        model: &Model,
        limit: u64,
        file: (File, bool),
        control: &Control,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Features> {
        let sequences = &self.lesson.sequences;
        let of = sequences.len();
        let told = |done| match progress(Progress::Reading { done, of }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Cancelled),
        };
        let sequences = (&sequences[..], Globals::of(&self.lesson.spec));
        Features::read(model, &self.layers, sequences, file, limit, control, told)
    }

    /// Of the features, which follow from the sequences, and of what is learnt from them.
    fn fingerprints(&self, model: &Model, options: &TrainOptions) -> [String; 2] {
        let made_of = &self.lesson.spec.provenance;
        let encoder =
            (&made_of.encoder_sha256, model.precision().name(), &made_of.tokenizer_sha256);
        let made_by = (self.kind.name(), env!("CARGO_PKG_VERSION"));
        let task = self.lesson.spec.task();
        let of_features = sha256(&(encoder, made_by, task, &made_of.data_sha256));
        let (on, epochs) = (&self.lesson.on, self.schedule.epochs);
        let learnt = (options.seed, on, epochs, &self.design.weights);
        let fingerprint = sha256(&(&of_features, learnt));
        [of_features, fingerprint]
    }
}

/// Trains, and then once more on all sequences if that is wanted; also gives the tensors of the last
/// training that was not told to stop: half a second training is worse than the whole first one.
fn learn(
    fit: &Fit<'_>,
    refit: bool,
    judged: impl Fn(&Tensors) -> Result<(Evaluation, Decisions)> + Sync,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<(Fitted, Tensors)> {
    let lesson = fit.lesson;
    let score = |tensors: &Tensors| match lesson.off.is_empty() {
        true => Ok(None),
        false => Ok(Some(judged(tensors)?.0.score.f1())),
    };
    let mut first = fit.run(&lesson.on, fit.schedule.epochs, FIRST, score, progress)?;
    if refit && !lesson.off.is_empty() && !first.stopped {
        let all: Vec<usize> = (0..lesson.sequences.len()).collect();
        match fit.run(&all, first.epoch, AGAIN, |_| Ok(None), progress) {
            Ok(again) if !again.stopped => return Ok((first, again.tensors)),
            Ok(_) | Err(Error::Cancelled) => first.stopped = true,
            Err(error) => return Err(error),
        }
    }
    let tensors = first.tensors.clone();
    Ok((first, tensors))
}

fn design(
    model: &Model,
    lesson: &Lesson,
    kind: HeadKind,
    options: &TrainOptions,
    count: usize,
) -> Design {
    let (mix, mixed, body) = match kind {
        HeadKind::Linear => (None, None, Body::Nothing),
        HeadKind::Mix => (Some(count), None, Body::Nothing),
        HeadKind::Mlp => (Some(count), None, Body::Hidden(HIDDEN)),
        HeadKind::Lstm | HeadKind::LstmCrf => {
            (None, Some(vec![1.0 / count as f32; count]), Body::Lstm(LSTM))
        }
    };
    let balanced = (options.balanced && lesson.goal() == Goal::Class).then(|| {
        let counts = lesson.class_counts();
        let (all, classes) = (lesson.on.len() as f32, counts.len() as f32);
        counts.iter().map(|&count| all / (classes * count.max(1) as f32)).collect()
    });
    Design {
        hidden: model.hidden(),
        mix,
        mixed,
        places: lesson.spec.places(),
        norm: kind != HeadKind::Linear,
        body,
        goal: lesson.goal(),
        tags: lesson.tags.clone(),
        weights: balanced,
    }
}

/// A fingerprint of data of ours, by way of JSON.
fn sha256(data: &impl serde::Serialize) -> String {
    let mut hash = Sha256::new();
    // Hashing cannot fail, and neither can JSON of lists and numbers.
    let _ = serde_json::to_writer(&mut hash, data);
    hex(hash)
}

/// Tensors as the bytes of a safetensors file.
fn bytes(tensors: &Tensors) -> Result<Vec<u8>> {
    let tensors = tensors.iter().map(|(name, shape, values)| {
        Tensor::f32(name.clone(), shape.clone(), values.iter().copied())
    });
    serialize(&tensors.collect::<Vec<_>>(), None)
}
