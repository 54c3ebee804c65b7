//! Texts on one line: what ends a line for any reader, and tabs, become blanks. Scalars keep their number.

use std::borrow::Cow;

use crate::data::losses::lose;
use crate::data::write::Losses;

/// Whether a character ends a line; for Python's `splitlines` all of these do.
fn breaks(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A text with blanks in place of what ends lines, and of tabs.
pub(super) fn flat(text: &str) -> Cow<'_, str> {
    let is_blank = |c: char| breaks(c) || c == '\t';
    if text.contains(is_blank) { text.replace(is_blank, " ").into() } else { text.into() }
}

/// Counts what [`flat`] changes.
pub(super) fn lose_breaks(text: &str, losses: &mut Losses) {
    lose(losses, "line breaks", text.chars().filter(|&c| breaks(c)).count());
    lose(losses, "tabs", text.matches('\t').count());
}
