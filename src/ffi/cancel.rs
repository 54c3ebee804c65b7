//! Cancel switches.

use crate::engine::Cancel;
use crate::ffi::boundary::boundary;
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::handle::{Out, give, release};
use crate::ffi::status::biobert_status;

/// A switch that ends the calls it was given to. Any thread may trigger it while calls run, also
/// from a callback. It may be freed while calls run: they keep it.
pub struct biobert_cancel(pub(crate) Cancel);

/// Creates a switch that is off. The caller frees it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_cancel_create(
    out: *mut *mut biobert_cancel,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            Out::new(out, "out")?.write(give(biobert_cancel(Cancel::new())));
            Ok(())
        })
    }
}

/// Turns the switch on, for good: running calls end soon with `BIOBERT_E_CANCELLED`, later ones at
/// once. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_cancel_trigger(cancel: *const biobert_cancel) {
    guard((), || {
        // SAFETY: as the header demands of callers.
        if let Some(cancel) = unsafe { cancel.as_ref() } {
            cancel.0.trigger();
        }
    })
}

/// Frees a switch. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_cancel_free(cancel: *mut biobert_cancel) {
    // SAFETY: the header demands an object of this library that is freed once.
    guard((), || unsafe { release(cancel) })
}
