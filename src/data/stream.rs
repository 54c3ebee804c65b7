//! Documents one after the other, so that memory does not grow with the file. Of a document that cannot be
//! read the error is told, and those after it follow.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use crate::data::content::Content;
use crate::data::format::Format;
use crate::data::source::ReadOptions;
use crate::data::{facts, lines, pubtator, read, words};
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
    let input = match origin {
        Origin::Stream(input) => input,
        Origin::Directory(_) => {
            let reason = "this is a directory; give a file";
            return Err(Error::model(file, reason));
        }
    };
    Ok(match format {
        Format::Lines => Box::new(lines::documents(file, input, options)),
        Format::Csv => Box::new(facts::documents(file, input, options)),
        Format::Words => Box::new(words::stream(file, input)),
        Format::Pubtator => Box::new(pubtator::Reader::new(file, input)),
        Format::Doccano
        | Format::Prodigy
        | Format::LabelStudio
        | Format::Spacy
        | Format::HuggingFace => whole(file, format, input, options)?,
        _ => {
            let reason = format!("{} is not read document by document", format.title());
            return Err(Error::Unsupported(reason));
        }
    })
}

/// The documents of an annotation tool's export, which is read as a whole.
fn whole<'a>(
    file: &str,
    format: Format,
    mut input: Box<dyn BufRead + 'a>,
    options: StreamOptions,
) -> Result<Box<dyn Iterator<Item = Result<Document>>>> {
    let mut text = String::new();
    input.read_to_string(&mut text).map_err(|error| Error::io(Path::new(file), &error))?;
    let (content, unit) = (Content::Entities, options.unit);
    let options = ReadOptions { content, format: Some(format), unit, entity: None };
    let documents = read(file, &text, &options)?.documents;
    Ok(Box::new(documents.into_iter().map(Ok)))
}
