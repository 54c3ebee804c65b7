//! The operands of a pickle's operations: slices of the file, never copies.

use crate::error::{Error, Result};

/// Longer texts are no names of tensors.
const MAX_TEXT: usize = 1024;

pub(super) struct Cursor<'a> {
    file: &'a str,
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(file: &'a str, bytes: &'a [u8]) -> Cursor<'a> {
        Cursor { file, bytes, position: 0 }
    }

    pub(super) fn file(&self) -> &'a str {
        self.file
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn corrupt(&self, reason: &str) -> Error {
        Error::corrupt(self.file, format!("its pickle holds {reason}"))
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let Some(taken) = self.rest().get(..len) else {
            return Err(Error::corrupt(self.file, "its pickle is cut short"));
        };
        self.position += len;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// `None` if it is too long to be of any use.
    pub(super) fn text(&mut self, len: usize) -> Result<Option<&'a str>> {
        let text = self.take(len)?;
        if len > MAX_TEXT { Ok(None) } else { self.utf8(text).map(Some) }
    }

    /// Text up to the end of its line.
    pub(super) fn line(&mut self) -> Result<&'a str> {
        let end = self.rest().iter().take(MAX_TEXT).position(|&byte| byte == b'\n');
        let Some(end) = end else { return Err(self.corrupt("a name without an end")) };
        let line = self.take(end)?;
        self.take(1)?;
        self.utf8(line)
    }

    /// The position never passes the end.
    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.position..]
    }

    fn utf8(&self, bytes: &'a [u8]) -> Result<&'a str> {
        std::str::from_utf8(bytes).map_err(|_| self.corrupt("text that is not UTF-8"))
    }
}
