//! Option structs: they begin with their size, so that they can grow.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::ffi::boundary::guard;
use crate::ffi::text::{
    BIOBERT_UNICODE_SCALARS, BIOBERT_UTF8_BYTES, BIOBERT_UTF16_UNITS, biobert_offset_unit,
};
use crate::tasks::RunOptions;
use crate::text::{InvalidText, OffsetUnit};

/// What to do with a document that is not valid Unicode.
pub type biobert_invalid_text = i32;

/// Refuse it: its status becomes `BIOBERT_E_ENCODING`, with the position in its message.
pub const BIOBERT_INVALID_REJECT: biobert_invalid_text = 1;
/// Read each bad byte or unit as one U+FFFD; offsets still point into the original.
pub const BIOBERT_INVALID_REPLACE: biobert_invalid_text = 2;

/// Options of a call on documents. Set up with `biobert_run_options_init`, then choose a unit.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_run_options {
    /// `sizeof(biobert_run_options)`.
    pub struct_size: u32,
    /// What offsets count; must be chosen.
    pub unit: biobert_offset_unit,
    /// What to do with invalid text; 0 is `BIOBERT_INVALID_REJECT`.
    pub invalid_text: biobert_invalid_text,
    /// Milliseconds after which the call ends with `BIOBERT_E_DEADLINE`; 0 is never, so a time left
    /// that has run out must not be given.
    pub deadline_ms: u32,
}

/// A struct of integers, pointers and views that begins with its size in a `u32`.
///
/// # Safety
/// All zeros, and whatever a C program may put into the fields, is a value of the type.
pub(crate) unsafe trait Options: Copy {}

// SAFETY: integers only.
unsafe impl Options for biobert_run_options {}

/// Larger than any option struct will ever be.
const LARGEST: usize = 4096;

/// Copies an option struct of any version: a shorter one is filled up with zeros, the tail of a
/// longer one must be zeros.
///
/// # Safety
/// `pointer` is NULL or points to as many bytes as its first `u32` says.
pub(crate) unsafe fn read<T: Options>(pointer: *const T) -> Result<Option<T>> {
    if pointer.is_null() {
        return Ok(None);
    }
    if !pointer.is_aligned() {
        return Err(Error::Argument("options is misaligned".into()));
    }
    // SAFETY: every option struct begins with its size.
    let size = unsafe { pointer.cast::<u32>().read() } as usize;
    if !(size_of::<u32>()..=LARGEST).contains(&size) {
        return Err(Error::Argument("struct_size of the options is not set".into()));
    }
    // SAFETY: the caller promises that many bytes.
    let bytes = unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), size) };
    let known = size.min(size_of::<T>());
    if bytes[known..].iter().any(|&byte| byte != 0) {
        let reason = "the options set a field that this version of the library does not know";
        return Err(Error::Unsupported(reason.into()));
    }
    let mut options = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: `known` bytes are there to read and fit into a `T`.
    unsafe { options.as_mut_ptr().cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), known) };
    // SAFETY: zeros with C's values over them are a `T`, as `Options` promises.
    Ok(Some(unsafe { options.assume_init() }))
}

/// Writes an option struct of the caller's version: its size, and zeros, which mean the defaults.
///
/// # Safety
/// `pointer` is NULL or `size` bytes of it may be written.
pub(crate) unsafe fn init<T: Options>(pointer: *mut T, size: usize) {
    if pointer.is_null() || !pointer.is_aligned() || !(size_of::<u32>()..=LARGEST).contains(&size) {
        return;
    }
    // SAFETY: the caller promises `size` bytes, which hold the size at the front.
    unsafe {
        pointer.cast::<u8>().write_bytes(0, size);
        pointer.cast::<u32>().write(size as u32);
    }
}

/// Writes `size`, which is `sizeof(biobert_run_options)` of the calling program, and zeros, which
/// mean the defaults. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_run_options_init(options: *mut biobert_run_options, size: usize) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

/// What offsets count; there is no default.
pub(crate) fn offset_unit(unit: biobert_offset_unit) -> Result<OffsetUnit> {
    match unit {
        BIOBERT_UTF8_BYTES => Ok(OffsetUnit::Utf8Bytes),
        BIOBERT_UNICODE_SCALARS => Ok(OffsetUnit::UnicodeScalars),
        BIOBERT_UTF16_UNITS => Ok(OffsetUnit::Utf16Units),
        _ => Err(Error::Argument("unit of the options is not one of the three".into())),
    }
}

impl biobert_run_options {
    /// The options of a call; NULL gives an error, since a unit must be chosen.
    ///
    /// # Safety
    /// As [`read`].
    pub(crate) unsafe fn read(pointer: *const biobert_run_options) -> Result<RunOptions> {
        // SAFETY: as promised by the caller.
        let options = unsafe { read(pointer) }?;
        let options = options.ok_or_else(|| Error::Argument("options is NULL".into()))?;
        let unit = offset_unit(options.unit)?;
        let invalid_text = match options.invalid_text {
            0 | BIOBERT_INVALID_REJECT => InvalidText::Reject,
            BIOBERT_INVALID_REPLACE => InvalidText::Replace,
            _ => return Err(Error::Argument("invalid_text of the options is unknown".into())),
        };
        let deadline =
            (options.deadline_ms > 0).then(|| Duration::from_millis(options.deadline_ms.into()));
        Ok(RunOptions { invalid_text, deadline, ..RunOptions::new(unit) })
    }
}
