//! Errors: why a call failed.

use crate::ffi::guard::guard;
use crate::ffi::status::{BIOBERT_OK, biobert_status};
use crate::ffi::text::biobert_str;

/// Why a call failed. Owned by the caller, who frees it; used by one thread at a time.
pub struct biobert_error {
    status: biobert_status,
    message: String,
    doc: Option<usize>,
}

impl biobert_error {
    pub(crate) fn new(
        status: biobert_status,
        message: String,
        doc: Option<usize>,
    ) -> biobert_error {
        biobert_error { status, message, doc }
    }
}

/// The status that the call returned; `BIOBERT_OK` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_error_status(error: *const biobert_error) -> biobert_status {
    // SAFETY: as the header demands of callers.
    guard(BIOBERT_OK, || unsafe { error.as_ref() }.map_or(BIOBERT_OK, |error| error.status))
}

/// What went wrong, in English; never any text of a document. Empty for NULL. The view lives as
/// long as the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_error_message(error: *const biobert_error) -> biobert_str {
    guard(biobert_str::of(""), || {
        // SAFETY: as the header demands of callers.
        unsafe { error.as_ref() }
            .map_or(biobert_str::of(""), |error| biobert_str::of(&error.message))
    })
}

/// The index of the document, or question, that made the whole call fail; -1 if no single one did,
/// and for NULL. It is set if a document has no valid pointer, if an entity that the caller gives
/// has an impossible place, and if a trainer refuses an example, which is document 0 of its call.
/// The kind of such an entity must be UTF-8 and not NULL, else its document is named too. An entity
/// whose `doc` is out of range gives -1, and so does a call over `max_batch_bytes`.
///
/// A document that is not valid Unicode or is too large does not make the whole call fail: it has
/// its own status in the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_error_doc_index(error: *const biobert_error) -> i64 {
    guard(-1, || {
        // SAFETY: as the header demands of callers.
        let doc = unsafe { error.as_ref() }.and_then(|error| error.doc);
        doc.map_or(-1, |doc| doc as i64)
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
