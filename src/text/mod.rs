//! The caller's text: one owned view of it, and offsets back into it in the caller's own unit.
//!
//! The library works on UTF-8. What it reports points into the original: a bad byte that was
//! replaced by U+FFFD still counts as one byte, a lone surrogate as one unit, and a character reference as
//! what it is written with.

mod hl7;
mod html;
mod markup;
mod offsets;

use std::borrow::Cow;

use crate::error::{Error, Result};

pub(crate) use hl7::Delimiters;
pub use markup::Markup;
pub(crate) use markup::unescaped;
pub use offsets::Offsets;

use markup::Decoded;

/// A document as the caller has it.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// UTF-8, hopefully: it is checked.
    Utf8(&'a [u8]),
    /// UTF-16 in the machine's byte order, perhaps with lone surrogates.
    Utf16(&'a [u16]),
}

impl<'a> From<&'a str> for Input<'a> {
    fn from(text: &'a str) -> Self {
        Input::Utf8(text.as_bytes())
    }
}

impl Input<'_> {
    /// Size in bytes, which the limits count.
    pub fn size(&self) -> u64 {
        match self {
            Input::Utf8(bytes) => bytes.len() as u64,
            Input::Utf16(units) => 2 * units.len() as u64,
        }
    }
}

/// What offsets count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetUnit {
    /// Bytes of the UTF-8 form.
    Utf8Bytes,
    /// Unicode scalar values (Python's `str` indices).
    UnicodeScalars,
    /// UTF-16 code units (Java's, C#'s and JavaScript's indices).
    Utf16Units,
}

/// What to do with bytes or units that are not valid Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InvalidText {
    /// Refuse the document and say where.
    #[default]
    Reject,
    /// Let each bad byte or unit stand for one U+FFFD.
    Replace,
}

/// A document in UTF-8, with what is needed to point back into the original.
#[derive(Debug, Default)]
pub struct Text<'a> {
    /// As it is written.
    utf8: Cow<'a, str>,
    /// Where in `utf8` a three-byte U+FFFD stands for one original byte.
    stand_ins: Vec<usize>,
    replaced: bool,
    /// As its markup says it, where that says something else.
    decoded: Option<Decoded>,
}

const REPLACEMENT: &str = "\u{FFFD}";

impl<'a> Text<'a> {
    /// Checks the text and brings it to UTF-8.
    ///
    /// # Errors
    /// [`Error::Encoding`] with the position of the first bad byte or unit, under
    /// [`InvalidText::Reject`].
    pub fn new(input: Input<'a>, invalid: InvalidText) -> Result<Text<'a>> {
        match input {
            Input::Utf8(bytes) => Self::from_utf8(bytes, invalid),
            Input::Utf16(units) => Self::from_utf16(units, invalid),
        }
    }

    /// As [`new`](Text::new), and reads what the markup stands for.
    ///
    /// # Errors
    /// As [`new`](Text::new).
    pub fn with_markup(input: Input<'a>, invalid: InvalidText, markup: Markup) -> Result<Text<'a>> {
        let text = Text::new(input, invalid)?;
        Ok(Text { decoded: Decoded::new(&text.utf8, markup), ..text })
    }

    fn from_utf8(bytes: &'a [u8], invalid: InvalidText) -> Result<Text<'a>> {
        let first_error = match std::str::from_utf8(bytes) {
            Ok(text) => {
                return Ok(Text { utf8: text.into(), ..Text::default() });
            }
            Err(error) => error,
        };
        if invalid == InvalidText::Reject {
            let position = first_error.valid_up_to();
            return Err(Error::Encoding { encoding: "UTF-8", unit: "byte", position });
        }
        let mut utf8 = String::with_capacity(bytes.len() + 64);
        let mut stand_ins = Vec::new();
        for chunk in bytes.utf8_chunks() {
            utf8.push_str(chunk.valid());
            for _ in chunk.invalid() {
                stand_ins.push(utf8.len());
                utf8.push_str(REPLACEMENT);
            }
        }
        Ok(Text { utf8: utf8.into(), stand_ins, replaced: true, decoded: None })
    }

    fn from_utf16(units: &'a [u16], invalid: InvalidText) -> Result<Text<'a>> {
        let mut utf8 = String::with_capacity(units.len());
        let mut position = 0;
        let mut replaced = false;
        for scalar in char::decode_utf16(units.iter().copied()) {
            match scalar {
                Ok(scalar) => {
                    position += scalar.len_utf16();
                    utf8.push(scalar);
                }
                Err(_) if invalid == InvalidText::Reject => {
                    return Err(Error::Encoding { encoding: "UTF-16", unit: "unit", position });
                }
                // U+FFFD is one unit long, as the surrogate that it stands for: nothing to note.
                Err(_) => {
                    position += 1;
                    replaced = true;
                    utf8.push_str(REPLACEMENT);
                }
            }
        }
        Ok(Text { utf8: utf8.into(), replaced, ..Text::default() })
    }

    /// The text in UTF-8, bad bytes or units replaced, and markup by what it stands for.
    pub fn as_str(&self) -> &str {
        self.decoded.as_ref().map_or(&self.utf8, |decoded| &decoded.text)
    }

    /// Whether bad bytes or units were replaced.
    pub fn replaced(&self) -> bool {
        self.replaced
    }

    /// Converts byte positions in [`as_str`](Text::as_str) to offsets into the original.
    pub fn offsets(&self, unit: OffsetUnit) -> Offsets<'_> {
        Offsets::new(self, unit)
    }
}

#[cfg(test)]
mod tests;
