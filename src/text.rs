//! The caller's text: one owned view of it, and offsets back into it in the caller's own unit.
//!
//! The library works on UTF-8. What it reports points into the original: a bad byte that was
//! replaced by U+FFFD still counts as one byte, a lone surrogate as one unit.

use std::borrow::Cow;

use crate::error::{Error, Result};

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
    utf8: Cow<'a, str>,
    /// Where in `utf8` a three-byte U+FFFD stands for one original byte.
    stand_ins: Vec<usize>,
    replaced: bool,
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

    fn from_utf8(bytes: &'a [u8], invalid: InvalidText) -> Result<Text<'a>> {
        let first_error = match std::str::from_utf8(bytes) {
            Ok(text) => {
                return Ok(Text { utf8: text.into(), stand_ins: Vec::new(), replaced: false });
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
        Ok(Text { utf8: utf8.into(), stand_ins, replaced: true })
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
        Ok(Text { utf8: utf8.into(), stand_ins: Vec::new(), replaced })
    }

    /// The text in UTF-8, bad bytes or units replaced.
    pub fn as_str(&self) -> &str {
        &self.utf8
    }

    /// Whether anything was replaced.
    pub fn replaced(&self) -> bool {
        self.replaced
    }

    /// Converts byte positions in [`as_str`](Text::as_str) to offsets into the original.
    pub fn offsets(&self, unit: OffsetUnit) -> Offsets<'_> {
        let plain = match unit {
            OffsetUnit::Utf8Bytes => self.stand_ins.is_empty(),
            OffsetUnit::UnicodeScalars | OffsetUnit::Utf16Units => self.utf8.is_ascii(),
        };
        let mut marks = Vec::new();
        if !plain && unit != OffsetUnit::Utf8Bytes {
            let mut count = 0;
            for block in self.utf8.as_bytes().chunks(BLOCK) {
                marks.push(count);
                count += count_units(block, unit);
            }
        }
        Offsets { text: self, unit, plain, marks }
    }
}

/// Bytes between two marks of the index: the most that a conversion has to count.
const BLOCK: usize = 1024;

/// Converts byte positions to the caller's unit; made by [`Text::offsets`].
#[derive(Debug)]
pub struct Offsets<'a> {
    text: &'a Text<'a>,
    unit: OffsetUnit,
    /// Positions are offsets already.
    plain: bool,
    /// Units before each block of the text.
    marks: Vec<usize>,
}

impl Offsets<'_> {
    /// The offset of a byte position that lies on a character boundary.
    pub fn at(&self, byte: usize) -> usize {
        if self.plain {
            return byte;
        }
        if self.unit == OffsetUnit::Utf8Bytes {
            // Each stand-in before the position is two bytes longer than the original byte.
            let before = self.text.stand_ins.partition_point(|&at| at < byte);
            return byte - 2 * before;
        }
        let bytes = self.text.utf8.as_bytes();
        let block = (byte / BLOCK).min(self.marks.len().saturating_sub(1));
        let mark = self.marks.get(block).copied().unwrap_or(0);
        mark + count_units(&bytes[block * BLOCK..byte], self.unit)
    }
}

impl Offsets<'_> {
    /// The byte position of an offset: the way back.
    ///
    /// An offset beyond the end, or inside of a character, gives the next position there is.
    pub fn byte(&self, offset: usize) -> usize {
        let text = self.text.as_str();
        if self.plain {
            return text.ceil_char_boundary(offset);
        }
        if self.unit == OffsetUnit::Utf8Bytes {
            // The stand-in number k stands for the original byte at its place less 2k.
            let stand_ins = &self.text.stand_ins;
            let (mut low, mut high) = (0, stand_ins.len());
            while low < high {
                let k = (low + high) / 2;
                if stand_ins[k] - 2 * k < offset { low = k + 1 } else { high = k }
            }
            return text.ceil_char_boundary(offset.saturating_add(2 * low));
        }
        // Offsets grow with positions: find the block, then search in it.
        let block = self.marks.partition_point(|&mark| mark <= offset).saturating_sub(1);
        let (mut low, mut high) = (block * BLOCK, text.len().min((block + 1) * BLOCK));
        while low < high {
            let middle = (low + high) / 2;
            if self.at(middle) < offset { low = middle + 1 } else { high = middle }
        }
        text.ceil_char_boundary(low)
    }
}

