//! A document's passages: sentences side by side, about as much as the encoder reads at once.

use std::ops::Range;

use biobert::{OffsetUnit, Text, TextRange};

/// Sentences are put together while they have no more bytes than this: 128 to 256 pieces, which is what encoders of
/// passages are trained with.
const ENOUGH: usize = 800;
/// A sentence with more bytes is none, and is cut where words end.
const LONGEST: usize = 4000;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What the document is called.
    pub document: String,
    /// Where it begins there, in bytes, scalars and UTF-16 units.
    pub starts: [usize; 3],
    pub text: String,
}

/// The units of [`Passage::starts`].
pub const UNITS: [OffsetUnit; 3] =
    [OffsetUnit::Utf8Bytes, OffsetUnit::UnicodeScalars, OffsetUnit::Utf16Units];

impl Passage {
    /// Where it begins in its document.
    pub fn start(&self, unit: OffsetUnit) -> usize {
        UNITS.iter().zip(self.starts).find(|(own, _)| **own == unit).map_or(0, |(_, start)| start)
    }
}

/// The passages of a document whose sentences, in scalars, are known.
pub fn passages(document: &str, text: &Text<'_>, sentences: &[TextRange]) -> Vec<Passage> {
    let scalars = text.offsets(OffsetUnit::UnicodeScalars);
    let sentences =
        sentences.iter().map(|sentence| scalars.byte(sentence.start)..scalars.byte(sentence.end));
    let all = UNITS.map(|unit| text.offsets(unit));
    let passage = |bytes: Range<usize>| Passage {
        document: document.into(),
        starts: [0, 1, 2].map(|unit| all[unit].at(bytes.start)),
        text: text.as_str()[bytes].into(),
    };
    ranges(text.as_str(), sentences).into_iter().map(passage).collect()
}

/// The bytes of each passage.
fn ranges(text: &str, sentences: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut passages: Vec<Range<usize>> = Vec::new();
    for sentence in sentences {
        match passages.last_mut() {
            Some(open) if sentence.end - open.start <= ENOUGH => open.end = sentence.end,
            _ if sentence.len() <= LONGEST => passages.push(sentence),
            _ => passages.extend(pieces(text, sentence)),
        }
    }
    passages
}

/// A sentence that is too long, in pieces.
fn pieces(text: &str, mut rest: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    while rest.len() > LONGEST {
        let most = text.floor_char_boundary(rest.start + LONGEST);
        let word_end = text[rest.start..most].rfind(char::is_whitespace);
        let end = word_end.filter(|at| *at > 0).map_or(most, |at| rest.start + at);
        pieces.push(rest.start..end);
        rest.start = end;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_put_together() {
        let text = "word ".repeat(400);
        let sentences = [0..300, 300..600, 600..900, 900..2000];
        assert_eq!(ranges(&text, sentences.into_iter()), [0..600, 600..900, 900..2000]);
    }

    #[test]
    fn what_is_no_sentence_is_cut_between_words() {
        let text = "wörd ".repeat(2000);
        let found = ranges(&text, std::iter::once(0..text.len()));
        assert!(found.iter().all(|piece| piece.len() <= LONGEST));
        assert!(found.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert_eq!(
            found.iter().map(|piece| text[piece.clone()].trim()).collect::<Vec<_>>().join(" "),
            text.trim()
        );
        let none = "x".repeat(9000);
        assert_eq!(ranges(&none, std::iter::once(0..9000)), [0..4000, 4000..8000, 8000..9000]);
    }
}
