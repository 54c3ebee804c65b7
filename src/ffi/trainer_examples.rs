//! Trainer examples: what a head learns from.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::eval::{AssertedMark, Mark};
use crate::ffi::assertion::{assertion_value, biobert_assertion};
use crate::ffi::boundary::boundary;
use crate::ffi::error::biobert_error;
use crate::ffi::handle::{array, borrow};
use crate::ffi::status::biobert_status;
use crate::ffi::text::{Document, biobert_str, biobert_str16};
use crate::ffi::trainer::{biobert_trainer, lock};
use crate::text::Input;
use crate::train::Split;

/// What examples are for.
pub type biobert_split = i32;
/// Train the head.
pub const BIOBERT_SPLIT_TRAIN: biobert_split = 1;
/// Choose the best epoch and correct the probabilities. Without any, a tenth of the
/// examples for training, drawn by class and random seed, is held out for this.
pub const BIOBERT_SPLIT_DEV: biobert_split = 2;
/// Measure the head, with `biobert_trainer_eval`.
pub const BIOBERT_SPLIT_TEST: biobert_split = 3;

/// A half-open range of a text.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_range_in {
    /// Offset of its first character, in the unit of the trainer.
    pub start: u64,
    /// Offset after its last character.
    pub end: u64,
}

/// An entity of an example.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_mark_in {
    /// Offset of its first character, in the unit of the trainer.
    pub start: u64,
    /// Offset after its last character.
    pub end: u64,
    /// Its kind, such as `Anatomy`.
    pub label: biobert_str,
}

fn split(split: biobert_split) -> Result<Split> {
    match split {
        BIOBERT_SPLIT_TRAIN => Ok(Split::Train),
        BIOBERT_SPLIT_DEV => Ok(Split::Dev),
        BIOBERT_SPLIT_TEST => Ok(Split::Test),
        _ => Err(Error::Argument("split is not one of the three".into())),
    }
}

/// A text of an example: document 0 of its call.
///
/// # Safety
/// The view points to text that stays alive and unchanged for `'a`.
unsafe fn input<'a, D: Document>(text: D) -> Result<Input<'a>> {
    // SAFETY: as promised by the caller.
    unsafe { text.input() }.map_err(|error| error.of_doc(0))
}

/// What is too large for this machine is too large for every text.
fn range(start: u64, end: u64) -> Range<usize> {
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    size(start)..size(end)
}

/// Adds a UTF-8 text with all its entities. There may be none; they must not overlap. An impossible
/// place or an empty label gives `BIOBERT_E_ARGUMENT`, and nothing is added.
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
        trainer.add_ner(split, input(text)?, &marks)
    }
}

/// Adds a UTF-8 text with its entities, as `biobert_trainer_add_ner`, and what it says of each:
/// `assertions` has as many as there are marks, none of them `BIOBERT_ASSERTION_NONE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_assertion(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    text: biobert_str,
    marks: *const biobert_mark_in,
    assertions: *const biobert_assertion,
    n_marks: usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || add_assertion(trainer, split, text, marks, assertions, n_marks)) }
}

/// `biobert_trainer_add_assertion` for UTF-16 text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_add_assertion16(
    trainer: *mut biobert_trainer,
    split: biobert_split,
    text: biobert_str16,
    marks: *const biobert_mark_in,
    assertions: *const biobert_assertion,
    n_marks: usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || add_assertion(trainer, split, text, marks, assertions, n_marks)) }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
unsafe fn add_assertion<D: Document>(
    trainer: *const biobert_trainer,
    split: biobert_split,
    text: D,
    marks: *const biobert_mark_in,
    assertions: *const biobert_assertion,
    n_marks: usize,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let mut trainer = lock(trainer)?;
        let split = self::split(split)?;
        let marks = array(marks, n_marks, "marks")?;
        let assertions = array(assertions, n_marks, "assertions")?;
        let mark = |(index, (mark, &number)): (usize, (&biobert_mark_in, &biobert_assertion))| {
            let Range { start, end } = range(mark.start, mark.end);
            let label = mark.label.str("a mark's label")?;
            let none = || Error::Argument(format!("entity {index} has no assertion"));
            let value = assertion_value(number)?.ok_or_else(none)?;
            Ok(AssertedMark { start, end, label, value })
        };
        let marks = marks.iter().zip(assertions).enumerate().map(mark);
        let marks = marks.collect::<Result<Vec<_>>>()?;
        trainer.add_assertion(split, input(text)?, &marks)
    }
}

/// Adds two entities of a UTF-8 text and the label of their relation. Of a long text, only the
/// sentence with the two is read. Also add pairs that are not related, with a label that says so.
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
        trainer.add_re(split, input(text)?, places, label.str("label")?)
    }
}

/// Adds a UTF-8 text and its class. `second` is the text that it is judged together with, or NULL.
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
            false => Some(input(*borrow(second, "second")?)?),
        };
        trainer.add_class(split, input(text)?, second, label.str("label")?)
    }
}

/// Adds a UTF-8 question with a passage and the place of the answer in it. `answer` is NULL if the
/// passage does not contain the answer.
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
        trainer.add_qa(split, input(question)?, input(passage)?, answer)
    }
}

/// Adds the examples of a file: all of them, or none if one is wrong. The message then names its
/// line or place, and the status is `BIOBERT_E_MODEL`; a file that does not exist gives
/// `BIOBERT_E_NOT_FOUND`. `path` is UTF-8. The format is recognised by the structure of the file:
///
/// Entities: words and their BIO, IOBES or BILOU tags, a word per line; or JSON lines `{"text",
/// "entities": [{"start", "end", "label"}]}`. Assertions: the same JSON lines, with `"assertion"` in
/// each entity. Relations: tab-separated masked sentences and labels;
/// or JSON lines `{"text", "first": {"start", "end"}, "second": {"start", "end"}, "label"}`.
/// Classes: tab-separated texts and labels; or JSON lines `{"text", "label"}`, optionally with
/// `"second"`. Answers: SQuAD's JSON; or JSON lines `{"question", "passage", "answer": {"start",
/// "end"} or null}`. Also the JSON of doccano, Prodigy and Label Studio, spaCy's triples, and lists
/// of tokens and tags as in data sets for Hugging Face.
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
