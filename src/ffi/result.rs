//! Results.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::ffi::boundary::{boundary, guard};
use crate::ffi::error::biobert_error;
use crate::ffi::handle::{Out, borrow, release};
use crate::ffi::json::biobert_json;
use crate::ffi::status::{BIOBERT_E_ARGUMENT, BIOBERT_OK, biobert_status, status_of};
use crate::ffi::text::biobert_str;
use crate::tasks::ner::{DocumentEntities, Entity, NerResult};

/// What a call found. Immutable: any thread, concurrently. All views of it live until it is freed;
/// it needs neither model nor engine to stay.
pub struct biobert_result {
    documents: Vec<Document>,
    /// Owns the strings that the spans point to.
    ner: NerResult,
}

// SAFETY: the spans point to immutable strings that `ner` owns.
unsafe impl Send for biobert_result {}
// SAFETY: as above.
unsafe impl Sync for biobert_result {}

struct Document {
    status: biobert_status,
    flags: u32,
    message: String,
    spans: Vec<biobert_span>,
}

/// A stretch of a document that is an entity. Offsets are half-open, in the unit of the call, and
/// point into the caller's original text.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_span {
    /// Offset of its first character.
    pub start: u64,
    /// Offset behind its last character.
    pub end: u64,
    /// Its kind, such as `Disease`.
    pub label: biobert_str,
    /// The head that found it.
    pub head: biobert_str,
    /// Mean probability of the labels of its words, 0 to 1.
    pub score: f32,
}

/// The document was longer than the model's limit and was read in overlapping windows; nothing was
/// left out.
pub const BIOBERT_DOC_WINDOWED: u32 = 1;
/// A limit forced a cut: the end of the document was not read. No task of this version cuts.
pub const BIOBERT_DOC_TRUNCATED: u32 = 2;
/// Bad bytes or units were read as U+FFFD.
pub const BIOBERT_DOC_REPLACED_INVALID: u32 = 4;

impl biobert_result {
    pub(crate) fn new(ner: NerResult) -> biobert_result {
        let documents = ner.documents.iter().map(Document::new).collect();
        biobert_result { documents, ner }
    }
}

impl Document {
    fn new(document: &Result<DocumentEntities>) -> Document {
        match document {
            Ok(found) => {
                let windowed = if found.flags.windowed { BIOBERT_DOC_WINDOWED } else { 0 };
                let replaced =
                    if found.flags.replaced_invalid { BIOBERT_DOC_REPLACED_INVALID } else { 0 };
                Document {
                    status: BIOBERT_OK,
                    flags: windowed | replaced,
                    message: String::new(),
                    spans: found.entities.iter().map(span).collect(),
                }
            }
            Err(error) => Document {
                status: status_of(error),
                flags: 0,
                message: error.to_string(),
                spans: Vec::new(),
            },
        }
    }
}

fn span(entity: &Entity) -> biobert_span {
    biobert_span {
        start: entity.start as u64,
        end: entity.end as u64,
        label: biobert_str::of(&entity.label),
        head: biobert_str::of(&entity.head),
        score: entity.score,
    }
}

/// How many documents the call had. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_doc_count(result: *const biobert_result) -> usize {
    // SAFETY: as the header demands of callers.
    guard(0, || unsafe { result.as_ref() }.map_or(0, |result| result.documents.len()))
}

/// What became of a document; `BIOBERT_E_ARGUMENT` for NULL or an index out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_doc_status(
    result: *const biobert_result,
    doc: usize,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    guard(BIOBERT_E_ARGUMENT, || {
        unsafe { document(result, doc) }.map_or(BIOBERT_E_ARGUMENT, |d| d.status)
    })
}

/// Why a document has no result, in English; never a word of it. Empty if it has one.
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

/// The entities of a document, by start, the longer first where two start together.
///
/// `*spans` points to `*count` structs that lie `*stride` bytes apart: a later library may have
/// longer ones. Entities of one head do not overlap; those of different heads may.
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
            let result = borrow(result, "result")?;
            let out_of_range = || Error::Argument("doc is out of range".into());
            let document = result.documents.get(doc).ok_or_else(out_of_range)?;
            let spans = Out::new(spans, "spans")?;
            let count = Out::new(count, "count")?;
            let stride = Out::new(stride, "stride")?;
            spans.write(document.spans.as_ptr());
            count.write(document.spans.len());
            stride.write(size_of::<biobert_span>());
            Ok(())
        })
    }
}

#[derive(Serialize)]
struct JsonResult<'a> {
    precision: &'static str,
    documents: Vec<JsonDocument<'a>>,
}

#[derive(Serialize)]
struct JsonDocument<'a> {
    status: biobert_status,
    flags: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
    entities: Vec<JsonEntity<'a>>,
}

#[derive(Serialize)]
struct JsonEntity<'a> {
    start: usize,
    end: usize,
    label: &'a str,
    score: f32,
    head: &'a str,
}

/// The whole result as JSON: `{"precision","documents":[{"status","flags","entities":[{"start",
/// "end","label","score","head"}]}]}`. The caller frees `*out`.
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
            let documents: Vec<JsonDocument<'_>> =
                result.documents.iter().zip(&result.ner.documents).map(json_document).collect();
            let precision = result.ner.precision.name();
            out.write(biobert_json::new(&JsonResult { precision, documents })?);
            Ok(())
        })
    }
}

fn json_document<'a>(
    (document, found): (&'a Document, &'a Result<DocumentEntities>),
) -> JsonDocument<'a> {
    let entity = |entity: &'a Entity| JsonEntity {
        start: entity.start,
        end: entity.end,
        label: &entity.label,
        score: entity.score,
        head: &entity.head,
    };
    JsonDocument {
        status: document.status,
        flags: document.flags,
        message: &document.message,
        entities: found.iter().flat_map(|found| &found.entities).map(entity).collect(),
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
