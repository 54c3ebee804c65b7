//! An annotated text, whatever file it came from: types only. Places are bytes of `text`.

mod assertion;
mod attribute;
mod link;
mod section;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

pub use assertion::{Assertion, AssertionCategory, AssertionValue};
pub(crate) use attribute::comparator;
pub use attribute::{Attribute, AttributeKind};
pub use link::{Abstention, Code, Link, Reason};
pub use section::Section;

/// A text with what is said of it, by people or by a model. What a file does not say stays empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// What the file calls it.
    pub id: Option<String>,
    /// The line of the file where it starts, from 1.
    pub line: usize,
    /// The text.
    pub text: String,
    /// The words, where the file gives them; the text is then one sentence.
    pub words: Option<Vec<Range<usize>>>,
    /// Stretches that stand by themselves, such as a title and an abstract, or the contexts of a question;
    /// empty if the text is one.
    pub passages: Vec<Passage>,
    /// The sections, by start; a section comes before those within it.
    pub sections: Vec<Section>,
    /// The entities, in the order of the file.
    pub entities: Vec<Entity>,
    /// The relations between them.
    pub relations: Vec<Relation>,
    /// Relations between codes that the document as a whole states.
    pub code_relations: Vec<CodeRelation>,
    /// Whether the annotator left something out: pairs of entities that were too far apart.
    pub truncated: bool,
    /// A second text that the first is judged against.
    pub second: Option<String>,
    /// The class of the text.
    pub label: Option<String>,
    /// Questions to the text.
    pub questions: Vec<Question>,
    /// What said so; `None` of people.
    pub provenance: Option<Provenance>,
    /// What the file says of it that has no place here, by what it is, such as "events": how often.
    pub passed_over: BTreeMap<&'static str, u64>,
}

/// A stretch of a text that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands.
    pub bytes: Range<usize>,
    /// What it is, such as `title`.
    pub kind: Option<String>,
}

/// An entity of a text. What nobody said of it stays empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Where it stands, from its first to its last character.
    pub bytes: Range<usize>,
    /// Its pieces, by start, where it has several with other words between them; else empty.
    pub pieces: Vec<Range<usize>>,
    /// Its kind, such as `Disease`.
    pub label: Arc<str>,
    /// What the file calls it.
    pub id: Option<String>,
    /// Its probability, 0 to 1.
    pub score: Option<f32>,
    /// The head that found it.
    pub head: Option<Arc<str>>,
    /// What other heads call it.
    pub also: Vec<Also>,
    /// Index of the section that it stands in, the innermost.
    pub section: Option<usize>,
    /// What the text says of it.
    pub assertion: Option<Assertion>,
    /// What it stands for, if it is a short form.
    pub expansion: Option<String>,
    /// Dose, frequency and the like of a drug, the value of a test; by start.
    pub attributes: Vec<Attribute>,
    /// Its codes, by system.
    pub links: Vec<Link>,
}

impl Entity {
    /// An entity of which no more is known.
    pub fn new(bytes: Range<usize>, label: Arc<str>) -> Entity {
        Entity {
            bytes,
            pieces: Vec::new(),
            label,
            id: None,
            score: None,
            head: None,
            also: Vec::new(),
            section: None,
            assertion: None,
            expansion: None,
            attributes: Vec::new(),
            links: Vec::new(),
        }
    }

    /// Whether the patient has it, where the text says so.
    pub fn value(&self) -> Option<AssertionValue> {
        self.assertion.as_ref().map(|assertion| assertion.value)
    }

    /// Its pieces; of most entities one.
    pub fn stretches(&self) -> &[Range<usize>] {
        if self.pieces.is_empty() { std::slice::from_ref(&self.bytes) } else { &self.pieces }
    }
}

/// What another head calls an entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Also {
    /// Its kind, such as `Disease`.
    #[serde(serialize_with = "shared")]
    pub label: Arc<str>,
    /// The head that found it.
    #[serde(serialize_with = "shared")]
    pub head: Arc<str>,
    /// Mean probability of the labels of its words, 0 to 1.
    pub score: f32,
}

/// Two entities and how they are related.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Index of the first entity.
    pub first: usize,
    /// Index of the second entity.
    pub second: usize,
    /// How they are related.
    pub label: String,
    /// The label in words, to stand between the two, where it is none itself: of a yes/no head it is `1`.
    pub text: Option<Arc<str>>,
    /// Its probability, 0 to 1.
    pub score: Option<f32>,
    /// The head that judged.
    pub head: Option<Arc<str>>,
    /// What the text says of it.
    pub assertion: Option<AssertionValue>,
}

impl Relation {
    /// A relation of which no more is known.
    pub fn new(first: usize, second: usize, label: String) -> Relation {
        Relation { first, second, label, text: None, score: None, head: None, assertion: None }
    }

    /// What to call it where it has one name only: its words; else its label, or the head of a label without a letter,
    /// such as `1`.
    pub fn name(&self) -> &str {
        let bare = !self.label.contains(char::is_alphabetic);
        let head = self.head.as_deref().filter(|_| bare);
        let text = self.text.as_deref().filter(|text| !text.trim().is_empty());
        text.or(head).unwrap_or(&self.label)
    }
}

/// Two codes and how they are related, by the document as a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CodeRelation {
    /// The first code.
    pub first: String,
    /// The second code.
    pub second: String,
    /// How they are related, such as `CID`.
    pub label: String,
    /// Its probability, 0 to 1.
    pub score: Option<f32>,
}

/// What annotated a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// The model's name.
    pub model: String,
    /// The model's hash, in hexadecimal.
    pub hash: Option<String>,
    /// The version of this library.
    pub version: String,
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
    /// The file does not say what is right.
    Unknown,
    /// The text does not tell.
    Nowhere,
    /// A stretch of the text.
    Place(Range<usize>),
    /// Any of these words, wherever they stand.
    Words(Vec<String>),
    /// Several things, each by any of its names.
    Items(Vec<Vec<String>>),
    /// A label, such as `yes`.
    Label(String),
}

/// Writes shared strings as strings.
pub(crate) fn shared<S: serde::Serializer>(
    text: &Arc<str>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}
