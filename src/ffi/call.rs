//! What the functions that run a task share: their first and last parameters.

use crate::error::Result;
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::found::Found;
use crate::ffi::handle::{Out, array, borrow, give};
use crate::ffi::model::biobert_model;
use crate::ffi::options::biobert_run_options;
use crate::ffi::result::biobert_result;
use crate::ffi::text::{Document, biobert_str, strings};
use crate::model::Model;
use crate::tasks::{Results, RunOptions};
use crate::text::Input;

/// The parameters of a call, checked.
pub(crate) struct Call<'a> {
    pub(crate) model: &'a Model,
    pub(crate) options: RunOptions,
    out: Out<*mut biobert_result>,
}

impl Call<'_> {
    /// # Safety
    /// Pointers are NULL or point to live objects; `out` may be written until the call returns.
    pub(crate) unsafe fn new<'a>(
        model: *const biobert_model,
        options: *const biobert_run_options,
        cancel: *const biobert_cancel,
        out: *mut *mut biobert_result,
    ) -> Result<Call<'a>> {
        // SAFETY: as promised by the caller.
        let model = &unsafe { borrow(model, "model") }?.0;
        // SAFETY: as promised by the caller.
        let options = unsafe { run_options(options, cancel) }?;
        // SAFETY: as promised by the caller.
        let out = unsafe { Out::new(out, "out") }?;
        Ok(Call { model, options, out })
    }

    /// Gives the result to the caller: the last thing that a function does.
    pub(crate) fn finish<T: Found>(self, results: Results<T>) {
        self.out.write(give(biobert_result::new(results)));
    }
}

/// The options of a run with its cancel switch.
///
/// # Safety
/// Pointers are NULL or point to live objects.
pub(crate) unsafe fn run_options(
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
) -> Result<RunOptions> {
    // SAFETY: as promised by the caller.
    let mut options = unsafe { biobert_run_options::read(options) }?;
    if !cancel.is_null() {
        // SAFETY: as promised by the caller.
        options.cancel = Some(unsafe { borrow(cancel, "cancel") }?.0.clone());
    }
    Ok(options)
}

/// The names of heads.
///
/// # Safety
/// `heads` points to `count` views of live text, unless `count` is 0.
pub(crate) unsafe fn names(heads: *const biobert_str, count: usize) -> Result<Vec<String>> {
    // SAFETY: as promised by the caller.
    unsafe { strings(heads, count, "heads", "a head's name") }
}

/// Documents.
///
/// # Safety
/// `docs` points to `count` views of text that stays alive and unchanged for `'a`, unless `count`
/// is 0.
pub(crate) unsafe fn inputs<'a, D: Document + 'a>(
    docs: *const D,
    count: usize,
    name: &str,
) -> Result<Vec<Input<'a>>> {
    // SAFETY: as promised by the caller.
    let docs = unsafe { array(docs, count, name) }?;
    let input = |(index, doc): (usize, &D)| {
        // SAFETY: as promised by the caller.
        unsafe { doc.input() }.map_err(|error| error.of_doc(index))
    };
    docs.iter().enumerate().map(input).collect()
}
