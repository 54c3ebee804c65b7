//! Answers.

use crate::error::Result;
use crate::ffi::boundary::{boundary, guard};
use crate::ffi::call::{Call, inputs, names};
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::error::biobert_error;
use crate::ffi::handle::array;
use crate::ffi::model::biobert_model;
use crate::ffi::options::{Options, biobert_run_options, init, read};
use crate::ffi::result::biobert_result;
use crate::ffi::status::biobert_status;
use crate::ffi::text::{Document, biobert_str, biobert_str16};
use crate::tasks::qa::{AnswerOptions, Question};

/// A question and its passages in UTF-8.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_qa_in {
    /// The question.
    pub question: biobert_str,
    /// The passages that may answer it, of any length.
    pub passages: *const biobert_str,
    /// How many.
    pub n_passages: usize,
}

/// A question and its passages in UTF-16.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_qa_in16 {
    /// The question.
    pub question: biobert_str16,
    /// The passages that may answer it, of any length.
    pub passages: *const biobert_str16,
    /// How many.
    pub n_passages: usize,
}

/// Options of answers. Set up with `biobert_qa_options_init`; 0 is the default.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_qa_options {
    /// `sizeof(biobert_qa_options)`.
    pub struct_size: u32,
    /// Answers to a question at most; 0 is 5.
    pub top: u32,
    /// Tokens in an answer at most; 0 is 30.
    pub max_tokens: u32,
}

// SAFETY: integers only.
unsafe impl Options for biobert_qa_options {}

/// Writes `size`, which is `sizeof(biobert_qa_options)` of the calling program, and zeros, which
/// mean the defaults. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_qa_options_init(options: *mut biobert_qa_options, size: usize) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

impl biobert_qa_options {
    fn convert(self) -> AnswerOptions {
        let or = |value: u32, default: usize| if value == 0 { default } else { value as usize };
        let default = AnswerOptions::default();
        AnswerOptions {
            top: or(self.top, default.top),
            max_pieces: or(self.max_tokens, default.max_pieces),
        }
    }
}

/// Answers `n_questions` questions in UTF-8, each from its own passages, with the heads named, or
/// with all for this task if `n_heads` is 0; see `biobert_result_answers`, `biobert_result_no_answer`
/// and, for yes or no, `biobert_result_classes`. The result's documents are the questions.
///
/// Offsets are into the passages. A question that is bad, or has a bad passage, has its own status.
/// `answers` may be NULL for the defaults.
/// `options` must choose a unit. `cancel` may be NULL. On success the caller frees `*out`; on
/// failure, `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE` included, it is not touched. Any number
/// of threads may run on one model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_qa_run(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    questions: *const biobert_qa_in,
    n_questions: usize,
    answers: *const biobert_qa_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            run(model, heads, n_heads, questions, n_questions, answers, options, cancel, out)
        })
    }
}

/// `biobert_qa_run` for UTF-16 questions and passages.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_qa_run16(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    questions: *const biobert_qa_in16,
    n_questions: usize,
    answers: *const biobert_qa_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            run(model, heads, n_heads, questions, n_questions, answers, options, cancel, out)
        })
    }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
#[allow(clippy::too_many_arguments, reason = "they are the C function's")]
unsafe fn run<Q: Asked>(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    questions: *const Q,
    n_questions: usize,
    answers: *const biobert_qa_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let call = Call::new(model, options, cancel, out)?;
        let heads = names(heads, n_heads)?;
        let answers = read(answers)?.map_or_else(AnswerOptions::default, |o| o.convert());
        let asked = array(questions, n_questions, "questions")?.iter().map(|question| {
            let (question, passages, count) = question.parts();
            Ok((question.input()?, inputs(passages, count, "a question's passages")?))
        });
        let asked = asked.collect::<Result<Vec<_>>>()?;
        let questions: Vec<Question<'_>> = asked
            .iter()
            .map(|(question, passages)| Question { question: *question, passages })
            .collect();
        let found = call.model.answers(&heads, &questions, &answers, &call.options)?;
        call.finish(found);
    }
    Ok(())
}

/// The two forms in which questions arrive.
trait Asked: Copy {
    type Text: Document;
    /// The question, its passages and their number.
    fn parts(self) -> (Self::Text, *const Self::Text, usize);
}

impl Asked for biobert_qa_in {
    type Text = biobert_str;

    fn parts(self) -> (biobert_str, *const biobert_str, usize) {
        (self.question, self.passages, self.n_passages)
    }
}

impl Asked for biobert_qa_in16 {
    type Text = biobert_str16;

    fn parts(self) -> (biobert_str16, *const biobert_str16, usize) {
        (self.question, self.passages, self.n_passages)
    }
}
