//! A message: its delimiters, its name and its texts.

use std::borrow::Cow;

use crate::data::hl7::segments::Segment;
use crate::document::Document;
use crate::text::{Delimiters, unescaped};

/// What the first segment says of a message.
pub(super) struct Header {
    line: usize,
    delimiters: Delimiters,
    id: Option<String>,
    characters: Characters,
}

/// A character set.
#[derive(Clone, Copy)]
enum Characters {
    Utf8,
    Latin1,
    /// One that is not read beyond ASCII.
    Other,
}

impl Header {
    /// Reads it, or says what is wrong.
    pub(super) fn read(segment: &Segment) -> Result<Header, &'static str> {
        let none = "MSH-1 and MSH-2 name no delimiters";
        let &separator = segment.bytes.get(3).ok_or(none)?;
        // Fields are numbered from the separator, which is the first.
        let fields: Vec<&[u8]> = segment.bytes[3..].split(|&byte| byte == separator).collect();
        let (signs, truncation) = match fields[1..] {
            [first, ..] => first.split_at_checked(4).ok_or(none)?,
            [] => return Err(none),
        };
        let mut all = vec![separator];
        all.extend(signs.iter().chain(truncation));
        let printable = |&byte: &u8| byte.is_ascii_graphic() && !byte.is_ascii_alphanumeric();
        let twice = (1..all.len()).any(|at| all[..at].contains(&all[at]));
        if truncation.len() > 1 || twice || !all.iter().all(printable) {
            return Err("MSH-1 and MSH-2 are not five or six different signs");
        }
        let [component, repetition, escape, subcomponent] =
            [0, 1, 2, 3].map(|at| char::from(signs[at]));
        let delimiters = Delimiters {
            field: separator.into(),
            component,
            repetition,
            escape,
            subcomponent,
            truncation: truncation.first().map_or('#', |&byte| byte.into()),
        };
        let field = |number: usize| fields.get(number - 1).copied().unwrap_or_default();
        let repetition = all[2];
        let set = field(18).split(|&byte| byte == repetition).next().unwrap_or_default();
        let characters = match set.trim_ascii() {
            b"" | b"ASCII" | b"UNICODE" | b"UNICODE UTF-8" | b"UTF-8" => Characters::Utf8,
            b"8859/1" => Characters::Latin1,
            _ => Characters::Other,
        };
        let mut header = Header { line: segment.line, delimiters, id: None, characters };
        header.id = header.name(field(10))?;
        Ok(header)
    }

    /// The first component of a field, if there is something in it.
    fn name(&self, field: &[u8]) -> Result<Option<String>, &'static str> {
        let field = self.text(field)?;
        let name = field.split([self.delimiters.component, self.delimiters.repetition]).next();
        let name = unescaped(name.unwrap_or_default(), &self.delimiters);
        Ok((!name.trim().is_empty()).then(|| name.trim().to_string()))
    }

    /// Bytes in the message's character set.
    fn text<'b>(&self, bytes: &'b [u8]) -> Result<Cow<'b, str>, &'static str> {
        match (self.characters, std::str::from_utf8(bytes)) {
            (Characters::Latin1, _) => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
            (Characters::Utf8, Ok(text)) => Ok(text.into()),
            (_, Ok(text)) if text.is_ascii() => Ok(text.into()),
            (Characters::Utf8, _) => {
                Err("this is not UTF-8, and MSH-18 names no other character set")
            }
            (Characters::Other, _) => {
                Err("MSH-18 names a character set that is not read; UTF-8 and 8859/1 are")
            }
        }
    }

    /// The document of a message; a reason comes with its line.
    pub(super) fn document(self, body: &[Segment]) -> Result<Document, (usize, &'static str)> {
        let separator = self.delimiters.field as u8;
        let mut id = self.id.clone();
        let mut lines: Vec<String> = Vec::new();
        // The results of an order are numbered from 1 again.
        for order in body.chunk_by(|_, next| next.name() == b"OBX") {
            let mut texts = Vec::new();
            for segment in order {
                let wrong = |reason| (segment.line, reason);
                let fields: Vec<&[u8]> = segment.bytes.split(|&byte| byte == separator).collect();
                let field = |number: usize| fields.get(number).copied().unwrap_or_default();
                if segment.name() == b"OBR" {
                    id = match id {
                        Some(id) => Some(id),
                        None => self.name(field(3)).map_err(wrong)?,
                    };
                } else if matches!(field(2), b"TX" | b"FT" | b"ST") {
                    let number = std::str::from_utf8(field(1)).ok();
                    let number = number.and_then(|number| number.trim().parse::<u64>().ok());
                    let value = self.text(field(5)).map_err(wrong)?;
                    texts.push((number, self.lines(&value)));
                }
            }
            if texts.iter().all(|(number, _)| number.is_some()) {
                texts.sort_by_key(|&(number, _)| number);
            }
            lines.extend(texts.into_iter().map(|(_, text)| text));
        }
        Ok(Document { id, line: self.line, text: lines.join("\n"), ..Document::default() })
    }

    /// The text of a value: its repetitions are lines.
    fn lines(&self, value: &str) -> String {
        // Two quotation marks say that there is no value any more.
        if value == "\"\"" {
            return String::new();
        }
        let lines = value.split(self.delimiters.repetition);
        lines.map(|line| unescaped(line, &self.delimiters)).collect::<Vec<_>>().join("\n")
    }
}
