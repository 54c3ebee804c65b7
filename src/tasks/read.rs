//! Documents on their way in: checked, brought to UTF-8, cut into pieces and sentences.

use std::ops::Range;
use std::sync::OnceLock;

use crate::engine::{Control, Engine};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::sentence::sentences;
use crate::tasks::RunOptions;
use crate::text::{Input, Text};
use crate::tokenizer::Pieces;

/// A document that was read.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) text: Text<'a>,
    pub(crate) pieces: Pieces,
    /// Found when they are asked for: not every task reads by sentences, and some ask twice.
    sentences: OnceLock<Vec<Range<usize>>>,
}

/// Reads a document; the inner error is the document's own.
pub(crate) fn read<'a>(
    model: &Model,
    document: Input<'a>,
    options: &RunOptions,
    control: &Control,
) -> Result<Result<Reading<'a>>> {
    let text = match text(model.engine(), document, options) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error)),
    };
    let pieces = model.tokenizer().pieces(text.as_str(), || control.check())?;
    Ok(Ok(Reading { text, pieces, sentences: OnceLock::new() }))
}

/// A document within the limits, as text.
pub(crate) fn text<'a>(
    engine: &Engine,
    document: Input<'a>,
    options: &RunOptions,
) -> Result<Text<'a>> {
    let (size, limit) = (document.size(), engine.options().max_doc_bytes);
    if size > limit {
        return Err(Error::Limit { what: "the document", size, limit });
    }
    let text = Text::with_markup(document, options.invalid_text, options.markup)?;
    #[cfg(test)]
    crate::fault::maybe_slice(text.as_str());
    Ok(text)
}

impl Reading<'_> {
    /// The sentences as ranges of bytes.
    pub(crate) fn byte_sentences(&self) -> &[Range<usize>] {
        self.sentences.get_or_init(|| sentences(self.text.as_str()))
    }

    /// The sentences as ranges of pieces. All of them together are all pieces.
    pub(crate) fn sentences(&self) -> Vec<Range<usize>> {
        let starts = self.byte_sentences().iter().map(|sentence| sentence.start);
        // What comes before the first sentence is white space, which has no pieces.
        self.pieces.cut(starts.skip(1))
    }
}
