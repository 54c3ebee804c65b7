//! The segments of a file, one a line.

use std::io::{self, BufRead};

/// A line of a message.
pub(super) struct Segment {
    pub(super) line: usize,
    pub(super) bytes: Vec<u8>,
}

impl Segment {
    /// The first three letters.
    pub(super) fn name(&self) -> &[u8] {
        &self.bytes[..self.bytes.len().min(3)]
    }
}

/// Segments end with a carriage return, as the standard has it, with a line feed or with both.
pub(super) struct Segments<'a> {
    /// `None` after an error.
    input: Option<Box<dyn BufRead + 'a>>,
    line: usize,
    after_cr: bool,
}

impl<'a> Segments<'a> {
    pub(super) fn new(input: Box<dyn BufRead + 'a>) -> Segments<'a> {
        Segments { input: Some(input), line: 1, after_cr: false }
    }

    /// The next segment that is not empty, without the marks around messages on a wire (MLLP). After an error
    /// there is none.
    pub(super) fn next(&mut self) -> io::Result<Option<Segment>> {
        loop {
            let line = self.line;
            let bytes = self.bytes().inspect_err(|_| self.input = None)?;
            let Some(mut bytes) = bytes else { return Ok(None) };
            if line == 1 && bytes.starts_with(b"\xEF\xBB\xBF") {
                bytes.drain(..3);
            }
            let marks = bytes.iter().take_while(|byte| b"\x0B\x1C".contains(byte)).count();
            bytes.drain(..marks);
            if !bytes.trim_ascii().is_empty() {
                return Ok(Some(Segment { line, bytes }));
            }
        }
    }

    fn bytes(&mut self) -> io::Result<Option<Vec<u8>>> {
        let Some(input) = &mut self.input else { return Ok(None) };
        let mut bytes = Vec::new();
        loop {
            let buffer = match input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            if buffer.is_empty() {
                return Ok((!bytes.is_empty()).then_some(bytes));
            }
            if std::mem::take(&mut self.after_cr) && buffer[0] == b'\n' {
                input.consume(1);
                continue;
            }
            let end = buffer.iter().position(|byte| b"\r\n".contains(byte));
            bytes.extend_from_slice(&buffer[..end.unwrap_or(buffer.len())]);
            self.after_cr = end.is_some_and(|end| buffer[end] == b'\r');
            let length = buffer.len();
            input.consume(end.map_or(length, |end| end + 1));
            if end.is_some() {
                self.line += 1;
                return Ok(Some(bytes));
            }
        }
    }
}
