//! What annotations of this library are called in BRAT, and how codes stand in notes.

use crate::data::codes;
use crate::document::Link;

/// The attribute with an assertion's value.
pub(super) const ASSERTION: &str = "Assertion";
/// The attribute with its category.
pub(super) const CATEGORY: &str = "AssertionCategory";
/// The note with the codes of an entity.
pub(super) const CODES: &str = "AnnotatorNotes";

/// The codes of an entity, if its note is a list of them, each with its system, such as
/// `MESH:D003693|OMIM:104300`; `None` of what somebody remarked.
pub(super) fn codes(label: &str, note: &str) -> Option<Vec<Link>> {
    let is_code = |told: &str| {
        told.split_once(':').is_some_and(|(system, code)| {
            codes::is_system(system)
                && code.starts_with(|c: char| c.is_ascii_alphanumeric())
                && code.contains(|c: char| c.is_ascii_digit())
                && !code.contains(char::is_whitespace)
        })
    };
    note.split('|').all(is_code).then(|| codes::links(label, note))
}
