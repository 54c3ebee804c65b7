//! Status codes.

use libc::c_char;

use crate::error::Error;
use crate::ffi::guard::guard;

/// How a call ended: `BIOBERT_OK` or one of the `BIOBERT_E_` codes. Numbers are never reused.
pub type biobert_status = i32;

/// Success.
pub const BIOBERT_OK: biobert_status = 0;
/// A wrong argument: NULL where a pointer is needed, a number out of range, an impossible place.
pub const BIOBERT_E_ARGUMENT: biobert_status = 1;
/// A file, a directory or a head does not exist.
pub const BIOBERT_E_NOT_FOUND: biobert_status = 2;
/// The operating system could not read or write a file or start a thread.
pub const BIOBERT_E_IO: biobert_status = 3;
/// A model's files are whole but do not fit together. Also: an annotated file cannot be
/// read.
pub const BIOBERT_E_MODEL: biobert_status = 4;
/// A model file is damaged.
pub const BIOBERT_E_CORRUPT: biobert_status = 5;
/// Well formed, but this version cannot do it.
pub const BIOBERT_E_UNSUPPORTED: biobert_status = 6;
/// An input is larger than a limit of the engine.
pub const BIOBERT_E_LIMIT: biobert_status = 7;
/// A text is not valid Unicode.
pub const BIOBERT_E_ENCODING: biobert_status = 8;
/// The call was cancelled.
pub const BIOBERT_E_CANCELLED: biobert_status = 9;
/// The deadline passed.
pub const BIOBERT_E_DEADLINE: biobert_status = 10;
/// The object is in use by another thread.
pub const BIOBERT_E_BUSY: biobert_status = 11;
/// A bug in the library: a panic was caught. The objects of the call stay usable, except for a
/// trainer.
pub const BIOBERT_E_PANIC: biobert_status = 12;
/// A bug in the library that it noticed itself.
pub const BIOBERT_E_INTERNAL: biobert_status = 13;
/// A GPU cannot be used, or it failed.
pub const BIOBERT_E_DEVICE: biobert_status = 14;

/// The status of an error.
pub(crate) fn status_of(error: &Error) -> biobert_status {
    match error {
        Error::Argument(_) => BIOBERT_E_ARGUMENT,
        Error::NotFound(_) => BIOBERT_E_NOT_FOUND,
        Error::Io { .. } => BIOBERT_E_IO,
        Error::Model { .. } => BIOBERT_E_MODEL,
        Error::Corrupt { .. } => BIOBERT_E_CORRUPT,
        Error::Unsupported(_) => BIOBERT_E_UNSUPPORTED,
        Error::Limit { .. } => BIOBERT_E_LIMIT,
        Error::Encoding { .. } => BIOBERT_E_ENCODING,
        Error::Cancelled => BIOBERT_E_CANCELLED,
        Error::Deadline => BIOBERT_E_DEADLINE,
        Error::Busy => BIOBERT_E_BUSY,
        Error::Device { .. } => BIOBERT_E_DEVICE,
        Error::Internal(_) => BIOBERT_E_INTERNAL,
        Error::Document { error, .. } => status_of(error),
    }
}

/// The name of a status, such as `BIOBERT_E_ARGUMENT`; `BIOBERT_E_UNKNOWN` for any other number.
/// Static, NUL-terminated. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn biobert_status_name(status: biobert_status) -> *const c_char {
    guard(c"BIOBERT_E_UNKNOWN".as_ptr(), || {
        match status {
            BIOBERT_OK => c"BIOBERT_OK",
            BIOBERT_E_ARGUMENT => c"BIOBERT_E_ARGUMENT",
            BIOBERT_E_NOT_FOUND => c"BIOBERT_E_NOT_FOUND",
            BIOBERT_E_IO => c"BIOBERT_E_IO",
            BIOBERT_E_MODEL => c"BIOBERT_E_MODEL",
            BIOBERT_E_CORRUPT => c"BIOBERT_E_CORRUPT",
            BIOBERT_E_UNSUPPORTED => c"BIOBERT_E_UNSUPPORTED",
            BIOBERT_E_LIMIT => c"BIOBERT_E_LIMIT",
            BIOBERT_E_ENCODING => c"BIOBERT_E_ENCODING",
            BIOBERT_E_CANCELLED => c"BIOBERT_E_CANCELLED",
            BIOBERT_E_DEADLINE => c"BIOBERT_E_DEADLINE",
            BIOBERT_E_BUSY => c"BIOBERT_E_BUSY",
            BIOBERT_E_PANIC => c"BIOBERT_E_PANIC",
            BIOBERT_E_INTERNAL => c"BIOBERT_E_INTERNAL",
            BIOBERT_E_DEVICE => c"BIOBERT_E_DEVICE",
            _ => c"BIOBERT_E_UNKNOWN",
        }
        .as_ptr()
    })
}
