//! Sections.

use crate::error::Result;
use crate::ffi::boundary::boundary;
use crate::ffi::call::{inputs, run_options};
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::engine::biobert_engine;
use crate::ffi::error::biobert_error;
use crate::ffi::handle::{Out, borrow, give};
use crate::ffi::options::biobert_run_options;
use crate::ffi::result::biobert_result;
use crate::ffi::status::biobert_status;
use crate::ffi::text::{Document, biobert_str, biobert_str16};

/// Finds the sections of `n_docs` UTF-8 notes in English by their headings, without a model.
/// Read them with `biobert_result_sections`. A heading stands on a line of its own or before the
/// text on the same line. What stands before the first heading is in no section.
///
/// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on
/// failure, including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any
/// number of threads may use one engine at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_sections_run(
    engine: *const biobert_engine,
    docs: *const biobert_str,
    n_docs: usize,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || run(engine, docs, n_docs, options, cancel, out)) }
}

/// `biobert_sections_run` for UTF-16 documents.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_sections_run16(
    engine: *const biobert_engine,
    docs: *const biobert_str16,
    n_docs: usize,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || run(engine, docs, n_docs, options, cancel, out)) }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
unsafe fn run<D: Document>(
    engine: *const biobert_engine,
    docs: *const D,
    n_docs: usize,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let engine = &borrow(engine, "engine")?.0;
        let options = run_options(options, cancel)?;
        let out = Out::new(out, "out")?;
        let found = engine.sections(&inputs(docs, n_docs, "docs")?, &options)?;
        out.write(give(biobert_result::new(found)));
    }
    Ok(())
}
