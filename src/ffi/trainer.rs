//! Trainer: makes a head for a model's encoder from examples.

use std::sync::{Mutex, MutexGuard, TryLockError};

use crate::error::{Error, Result};
use crate::ffi::boundary::boundary;
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::handle::{Out, borrow, give, release};
use crate::ffi::model::biobert_model;
use crate::ffi::sized::read;
use crate::ffi::status::biobert_status;
use crate::ffi::text::offset_unit;
use crate::ffi::trainer_options::biobert_trainer_options;
use crate::heads::Task;
use crate::train::Trainer;

/// A training with its examples. One thread at a time: a call while another one runs gives
/// `BIOBERT_E_BUSY`. It keeps what it needs of its model, which may be freed before it.
pub struct biobert_trainer(Mutex<Trainer>);

/// What a head is for.
pub type biobert_task = i32;
/// Named entities.
pub const BIOBERT_TASK_NER: biobert_task = 1;
/// Relations between two entities.
pub const BIOBERT_TASK_RE: biobert_task = 2;
/// Answers to questions.
pub const BIOBERT_TASK_QA: biobert_task = 3;
/// Classes of documents.
pub const BIOBERT_TASK_CLASSIFY: biobert_task = 4;
/// What notes say of their entities: whether the patient has them.
pub const BIOBERT_TASK_ASSERTION: biobert_task = 5;

/// Creates a trainer for a task, without examples. `options` must not be NULL: it has the unit. A
/// model that is an ONNX graph other than BERT cannot be trained on. The caller frees `*out`.
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
                BIOBERT_TASK_ASSERTION => Task::Assertion,
                _ => return Err(Error::Argument("task is not one of the five".into())),
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

/// Frees a trainer. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_free(trainer: *mut biobert_trainer) {
    // SAFETY: the header demands an object of this library that is freed once.
    guard((), || unsafe { release(trainer) })
}

/// Whether this library can train at all.
fn expect_training() -> Result<()> {
    #[cfg(not(feature = "train"))]
    return Err(crate::train::absent());
    #[cfg(feature = "train")]
    Ok(())
}

/// The trainer of a handle, for one thread.
///
/// # Safety
/// `trainer` is NULL or points to a live trainer.
pub(crate) unsafe fn lock<'a>(trainer: *const biobert_trainer) -> Result<MutexGuard<'a, Trainer>> {
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
