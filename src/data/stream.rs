//! Documents one after the other, so that memory does not grow with the file. Of a document that cannot be
//! read the error is told, and those after it follow.

use std::io::BufRead;
use std::path::PathBuf;

use crate::data::format::Format;
use crate::data::{bioc, brat, pubtator};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::text::OffsetUnit;

/// Where documents are read from.
pub enum Origin<'a> {
    /// One after the other.
    Stream(Box<dyn BufRead + 'a>),
    /// Files of their own: a directory of them, or one of them that names its pair.
    Directory(PathBuf),
}

/// How documents are read.
#[derive(Debug, Clone, Copy)]
pub struct StreamOptions {
    /// What offsets count, where the format leaves it open.
    pub unit: OffsetUnit,
}

/// The documents of a file, with all that it says of them. `file` is its base name.
///
/// # Errors
/// [`Error::Unsupported`] for a format that is not read document by document;
/// [`Error::Argument`] for an origin of the wrong kind. Those of a document are in its
/// place: [`Error::Model`] with its line or its id and what is wrong, without a word of the text. After
/// [`Error::Io`] none follows.
pub fn stream<'a>(
    file: &'a str,
    format: Format,
    origin: Origin<'a>,
    options: StreamOptions,
) -> Result<Box<dyn Iterator<Item = Result<Document>> + 'a>> {
    let unit = options.unit;
    match (format, origin) {
        (Format::Pubtator, Origin::Stream(input)) => {
            Ok(Box::new(pubtator::Reader::new(file, input)))
        }
        (Format::BiocXml, Origin::Stream(input)) => {
            Ok(Box::new(bioc::XmlReader::new(file, input, unit)))
        }
        (Format::BiocJson, Origin::Stream(input)) => {
            Ok(Box::new(bioc::JsonReader::new(file, input, unit)))
        }
        (Format::Brat, Origin::Directory(path)) => Ok(Box::new(brat::Pairs::new(&path)?)),
        (Format::Brat, Origin::Stream(_)) => {
            let reason = "BRAT is pairs of files: name the directory, or one file of a pair";
            Err(Error::Argument(reason.into()))
        }
        (Format::Pubtator | Format::BiocXml | Format::BiocJson, Origin::Directory(_)) => {
            Err(Error::Argument(format!("{} is read from files, not directories", format.title())))
        }
        _ => {
            Err(Error::Unsupported(format!("{} is not read document by document", format.title())))
        }
    }
}
