//! Named entities (NER).

use crate::error::Result;
use crate::ffi::boundary::boundary;
use crate::ffi::call::{Call, inputs, names};
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::error::biobert_error;
use crate::ffi::model::biobert_model;
use crate::ffi::options::biobert_run_options;
use crate::ffi::result::biobert_result;
use crate::ffi::status::biobert_status;
use crate::ffi::text::{Document, biobert_str, biobert_str16};

/// Finds the entities of `n_docs` UTF-8 documents with the named heads, or with the default NER
/// heads if `n_heads` is 0. Read them with `biobert_result_spans`.
///
/// A document may have any length within the engine's limits. A bad document has its own status in
/// the result and does not make the call fail.
///
/// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
/// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
/// threads may use one model at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_ner_run(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    docs: *const biobert_str,
    n_docs: usize,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || run(model, heads, n_heads, docs, n_docs, options, cancel, out)) }
}

/// `biobert_ner_run` for UTF-16 documents.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_ner_run16(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    docs: *const biobert_str16,
    n_docs: usize,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || run(model, heads, n_heads, docs, n_docs, options, cancel, out)) }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
#[allow(clippy::too_many_arguments, reason = "they are the C function's")]
unsafe fn run<D: Document>(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    docs: *const D,
    n_docs: usize,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let call = Call::new(model, options, cancel, out)?;
        let (heads, docs) = (names(heads, n_heads)?, inputs(docs, n_docs, "docs")?);
        let found = call.model.ner(&heads, &docs, &call.options)?;
        call.finish(found);
    }
    Ok(())
}
