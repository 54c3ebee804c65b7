//! What a stretch of text looks like: a list item, a label, an initial, a paragraph. Every look is
//! short, so that the whole work grows with the length of the text only.

use super::lines::BREAKS;
use super::words::{DASHES, JOINS, LETTERED, OPENERS, STARTERS, WIDE_STOPS, listed};

/// How far to look for the ends of a word or label; no word of interest is longer.
pub(super) const WORD: usize = 48;

/// What the text after a stop starts with, apart from opening brackets and quotes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum First {
    /// What may start a sentence: a capital, a word such as "mRNA", a blank to fill in.
    Capital,
    Small,
    Digit,
    Other,
}

pub(super) fn first_of(text: &str) -> First {
    let text = text.trim_start_matches(OPENERS);
    let mut word = text.chars().take(WORD).take_while(|c| c.is_alphanumeric());
    let mut chars = text.chars();
    match chars.next() {
        // A gene, a chemical or an assay keeps its small letter: "mRNA", "p53".
        Some('a'..='z') if word.all(char::is_lowercase) => First::Small,
        Some(c) if c.is_numeric() => First::Digit,
        Some(c) if c.is_alphabetic() || c == '_' || DASHES[1..].contains(&c) => First::Capital,
        Some('-') if is_bulleted(text, DASHES) => First::Capital,
        // A sign: "-5", "<5%".
        Some(_) if chars.next().is_some_and(char::is_numeric) => First::Digit,
        _ => First::Other,
    }
}

/// The number of a list item that the text starts with, "2." or "2)", and what follows it.
pub(super) fn item_number(text: &str) -> Option<(usize, &str)> {
    let digits = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let number = text[..digits].parse().ok().filter(|_| digits < 4)?;
    let after = text[digits..].strip_prefix(['.', ')'])?;
    after.starts_with(char::is_whitespace).then(|| (number, after.trim_start()))
}

/// Whether the text starts with the letter of a list item: "b. Aspirin", "c) Heparin".
pub(super) fn item_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next().is_some_and(|c| c == '.' || c == ')')
        && chars.next().is_some_and(char::is_whitespace)
}

/// Whether the text starts with a box to tick: "[x] fever", "[ ] cough".
pub(super) fn is_checkbox(text: &str) -> bool {
    let boxes = ["[ ]", "[x]", "[X]", "[]", "( )", "(x)", "(X)"];
    boxes.iter().any(|tick| text.strip_prefix(tick).is_some_and(|after| after.starts_with(' ')))
}

pub(super) fn is_bulleted(text: &str, bullets: &[char]) -> bool {
    // Not the radical "•OH", nor "-5".
    text.strip_prefix(bullets).is_some_and(|after| after.starts_with(char::is_whitespace))
}

/// Whether a line starts with a label: "BP: 120/80", "Family history: none".
pub(super) fn is_label(text: &str) -> bool {
    let colon = text.bytes().take(WORD).position(|b| b == b':');
    let Some(label) = colon.and_then(|colon| text.get(..colon)) else { return false };
    let after = &text[label.len() + 1..];
    let plain = |c: char| c.is_alphanumeric() || " /&-()".contains(c);
    label.starts_with(char::is_uppercase)
        && label.chars().all(plain)
        && label.split(' ').count() <= 4
        && (after.is_empty() || after.starts_with(char::is_whitespace))
}

/// Whether an abbreviation has its periods inside: "p.o", "U.S", "Ph.D".
pub(super) fn is_dotted(word: &str) -> bool {
    let part = |part: &str| {
        (1..3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    word.contains('.')
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.split(['.', '/', '-']).all(part)
}

/// Whether the first word of a text has no small letter.
pub(super) fn in_capitals(text: &str) -> bool {
    let mut word = text.chars().take(WORD).take_while(|c| !c.is_whitespace());
    word.all(|c| !c.is_lowercase())
}

pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '.' | '?' | '!' | '…') || WIDE_STOPS.contains(&c)
}

/// Whether the text starts with a word that usually starts a sentence.
pub(super) fn starter(text: &str) -> bool {
    let text = text.trim_start_matches(OPENERS);
    let end = text.bytes().take(WORD).position(|b| !b.is_ascii_alphabetic());
    let end = end.unwrap_or(text.len().min(WORD));
    // "J. A. Smith": the "A" is no article.
    text.get(..end).is_some_and(|word| listed(STARTERS, word)) && !text[end..].starts_with('.')
}

/// Whether a single letter after this text is an initial: a name or title comes before it.
pub(super) fn names(before: &str) -> bool {
    let before = before.trim_end();
    let word = &before[last_word(before)..];
    let joins = JOINS.contains(&word);
    let capital = word.starts_with(char::is_uppercase) && !listed(LETTERED, word);
    before.is_empty() || joins || capital
}

/// Where the last word of a text starts; a very long one is cut.
pub(super) fn last_word(text: &str) -> usize {
    let from = text.floor_char_boundary(text.len().saturating_sub(WORD));
    let space = text[from..].char_indices().rev().find(|(_, c)| c.is_whitespace());
    space.map_or(from, |(at, c)| from + at + c.len_utf8())
}

pub(super) fn line_breaks(space: &str) -> usize {
    space.matches(BREAKS).count() - space.matches("\r\n").count()
}
