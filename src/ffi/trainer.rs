//! Training on the device.

use std::ffi::c_void;
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, TryLockError};

use crate::engine::Cancel;
use crate::error::{Error, Result};
use crate::eval::Mark;
use crate::ffi::boundary::{boundary, guard};
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::error::biobert_error;
use crate::ffi::handle::{Out, array, borrow, give, release};
use crate::ffi::head::biobert_head;
use crate::ffi::json::biobert_json;
use crate::ffi::model::biobert_model;
use crate::ffi::options::{Options, init, offset_unit, read};
use crate::ffi::status::biobert_status;
use crate::ffi::text::{Document, biobert_offset_unit, biobert_str, biobert_str16};
use crate::heads::Task;
use crate::train::{HeadKind, Preset, Progress, Split, TrainOptions, Trainer};

/// A training with its examples. One thread at a time: a call while another one runs gives
/// `BIOBERT_E_BUSY`. It keeps what it needs of its model, which may be freed before it.
pub struct biobert_trainer(Mutex<Trainer>);

/// What a head answers.
pub type biobert_task = i32;
/// Named entities.
pub const BIOBERT_TASK_NER: biobert_task = 1;
/// Relations between two entities.
pub const BIOBERT_TASK_RE: biobert_task = 2;
/// Answers to questions.
pub const BIOBERT_TASK_QA: biobert_task = 3;
/// Classes of documents.
pub const BIOBERT_TASK_CLASSIFY: biobert_task = 4;

/// What examples are for.
pub type biobert_split = i32;
/// To learn from.
pub const BIOBERT_SPLIT_TRAIN: biobert_split = 1;
/// To choose the epoch by, and to correct probabilities with. Without any, a tenth of those to
/// learn from, drawn by class and random seed, is held out for this.
pub const BIOBERT_SPLIT_DEV: biobert_split = 2;
/// To measure the head with, by `biobert_trainer_eval`.
pub const BIOBERT_SPLIT_TEST: biobert_split = 3;

/// How much time a training may take.
pub type biobert_preset = i32;
/// A first answer: a few epochs, of few texts as many as make 150 steps.
pub const BIOBERT_PRESET_FAST: biobert_preset = 1;
/// Ten epochs, of few texts as many as make 600 steps.
pub const BIOBERT_PRESET_BEST: biobert_preset = 2;

/// What a head is made of.
pub type biobert_head_kind = i32;
/// One linear layer on the last layer's states: a baseline, much worse for entities.
pub const BIOBERT_HEAD_LINEAR: biobert_head_kind = 1;
/// A learned mix of the encoder's layers, a norm, a linear layer; for entities a CRF.
pub const BIOBERT_HEAD_MIX: biobert_head_kind = 2;
/// The same with a hidden layer: for relations and classes, where it is the default.
pub const BIOBERT_HEAD_MLP: biobert_head_kind = 3;
/// The mean over the layers and an LSTM in both directions: for answers, where it is the default.
pub const BIOBERT_HEAD_LSTM: biobert_head_kind = 4;
/// The same with a CRF: for entities, where it is the default.
pub const BIOBERT_HEAD_LSTM_CRF: biobert_head_kind = 5;

/// Options of a training. Set up with `biobert_trainer_options_init`, then choose a unit; of the other
/// fields 0, or an empty view, is the default. What views point to is copied.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_trainer_options {
    /// `sizeof(biobert_trainer_options)`.
    pub struct_size: u32,
    /// What the offsets of examples count; must be chosen.
    pub unit: biobert_offset_unit,
    /// 0 is `BIOBERT_PRESET_BEST`.
    pub preset: biobert_preset,
    /// 0 is what does best for the task.
    pub head_kind: biobert_head_kind,
    /// Where chance starts: the same seed, data and model give the same head, bit for bit, on every processor.
    pub seed: u64,
    /// Not 0: the head is trained once more, on training and held-out data together, for as many epochs
    /// as the held-out data chose.
    pub refit: u32,
    /// Not 0: of classes and relations, rare labels count for more, by how rare they are.
    pub balanced: u32,
    /// A directory for what is computed on the way: a training that was killed goes on from there when
    /// the same one is started again. It is emptied in the end. Empty: a file without a name in the
    /// system's temporary directory, and no going on.
    pub work_path: biobert_str,
    /// The most that may be kept on disk of what the encoder says, about 1 kB a word for the default
    /// model; 0 is 32 GiB.
    pub max_feature_bytes: u64,
    /// Entities: the kind that plain `B` and `I` of a file stand for; empty is `Entity`.
    pub entity: biobert_str,
    /// Relations: kind of the first entity; empty is what the mask says, `Chemical` for `@CHEMICAL$`.
    pub first_kind: biobert_str,
    /// Relations: kind of the second entity.
    pub second_kind: biobert_str,
    /// Relations: what stands in for the first entity; empty is what a file of masked sentences has, or
    /// `@ENTITY1$`. Both masks are given, or neither; so with the kinds.
    pub first_mask: biobert_str,
    /// Relations: what stands in for the second entity.
    pub second_mask: biobert_str,
    /// Relations: the label that means "none"; empty is a label that says so, such as `0` or `false`.
    pub negative: biobert_str,
    /// Licence of the weights, for the head's file.
    pub licence: biobert_str,
    /// Date of the training, for the head's file, which has none of its own accord.
    pub date: biobert_str,
}

