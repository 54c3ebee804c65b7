//! A file that is read, and what is wanted of it.

use std::fmt::Display;

use crate::data::content::Content;
use crate::data::format::Format;
use crate::error::Error;
use crate::text::OffsetUnit;

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

/// A file with what is wanted of it.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) options: &'a ReadOptions<'a>,
    /// Lines of the file before the text.
    pub(super) before: usize,
}

impl Source<'_> {
    /// What is wrong with a line of the text.
    pub(super) fn in_line(&self, line: usize, reason: impl Display) -> Error {
        let line = self.before + line;
        Error::model(self.file, format!("line {line}: {reason}"))
    }

    /// What is wrong with the file as a whole.
    pub(super) fn refuse(&self, reason: impl Into<String>) -> Error {
        Error::model(self.file, reason)
    }

    /// The lines that are not empty, with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim().is_empty())
    }
}