/// How many units start in these bytes: each scalar counts where its first byte is.
fn count_units(bytes: &[u8], unit: OffsetUnit) -> usize {
    let scalars = bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    match unit {
        OffsetUnit::Utf8Bytes => bytes.len(),
        OffsetUnit::UnicodeScalars => scalars,
        // Scalars from U+10000 start with 0xF0 or more and take two units.
        OffsetUnit::Utf16Units => scalars + bytes.iter().filter(|&&byte| byte >= 0xF0).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all_offsets(text: &Text<'_>, unit: OffsetUnit) -> Vec<usize> {
        let offsets = text.offsets(unit);
        let ends = text.as_str().char_indices().map(|(at, _)| at);
        let there = ends.chain([text.as_str().len()]).map(|at| {
            let offset = offsets.at(at);
            assert_eq!(offsets.byte(offset), at, "the way back");
            offset
        });
        there.collect()
    }

    #[test]
    fn the_three_units_count_what_they_say() {
        let text = Text::new("aé😀\r\n".into(), InvalidText::Reject).unwrap();
        assert_eq!(all_offsets(&text, OffsetUnit::Utf8Bytes), [0, 1, 3, 7, 8, 9]);
        assert_eq!(all_offsets(&text, OffsetUnit::UnicodeScalars), [0, 1, 2, 3, 4, 5]);
        assert_eq!(all_offsets(&text, OffsetUnit::Utf16Units), [0, 1, 2, 4, 5, 6]);
    }

    #[test]
    fn bad_bytes_are_refused_with_their_position_or_stand_for_one_scalar_each() {
        // 0xE2 0x82 is the start of a euro sign that never ends.
        let bytes = b"ab\xE2\x82cd\xFF";
        let error = Text::new(Input::Utf8(bytes), InvalidText::Reject).unwrap_err();
        assert_eq!(error.to_string(), "invalid UTF-8 at byte 2");
        let text = Text::new(Input::Utf8(bytes), InvalidText::Replace).unwrap();
        assert_eq!(text.as_str(), "ab\u{FFFD}\u{FFFD}cd\u{FFFD}");
        assert!(text.replaced());
        assert_eq!(all_offsets(&text, OffsetUnit::Utf8Bytes), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(all_offsets(&text, OffsetUnit::UnicodeScalars), [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_genuine_replacement_character_keeps_its_three_bytes() {
        let text = Text::new(Input::Utf8(b"\xEF\xBF\xBD\xFFa"), InvalidText::Replace).unwrap();
        assert_eq!(all_offsets(&text, OffsetUnit::Utf8Bytes), [0, 3, 4, 5]);
    }

    #[test]
    fn lone_surrogates_are_refused_or_replaced() {
        let units = [0x61, 0xD83D, 0xDE00, 0xD800, 0x62];
        let error = Text::new(Input::Utf16(&units), InvalidText::Reject).unwrap_err();
        assert_eq!(error.to_string(), "invalid UTF-16 at unit 3");
        let text = Text::new(Input::Utf16(&units), InvalidText::Replace).unwrap();
        assert_eq!(text.as_str(), "a😀\u{FFFD}b");
        assert_eq!(all_offsets(&text, OffsetUnit::Utf16Units), [0, 1, 3, 4, 5]);
    }

    proptest! {
        #[test]
        fn offsets_agree_with_the_standard_library(text in "(\\PC|[\\x00-\\x1F]){0,2000}") {
            let view = Text::new(text.as_str().into(), InvalidText::Reject).unwrap();
            let scalars = view.offsets(OffsetUnit::UnicodeScalars);
            let units = view.offsets(OffsetUnit::Utf16Units);
            for (index, (at, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(scalars.at(at), index);
                prop_assert_eq!(scalars.byte(index), at);
                prop_assert_eq!(units.byte(units.at(at)), at);
                prop_assert_eq!(units.at(at), text[..at].encode_utf16().count());
            }
        }
    }
}
