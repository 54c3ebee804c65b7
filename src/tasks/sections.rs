//! Sections of notes by their headings. Needs an engine for its limits, and no model.

use serde::Serialize;

use crate::clinical::sections::sections;
use crate::document::Section;
use crate::engine::{Control, Engine, Precision};
use crate::error::Result;
use crate::tasks::read::text;
use crate::tasks::{DocFlags, Results, RunOptions, TextRange, by_groups};
use crate::text::Input;

/// The sections of a document, by start; a section comes before those within it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DocumentSections {
    /// The sections.
    pub sections: Vec<Section<TextRange>>,
    /// How the document was read.
    #[serde(skip)]
    pub flags: DocFlags,
}

impl Engine {
    /// Finds the sections of documents by their headings.
    ///
    /// # Errors
    /// As [`Model::ner`](crate::Model::ner).
    pub fn sections(
        &self,
        documents: &[Input<'_>],
        options: &RunOptions,
    ) -> Result<Results<DocumentSections>> {
        let control = options.control();
        let size = |document: Input<'_>| document.size();
        // No encoder runs; the plain arithmetic stands for none.
        let read = |document: Input<'_>| divide(self, document, options, &control);
        by_groups(self, Precision::F32, documents, size, &control, read, |_, found| Ok(found))
    }
}

/// The sections of one document; the inner error is the document's own.
fn divide(
    engine: &Engine,
    document: Input<'_>,
    options: &RunOptions,
    control: &Control,
) -> Result<Result<DocumentSections>> {
    let text = match text(engine, document, options) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error)),
    };
    let offsets = text.offsets(options.unit);
    let found = sections(text.as_str(), &|| control.check())?;
    let place = |bytes| TextRange::of(&offsets, bytes);
    Ok(Ok(DocumentSections {
        sections: found.into_iter().map(|section| section.map(place)).collect(),
        flags: DocFlags { replaced_invalid: text.replaced(), ..DocFlags::default() },
    }))
}
