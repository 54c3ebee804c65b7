//! Words that a line end divides: the model reads "spironolac-⏎tone" as one word, while places point
//! into the text as it is.
//!
//! A hyphen between small letters at the end of a line goes, and the break with it. What is a compound
//! at any place keeps the hyphen and loses the break: one with a first or second part of
//! `hyphens.txt`, such as "anti-⏎inflammatory" or "drug-⏎induced". Beside digits and capitals
//! ("IL-⏎6") nothing is changed, nor before "and" and its like ("pre-⏎and postoperative").

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use crate::sentence::BREAKS;

/// More letters than any part of a word has.
const LONGEST: usize = 48;
/// After a hyphen they say that the rest of the word comes later.
const SUSPENDS: [&str; 5] = ["and", "or", "to", "nor", "versus"];

static COMPOUNDS: LazyLock<[HashSet<&str>; 2]> = LazyLock::new(|| {
    let mut parts = include_str!("hyphens.txt").lines().skip(1);
    std::array::from_fn(|_| parts.next().unwrap_or_default().split(' ').collect())
});

/// A text without the line ends that divide words.
pub(super) struct Joined<'a> {
    pub(super) text: Cow<'a, str>,
    /// Where something is left out, in bytes of the joined text, and how much is by then.
    cuts: Vec<(u32, u32)>,
}

impl<'a> Joined<'a> {
    pub(super) fn new(text: &'a str) -> Joined<'a> {
        let (mut joined, mut cuts) = (String::new(), Vec::new());
        let (mut from, mut left_out) = (0, 0);
        for (hyphen, _) in text.match_indices('-') {
            let Some((start, end)) = divided(text, hyphen) else { continue };
            joined.push_str(&text[from..start]);
            left_out += end - start;
            cuts.push((joined.len() as u32, left_out as u32));
            from = end;
        }
        if cuts.is_empty() {
            return Joined { text: text.into(), cuts };
        }
        joined.push_str(&text[from..]);
        Joined { text: joined.into(), cuts }
    }

    /// Brings the places of pieces back into the text as it is. A piece over a line end covers it.
    pub(super) fn restore(&self, spans: &mut [(u32, u32)]) {
        if self.cuts.is_empty() {
            return;
        }
        let left_out = |cuts: usize| cuts.checked_sub(1).map_or(0, |last| self.cuts[last].1);
        for (start, end) in spans {
            let before = self.cuts.partition_point(|&(at, _)| at <= *start);
            let within = self.cuts.partition_point(|&(at, _)| at < *end).max(before);
            // A place without a letter, between two pieces, stays one.
            let within = if start == end { before } else { within };
            *start += left_out(before);
            *end += left_out(within);
        }
    }
}

/// What to leave out at a hyphen if a line end divides a word there.
fn divided(text: &str, hyphen: usize) -> Option<(usize, usize)> {
    let after = &text[hyphen + 1..];
    if !after.starts_with(BREAKS) {
        return None;
    }
    let second = after.strip_prefix("\r\n").or_else(|| after.strip_prefix(BREAKS))?;
    let second = second.trim_start_matches([' ', '\t']);
    let end = text.len() - second.len();
    let small = |c: &char| c.is_lowercase();
    let length = |letters: usize, word: bool| (letters <= LONGEST && word).then_some(letters);
    let second_end: usize =
        second.chars().take(LONGEST + 1).take_while(small).map(char::len_utf8).sum();
    let ends = !second[second_end..].starts_with(char::is_alphanumeric);
    let first_len: usize = text[..hyphen]
        .chars()
        .rev()
        .take(LONGEST + 1)
        .take_while(|c| c.is_alphabetic())
        .map(char::len_utf8)
        .sum();
    let first = &text[hyphen - first_len..hyphen];
    let starts = !text[..hyphen - first_len].ends_with(|c: char| c.is_numeric());
    length(first_len, first_len > 1 && starts && first.ends_with(char::is_lowercase))?;
    let second = &second[..length(second_end, second_end > 1 && ends)?];
    if SUSPENDS.contains(&second) {
        return None;
    }
    let [firsts, seconds] = &*COMPOUNDS;
    let compound = firsts.contains(first.to_lowercase().as_str()) || seconds.contains(second);
    Some((hyphen + usize::from(compound), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divided_words_are_joined_and_compounds_keep_their_hyphen() {
        for (text, want) in [
            ("spironolac-\ntone daily", "spironolactone daily"),
            ("Spironolac-\r\n   tone", "Spironolactone"),
            ("an anti-\u{2028}inflammatory drug", "an anti-inflammatory drug"),
            ("a drug-\ninduced rash", "a drug-induced rash"),
            ("pre-\nand postoperative", "pre-\nand postoperative"),
            ("IL-\nsix, IL-\n6, beta-\n2", "IL-\nsix, IL-\n6, beta-\n2"),
            ("a -\nfever", "a -\nfever"),
            ("fever-\n\ncough", "fever-\n\ncough"),
            ("fever-\nCough", "fever-\nCough"),
            ("a-\nb", "a-\nb"),
            ("naïve-\nté hyper-\ntension", "naïveté hypertension"),
            ("-\n-", "-\n-"),
        ] {
            assert_eq!(Joined::new(text).text, want);
        }
    }

    #[test]
    fn places_point_into_the_text_as_it_is() {
        let text = "Spironolac-\ntone, meto-\nprolol";
        let joined = Joined::new(text);
        assert_eq!(joined.text, "Spironolactone, metoprolol");
        let restored = |start: u32, end: u32| {
            let mut spans = [(start, end)];
            joined.restore(&mut spans);
            &text[spans[0].0 as usize..spans[0].1 as usize]
        };
        assert_eq!(restored(0, 14), "Spironolac-\ntone");
        assert_eq!(restored(0, 10), "Spironolac");
        assert_eq!(restored(10, 14), "tone");
        assert_eq!(restored(14, 15), ",");
        assert_eq!(restored(16, 26), "meto-\nprolol");
        assert_eq!(restored(20, 26), "prolol");
    }
}
