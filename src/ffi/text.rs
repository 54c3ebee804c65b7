//! Text and offsets.

use std::path::Path;

use libc::c_char;

use crate::error::{Error, Result};
use crate::ffi::handle::array;
use crate::text::{Input, OffsetUnit};

/// A view of UTF-8 text. It is not NUL-terminated and may contain NUL. The pointer of an empty view
/// may be NULL.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_str {
    /// The first byte.
    pub ptr: *const c_char,
    /// Length in bytes.
    pub len: usize,
}

/// A view of UTF-16 text in the byte order of the machine. As above, it may contain NUL.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_str16 {
    /// The first unit.
    pub ptr: *const u16,
    /// Length in units.
    pub len: usize,
}

/// What offsets count. There is no default: the caller must choose.
pub type biobert_offset_unit = i32;

/// Bytes of UTF-8.
pub const BIOBERT_UTF8_BYTES: biobert_offset_unit = 1;
/// Unicode scalar values.
pub const BIOBERT_UNICODE_SCALARS: biobert_offset_unit = 2;
/// UTF-16 units.
pub const BIOBERT_UTF16_UNITS: biobert_offset_unit = 3;

/// What offsets count; there is no default.
pub(crate) fn offset_unit(unit: biobert_offset_unit) -> Result<OffsetUnit> {
    match unit {
        BIOBERT_UTF8_BYTES => Ok(OffsetUnit::Utf8Bytes),
        BIOBERT_UNICODE_SCALARS => Ok(OffsetUnit::UnicodeScalars),
        BIOBERT_UTF16_UNITS => Ok(OffsetUnit::Utf16Units),
        _ => Err(Error::Argument("unit of the options is not one of the three".into())),
    }
}

impl biobert_str {
    /// A view of a string that outlives it.
    pub(crate) fn of(text: &str) -> biobert_str {
        biobert_str { ptr: text.as_ptr().cast(), len: text.len() }
    }

    /// The bytes of the view.
    ///
    /// # Safety
    /// The view points to `len` bytes that stay alive and unchanged for `'a`.
    pub(crate) unsafe fn bytes<'a>(self, name: &str) -> Result<&'a [u8]> {
        // SAFETY: as promised by the caller.
        unsafe { array(self.ptr.cast(), self.len, name) }
    }

    /// The view as a path.
    ///
    /// # Safety
    /// As [`bytes`](Self::bytes).
    pub(crate) unsafe fn path<'a>(self) -> Result<&'a Path> {
        // SAFETY: as promised by the caller.
        let path = unsafe { self.str("path") }?;
        if path.is_empty() || path.contains('\0') {
            return Err(Error::Argument("path is empty or holds a NUL".into()));
        }
        Ok(Path::new(path))
    }

    /// The view as a string, for names and paths.
    ///
    /// # Safety
    /// As [`bytes`](Self::bytes).
    pub(crate) unsafe fn str<'a>(self, name: &str) -> Result<&'a str> {
        // SAFETY: as promised by the caller.
        let bytes = unsafe { self.bytes(name) }?;
        std::str::from_utf8(bytes).map_err(|_| Error::Argument(format!("{name} is not UTF-8")))
    }
}

/// Strings; `list` and `one` are what errors call all of them and one.
///
/// # Safety
/// `texts` points to `count` views of live text, unless `count` is 0.
pub(crate) unsafe fn strings(
    texts: *const biobert_str,
    count: usize,
    list: &str,
    one: &str,
) -> Result<Vec<String>> {
    // SAFETY: as promised by the caller.
    let texts = unsafe { array(texts, count, list) }?.iter();
    // SAFETY: as promised by the caller.
    texts.map(|text| Ok(unsafe { text.str(one) }?.to_string())).collect()
}

/// The two forms in which documents arrive.
pub(crate) trait Document: Copy {
    /// # Safety
    /// The view points to text that stays alive and unchanged for `'a`.
    unsafe fn input<'a>(self) -> Result<Input<'a>>;
}

impl Document for biobert_str {
    unsafe fn input<'a>(self) -> Result<Input<'a>> {
        // SAFETY: as promised by the caller.
        Ok(Input::Utf8(unsafe { self.bytes("a document's ptr") }?))
    }
}

impl Document for biobert_str16 {
    unsafe fn input<'a>(self) -> Result<Input<'a>> {
        // SAFETY: as promised by the caller.
        Ok(Input::Utf16(unsafe { array(self.ptr, self.len, "a document's ptr") }?))
    }
}