// SAFETY: integers and views only; zero is an empty view.
unsafe impl Options for biobert_trainer_options {}

/// Writes `size`, which is `sizeof(biobert_trainer_options)` of the calling program, and zeros, which
/// mean the defaults. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_options_init(
    options: *mut biobert_trainer_options,
    size: usize,
) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

impl biobert_trainer_options {
    /// The kind that plain `B` and `I` stand for, and the rest.
    ///
    /// # Safety
    /// The views point to live text.
    unsafe fn convert(self) -> Result<(Option<String>, TrainOptions)> {
        let text = |view: biobert_str, name: &str| {
            // SAFETY: as promised by the caller.
            let text = unsafe { view.str(name) }?;
            Ok((!text.is_empty()).then(|| text.to_string()))
        };
        let both = |first, second, name: &str| match (text(first, name)?, text(second, name)?) {
            (Some(first), Some(second)) => Ok(Some([first, second])),
            (None, None) => Ok(None),
            _ => Err(Error::Argument(format!("one of two {name} of the options is empty"))),
        };
        let unknown = |field: &str| Error::Argument(format!("{field} of the options is unknown"));
        let defaults = TrainOptions::default();
        let options = TrainOptions {
            preset: match self.preset {
                0 | BIOBERT_PRESET_BEST => Preset::Best,
                BIOBERT_PRESET_FAST => Preset::Fast,
                _ => return Err(unknown("preset")),
            },
            head_kind: match self.head_kind {
                0 => None,
                BIOBERT_HEAD_LINEAR => Some(HeadKind::Linear),
                BIOBERT_HEAD_MIX => Some(HeadKind::Mix),
                BIOBERT_HEAD_MLP => Some(HeadKind::Mlp),
                BIOBERT_HEAD_LSTM => Some(HeadKind::Lstm),
                BIOBERT_HEAD_LSTM_CRF => Some(HeadKind::LstmCrf),
                _ => return Err(unknown("head_kind")),
            },
            seed: self.seed,
            refit: self.refit != 0,
            balanced: self.balanced != 0,
            kinds: both(self.first_kind, self.second_kind, "kinds")?,
            masks: both(self.first_mask, self.second_mask, "masks")?,
            negative: text(self.negative, "negative")?,
            work: text(self.work_path, "work_path")?.map(PathBuf::from),
            max_feature_bytes: match self.max_feature_bytes {
                0 => defaults.max_feature_bytes,
                bytes => bytes,
            },
            licence: text(self.licence, "licence")?,
            date: text(self.date, "date")?,
        };
        Ok((text(self.entity, "entity")?, options))
    }
}

/// A stretch of a text.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_range_in {
    /// Offset of its first character, in the unit of the trainer.
    pub start: u64,
    /// Offset behind its last character.
    pub end: u64,
}

/// An entity that is marked in a text.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_mark_in {
    /// Offset of its first character, in the unit of the trainer.
    pub start: u64,
    /// Offset behind its last character.
    pub end: u64,
    /// Its kind, such as `Anatomy`.
    pub label: biobert_str,
}

/// Where a training stands.
pub type biobert_phase = i32;
/// The encoder reads the texts: `done` of `of` sequences.
pub const BIOBERT_PHASE_READING: biobert_phase = 1;
/// The head learns: `done` of `of` batches over all epochs. `epoch` epochs have ended.
pub const BIOBERT_PHASE_LEARNING: biobert_phase = 2;
/// An epoch has ended: `epoch` is its number, from 1.
pub const BIOBERT_PHASE_EPOCH: biobert_phase = 3;
/// A training that was killed goes on behind `epoch`.
pub const BIOBERT_PHASE_RESUMED: biobert_phase = 4;

