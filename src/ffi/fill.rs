//! Filling masks.

use crate::error::Result;
use crate::ffi::boundary::boundary;
use crate::ffi::call::{Call, inputs};
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::model::biobert_model;
use crate::ffi::options::biobert_run_options;
use crate::ffi::result::biobert_result;
use crate::ffi::sized::{Options, init, read};
use crate::ffi::status::biobert_status;
use crate::ffi::text::{Document, biobert_str, biobert_str16};
use crate::tasks::fill::FillOptions;

/// Options for filling masks. Set them up with `biobert_fill_options_init`; a field that is 0 has
/// its default.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_fill_options {
    /// `sizeof(biobert_fill_options)`.
    pub struct_size: u32,
    /// The most candidates for a mask; 0 means 5.
    pub top_k: u32,
}

// SAFETY: integers only.
unsafe impl Options for biobert_fill_options {}

/// Sets `struct_size` to `size`, which must be `sizeof(biobert_fill_options)`, and every other field
/// to 0, which means its default. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_fill_options_init(
    options: *mut biobert_fill_options,
    size: usize,
) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

impl biobert_fill_options {
    fn convert(self) -> FillOptions {
        let default = FillOptions::default();
        let top_k = if self.top_k == 0 { default.top_k } else { self.top_k as usize };
        FillOptions { top_k }
    }
}

/// Fills the masks of `n_docs` UTF-8 documents: the pieces of the vocabulary that may stand at each,
/// with their probabilities. Read them with `biobert_result_masks` and `biobert_result_candidates`.
///
/// A mask is the token of `biobert_model_mask_token` in the text, such as `[MASK]`; what looks like
/// another special token is text. Of several masks each is filled as if the others stayed open. A
/// document without a mask, or longer than the model reads at once, has `BIOBERT_E_ARGUMENT` as its
/// own status: nothing is windowed. A model without a masked-language head gives
/// `BIOBERT_E_NOT_FOUND`. `fill` may be NULL for the defaults.
///
/// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
/// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
/// threads may use one model at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_fill_run(
    model: *const biobert_model,
    docs: *const biobert_str,
    n_docs: usize,
    fill: *const biobert_fill_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || run(model, docs, n_docs, fill, options, cancel, out)) }
}

/// `biobert_fill_run` for UTF-16 documents.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_fill_run16(
    model: *const biobert_model,
    docs: *const biobert_str16,
    n_docs: usize,
    fill: *const biobert_fill_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || run(model, docs, n_docs, fill, options, cancel, out)) }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
unsafe fn run<D: Document>(
    model: *const biobert_model,
    docs: *const D,
    n_docs: usize,
    fill: *const biobert_fill_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let call = Call::new(model, options, cancel, out)?;
        let docs = inputs(docs, n_docs, "docs")?;
        let fill = read(fill)?.map_or_else(FillOptions::default, |o| o.convert());
        let found = call.model.fill(&docs, &fill, &call.options)?;
        call.finish(found);
    }
    Ok(())
}
