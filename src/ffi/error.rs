//! Error objects.

use crate::ffi::boundary::guard;
use crate::ffi::status::{BIOBERT_OK, biobert_status};
use crate::ffi::text::biobert_str;

/// Why a call failed. Owned by the caller, who frees it; used by one thread at a time.
pub struct biobert_error {
    status: biobert_status,
    message: String,
}

impl biobert_error {
    pub(crate) fn new(status: biobert_status, message: String) -> biobert_error {
        biobert_error { status, message }
    }
}

/// The status that the call returned; `BIOBERT_OK` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_error_status(error: *const biobert_error) -> biobert_status {
    // SAFETY: as the header demands of callers.
    guard(BIOBERT_OK, || unsafe { error.as_ref() }.map_or(BIOBERT_OK, |error| error.status))
}

/// What went wrong, in English; never a word of a document. Empty for NULL. The view lives as long
/// as the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_error_message(error: *const biobert_error) -> biobert_str {
    guard(biobert_str::of(""), || {
        // SAFETY: as the header demands of callers.
        unsafe { error.as_ref() }
            .map_or(biobert_str::of(""), |error| biobert_str::of(&error.message))
    })
}

/// The document that made the whole call fail, or -1 if no single one did. What is wrong with one
/// document stands in the result; it does not make a call fail.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_error_doc_index(error: *const biobert_error) -> i64 {
    guard(-1, || {
        let _ = error;
        -1
    })
}

/// Frees an error. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_error_free(error: *mut biobert_error) {
    guard((), || {
        if !error.is_null() {
            // SAFETY: the header demands an error that came from the library and is freed once.
            drop(unsafe { Box::from_raw(error) });
        }
    })
}
