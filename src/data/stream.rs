//! Documents one after the other, so that memory does not grow with the file. Of a document that cannot be
//! read the error is told, and those after it follow.

use std::io::BufRead;
use std::path::PathBuf;

use crate::data::format::Format;
use crate::data::hl7;
use crate::document::Document;
use crate::error::{Error, Result};
use crate::text::OffsetUnit;

/// Where documents are read from.
pub enum Origin<'a> {
    /// One after the other.
    Stream(Box<dyn BufRead + 'a>),
    /// Files of their own.
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
/// [`Error::Unsupported`] for a format that is not read document by document. Those of a document are in its
/// place: [`Error::Model`] with its line or its id and what is wrong, without a word of the text. After
/// [`Error::Io`] none follows.
pub fn stream<'a>(
    file: &'a str,
    format: Format,
    origin: Origin<'a>,
    options: StreamOptions,
) -> Result<Box<dyn Iterator<Item = Result<Document>> + 'a>> {
    let _ = options;
    match (format, origin) {
        (Format::Hl7, Origin::Stream(input)) => Ok(Box::new(hl7::Messages::new(file, input))),
        _ => {
            Err(Error::Unsupported(format!("{} is not read document by document", format.title())))
        }
    }
}
