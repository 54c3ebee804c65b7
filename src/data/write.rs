//! Documents to files: one writer a format. What a format cannot hold is counted, and told at the end.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use crate::data::bioc;
use crate::data::brat::BratWriter;
use crate::data::format::Format;
use crate::data::pubtator::PubtatorWriter;
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
    /// Whether BRAT's codes are lines of their own (`N`), on which some of its readers fail, not notes.
    pub normalizations: bool,
}

impl WriteOptions {
    /// Offsets in a unit, the rest as most readers take it.
    pub fn new(unit: OffsetUnit) -> WriteOptions {
        WriteOptions { unit, normalizations: false }
    }
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
    let unit = options.unit;
    match (format, target) {
        (Format::Pubtator, Target::Stream(out)) => Ok(Box::new(PubtatorWriter::new(out))),
        (Format::BiocXml, Target::Stream(out)) => Ok(Box::new(bioc::XmlWriter::new(out, unit))),
        (Format::BiocJson, Target::Stream(out)) => Ok(Box::new(bioc::JsonWriter::new(out, unit))),
        (Format::Brat, Target::Directory(directory)) => {
            Ok(Box::new(BratWriter::new(directory, options.normalizations)))
        }
        (Format::Brat, Target::Stream(_)) => {
            Err(Error::Argument("BRAT is pairs of files: name a directory for them".into()))
        }
        (Format::Pubtator | Format::BiocXml | Format::BiocJson, Target::Directory(_)) => {
            Err(Error::Argument(format!("{} is written to one file", format.title())))
        }
        _ => Err(Error::Unsupported(format!("{} is not written", format.title()))),
    }
}

/// What came of writing. The name of the output is its caller's business.
pub(super) fn written(result: std::io::Result<()>) -> Result<()> {
    result.map_err(|error| Error::Io { file: "output".into(), reason: error.kind().to_string() })
}
