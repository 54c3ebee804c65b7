//! Results: reading them.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::ffi::boundary::boundary;
use crate::ffi::device::{biobert_device, ran_on};
use crate::ffi::error::biobert_error;
use crate::ffi::found::{
    Found, Views, biobert_answer, biobert_candidate, biobert_class, biobert_mask, biobert_range,
    biobert_relation, biobert_span,
};
use crate::ffi::guard::guard;
use crate::ffi::handle::{Out, borrow, release};
use crate::ffi::json::biobert_json;
use crate::ffi::list::List;
use crate::ffi::note::NoteViews;
use crate::ffi::status::{BIOBERT_E_ARGUMENT, BIOBERT_OK, biobert_status, status_of};
use crate::ffi::text::biobert_str;
use crate::tasks::{DocFlags, Results};

/// What a call found, by document or by question. Immutable: any number of threads may read it at
/// once. Its views live until it is freed; model and engine may be freed before. Lists that do not
/// belong to the task are empty, and so is everything of a bad document: the functions that give
/// lists return `BIOBERT_OK` and 0 entries for it, so check `biobert_result_doc_status` first. A
/// `doc` that is out of range gives them `BIOBERT_E_ARGUMENT`.
pub struct biobert_result {
    documents: Vec<Document>,
    device: biobert_device,
    /// Owns the strings and numbers that views point to.
    owner: Box<dyn Owner>,
}

// SAFETY: the views point to immutable strings that `owner` owns.
unsafe impl Send for biobert_result {}
// SAFETY: as above.
unsafe impl Sync for biobert_result {}

struct Document {
    status: biobert_status,
    flags: u32,
    message: String,
    views: Views,
}

/// Some of the document was longer than the model can read at once and was read in overlapping
/// windows; nothing was left out. Relations: a pair in a long sentence was judged from as much text
/// around it as the model can read.
pub const BIOBERT_DOC_WINDOWED: u32 = 1;
/// A limit forced a cut. Relations: two entities of a sentence were too far apart to be read
/// together and were not judged. Answers: the question was cut. Classes of a pair: the shorter text
/// was cut.
pub const BIOBERT_DOC_TRUNCATED: u32 = 2;
/// Bad bytes or units were read as U+FFFD.
pub const BIOBERT_DOC_REPLACED_INVALID: u32 = 4;

/// A task's result, whatever the task.
trait Owner: Send + Sync {
    fn json(&self, documents: &[Document]) -> Result<*mut biobert_json>;
    /// The vector of a document and the states of its tokens.
    fn floats(&self, doc: usize) -> (&[f32], &[f32]);
}

impl<T: Found> Owner for Results<T> {
    fn json(&self, documents: &[Document]) -> Result<*mut biobert_json> {
        let nothing = T::default();
        let pairs = documents.iter().zip(&self.documents);
        let documents = pairs.map(|(document, found)| JsonDocument {
            status: document.status,
            flags: document.flags,
            message: &document.message,
            found: found.as_ref().unwrap_or(&nothing),
        });
        let documents = documents.collect();
        biobert_json::new(&JsonResult { precision: self.precision.name(), documents })
    }

    fn floats(&self, doc: usize) -> (&[f32], &[f32]) {
        match self.documents.get(doc) {
            Some(Ok(found)) => (found.embedding(), found.states()),
            _ => (&[], &[]),
        }
    }
}

#[derive(Serialize)]
struct JsonResult<'a, T: Serialize> {
    precision: &'static str,
    documents: Vec<JsonDocument<'a, T>>,
}

#[derive(Serialize)]
struct JsonDocument<'a, T: Serialize> {
    status: biobert_status,
    flags: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
    #[serde(flatten)]
    found: &'a T,
}

impl biobert_result {
    pub(crate) fn new<T: Found>(results: Results<T>) -> biobert_result {
        let documents = results.documents.iter().map(Document::new).collect();
        biobert_result { documents, device: ran_on(results.ran_on), owner: Box::new(results) }
    }

    fn document(&self, doc: usize) -> Result<&Document> {
        self.documents.get(doc).ok_or_else(|| Error::Argument("doc is out of range".into()))
    }

    /// What a document of a note holds.
    pub(crate) fn note(&self, doc: usize) -> Result<&NoteViews> {
        Ok(&self.document(doc)?.views.note)
    }
}

