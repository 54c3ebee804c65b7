//! HL7 version 2: one document a message, its text the values of its OBX segments that are text. The
//! document's text is the decoded one, since its parts are not one stretch of the file.

mod message;
mod segments;

use std::io::BufRead;

use crate::data::hl7::message::Header;
use crate::data::hl7::segments::{Segment, Segments};
use crate::document::Document;
use crate::error::{Error, Result};

/// Reads messages one after the other.
pub(super) struct Messages<'a> {
    file: &'a str,
    segments: Segments<'a>,
    /// The segment that begins the next message.
    next: Option<Segment>,
    /// Whether what stands between messages was told already.
    told: bool,
}

impl<'a> Messages<'a> {
    pub(super) fn new(file: &'a str, input: Box<dyn BufRead + 'a>) -> Messages<'a> {
        Messages { file, segments: Segments::new(input), next: None, told: false }
    }

    /// What is wrong with a line.
    fn refuse(&self, line: usize, reason: &str) -> Error {
        Error::model(self.file, format!("line {line}: {reason}"))
    }

    /// The next segment. After an error there is none.
    fn segment(&mut self) -> Result<Option<Segment>> {
        let failed =
            |error: std::io::Error| Error::Io { file: self.file.into(), reason: error.to_string() };
        self.segments.next().map_err(failed)
    }

    /// The segment that begins a message.
    fn header(&mut self) -> Result<Option<Segment>> {
        if let Some(header) = self.next.take() {
            return Ok(Some(header));
        }
        while let Some(segment) = self.segment()? {
            match segment.name() {
                b"MSH" => return Ok(Some(segment)),
                // Of files and batches of messages.
                b"FHS" | b"BHS" | b"BTS" | b"FTS" => {}
                _ if self.told => {}
                _ => return Err(self.refuse(segment.line, "a message begins with MSH")),
            }
        }
        Ok(None)
    }

    /// The segments of a message that its text needs. All are passed over, whatever is wrong with one.
    fn body(&mut self, separator: u8) -> Result<Vec<Segment>> {
        let (mut kept, mut wrong) = (Vec::new(), None);
        while let Some(segment) = self.segment()? {
            match segment.name() {
                b"MSH" => {
                    self.next = Some(segment);
                    break;
                }
                b"BTS" | b"FTS" | b"BHS" | b"FHS" => break,
                b"OBX" | b"OBR" => kept.push(segment),
                name => {
                    let named = name.len() == 3 && name.iter().all(u8::is_ascii_alphanumeric);
                    if !named || segment.bytes.get(3).is_some_and(|&byte| byte != separator) {
                        wrong = wrong.or(Some(segment.line));
                    }
                }
            }
        }
        match wrong {
            Some(line) => Err(self.refuse(line, "this is no segment")),
            None => Ok(kept),
        }
    }

    fn message(&mut self, header: &Segment) -> Result<Document> {
        let message = Header::read(header);
        let separator = header.bytes.get(3).copied().unwrap_or(b'|');
        let body = self.body(separator)?;
        let header = message.map_err(|reason| self.refuse(header.line, reason))?;
        header.document(&body).map_err(|(line, reason)| self.refuse(line, reason))
    }
}

impl Iterator for Messages<'_> {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Self::Item> {
        let header = self.header().transpose()?;
        self.told = header.is_err();
        Some(header.and_then(|header| self.message(&header)))
    }
}

#[cfg(test)]
mod tests;
