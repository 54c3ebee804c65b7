//! Documents to files: one writer a format. What a format cannot hold is counted, and told at the end.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use crate::data::facts::FactWriter;
use crate::data::format::Format;
use crate::data::lines::LineWriter;
use crate::data::words::WordWriter;
use crate::document::Document;
use crate::error::{Error, Result};
use crate::text::OffsetUnit;

/// What a format could not hold, by what it was, such as "assertions": how often.
pub type Losses = BTreeMap<&'static str, u64>;

/// Where documents are written.
pub enum Target<'a> {
    /// One after the other.
    Stream(Box<dyn Write + 'a>),
    /// Files of their own, in a directory that is there.
    Directory(PathBuf),
}

/// How documents are written.
#[derive(Debug, Clone, Copy)]
pub struct WriteOptions {
    /// What offsets count, where the format leaves it open.
    pub unit: OffsetUnit,
}

/// What went wrong with the output.
pub(super) fn unwritten(error: impl std::fmt::Display) -> Error {
    Error::Io { file: "the output".into(), reason: error.to_string() }
}

/// Writes documents in a format.
pub trait Writer {
    /// Writes a document.
    ///
    /// # Errors
    /// [`Error::Argument`] for a document that is not sound, such as a place outside of its text;
    /// [`Error::Io`] where it cannot be written.
    fn document(&mut self, document: &Document) -> Result<()>;

    /// Writes what ends the file, and tells what it could not hold.
    ///
    /// # Errors
    /// [`Error::Io`].
    fn finish(&mut self) -> Result<Losses>;
}

/// A writer of a format.
///
/// # Errors
/// [`Error::Unsupported`] for a format that is only read; [`Error::Argument`] for a target of the wrong kind.
pub fn writer<'a>(
    format: Format,
    target: Target<'a>,
    options: WriteOptions,
) -> Result<Box<dyn Writer + 'a>> {
    let stream = |target| match target {
        Target::Stream(out) => Ok(out),
        Target::Directory(_) => {
            let reason = format!("{} is written into one file", format.title());
            Err(Error::Argument(reason))
        }
    };
    Ok(match format {
        Format::Lines => Box::new(LineWriter::new(stream(target)?, options)),
        Format::Csv => Box::new(FactWriter::new(stream(target)?, options)?),
        Format::Words => Box::new(WordWriter::new(stream(target)?)),
        _ => return Err(Error::Unsupported(format!("{} is not written", format.title()))),
    })
}
