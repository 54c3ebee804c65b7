//! The words of a statement as rules see them: small letters, marks by themselves, `'s` apart.

use std::ops::Range;

/// A word, number or mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it stands in the text.
    pub(super) place: Range<usize>,
    /// Whether it counts when one says how far a cue reaches; marks do not.
    pub(super) counts: bool,
    /// Whether it is part of an entity.
    pub(super) inside: bool,
}

/// A word longer than this is in no rule.
const LONGEST: usize = 24;

/// The words of `text[place]`.
pub(super) fn words(text: &str, place: Range<usize>) -> Vec<Word> {
    let start = place.start;
    let stretch = text.get(place).unwrap_or_default();
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(first) = stretch[at..].chars().next() {
        let rest = &stretch[at..];
        let length = if first.is_alphanumeric() {
            alphanumeric(rest)
        } else if is_apostrophe(first) {
            possessive(rest).unwrap_or(first.len_utf8())
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            let place = start + at..start + at + length;
            words.push(Word { place, counts: first.is_alphanumeric(), inside: false });
        }
        at += length;
    }
    words
}

/// How long the word is that starts here: "doesn't" is one, "mother's" ends before its apostrophe.
fn alphanumeric(text: &str) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let inside = is_apostrophe(c)
            && possessive(&text[at..]).is_none()
            && text[at + c.len_utf8()..].starts_with(char::is_alphabetic);
        if !c.is_alphanumeric() && !inside {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// The length of the `'s` that starts here.
fn possessive(text: &str) -> Option<usize> {
    let after = text.strip_prefix(is_apostrophe)?.strip_prefix(['s', 'S'])?;
    (!after.starts_with(char::is_alphanumeric)).then(|| text.len() - after.len())
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// The form that rules are written in; nothing of what is too long to be in one.
pub(super) fn lower(word: &str) -> Option<String> {
    (word.len() <= LONGEST).then(|| word.replace('’', "'").to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{lower, words};

    #[test]
    fn words_and_marks() {
        let split = |text: &str| {
            let of = |word: super::Word| lower(&text[word.place]).unwrap();
            words(text, 0..text.len()).into_iter().map(of).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(split("H/o MI; d/c'd (−) \u{a0}x"), "h / o mi ; d / c'd ( − ) x");
        assert_eq!(
            split("Mother’s doesn’t 'quoted' parents'"),
            "mother 's doesn't ' quoted ' parents '"
        );
        assert_eq!(split("gram-negative, 2.5"), "gram - negative , 2 . 5");
    }
}