/// What a training tells while it runs.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_progress {
    /// Its size in the library; fields are only ever appended.
    pub struct_size: u32,
    /// What is told.
    pub phase: biobert_phase,
    /// Sequences or batches done.
    pub done: u64,
    /// Sequences or batches there are.
    pub of: u64,
    /// Epochs that have ended.
    pub epoch: u64,
    /// The mean loss of the epoch so far; NaN while reading.
    pub loss: f64,
    /// F1 on the held-out examples in percent; NaN where they were not looked at.
    pub f1: f64,
    /// Time that the rest of the learning will take; NaN where it is not known.
    pub seconds_left: f64,
}

/// Is told where a training stands, many times a second, on the thread of `biobert_trainer_fit`. With
/// refit, learning begins again behind the last epoch, and counts from 1 again. What it
/// returns, if it is not 0, stops the training, which keeps the best head so far. `progress` lives
/// until it returns. It must not throw.
pub type biobert_progress_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, progress: *const biobert_progress) -> i32>;

fn split(split: biobert_split) -> Result<Split> {
    match split {
        BIOBERT_SPLIT_TRAIN => Ok(Split::Train),
        BIOBERT_SPLIT_DEV => Ok(Split::Dev),
        BIOBERT_SPLIT_TEST => Ok(Split::Test),
        _ => Err(Error::Argument("split is not one of the three".into())),
    }
}

/// Whether this library can train at all.
fn expect_training() -> Result<()> {
    #[cfg(not(feature = "train"))]
    return Err(crate::train::absent());
    #[cfg(feature = "train")]
    Ok(())
}

/// The trainer behind a handle, for one thread.
///
/// # Safety
/// `trainer` is NULL or points to a live trainer.
unsafe fn lock<'a>(trainer: *const biobert_trainer) -> Result<MutexGuard<'a, Trainer>> {
    expect_training()?;
    // SAFETY: as promised by the caller.
    match unsafe { borrow(trainer, "trainer") }?.0.try_lock() {
        Ok(trainer) => Ok(trainer),
        Err(TryLockError::WouldBlock) => Err(Error::Busy),
        Err(TryLockError::Poisoned(_)) => {
            Err(Error::Internal("a defect left the trainer unusable".into()))
        }
    }
}

/// What is too large for this machine is too large for every text.
fn range(start: u64, end: u64) -> Range<usize> {
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    size(start)..size(end)
}

/// Makes a trainer for a task, without examples. The caller frees `*out`. A model that is an ONNX graph
/// and no BERT cannot be trained on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_create(
    model: *const biobert_model,
    task: biobert_task,
    options: *const biobert_trainer_options,
    out: *mut *mut biobert_trainer,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            expect_training()?;
            let model = &borrow(model, "model")?.0;
            let task = match task {
                BIOBERT_TASK_NER => Task::Ner,
                BIOBERT_TASK_RE => Task::Re,
                BIOBERT_TASK_QA => Task::Qa,
                BIOBERT_TASK_CLASSIFY => Task::Classify,
                _ => return Err(Error::Argument("task is not one of the four".into())),
            };
            let options =
                read(options)?.ok_or_else(|| Error::Argument("options is NULL".into()))?;
            let unit = offset_unit(options.unit)?;
            let (entity, options) = options.convert()?;
            let out = Out::new(out, "out")?;
            let trainer = Trainer::new(model, task, unit, entity, options)?;
            out.write(give(biobert_trainer(Mutex::new(trainer))));
            Ok(())
        })
    }
}

/// Adds a UTF-8 text with all its entities, which may be none and must not overlap. Bad places and
/// empty labels are refused with `BIOBERT_E_ARGUMENT`, and nothing is added.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_ner(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    text: biobert_str,
    marks: *const biobert_mark_in,
    n_marks: usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || add_ner(trainer, split, text, marks, n_marks)) }
}

/// `biobert_trainer_add_ner` for UTF-16 text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_ner16(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    text: biobert_str16,
    marks: *const biobert_mark_in,
    n_marks: usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || add_ner(trainer, split, text, marks, n_marks)) }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
