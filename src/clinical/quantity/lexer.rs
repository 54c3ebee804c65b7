//! Words, numbers and marks of a piece of text.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Word,
    Number(f64),
    /// Digits that count nothing: a date, a telephone number, a version.
    Code,
    Mark,
}

/// A token of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) place: Range<usize>,
    pub(crate) kind: Kind,
    /// In small letters; the dots of "b.i.d." are gone.
    pub(crate) word: String,
    /// Whether it follows the token before without a space: "mg" in "5mg".
    pub(crate) glued: bool,
}

impl Token {
    pub(crate) fn is(&self, word: &str) -> bool {
        self.word == word
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self.kind {
            Kind::Number(value) => Some(value),
            _ => None,
        }
    }
}

/// Arrows of several signs, which are no minus and no "greater than".
const ARROWS: [&str; 6] = ["-->", "->", "==>", "=>", ">>>", ">>"];

const FRACTIONS: [(char, f64); 5] =
    [('½', 0.5), ('¼', 0.25), ('¾', 0.75), ('⅓', 1.0 / 3.0), ('⅔', 2.0 / 3.0)];

/// The tokens of a piece of a text. Letters and digits part: "q4-6h" has five.
pub(crate) fn tokens(text: &str, piece: Range<usize>) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut at = piece.start;
    while let Some(rest) = text.get(at..piece.end)
        && let Some(first) = rest.chars().next()
    {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (length, kind) = token(rest, first);
        let glued = found.last().is_some_and(|last| last.place.end == at);
        let mut word = rest[..length].to_lowercase();
        if kind == Kind::Word {
            word.retain(|c| c != '.');
        }
        found.push(Token { place: at..at + length, kind, word, glued });
        at += length;
    }
    found
}

/// Length and kind of the token that a text starts with.
fn token(rest: &str, first: char) -> (usize, Kind) {
    if let Some((length, value)) = number(rest) {
        let whole = code(rest);
        return match whole > length || !value.is_finite() {
            true => (whole.max(length), Kind::Code),
            false => (length, Kind::Number(value)),
        };
    }
    if is_letter(first) {
        let length = word(rest);
        return (dotted(rest, length), Kind::Word);
    }
    let arrow = ARROWS.iter().find(|arrow| rest.starts_with(**arrow));
    (arrow.map_or(first.len_utf8(), |arrow| arrow.len()), Kind::Mark)
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '\''
}

fn word(rest: &str) -> usize {
    rest.find(|c| !is_letter(c)).unwrap_or(rest.len())
}

/// The length with what follows a dot in an abbreviation such as "b.i.d." and "p.o.".
fn dotted(rest: &str, first: usize) -> usize {
    let mut length = first;
    let mut part = first;
    while part <= 2 && rest[length..].starts_with('.') {
        part = word(&rest[length + 1..]);
        if part == 0 || part > 2 {
            // The dot at the end belongs to it if there was one before.
            return if part == 0 && length > first { length + 1 } else { length };
        }
        length += 1 + part;
    }
    length
}

/// Length and value of the number that a text starts with: "1,000", ".5", "1½".
fn number(rest: &str) -> Option<(usize, f64)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(rest);
    let mut plain: String = rest[..length].into();
    if (1..=3).contains(&length) {
        while rest[length..].starts_with(',') && digits(&rest[length + 1..]) == 3 {
            plain.push_str(&rest[length + 1..length + 4]);
            length += 4;
        }
    }
    if rest[length..].starts_with('.') {
        let decimals = digits(&rest[length + 1..]);
        if decimals > 0 {
            plain.push_str(&rest[length..=length + decimals]);
            length += 1 + decimals;
        }
    }
    let fraction = rest[length..].chars().next();
    let part = FRACTIONS.iter().find(|(c, _)| Some(*c) == fraction);
    let value = if length > 0 { plain.parse::<f64>().ok()? } else { 0.0 };
    match part {
        Some((c, part)) => Some((length + c.len_utf8(), value + part)),
        None if length > 0 => Some((length, value)),
        None => None,
    }
}

/// Length of a date or another chain of at least three parts of digits: "3/22/2021", "555-123-4567".
/// Strengths such as "100/62.5/25" are none: the last part of a date has two digits or four.
fn code(rest: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits(rest);
    let Some(mark) = rest[first..].chars().next().filter(|c| matches!(c, '/' | '-' | '.')) else {
        return 0;
    };
    let (mut length, mut parts, mut last) = (first, 1, first);
    while first > 0 && rest[length..].starts_with(mark) {
        let part = digits(&rest[length + 1..]);
        if part == 0 {
            break;
        }
        (length, parts, last) = (length + 1 + part, parts + 1, part);
    }
    let dated = parts == 3 && first <= 2 && (last == 2 || last == 4);
    if parts >= 3 && (mark != '/' || dated) { length } else { 0 }
}
