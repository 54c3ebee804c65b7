//! Sentences of documents. Needs an engine for its limits, and no model.

use serde::Serialize;

use crate::engine::{Engine, Precision};
use crate::error::Result;
use crate::sentence::sentences;
use crate::tasks::read::text;
use crate::tasks::{DocFlags, Results, RunOptions, TextRange, by_groups};
use crate::text::Input;

/// The sentences of a document, in order. They do not overlap, begin and end with something that is
/// no white space, and hold all that is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DocumentSentences {
    /// The sentences.
    pub sentences: Vec<TextRange>,
    /// How the document was read.
    #[serde(skip)]
    pub flags: DocFlags,
}

impl Engine {
    /// Divides documents into sentences.
    ///
    /// # Errors
    /// As [`Model::ner`](crate::Model::ner).
    pub fn sentences(
        &self,
        documents: &[Input<'_>],
        options: &RunOptions,
    ) -> Result<Results<DocumentSentences>> {
        let control = options.control();
        let size = |document: Input<'_>| document.size();
        // No encoder runs; the plain arithmetic stands for none.
        let read = |document: Input<'_>| {
            control.check()?;
            Ok(divide(self, document, options))
        };
        by_groups(self, Precision::F32, documents, size, &control, read, |_, found| Ok(found))
    }
}

fn divide(engine: &Engine, document: Input<'_>, options: &RunOptions) -> Result<DocumentSentences> {
    let text = text(engine, document, options)?;
    let offsets = text.offsets(options.unit);
    let place = |bytes| TextRange::of(&offsets, bytes);
    Ok(DocumentSentences {
        sentences: sentences(text.as_str()).into_iter().map(place).collect(),
        flags: DocFlags { replaced_invalid: text.replaced(), ..DocFlags::default() },
    })
}
