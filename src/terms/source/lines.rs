//! The lines of a file, one at a time: with their number, without byte order mark and line break.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use crate::error::{Error, Result, base_name};

/// No line of a terminology is longer; what seems to be is no text.
pub(super) const LONGEST: usize = 1 << 20;

/// Lines of a file.
pub(super) struct Lines {
    file: String,
    reader: Box<dyn BufRead>,
    buffer: Vec<u8>,
    number: u64,
}

impl Lines {
    /// # Errors
    /// [`Error::NotFound`], [`Error::Io`]; [`Error::Model`] of a file that is compressed.
    pub(super) fn open(path: &Path) -> Result<Lines> {
        let (file, reader) = (base_name(path), Box::new(open(path)?));
        Ok(Lines { file, reader, buffer: Vec::new(), number: 0 })
    }

    /// Base name of the file.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The next line.
    ///
    /// # Errors
    /// [`Error::Model`] where it is too long or no UTF-8.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>> {
        self.buffer.clear();
        let limit = LONGEST as u64 + 2;
        let read = (&mut self.reader).take(limit).read_until(b'\n', &mut self.buffer);
        let read = read.map_err(|error| Error::io(Path::new(&self.file), &error))?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
            if self.buffer.last() == Some(&b'\r') {
                self.buffer.pop();
            }
        }
        let (file, number) = (self.file.as_str(), self.number);
        let wrong = |reason| Line { file, number, text: "" }.wrong(reason);
        if self.buffer.len() > LONGEST {
            return Err(wrong(format!("longer than {LONGEST} bytes")));
        }
        let text = std::str::from_utf8(&self.buffer);
        let text = text.map_err(|e| wrong(format!("not UTF-8 at byte {}", e.valid_up_to() + 1)))?;
        // A byte order mark is no part of the first line.
        let text = text.strip_prefix('\u{FEFF}').filter(|_| number == 1).unwrap_or(text);
        Ok(Some(Line { file, number, text }))
    }

    /// What is wrong with the file.
    pub(super) fn refuse(&self, reason: impl Into<String>) -> Error {
        Error::model(&self.file, reason)
    }
}

/// A line, and where it stands.
pub(super) struct Line<'l> {
    file: &'l str,
    number: u64,
    pub(super) text: &'l str,
}

impl Line<'_> {
    /// What is wrong with it.
    pub(super) fn wrong(&self, reason: impl std::fmt::Display) -> Error {
        Error::model(self.file, format!("line {}: {reason}", self.number))
    }
}

/// Opens a file that is not compressed.
pub(super) fn open(path: &Path) -> Result<BufReader<File>> {
    let told = |error| Error::io(path, &error);
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(told)?);
    let start = reader.fill_buf().map_err(told)?;
    if start.starts_with(b"\x1F\x8B") || start.starts_with(b"PK\x03\x04") {
        let reason = "compressed: unpack it first";
        return Err(Error::model(base_name(path), reason));
    }
    Ok(reader)
}

/// The columns of a tab-separated line, which must be as many as there are places.
pub(super) fn columns<const N: usize>(line: &str, separator: char) -> Option<[&str; N]> {
    let mut columns = [""; N];
    let mut parts = line.split(separator);
    for column in &mut columns {
        *column = parts.next()?;
    }
    parts.next().is_none().then_some(columns)
}