unsafe fn add_ner<D: Document>(
    trainer: *const biobert_trainer,
    split: biobert_split,
    text: D,
    marks: *const biobert_mark_in,
    n_marks: usize,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let mut trainer = lock(trainer)?;
        let split = self::split(split)?;
        let mark = |mark: &biobert_mark_in| {
            let place = range(mark.start, mark.end);
            let label = mark.label.str("a mark's label")?;
            Ok(Mark { start: place.start, end: place.end, label })
        };
        let marks = array(marks, n_marks, "marks")?.iter().map(mark).collect::<Result<Vec<_>>>()?;
        trainer.add_ner(split, text.input()?, &marks)
    }
}

/// Adds two entities of a UTF-8 text and how they are related. Of a long text, the sentence with the two
/// is read. Pairs that are not related are to be added too, with a label for that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_re(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    text: biobert_str,
    first: biobert_range_in,
    second: biobert_range_in,
    label: biobert_str,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || add_re(trainer, split, text, first, second, label)) }
}

/// `biobert_trainer_add_re` for UTF-16 text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_re16(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    text: biobert_str16,
    first: biobert_range_in,
    second: biobert_range_in,
    label: biobert_str,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || add_re(trainer, split, text, first, second, label)) }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
unsafe fn add_re<D: Document>(
    trainer: *const biobert_trainer,
    split: biobert_split,
    text: D,
    first: biobert_range_in,
    second: biobert_range_in,
    label: biobert_str,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let mut trainer = lock(trainer)?;
        let split = self::split(split)?;
        let places = [first, second].map(|place| range(place.start, place.end));
        trainer.add_re(split, text.input()?, places, label.str("label")?)
    }
}

/// Adds a UTF-8 text and its class. `second` is what the text is held against, NULL if it is judged by
/// itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_class(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    text: biobert_str,
    second: *const biobert_str,
    label: biobert_str,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || add_class(trainer, split, text, second, label)) }
}

/// `biobert_trainer_add_class` for UTF-16 text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_class16(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    text: biobert_str16,
    second: *const biobert_str16,
    label: biobert_str,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || add_class(trainer, split, text, second, label)) }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
unsafe fn add_class<D: Document>(
    trainer: *const biobert_trainer,
    split: biobert_split,
    text: D,
    second: *const D,
    label: biobert_str,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let mut trainer = lock(trainer)?;
        let split = self::split(split)?;
        let second = match second.is_null() {
            true => None,
            false => Some(borrow(second, "second")?.input()?),
        };
        trainer.add_class(split, text.input()?, second, label.str("label")?)
    }
}

/// Adds a UTF-8 question with a passage and where in it the answer stands; `answer` is NULL if the
/// passage does not tell.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_qa(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    question: biobert_str,
    passage: biobert_str,
    answer: *const biobert_range_in,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || add_qa(trainer, split, question, passage, answer)) }
}

/// `biobert_trainer_add_qa` for UTF-16 texts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_qa16(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    question: biobert_str16,
    passage: biobert_str16,
    answer: *const biobert_range_in,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || add_qa(trainer, split, question, passage, answer)) }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
unsafe fn add_qa<D: Document>(
    trainer: *const biobert_trainer,
    split: biobert_split,
    question: D,
    passage: D,
    answer: *const biobert_range_in,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let mut trainer = lock(trainer)?;
        let split = self::split(split)?;
        let answer = match answer.is_null() {
            true => None,
            false => Some(*borrow(answer, "answer")?).map(|place| range(place.start, place.end)),
        };
        trainer.add_qa(split, question.input()?, passage.input()?, answer)
    }
}

/// Adds the examples of a file: all of them, or none if one is wrong, which is told with its line or
/// place.
/// Entities: two columns of words and BIO tags, or JSON lines
/// `{"text", "entities": [{"start", "end", "label"}]}`; relations: tab-separated masked sentences and
/// labels, or `{"text", "first": {"start", "end"}, "second": {"start", "end"}, "label"}`; classes:
/// tab-separated texts and labels, or `{"text", "label"}`, perhaps with `"second"`; answers: SQuAD's JSON, or
/// `{"question", "passage", "answer": {"start", "end"} or null}`. JSON lines are in files whose names
/// end in `.jsonl`, or, but for answers, in `.json`. `path` is UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_file(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    path: biobert_str,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let mut trainer = lock(trainer)?;
            trainer.add_file(self::split(split)?, path.path()?, None)?;
            Ok(())
        })
    }
}

