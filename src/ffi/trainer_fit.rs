//! Trainer runs: training, its progress, and what comes of it.

use std::ffi::c_void;
use std::ops::ControlFlow;

use crate::engine::Cancel;
use crate::error::Result;
use crate::ffi::boundary::boundary;
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::error::biobert_error;
use crate::ffi::handle::{Out, borrow, give};
use crate::ffi::head::biobert_head;
use crate::ffi::json::biobert_json;
use crate::ffi::status::biobert_status;
use crate::ffi::trainer::{biobert_trainer, lock};
use crate::train::Progress;

/// What a training is doing.
pub type biobert_phase = i32;
/// The encoder reads the texts: `done` of `of` sequences.
pub const BIOBERT_PHASE_READING: biobert_phase = 1;
/// The head learns: `done` of `of` batches over all epochs. `epoch` epochs have ended.
pub const BIOBERT_PHASE_LEARNING: biobert_phase = 2;
/// An epoch has ended: `epoch` is its number, from 1.
pub const BIOBERT_PHASE_EPOCH: biobert_phase = 3;
/// A training that was killed resumes after `epoch`.
pub const BIOBERT_PHASE_RESUMED: biobert_phase = 4;

/// The progress of a training.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_progress {
    /// Its size in the library; fields are only ever added at the end.
    pub struct_size: u32,
    /// What the training is doing.
    pub phase: biobert_phase,
    /// Sequences or batches done.
    pub done: u64,
    /// Sequences or batches in all.
    pub of: u64,
    /// Epochs that have ended.
    pub epoch: u64,
    /// The mean loss of the epoch so far; NaN while reading.
    pub loss: f64,
    /// F1 on the held-out examples in percent; NaN if they were not measured.
    pub f1: f64,
    /// Estimated seconds until learning ends; NaN if not known.
    pub seconds_left: f64,
}

/// Receives the progress of a training, many times a second, on the thread that called
/// `biobert_trainer_fit`. With `refit`, learning starts again after the last epoch and counts from
/// 1 again. If it returns anything but 0, the training stops and keeps the best head so far.
/// `progress` lives until it returns. It must not throw.
pub type biobert_progress_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, progress: *const biobert_progress) -> i32>;

/// Trains a head from the examples. `progress` may be NULL; `userdata` is passed to it. `cancel`
/// may be NULL.
///
/// If the training is cancelled, or stopped by `progress`, before its first epoch has ended, the
/// call gives `BIOBERT_E_CANCELLED`. After that, the best head so far is kept and the call
/// succeeds. More examples may be added later and a head trained again.
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

/// The report of the training as JSON: labels, overall scores and scores by label, confusion table,
/// calibration, history. `BIOBERT_E_ARGUMENT` if no head has been trained yet. The caller frees
/// `*out`.
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

/// Measures the head on the examples of `BIOBERT_SPLIT_TEST` and gives overall scores, scores by
/// label, confusion table and calibration error as JSON. `cancel` may be NULL. The caller frees
/// `*out`.
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
            out.write(biobert_json::new(&trainer.eval(&cancel)?)?);
            Ok(())
        })
    }
}

/// The trained head, to be saved or given to `biobert_model_with_head`. `BIOBERT_E_ARGUMENT` if no
/// head has been trained yet. The caller frees `*out`.
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

/// The caller's switch, or a new one.
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
        Progress::Resumed { epoch: done } => {
            (told.phase, *epoch) = (BIOBERT_PHASE_RESUMED, done as u64);
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
