//! Annotated files: one reader a format, and every one of them gives documents. What is wrong with a
//! file is told with its line, and without a word of the text.

mod bioasq;
mod doccano;
mod format;
mod hugging_face;
mod json;
mod label_studio;
mod lines;
mod place;
mod prodigy;
mod spacy;
mod squad;
mod table;
mod words;

use std::fmt::Display;

pub use format::Format;
pub(crate) use place::{check_text, label, place};

use crate::document::Document;
use crate::error::{Error, Result};
use crate::text::OffsetUnit;

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Entities.
    Entities,
    /// Relations between two entities.
    Relations,
    /// Classes of texts.
    Classes,
    /// Answers to questions.
    Answers,
}

/// How a file is read.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions<'a> {
    /// What is wanted of it.
    pub content: Content,
    /// Its format; `None`: guessed by its structure.
    pub format: Option<Format>,
    /// What its offsets count.
    pub unit: OffsetUnit,
    /// The kind of entity that plain `B` and `I` stand for; `None`: they are refused.
    pub entity: Option<&'a str>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The format that it was read in; `None` of an empty file.
    pub format: Option<Format>,
    /// Its documents.
    pub documents: Vec<Document>,
    /// Records without an annotation that counts: rejected ones, or ones that nobody annotated.
    pub left_out: usize,
}

/// Reads a file. `file` is its base name. Empty lines and a byte order mark are passed over.
///
/// # Errors
/// [`Error::Model`] with the line of what is wrong, or the name of a format that is not read;
/// [`Error::Argument`] for an empty kind.
pub fn read(file: &str, text: &str, options: &ReadOptions<'_>) -> Result<Contents> {
    if options.entity.is_some_and(|entity| entity.trim().is_empty()) {
        return Err(Error::Argument("the kind of the entities has no name".into()));
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.trim().is_empty() {
        return Ok(Contents { format: None, documents: Vec::new(), left_out: 0 });
    }
    let source = Source { file, text, options };
    let format = options.format.map_or_else(|| format::guess(&source), Ok)?;
    let (documents, left_out) = format::read(format, &source)?;
    Ok(Contents { format: Some(format), documents, left_out })
}

/// A file with what is wanted of it.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
    options: &'a ReadOptions<'a>,
}

impl Source<'_> {
    /// What is wrong with a line.
    fn in_line(&self, line: usize, reason: impl Display) -> Error {
        Error::model(self.file, format!("line {line}: {reason}"))
    }

    /// What is wrong with the file as a whole.
    fn refuse(&self, reason: impl Into<String>) -> Error {
        Error::model(self.file, reason)
    }

    /// The lines that are not empty, with their numbers.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim().is_empty())
    }
}

#[cfg(test)]
mod tests;
