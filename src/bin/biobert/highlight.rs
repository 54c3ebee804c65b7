//! A text cut into stretches that lie in the same entities: what terminal and page have in common.

use std::ops::Range;

use biobert::Span;

/// An entity with its place in the text in bytes.
pub struct Found<'a> {
    /// Its index in the document.
    pub index: usize,
    pub entity: &'a Span,
    pub bytes: Range<usize>,
    pub text: &'a str,
}

/// What is marked in a text.
pub trait Mark {
    fn bytes(&self) -> &Range<usize>;
}

impl Mark for Found<'_> {
    fn bytes(&self) -> &Range<usize> {
        &self.bytes
    }
}

/// A stretch of text in which no mark begins or ends.
pub struct Stretch<'a, 'f, M> {
    pub text: &'a str,
    /// The marks that it lies in, in their order.
    pub inside: Vec<&'f M>,
    /// The marks that begin with it.
    pub starts: Vec<&'f M>,
    /// The marks that end with it.
    pub ends: Vec<&'f M>,
}

/// Cuts a text at every bound of a mark; marks are by start, and none is empty.
pub fn stretches<'a, 'f, M: Mark>(text: &'a str, found: &'f [M]) -> Vec<Stretch<'a, 'f, M>> {
    let bounds = |mark: &M| [mark.bytes().start, mark.bytes().end];
    let mut cuts: Vec<usize> = found.iter().flat_map(bounds).collect();
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    // Those that may reach into a stretch are kept in `open`.
    let mut open: Vec<&M> = Vec::new();
    let mut coming = found.iter().peekable();
    let mut stretches = Vec::new();
    for pair in cuts.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        open.retain(|mark| mark.bytes().end > start);
        while let Some(mark) = coming.next_if(|mark| mark.bytes().start <= start) {
            open.push(mark);
        }
        let ends = open.iter().copied().filter(|mark| mark.bytes().end == end).collect();
        let starts = open.iter().copied().filter(|mark| mark.bytes().start == start).collect();
        stretches.push(Stretch { text: &text[start..end], inside: open.clone(), starts, ends });
    }
    stretches
}

/// Kinds of the default model with the colours of the palette that are theirs. What notes call a problem
/// is what abstracts call a disease.
const KNOWN: [(&str, usize); 10] = [
    ("Disease", 0),
    ("Problem", 0),
    ("Chemical", 1),
    ("Drug", 1),
    ("Gene", 2),
    ("Species", 3),
    ("Procedure", 4),
    ("Test", 5),
    ("Anatomy", 6),
    ("Variant", 7),
];

/// A colour of the palette for a kind of entity: the same for a kind wherever it appears.
pub fn colour(label: &str) -> usize {
    let hash =
        || label.bytes().fold(0, |hash: usize, byte| hash.wrapping_mul(31) + usize::from(byte));
    let known = KNOWN.iter().find(|(known, _)| *known == label);
    known.map_or_else(|| 4 + hash() % (COLOURS - 4), |&(_, colour)| colour)
}

/// Size of the palette.
pub const COLOURS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_entities_share_a_stretch() {
        let entity =
            Span { start: 0, end: 0, label: "Gene".into(), head: "gene".into(), score: 1.0 };
        let text = "abcdef";
        let found = [0..4, 2..6].map(|bytes: Range<usize>| Found {
            index: 0,
            entity: &entity,
            bytes: bytes.clone(),
            text: &text[bytes],
        });
        let cut: Vec<_> = stretches(text, &found)
            .iter()
            .map(|s| (s.text, s.inside.len(), s.ends.len()))
            .collect();
        assert_eq!(cut, [("ab", 1, 0), ("cd", 2, 1), ("ef", 1, 1)]);
    }

    #[test]
    fn a_text_without_entities_is_one_stretch_and_an_empty_one_none() {
        assert_eq!(stretches::<Found>("abc", &[]).len(), 1);
        assert_eq!(stretches::<Found>("", &[]).len(), 0);
    }
}
