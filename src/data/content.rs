//! What is wanted of an annotated file.

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Entities.
    Entities,
    /// Relations between two entities.
    Relations,
    /// Classes of texts.
    Classes,
    /// Answers to questions.
    Answers,
}

impl Content {
    /// What it is called in a sentence.
    pub(super) fn name(self) -> &'static str {
        match self {
            Content::Entities => "entities",
            Content::Relations => "relations",
            Content::Classes => "classes",
            Content::Answers => "answers",
        }
    }
}