impl Document {
    fn new<T: Found>(document: &Result<T>) -> Document {
        match document {
            Ok(found) => Document {
                status: BIOBERT_OK,
                flags: flags(found.flags()),
                message: String::new(),
                views: found.views(),
            },
            Err(error) => Document {
                status: status_of(error),
                flags: 0,
                message: error.to_string(),
                views: Views::default(),
            },
        }
    }
}

fn flags(flags: DocFlags) -> u32 {
    let flag = |set: bool, flag: u32| if set { flag } else { 0 };
    flag(flags.windowed, BIOBERT_DOC_WINDOWED)
        | flag(flags.truncated, BIOBERT_DOC_TRUNCATED)
        | flag(flags.replaced_invalid, BIOBERT_DOC_REPLACED_INVALID)
}

/// The number of documents, or questions, of the call. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_doc_count(result: *const biobert_result) -> usize {
    // SAFETY: as the header demands of callers.
    guard(0, || unsafe { result.as_ref() }.map_or(0, |result| result.documents.len()))
}

/// Where the encoder ran: `BIOBERT_DEVICE_CPU`, `BIOBERT_DEVICE_GPU` or `BIOBERT_DEVICE_BOTH`. If it
/// had nothing to do, the processor. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_device(result: *const biobert_result) -> biobert_device {
    // SAFETY: as the header demands of callers.
    guard(0, || unsafe { result.as_ref() }.map_or(0, |result| result.device))
}

/// The status of a document or question; `BIOBERT_E_ARGUMENT` for NULL or an index out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_doc_status(
    result: *const biobert_result,
    doc: usize,
) -> biobert_status {
    guard(BIOBERT_E_ARGUMENT, || {
        // SAFETY: as the header demands of callers.
        unsafe { document(result, doc) }.map_or(BIOBERT_E_ARGUMENT, |d| d.status)
    })
}

/// Why a document or question has no result, in English; never any of its text. Empty if it has
/// one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_doc_message(
    result: *const biobert_result,
    doc: usize,
) -> biobert_str {
    guard(biobert_str::of(""), || {
        // SAFETY: as the header demands of callers.
        let document = unsafe { document(result, doc) };
        document.map_or(biobert_str::of(""), |document| biobert_str::of(&document.message))
    })
}

/// How a document was read: a sum of `BIOBERT_DOC_` flags. 0 for NULL or an index out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_doc_flags(
    result: *const biobert_result,
    doc: usize,
) -> u32 {
    // SAFETY: as the header demands of callers.
    guard(0, || unsafe { document(result, doc) }.map_or(0, |document| document.flags))
}

/// The entities of a document, ordered by start, then the longer first. Entities of one head do not
/// overlap; those of different heads may.
///
/// `*spans` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_spans(
    result: *const biobert_result,
    doc: usize,
    spans: *mut *const biobert_span,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let views = &borrow(result, "result")?.document(doc)?.views;
            List::new(spans, count, stride, "spans")?.write(&views.spans);
            Ok(())
        })
    }
}

/// The relations of a document, ordered by head, then by the places of the two entities.
///
/// `*relations` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_relations(
    result: *const biobert_result,
    doc: usize,
    relations: *mut *const biobert_relation,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let views = &borrow(result, "result")?.document(doc)?.views;
            List::new(relations, count, stride, "relations")?.write(&views.relations);
            Ok(())
        })
    }
}

/// The answers to a question, the best first. Of answers with the same text, ignoring case, only
/// the best is listed.
///
/// `*answers` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_answers(
    result: *const biobert_result,
    doc: usize,
    answers: *mut *const biobert_answer,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let views = &borrow(result, "result")?.document(doc)?.views;
            List::new(answers, count, stride, "answers")?.write(&views.answers);
            Ok(())
        })
    }
}

/// The score of "no answer" minus that of the best answer, as in SQuAD 2.0. Above 0, the passages
/// probably do not contain the answer. Infinite if there is no possible answer, NaN if no head
/// gives answers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_no_answer(
    result: *const biobert_result,
    doc: usize,
    out: *mut f32,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let views = &borrow(result, "result")?.document(doc)?.views;
            Out::new(out, "out")?.write(views.no_answer.unwrap_or(f32::NAN));
            Ok(())
        })
    }
}

