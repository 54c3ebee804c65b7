//! Which reader and which writer a format has.

use std::io::BufRead;
use std::path::Path;

use crate::data::brat::BratWriter;
use crate::data::content::Content;
use crate::data::facts::FactWriter;
use crate::data::fhir::Bundles;
use crate::data::format::Format;
use crate::data::lines::LineWriter;
use crate::data::omop::Rows;
use crate::data::pubtator::PubtatorWriter;
use crate::data::source::ReadOptions;
use crate::data::stream::{Origin, StreamOptions};
use crate::data::words::WordWriter;
use crate::data::write::{Target, WriteOptions, Writer};
use crate::data::{bioc, brat, facts, hl7, lines, pubtator, read, words};
use crate::document::Document;
use crate::error::{Error, Result};

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
        Origin::Stream(_) if format == Format::Brat => {
            let reason = "BRAT is pairs of files: name the directory, or one file of a pair";
            return Err(Error::Argument(reason.into()));
        }
        Origin::Stream(input) => input,
        Origin::Directory(path) if format == Format::Brat => {
            return Ok(Box::new(brat::Pairs::new(&path)?));
        }
        Origin::Directory(_) => {
            let reason = format!("{} is read from files, not directories", format.title());
            return Err(Error::Argument(reason));
        }
    };
    Ok(match format {
        Format::Lines => Box::new(lines::documents(file, input, options)),
        Format::Csv => Box::new(facts::documents(file, input, options)),
        Format::Words => Box::new(words::stream(file, input)),
        Format::Pubtator => Box::new(pubtator::Reader::new(file, input)),
        Format::BiocXml => Box::new(bioc::XmlReader::new(file, input, options.unit)),
        Format::BiocJson => Box::new(bioc::JsonReader::new(file, input, options.unit)),
        Format::Hl7 => Box::new(hl7::Messages::new(file, input)),
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

/// A writer of a format.
///
/// # Errors
/// [`Error::Unsupported`] for a format that is only read; [`Error::Argument`] for a target of the wrong kind.
pub fn writer<'a>(
    format: Format,
    target: Target<'a>,
    options: WriteOptions<'a>,
) -> Result<Box<dyn Writer + 'a>> {
    let out = match target {
        Target::Stream(_) if format == Format::Brat => {
            let reason = "BRAT is pairs of files: name a directory for them";
            return Err(Error::Argument(reason.into()));
        }
        Target::Stream(out) => out,
        Target::Directory(directory) if format == Format::Brat => {
            return Ok(Box::new(BratWriter::new(directory, options.normalizations)));
        }
        Target::Directory(_) => {
            let reason = format!("{} is written into one file", format.title());
            return Err(Error::Argument(reason));
        }
    };
    Ok(match format {
        Format::Lines => Box::new(LineWriter::new(out, options.unit)),
        Format::Csv => Box::new(FactWriter::new(out, options.unit)?),
        Format::Words => Box::new(WordWriter::new(out)),
        Format::Pubtator => Box::new(PubtatorWriter::new(out)),
        Format::BiocXml => Box::new(bioc::XmlWriter::new(out, options.unit)),
        Format::BiocJson => Box::new(bioc::JsonWriter::new(out, options.unit)),
        Format::Fhir => Box::new(Bundles::new(out, options)?),
        Format::Omop => Box::new(Rows::new(out, options)?),
        _ => return Err(Error::Unsupported(format!("{} is not written", format.title()))),
    })
}
