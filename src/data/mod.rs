//! Annotated files: one reader a format, and every one of them gives documents. What is wrong with a
//! file is told with its line, and without a word of the text.

mod bioasq;
mod bioc;
mod brat;
mod codes;
mod content;
mod doccano;
mod facts;
mod fhir;
mod flat;
mod format;
mod guess;
mod hl7;
mod hugging_face;
mod json;
mod kin;
mod label_studio;
mod lines;
mod losses;
mod omop;
mod open;
mod place;
mod prodigy;
mod pubtator;
mod seen;
mod sound;
mod source;
mod spacy;
mod squad;
mod stream;
mod table;
mod text_lines;
mod told;
mod unique;
mod words;
mod write;

pub use content::Content;
pub use format::Format;
pub use guess::seems;
pub use lines::Line;
pub use open::{stream, writer};
pub(crate) use place::{check_text, label, place};
pub use seen::Seen;
pub use source::ReadOptions;
pub use stream::{Origin, StreamOptions};
pub use write::{Losses, Target, WriteOptions, Writer};

use json::Json;
use source::Source;

use crate::document::Document;
use crate::error::{Error, Result};

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
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
    let source = Source { file, text, options, before: 0 };
    let format = options.format.map_or_else(|| guess::guess(&source), Ok)?;
    if !format.can_hold(options.content) {
        let reason =
            format!("read as {}, which cannot hold {}", format.title(), options.content.name());
        return Err(source.refuse(reason));
    }
    let (documents, left_out) = documents(format, &source)?;
    Ok(Contents { format: Some(format), documents, left_out })
}

/// The format that a file seems to have, as [`read`] guesses it; `None` of an empty file.
///
/// # Errors
/// [`Error::Model`] where it may have several, or one that is not read.
pub fn guess(file: &str, text: &str, options: &ReadOptions<'_>) -> Result<Option<Format>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.trim().is_empty() {
        return Ok(None);
    }
    guess::guess(&Source { file, text, options, before: 0 }).map(Some)
}

/// The documents of a file, and how many records made none.
fn documents(format: Format, source: &Source<'_>) -> Result<(Vec<Document>, usize)> {
    let json = || Json::new(source);
    match format {
        Format::Words => Ok((words::documents(source)?, 0)),
        Format::Table => Ok((table::documents(source, false)?, 0)),
        Format::LabelFirst => Ok((table::documents(source, true)?, 0)),
        Format::Squad => Ok((squad::documents(&json())?, 0)),
        Format::Lines => json().documents(lines::document),
        Format::Bioasq => bioasq::documents(&json()),
        Format::Doccano => json().documents(doccano::document),
        Format::Prodigy => json().documents(prodigy::document),
        Format::LabelStudio => json().documents(label_studio::document),
        Format::Spacy => json().documents(spacy::document),
        Format::HuggingFace => json().documents(hugging_face::document),
        Format::Pubtator | Format::BiocXml | Format::BiocJson | Format::Csv => {
            let origin = Origin::Stream(Box::new(source.text.as_bytes()));
            let options = StreamOptions { unit: source.options.unit };
            let documents = stream(source.file, format, origin, options)?;
            Ok((documents.collect::<Result<_>>()?, 0))
        }
        Format::Brat => {
            let reason = "one of BRAT's two files, which are read as pairs";
            let way = "convert their directory to JSON lines, or to BioC";
            Err(source.refuse(format!("this seems to be {reason}: {way}")))
        }
        _ => Err(source.refuse(format!("{} is not read", format.title()))),
    }
}

#[cfg(test)]
mod tests;
