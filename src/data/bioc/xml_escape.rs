//! Texts in XML: what it cannot hold is replaced, and what a reader would change is written by its number.

use crate::data::losses::lose;
use crate::data::write::Losses;

/// Adds a text to XML. What stands for a character that XML has not is as long as that in every unit.
pub(super) fn text(text: &str, xml: &mut String) {
    text.chars().for_each(|c| escape(if is_lost(c) && c < ' ' { ' ' } else { c }, xml));
}

/// Adds a value to XML, in which nothing is counted, and says whether something was replaced.
pub(super) fn value(value: &str, xml: &mut String) -> bool {
    value.chars().for_each(|c| escape(c, xml));
    value.contains(is_lost)
}

fn escape(c: char, xml: &mut String) {
    match c {
        '&' => xml.push_str("&amp;"),
        '<' => xml.push_str("&lt;"),
        '>' => xml.push_str("&gt;"),
        '"' => xml.push_str("&quot;"),
        // Readers make one line end of CR and LF, and in attributes blanks of all three.
        '\r' => xml.push_str("&#13;"),
        '\n' => xml.push_str("&#10;"),
        '\t' => xml.push_str("&#9;"),
        c if is_lost(c) => xml.push('\u{FFFD}'),
        c => xml.push(c),
    }
}

/// Whether XML has no such character.
fn is_lost(c: char) -> bool {
    matches!(c, '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}') && !matches!(c, '\t' | '\n' | '\r')
}

/// Counts what [`text`] replaces.
pub(super) fn lose_characters(text: &str, losses: &mut Losses) {
    lose(losses, "control characters", text.chars().filter(|&c| is_lost(c)).count());
}