/// The classes of a document, of a pair, or of a yes/no question: all labels of all heads, head by
/// head, the most probable label first.
///
/// `*classes` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_classes(
    result: *const biobert_result,
    doc: usize,
    classes: *mut *const biobert_class,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let views = &borrow(result, "result")?.document(doc)?.views;
            List::new(classes, count, stride, "classes")?.write(&views.classes);
            Ok(())
        })
    }
}

/// The sentences of a document, in order.
///
/// `*sentences` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_sentences(
    result: *const biobert_result,
    doc: usize,
    sentences: *mut *const biobert_range,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let views = &borrow(result, "result")?.document(doc)?.views;
            List::new(sentences, count, stride, "sentences")?.write(&views.sentences);
            Ok(())
        })
    }
}

/// The tokens of an embedded document, in order, if the options asked for them. There are as many
/// as `biobert_result_states` has rows.
///
/// `*tokens` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_tokens(
    result: *const biobert_result,
    doc: usize,
    tokens: *mut *const biobert_range,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let views = &borrow(result, "result")?.document(doc)?.views;
            List::new(tokens, count, stride, "tokens")?.write(&views.tokens);
            Ok(())
        })
    }
}

/// The masks of a document, in order.
///
/// `*masks` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_masks(
    result: *const biobert_result,
    doc: usize,
    masks: *mut *const biobert_mask,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let views = &borrow(result, "result")?.document(doc)?.views;
            List::new(masks, count, stride, "masks")?.write(&views.masks);
            Ok(())
        })
    }
}

/// What may stand at the masks of a document, mask by mask: see `first_candidate` and `n_candidates`
/// there.
///
/// `*candidates` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_candidates(
    result: *const biobert_result,
    doc: usize,
    candidates: *mut *const biobert_candidate,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let views = &borrow(result, "result")?.document(doc)?.views;
            List::new(candidates, count, stride, "candidates")?.write(&views.candidates);
            Ok(())
        })
    }
}

/// The vector of an embedded document: `*width` numbers, all zero for a document without words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_embedding(
    result: *const biobert_result,
    doc: usize,
    values: *mut *const f32,
    width: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let result = borrow(result, "result")?;
            result.document(doc)?;
            let (values, width) = (Out::new(values, "values")?, Out::new(width, "width")?);
            let (vector, _) = result.owner.floats(doc);
            values.write(vector.as_ptr());
            width.write(vector.len());
            Ok(())
        })
    }
}

/// The states of the tokens of an embedded document, if the options asked for them: `*rows` rows of
/// `*width` numbers, one row after the other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_states(
    result: *const biobert_result,
    doc: usize,
    values: *mut *const f32,
    rows: *mut usize,
    width: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let result = borrow(result, "result")?;
            let count = result.document(doc)?.views.tokens.len();
            let (values, rows) = (Out::new(values, "values")?, Out::new(rows, "rows")?);
            let width = Out::new(width, "width")?;
            let (vector, states) = result.owner.floats(doc);
            values.write(states.as_ptr());
            rows.write(count);
            width.write(states.len().checked_div(count).unwrap_or(vector.len()));
            Ok(())
        })
    }
}

/// The whole result as JSON: `{"precision","documents":[{"status","flags","message",…}]}`. Each
/// document has what its task gives: `entities` (the spans, or what `biobert_result_entities`
/// lists), `relations`, `answers` and `no_answer`, `classes`, `sentences`, `sections`, `embedding`,
/// `tokens`, `states`, `masks` with their `candidates`, with the fields of the structs above.
/// Infinite numbers are `null`. The caller frees `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_to_json(
    result: *const biobert_result,
    out: *mut *mut biobert_json,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let result = borrow(result, "result")?;
            let out = Out::new(out, "out")?;
            out.write(result.owner.json(&result.documents)?);
            Ok(())
        })
    }
}

/// Frees a result and all its views. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_free(result: *mut biobert_result) {
    // SAFETY: the header demands an object of this library that is freed once.
    guard((), || unsafe { release(result) })
}

/// # Safety
/// `result` is NULL or points to a live result.
unsafe fn document<'a>(result: *const biobert_result, index: usize) -> Option<&'a Document> {
    // SAFETY: as promised by the caller.
    unsafe { result.as_ref() }?.documents.get(index)
}
