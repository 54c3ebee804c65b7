//! Lines of a text. Whatever Unicode takes for a line break ends one, a carriage return with its line
//! feed once.

use std::ops::Range;

use super::shape::{in_capitals, last_word};
use super::words::{DENYING, LEADING_ON, LEADS, OPENERS, listed};

/// What ends a line.
pub(crate) const BREAKS: [char; 7] =
    ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// The lines of a text without their breaks; at least one.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let rest = text.get(start..)?;
        let Some((at, found)) = rest.match_indices(BREAKS).next() else {
            next = None;
            return Some(start..text.len());
        };
        let end = start + at;
        let feed = found == "\r" && text[end + 1..].starts_with('\n');
        next = Some(end + found.len() + usize::from(feed));
        Some(start..end)
    })
}

/// Whether a line cannot be the end of what it says: it ends in a comma, or in a word such as "with" or
/// "Dr.".
pub(crate) fn leads_on(line: &str) -> bool {
    let line = line.trim_end();
    let word = line[last_word(line)..].trim_start_matches(OPENERS);
    // "Hepatitis A" ends with no article, "to the OR" with no conjunction, "waist 44 in" with a unit.
    let measured =
        || line[..line.len() - word.len()].trim_end().ends_with(|c: char| c.is_ascii_digit());
    let small =
        word.chars().skip(1).all(char::is_lowercase) && word.starts_with(char::is_lowercase);
    let title =
        || word.strip_suffix('.').is_some_and(|word| !in_capitals(word) && listed(LEADS, word));
    let answers = || !line[..line.len() - word.len()].trim_end().ends_with(char::is_alphabetic);
    line.ends_with([',', '–', '/', '&', '('])
        || small && listed(LEADING_ON, word) && !measured()
        || small && listed(DENYING, word) && !answers()
        || title()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_break_ends_a_line() {
        let text = "a\nb\r\nc\rd\u{b}e\u{c}f\u{85}g\u{2028}h\u{2029}i\n\nj";
        let found: Vec<&str> = lines(text).map(|line| &text[line]).collect();
        assert_eq!(found, ["a", "b", "c", "d", "e", "f", "g", "h", "i", "", "j"]);
        assert_eq!(lines("").count(), 1);
    }
}
