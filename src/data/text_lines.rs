//! Lines of a stream, one after the other.

use std::io::BufRead;

use crate::error::{Error, Result};

/// A line without what ends it.
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: usize,
    /// `None` if it is not UTF-8.
    pub(super) text: Option<String>,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.text.as_ref().is_some_and(|text| text.trim().is_empty())
    }
}

/// The lines of a stream, with one of them ahead. A byte order mark is passed over.
pub(super) struct TextLines<'a> {
    file: &'a str,
    input: Box<dyn BufRead + 'a>,
    read: usize,
    ahead: Option<Line>,
}

impl<'a> TextLines<'a> {
    pub(super) fn new(file: &'a str, input: Box<dyn BufRead + 'a>) -> TextLines<'a> {
        TextLines { file, input, read: 0, ahead: None }
    }

    /// The line that comes next, which stays where it is.
    pub(super) fn peek(&mut self) -> Result<Option<&Line>> {
        if self.ahead.is_none() {
            self.ahead = self.read()?;
        }
        Ok(self.ahead.as_ref())
    }

    /// The next line.
    pub(super) fn next(&mut self) -> Result<Option<Line>> {
        match self.ahead.take() {
            Some(line) => Ok(Some(line)),
            None => self.read(),
        }
    }

    fn read(&mut self) -> Result<Option<Line>> {
        let mut bytes = Vec::new();
        let told = |error: std::io::Error| Error::Io {
            file: self.file.into(),
            reason: error.kind().to_string(),
        };
        if self.input.read_until(b'\n', &mut bytes).map_err(told)? == 0 {
            return Ok(None);
        }
        self.read += 1;
        for end in [b'\n', b'\r'] {
            bytes.pop_if(|last| *last == end);
        }
        if self.read == 1 && bytes.starts_with("\u{FEFF}".as_bytes()) {
            bytes.drain(..3);
        }
        Ok(Some(Line { number: self.read, text: String::from_utf8(bytes).ok() }))
    }
}
