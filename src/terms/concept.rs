//! A concept of a terminology, as its files give it.

/// A concept: its code and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concept {
    /// Its code, such as `D003920`.
    pub code: String,
    /// Its preferred name.
    pub name: String,
    /// Its other names; the preferred one may be among them.
    pub synonyms: Vec<String>,
}
