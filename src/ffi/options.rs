//! Run options: what offsets count, bad text, markup, deadline.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::ffi::guard::guard;
use crate::ffi::sized::{Options, init, read};
use crate::ffi::text::{biobert_offset_unit, offset_unit};
use crate::tasks::RunOptions;
use crate::text::{InvalidText, Markup};

/// What to do with a document that is not valid Unicode.
pub type biobert_invalid_text = i32;

/// Refuse it: its status becomes `BIOBERT_E_ENCODING`, with the position in its message.
pub const BIOBERT_INVALID_REJECT: biobert_invalid_text = 1;
/// Read each bad byte or unit as one U+FFFD. Offsets still point into the original text.
pub const BIOBERT_INVALID_REPLACE: biobert_invalid_text = 2;

/// What in a document stands for other characters. It is read as those; offsets still point into
/// the original text. A place that begins or ends within a reference begins or ends at its edge, and
/// what stands for nothing belongs to no place that it only touches. Whatever is no valid reference
/// or sequence stays as it is.
pub type biobert_markup = i32;

/// Nothing.
pub const BIOBERT_MARKUP_NONE: biobert_markup = 1;
/// HTML's character references, such as `&beta;`, `&#39;` and `&#x3B2;`. Tags stay.
pub const BIOBERT_MARKUP_ENTITIES: biobert_markup = 2;
/// The escape sequences in a text field of HL7 version 2, such as `\T\`, `\.br\` and `\X0D\`.
pub const BIOBERT_MARKUP_HL7: biobert_markup = 3;

/// Options of a call on documents. Set them up with `biobert_run_options_init`, then set `unit`.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_run_options {
    /// `sizeof(biobert_run_options)`.
    pub struct_size: u32,
    /// What offsets count; must be set.
    pub unit: biobert_offset_unit,
    /// What to do with invalid text; 0 is `BIOBERT_INVALID_REJECT`.
    pub invalid_text: biobert_invalid_text,
    /// Milliseconds after which the call ends with `BIOBERT_E_DEADLINE`; 0 means no deadline. If
    /// your own time has run out, do not make the call.
    pub deadline_ms: u32,
    /// What in a document stands for other characters; 0 is `BIOBERT_MARKUP_NONE`.
    pub markup: biobert_markup,
}

// SAFETY: integers only.
unsafe impl Options for biobert_run_options {}

/// Sets `struct_size` to `size`, which must be `sizeof(biobert_run_options)`, and every other field
/// to 0, its default; `unit` has none and must be set. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_run_options_init(options: *mut biobert_run_options, size: usize) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
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
        let markup = match options.markup {
            0 | BIOBERT_MARKUP_NONE => Markup::None,
            BIOBERT_MARKUP_ENTITIES => Markup::Entities,
            BIOBERT_MARKUP_HL7 => Markup::Hl7,
            _ => return Err(Error::Argument("markup of the options is unknown".into())),
        };
        let deadline =
            (options.deadline_ms > 0).then(|| Duration::from_millis(options.deadline_ms.into()));
        Ok(RunOptions { invalid_text, markup, deadline, ..RunOptions::new(unit) })
    }
}
