//! A document as a model reads it for its own vectors: after a prompt, perhaps in lower case. Both are read
//! as one text, as `sentence-transformers` does: a word may begin in the one and end in the other.

use crate::engine::Control;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::tasks::RunOptions;
use crate::tasks::read::text;
use crate::text::{Input, Text};
use crate::tokenizer::Pieces;

/// What a model is to do to texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Manner {
    prompt: String,
    /// Pieces of the prompt by itself.
    pieces: usize,
    lower_case: bool,
}

/// A document that was read.
#[derive(Debug)]
pub(super) struct Prompted<'a> {
    pub(super) text: Text<'a>,
    /// The prompt's pieces.
    pub(super) prompt: Vec<u32>,
    /// The document's own.
    pub(super) pieces: Pieces,
}

impl Manner {
    /// `limit`: the tokens that are read at once, special ones not counted.
    pub(super) fn new(
        model: &Model,
        prompt: &str,
        lower_case: bool,
        limit: usize,
    ) -> Result<Manner> {
        let prompt = if lower_case { lower(prompt).text } else { prompt.to_string() };
        let pieces = model.tokenizer().pieces(&prompt, || Ok(()))?.len();
        // With less, a long text would be read in very many windows.
        if pieces > limit - limit / 4 {
            let reason =
                format!("the prompt takes {pieces} of the {limit} tokens that are read at once");
            return Err(Error::Unsupported(reason));
        }
        Ok(Manner { prompt, pieces, lower_case })
    }

    /// How many tokens are the prompt's.
    pub(super) fn prompt_tokens(&self) -> usize {
        self.pieces
    }

    /// Reads a document; the inner error is the document's own.
    pub(super) fn read<'a>(
        &self,
        model: &Model,
        document: Input<'a>,
        options: &RunOptions,
        control: &Control,
    ) -> Result<Result<Prompted<'a>>> {
        let text = match text(model.engine(), document, options) {
            Ok(text) => text,
            Err(error) => return Ok(Err(error)),
        };
        let read = |text: &str| model.tokenizer().pieces(text, || control.check());
        if self.prompt.is_empty() && !self.lower_case {
            let pieces = read(text.as_str())?;
            return Ok(Ok(Prompted { text, prompt: Vec::new(), pieces }));
        }
        let mut moved = match self.lower_case {
            true => lower(text.as_str()),
            false => Lowered { text: text.as_str().to_string(), shifts: Vec::new() },
        };
        moved.text.insert_str(0, &self.prompt);
        let Pieces { mut ids, mut spans, mut starts_word } = read(&moved.text)?;
        let of_text = ids.split_off(self.pieces.min(ids.len()));
        spans.drain(..ids.len());
        starts_word.drain(..ids.len());
        let at = |byte: u32| moved.before((byte as usize).saturating_sub(self.prompt.len()));
        for (start, end) in &mut spans {
            (*start, *end) = (at(*start), at(*end));
        }
        Ok(Ok(Prompted { text, prompt: ids, pieces: Pieces { ids: of_text, spans, starts_word } }))
    }
}

/// A text in lower case.
struct Lowered {
    text: String,
    /// Places after letters whose length changed: here, and in the text before.
    shifts: Vec<(usize, usize)>,
}

/// Lower-cases letter by letter, as the `Lowercase` of `tokenizers` does: a sigma at a word's end is like
/// any other.
fn lower(text: &str) -> Lowered {
    let mut lowered = Lowered { text: String::with_capacity(text.len()), shifts: Vec::new() };
    for (at, letter) in text.char_indices() {
        let before = lowered.text.len();
        lowered.text.extend(letter.to_lowercase());
        let end = at + letter.len_utf8();
        if lowered.text.len() - before != letter.len_utf8() {
            lowered.shifts.push((lowered.text.len(), end));
        }
    }
    lowered
}

impl Lowered {
    /// Where a place was in the text before.
    fn before(&self, byte: usize) -> u32 {
        let passed = self.shifts.partition_point(|&(here, _)| here <= byte);
        let (here, there) = passed.checked_sub(1).map_or((0, 0), |last| self.shifts[last]);
        let next = self.shifts.get(passed).map_or(usize::MAX, |&(_, there)| there);
        (there + (byte - here)).min(next) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_lower_case_is_one_in_the_text() {
        let text = "Ab\u{130}Ⱥ\u{212A}c";
        let lowered = lower(text);
        assert_eq!(lowered.text, "abi\u{307}ⱥkc");
        let places: Vec<u32> =
            [0, 1, 2, 5, 8, 9, 10].iter().map(|&byte| lowered.before(byte)).collect();
        // Each letter begins where it began.
        assert_eq!(places, [0, 1, 2, 4, 6, 9, 10]);
        assert!((0..=lowered.text.len()).all(|byte| lowered.before(byte) as usize <= text.len()));
        assert_eq!(lower("ΑΣ").text, "ας".replace('ς', "σ"));
    }
}
