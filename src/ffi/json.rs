//! JSON texts.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::ffi::guard::guard;
use crate::ffi::handle::{give, release};
use crate::ffi::text::biobert_str;

/// A JSON text. Immutable: any number of threads may read it at once. Freed by the caller.
pub struct biobert_json(String);

impl biobert_json {
    pub(crate) fn new(value: &impl Serialize) -> Result<*mut biobert_json> {
        let json = serde_json::to_string(value)
            .map_err(|_| Error::Internal("the JSON could not be written".into()))?;
        Ok(give(biobert_json(json)))
    }
}

/// The text, without a final NUL. Empty for NULL. The view lives until the object is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_json_view(json: *const biobert_json) -> biobert_str {
    guard(biobert_str::of(""), || {
        // SAFETY: as the header demands of callers.
        unsafe { json.as_ref() }.map_or(biobert_str::of(""), |json| biobert_str::of(&json.0))
    })
}

/// Frees a JSON text. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_json_free(json: *mut biobert_json) {
    // SAFETY: the header demands an object of this library that is freed once.
    guard((), || unsafe { release(json) })
}
