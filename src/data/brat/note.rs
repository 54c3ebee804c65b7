//! The names that annotations of this library have in BRAT.

/// The attribute with an assertion's value.
pub(super) const ASSERTION: &str = "Assertion";
/// The attribute with its category.
pub(super) const CATEGORY: &str = "AssertionCategory";
/// The note with the codes of an entity.
pub(super) const CODES: &str = "AnnotatorNotes";
