//! The panic boundary: every exported function runs its body in [`boundary`], or in
//! [`guard`](crate::ffi::guard::guard) if it returns no status (`tests/abi` reads the sources and
//! fails if one does not).

use crate::error::Result;
use crate::ffi::error::biobert_error;
use crate::ffi::status::{BIOBERT_E_PANIC, BIOBERT_OK, biobert_status, status_of};
use crate::silence;

/// Runs a body that may fail. A failure gives its status and, where `error` is not NULL, an error
/// object; a panic gives `BIOBERT_E_PANIC`, and nothing of what it said.
///
/// # Safety
/// `error` is NULL or may be written.
pub(crate) unsafe fn boundary(
    error: *mut *mut biobert_error,
    body: impl FnOnce() -> Result<()>,
) -> biobert_status {
    let (status, message, doc) = match silence::catch(body) {
        Some(Ok(())) => return BIOBERT_OK,
        Some(Err(failure)) => (status_of(&failure), failure.to_string(), failure.doc_index()),
        None => (BIOBERT_E_PANIC, "a defect of the library: a panic was caught".into(), None),
    };
    if !error.is_null() {
        let object = biobert_error::new(status, message, doc);
        // SAFETY: not NULL, and the caller promises that it may be written.
        unsafe { error.write(Box::into_raw(Box::new(object))) };
    }
    status
}
