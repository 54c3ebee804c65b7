//! Answers to questions (QA).

use crate::error::Result;
use crate::ffi::boundary::boundary;
use crate::ffi::call::{Call, inputs, names};
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::handle::array;
use crate::ffi::model::biobert_model;
use crate::ffi::options::biobert_run_options;
use crate::ffi::result::biobert_result;
use crate::ffi::sized::{Options, init, read};
use crate::ffi::status::biobert_status;
use crate::ffi::text::{Document, biobert_str, biobert_str16};
use crate::tasks::qa::{QaOptions, Question};
use crate::text::Input;

/// A question and its passages in UTF-8.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_qa_in {
    /// The question.
    pub question: biobert_str,
    /// The passages that may answer it, of any length.
    pub passages: *const biobert_str,
    /// Number of passages.
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
    /// Number of passages.
    pub n_passages: usize,
}

/// Options for answering questions. Set them up with `biobert_qa_options_init`; a field that is 0
/// has its default.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_qa_options {
    /// `sizeof(biobert_qa_options)`.
    pub struct_size: u32,
    /// The most answers to a question; 0 means 5.
    pub top: u32,
    /// The most tokens in an answer; 0 means 30.
    pub max_tokens: u32,
    /// Not 0: the passages of a question decide together. Each gives its answers probabilities, and
    /// an answer has the mean of what the passages give it, whichever way each writes it. Answers are
    /// mended (brackets, sentences) and the most probable comes first.
    pub pool: u32,
    /// With `pool`: which part of the best answer's probability the others must have, from 0 to 1; 0
    /// keeps all. For questions with several answers, such as 0.4.
    pub threshold: f32,
}

// SAFETY: numbers only.
unsafe impl Options for biobert_qa_options {}

/// Sets `struct_size` to `size`, which must be `sizeof(biobert_qa_options)`, and every other field
/// to 0, which means its default. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_qa_options_init(options: *mut biobert_qa_options, size: usize) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

impl biobert_qa_options {
    fn convert(self) -> QaOptions {
        let or = |value: u32, default: usize| if value == 0 { default } else { value as usize };
        let default = QaOptions::default();
        QaOptions {
            top: or(self.top, default.top),
            max_tokens: or(self.max_tokens, default.max_tokens),
            pool: self.pool != 0,
            threshold: self.threshold,
        }
    }
}

/// Answers `n_questions` questions in UTF-8, each from its own passages, with the named heads, or
/// with the default QA heads if `n_heads` is 0. The documents of the result are the questions. Read
/// it with `biobert_result_answers`, `biobert_result_no_answer` and, for yes/no heads,
/// `biobert_result_classes`.
///
/// Offsets point into the passages. A question that is bad, or has a bad passage, has its own
/// status. `answers` may be NULL for the defaults.
///
/// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
/// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
/// threads may use one model at once.
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
        let answers = read(answers)?.map_or_else(QaOptions::default, |o| o.convert());
        let asked = array(questions, n_questions, "questions")?.iter().enumerate();
        let asked =
            asked.map(|(index, question)| question.read().map_err(|error| error.of_doc(index)));
        let asked = asked.collect::<Result<Vec<_>>>()?;
        let questions: Vec<Question<'_>> = asked
            .iter()
            .map(|(question, passages)| Question { question: *question, passages, weights: &[] })
            .collect();
        let found = call.model.qa(&heads, &questions, &answers, &call.options)?;
        call.finish(found);
    }
    Ok(())
}

/// The two forms in which questions arrive.
trait Asked: Copy {
    type Text: Document;
    /// The question, its passages and their number.
    fn parts(self) -> (Self::Text, *const Self::Text, usize);

    /// # Safety
    /// The views point to text that stays alive and unchanged for `'a`.
    unsafe fn read<'a>(self) -> Result<(Input<'a>, Vec<Input<'a>>)>
    where
        Self::Text: 'a,
    {
        let (question, passages, count) = self.parts();
        // SAFETY: as promised by the caller.
        unsafe { Ok((question.input()?, inputs(passages, count, "a question's passages")?)) }
    }
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
