//! Byte positions of a text to offsets into the original, in the caller's unit, and back.
//!
//! There are two steps: from the text as it is read to the text as it is written, which differ where there
//! is markup; and from bytes of that to the caller's unit.

use std::ops::Range;

use crate::text::{OffsetUnit, Text};

/// Bytes between two marks of the index: the most that a conversion has to count.
const BLOCK: usize = 1024;

/// Converts byte positions to the caller's unit; made by [`Text::offsets`].
#[derive(Debug)]
pub struct Offsets<'a> {
    text: &'a Text<'a>,
    unit: OffsetUnit,
    /// Bytes of the text as it is written are offsets already.
    plain: bool,
    /// Units before each block of the text as it is written.
    marks: Vec<usize>,
}

impl<'a> Offsets<'a> {
    pub(super) fn new(text: &'a Text<'a>, unit: OffsetUnit) -> Offsets<'a> {
        let plain = match unit {
            OffsetUnit::Utf8Bytes => text.stand_ins.is_empty(),
            OffsetUnit::UnicodeScalars | OffsetUnit::Utf16Units => text.utf8.is_ascii(),
        };
        let mut marks = Vec::new();
        if !plain && unit != OffsetUnit::Utf8Bytes {
            let mut count = 0;
            for block in text.utf8.as_bytes().chunks(BLOCK) {
                marks.push(count);
                count += count_units(block, unit);
            }
        }
        Offsets { text, unit, plain, marks }
    }
}

impl Offsets<'_> {
    /// The offset of a byte position that lies on a character boundary: where what stands there begins.
    pub fn at(&self, byte: usize) -> usize {
        self.counted(self.text.decoded.as_ref().map_or(byte, |decoded| decoded.start(byte)))
    }

    /// The offsets of a place: whole references, and no markup beside it that stands for nothing.
    pub fn range(&self, bytes: Range<usize>) -> Range<usize> {
        let Some(decoded) = &self.text.decoded else {
            return self.counted(bytes.start)..self.counted(bytes.end);
        };
        let end = decoded.end(bytes.end);
        let start = if bytes.is_empty() { end } else { decoded.start(bytes.start) };
        self.counted(start)..self.counted(end)
    }

    /// The byte position of an offset: the way back.
    ///
    /// An offset beyond the end, or inside of a character or reference, gives the next position there is.
    pub fn byte(&self, offset: usize) -> usize {
        let written = self.written(offset);
        self.text.decoded.as_ref().map_or(written, |decoded| decoded.byte(written))
    }

    /// The byte position of an offset that is one: neither beyond the end nor inside of a character or
    /// reference.
    pub fn exact(&self, offset: usize) -> Option<usize> {
        let written = self.written(offset);
        let splits = self.text.decoded.as_ref().is_some_and(|decoded| decoded.splits(written));
        (self.counted(written) == offset && !splits).then(|| self.byte(offset))
    }

    /// The offset of a byte of the text as it is written.
    fn counted(&self, byte: usize) -> usize {
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

    /// The byte of the text as it is written, or the next one that begins a character.
    fn written(&self, offset: usize) -> usize {
        let text = &*self.text.utf8;
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
            if self.counted(middle) < offset { low = middle + 1 } else { high = middle }
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
