//! Texts in XML: what it cannot hold is replaced, and what a reader would change is written by its number.

use crate::data::losses::lose;
use crate::data::write::Losses;

/// Adds a text or a value of an attribute to XML.
pub(super) fn escape(text: &str, xml: &mut String) {
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            // Readers make one line end of CR and LF, and in attributes blanks of all three.
            '\r' => xml.push_str("&#13;"),
            '\n' => xml.push_str("&#10;"),
            '\t' => xml.push_str("&#9;"),
            c => xml.push(stands(c)),
        }
    }
}

/// A character, or what stands for it where XML has no such character; of the same length in every unit.
fn stands(c: char) -> char {
    match c {
        '\0'..='\x1F' => ' ',
        '\u{FFFE}' | '\u{FFFF}' => '\u{FFFD}',
        c => c,
    }
}

/// Counts what [`escape`] replaces.
pub(super) fn lose_characters(text: &str, losses: &mut Losses) {
    let replaced = |c: &char| !matches!(c, '\t' | '\n' | '\r') && stands(*c) != *c;
    lose(losses, "control characters", text.chars().filter(replaced).count());
}
