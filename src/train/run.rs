//! A training from its examples to its head, and the measurement of a head.

use std::ops::ControlFlow;

use sha2::{Digest, Sha256};

use crate::engine::Cancel;
use crate::error::{Error, Result};
use crate::eval::Example;
use crate::files::write::{Tensor, serialize};
use crate::hash::hex;
use crate::heads::Task;
use crate::heads::mix::Mix;
use crate::model::{HeadFile, Model};
use crate::tasks::RunOptions;
use crate::text::OffsetUnit;
use crate::train::features::{Features, Layers};
use crate::train::fit::{Fit, Schedule};
use crate::train::judge::Judge;
use crate::train::lesson::{Goal, Lesson};
use crate::train::net::{Body, Design, Tensors};
use crate::train::options::{HeadKind, Progress, TrainOptions};
use crate::train::report::{Calibration, TrainReport, TrainedHead};
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
    model.expect_states()?;
    let size = train.iter().chain(dev.unwrap_or_default()).map(Example::size).sum();
    let limit = model.engine().options().max_batch_bytes;
    if size > limit {
        return Err(Error::Limit { what: "the training data", size, limit });
    }
    let run = RunOptions { cancel: Some(cancel.clone()), ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let control = run.control();
    let mut lesson = Lesson::new(model, task, train, dev, options, &control)?;
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

    // The sequences follow from these.
    let spec = &lesson.spec;
    let encoder = (
        &spec.provenance.encoder_sha256,
        model.precision().name(),
        &spec.provenance.tokenizer_sha256,
    );
    let made_by = (kind.name(), env!("CARGO_PKG_VERSION"));
    let of_features = sha256(&(encoder, made_by, task, &spec.provenance.data_sha256));
    let learnt = (options.seed, &lesson.on, schedule.epochs, &design.weights);
    let fingerprint = sha256(&(&of_features, learnt));

    let work = Work::open(options.work.as_deref())?;
    let of = lesson.sequences.len();
    let features = Features::read(
        model,
        &layers,
        &lesson.sequences,
        work.features(&of_features)?,
        options.max_feature_bytes,
        &control,
        |done| match progress(Progress::Reading { done, of }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Cancelled),
        },
    )?;
    work.features_are_whole(&of_features)?;
    let judge = Judge {
        engine: model.engine(),
        lesson: &lesson,
        features: &features,
        layers: &layers,
        hidden: model.hidden(),
    };
    // As it will be read again.
    let judged = |tensors: &Tensors| {
        let head = HeadFile::new(NAME, lesson.spec.clone(), &bytes(tensors)?)?;
        judge.judge(&head.head(model, NAME)?.weights)
    };
    let fit = Fit {
        engine: model.engine(),
        lesson: &lesson,
        features: &features,
        design: &design,
        schedule,
        seed: options.seed,
        control: &control,
        work: &work,
        fingerprint: &fingerprint,
    };
    let score = |tensors: &Tensors| match lesson.off.is_empty() {
        true => Ok(None),
        false => Ok(Some(judged(tensors)?.0.score.f1())),
    };
    let first = fit.run(&lesson.on, schedule.epochs, FIRST, score, progress)?;
    let (mut evaluation, decisions) = judged(&first.tensors)?;
    let mut spec = lesson.spec.clone();
    spec.calibration = decisions.temperature();
    evaluation.calibration_error = decisions.error(spec.calibration.unwrap_or(1.0));
    let calibration = spec.calibration.and_then(|temperature| {
        Some(Calibration { temperature, error_before: decisions.error(1.0)? })
    });
    let (mut tensors, mut stopped) = (first.tensors, first.stopped);
    if options.refit && !lesson.off.is_empty() && !stopped {
        let both: Vec<usize> = (0..lesson.sequences.len()).collect();
        match fit.run(&both, first.epoch, AGAIN, |_| Ok(None), progress) {
            Ok(again) if !again.stopped => tensors = again.tensors,
            // Half a second training is worse than the whole first one.
            Ok(_) | Err(Error::Cancelled) => stopped = true,
            Err(error) => return Err(error),
        }
    }
    let report = TrainReport {
        task,
        head_kind: kind.name(),
        labels: spec.labels.clone(),
        texts: lesson.texts,
        held_out: lesson.held_out,
        epoch: first.epoch,
        stopped,
        evaluation,
        calibration,
        history: first.history,
    };
    spec.provenance.metrics = serde_json::to_value(&report).ok();
    let head = HeadFile::new(NAME, spec, &bytes(&tensors)?)?;
    work.finish(&[FIRST, AGAIN])?;
    Ok(TrainedHead { head, report })
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