/// Trains a head from the examples. `progress` may be NULL; `userdata` is passed to it. `cancel` may
/// be NULL. Who cancels, or whose `progress` returns something else than 0, before the first epoch has
/// ended gets `BIOBERT_E_CANCELLED`; afterwards the best head so far is kept and the call succeeds.
/// More examples may be added behind, and a head be trained again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_fit(
    trainer: *mut biobert_trainer,
    progress: biobert_progress_fn,
    userdata: *mut c_void,
    cancel: *const biobert_cancel,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let mut trainer = lock(trainer)?;
            let cancel = own_cancel(cancel)?;
            let mut epoch = 0;
            let mut tell = |event: Progress| {
                let told = told(event, &mut epoch);
                match progress {
                    Some(progress) if progress(userdata, &told) != 0 => ControlFlow::Break(()),
                    _ => ControlFlow::Continue(()),
                }
            };
            trainer.fit(&cancel, &mut tell)?;
            Ok(())
        })
    }
}

/// The report of the training, as JSON: labels, scores as a whole and by label, confusion table,
/// calibration, history. The caller frees `*out`. `BIOBERT_E_ARGUMENT` before there is a head.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_report_json(
    trainer: *const biobert_trainer,
    out: *mut *mut biobert_json,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let trainer = lock(trainer)?;
            let out = Out::new(out, "out")?;
            out.write(biobert_json::new(&trainer.trained()?.report)?);
            Ok(())
        })
    }
}

/// Measures the head on the examples of `BIOBERT_SPLIT_TEST`, as JSON: scores as a whole and by label,
/// confusion table, calibration error. `cancel` may be NULL. The caller frees `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_eval(
    trainer: *const biobert_trainer,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_json,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let trainer = lock(trainer)?;
            let cancel = own_cancel(cancel)?;
            let out = Out::new(out, "out")?;
            out.write(biobert_json::new(&trainer.evaluate(&cancel)?)?);
            Ok(())
        })
    }
}

/// The head that was trained, to be given to `biobert_model_with_head` or saved. The caller frees
/// `*out`. `BIOBERT_E_ARGUMENT` before there is a head.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_head(
    trainer: *const biobert_trainer,
    out: *mut *mut biobert_head,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let trainer = lock(trainer)?;
            let out = Out::new(out, "out")?;
            out.write(give(biobert_head(trainer.trained()?.head.clone())));
            Ok(())
        })
    }
}

/// Frees a trainer. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_free(trainer: *mut biobert_trainer) {
    // SAFETY: the header demands an object of this library that is freed once.
    guard((), || unsafe { release(trainer) })
}

/// The caller's switch, or one that nobody has.
///
/// # Safety
/// `cancel` is NULL or points to a live switch.
unsafe fn own_cancel(cancel: *const biobert_cancel) -> Result<Cancel> {
    match cancel.is_null() {
        true => Ok(Cancel::new()),
        // SAFETY: as promised by the caller.
        false => Ok(unsafe { borrow(cancel, "cancel") }?.0.clone()),
    }
}

/// What C is told; `epoch` counts those that ended.
fn told(event: Progress, epoch: &mut u64) -> biobert_progress {
    let nan = f64::NAN;
    let mut told = biobert_progress {
        struct_size: size_of::<biobert_progress>() as u32,
        phase: BIOBERT_PHASE_READING,
        done: 0,
        of: 0,
        epoch: 0,
        loss: nan,
        f1: nan,
        seconds_left: nan,
    };
    match event {
        Progress::Reading { done, of } => (told.done, told.of) = (done as u64, of as u64),
        Progress::Resumed { epoch: behind } => {
            (told.phase, *epoch) = (BIOBERT_PHASE_RESUMED, behind as u64);
        }
        Progress::Learning { done, of, loss, left } => {
            (told.phase, told.loss) = (BIOBERT_PHASE_LEARNING, loss.into());
            (told.done, told.of) = (done as u64, of as u64);
            told.seconds_left = left.as_secs_f64();
            // With refit, learning begins again.
            if done == 1 {
                *epoch = 0;
            }
        }
        Progress::Epoch { epoch: ended, loss, f1 } => {
            (told.phase, told.loss) = (BIOBERT_PHASE_EPOCH, loss.into());
            (told.f1, *epoch) = (f1.unwrap_or(nan), ended as u64);
        }
    }
    told.epoch = *epoch;
    told
}
