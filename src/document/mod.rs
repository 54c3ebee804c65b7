//! An annotated text, whatever file it came from: types only. Places are bytes of `text`.

mod assertion;
mod attribute;
mod section;

use std::ops::Range;
use std::sync::Arc;

pub use assertion::{Assertion, AssertionCategory, AssertionValue};
pub use attribute::{Attribute, AttributeKind};
pub use section::Section;

/// A text with what is right to say of it. What a file does not say stays empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// What the file calls it.
    pub id: Option<String>,
    /// The line of the file where it starts, from 1.
    pub line: usize,
    /// The text.
    pub text: String,
    /// The words, where the file gives them; the text is then one sentence.
    pub words: Option<Vec<Range<usize>>>,
    /// Stretches that are read each by itself, such as the contexts of a question; empty if the text
    /// is read as a whole.
    pub passages: Vec<Range<usize>>,
    /// The entities, in the order of the file.
    pub entities: Vec<Entity>,
    /// The relations between them.
    pub relations: Vec<Relation>,
    /// A second text that the first is judged against.
    pub second: Option<String>,
    /// The class of the text.
    pub label: Option<String>,
    /// Questions to the text.
    pub questions: Vec<Question>,
}

/// An entity of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Where it stands.
    pub bytes: Range<usize>,
    /// Its kind, such as `Disease`.
    pub label: Arc<str>,
    /// What the text says of it, where the file says so.
    pub assertion: Option<AssertionValue>,
}

/// Two entities and how they are related.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Index of the first entity.
    pub first: usize,
    /// Index of the second entity.
    pub second: usize,
    /// How they are related.
    pub label: String,
}

/// A question to a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// What is right to answer.
    pub answer: Answer,
}

/// What is right to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The text does not tell.
    Nowhere,
    /// A stretch of the text.
    Place(Range<usize>),
    /// Any of these words, wherever they stand.
    Words(Vec<String>),
    /// A label, such as `yes`.
    Label(String),
}
