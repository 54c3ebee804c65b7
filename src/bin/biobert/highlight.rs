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

/// A stretch of text in which no entity begins or ends.
pub struct Stretch<'a, 'f> {
    pub text: &'a str,
    /// The entities that it lies in, in their order.
    pub inside: Vec<&'f Found<'a>>,
    /// The entities that begin with it.
    pub starts: Vec<&'f Found<'a>>,
    /// The entities that end with it.
    pub ends: Vec<&'f Found<'a>>,
}

/// Cuts a text at every bound of an entity.
pub fn stretches<'a, 'f>(text: &'a str, found: &'f [Found<'a>]) -> Vec<Stretch<'a, 'f>> {
    let mut cuts: Vec<usize> = found.iter().flat_map(|f| [f.bytes.start, f.bytes.end]).collect();
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    // Entities are sorted by start: those that may reach into a stretch are kept in `open`.
    let mut open: Vec<&Found<'a>> = Vec::new();
    let mut coming = found.iter().peekable();
    let mut stretches = Vec::new();
    for pair in cuts.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        open.retain(|f| f.bytes.end > start);
        while let Some(f) = coming.next_if(|f| f.bytes.start <= start) {
            open.push(f);
        }
        let ends = open.iter().copied().filter(|f| f.bytes.end == end).collect();
        let starts = open.iter().copied().filter(|f| f.bytes.start == start).collect();
        stretches.push(Stretch { text: &text[start..end], inside: open.clone(), starts, ends });
    }
    stretches
}

/// A colour of the palette for a kind of entity: fixed for the kinds of the default model, the
/// same for a kind wherever it appears.
pub fn colour(label: &str) -> usize {
    const KNOWN: [&str; 4] = ["Disease", "Chemical", "Gene", "Species"];
    let hash =
        || label.bytes().fold(0, |hash: usize, byte| hash.wrapping_mul(31) + usize::from(byte));
    KNOWN.iter().position(|known| *known == label).unwrap_or_else(|| 4 + hash() % (COLOURS - 4))
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
        assert_eq!(stretches("abc", &[]).len(), 1);
        assert_eq!(stretches("", &[]).len(), 0);
    }
}
