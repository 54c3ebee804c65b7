//! What is shown of a document or a question, and what the three forms of output have in common.

use biobert::{
    Class, DocFlags, Error, Mask, OffsetUnit, QuestionAnswers, Relation, Span, Text, TextRange,
};
use serde_json::Value;

use crate::failure::Result;
use crate::highlight::Found;
use crate::note::Note;
use crate::search::Passage;

/// What was found in a document. What a task does not look for is `None`.
#[derive(Default)]
pub struct Content<'a> {
    pub entities: Option<&'a [Span]>,
    pub relations: Option<&'a [Relation]>,
    pub classes: Option<&'a [Class]>,
    pub masks: Option<&'a [Mask]>,
    pub sentences: Option<&'a [TextRange]>,
    pub flags: DocFlags,
}

/// A document with what was found in it.
pub struct Document<'a> {
    pub index: usize,
    /// What the input calls it.
    pub id: Option<&'a Value>,
    pub text: &'a str,
    pub content: Content<'a>,
    /// The entities with their text, in the order of `content.entities`.
    pub found: Vec<Found<'a>>,
    /// The texts of the sentences.
    pub sentences: Vec<&'a str>,
}

/// Where a result belongs.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub index: usize,
    /// What the input calls the document.
    pub id: Option<&'a Value>,
    pub text: &'a Text<'a>,
    pub unit: OffsetUnit,
}

impl<'a> Document<'a> {
    pub fn new(source: Source<'a>, content: Content<'a>) -> Document<'a> {
        let Source { index, id, text, unit } = source;
        let offsets = text.offsets(unit);
        let text = text.as_str();
        let slice = |start: usize, end: usize| offsets.byte(start)..offsets.byte(end);
        let found = |(index, entity): (usize, &'a Span)| {
            let bytes = slice(entity.start, entity.end);
            Found { index, entity, bytes: bytes.clone(), text: &text[bytes] }
        };
        let found = content.entities.unwrap_or_default().iter().enumerate().map(found).collect();
        let sentences = content.sentences.unwrap_or_default().iter();
        let sentences =
            sentences.map(|sentence| &text[slice(sentence.start, sentence.end)]).collect();
        Document { index, id, text, content, found, sentences }
    }
}

/// A question with its answers.
pub struct Answered<'a> {
    pub question: &'a str,
    pub passages: &'a [Text<'a>],
    /// Where the passages were found; none if they were given.
    pub sources: &'a [Passage],
    /// Of passages that were found: which part of the question's words one has.
    pub words: Option<Share>,
    pub unit: OffsetUnit,
    pub found: &'a QuestionAnswers,
}

/// A part that must be as large as another.
#[derive(Clone, Copy)]
pub struct Share {
    pub part: f32,
    pub least: f32,
}

impl Share {
    pub fn is_enough(&self) -> bool {
        self.part >= self.least
    }
}

impl Answered<'_> {
    /// Bytes of each answer in its passage.
    pub fn places(&self) -> Vec<std::ops::Range<usize>> {
        let place = |answer: &biobert::Answer| {
            let offsets = self.passages[answer.passage].offsets(self.unit);
            offsets.byte(answer.start)..offsets.byte(answer.end)
        };
        self.found.answers.iter().map(place).collect()
    }

    /// What a passage is called: its document, or its number.
    pub fn called(&self, passage: usize) -> String {
        match self.sources.get(passage) {
            Some(source) => source.document.clone(),
            None => format!("passage {}", passage + 1),
        }
    }

    /// Where an answer is in its document, or in its passage if that was given.
    pub fn range(&self, answer: &biobert::Answer) -> std::ops::Range<usize> {
        let before = self.sources.get(answer.passage).map_or(0, |source| source.start(self.unit));
        before + answer.start..before + answer.end
    }

    /// What answers are in the order of: the probability of pooled ones, else the score. In a few characters.
    pub fn measure(answer: &biobert::Answer) -> String {
        match answer.probability {
            Some(probability) => format!("{probability:.2}"),
            None => format!("{:.1}", answer.score),
        }
    }

    /// What is said where there is no answer, or none to rely on.
    pub fn doubt(&self) -> Option<&'static str> {
        let found = self.found;
        let nothing = found.answers.is_empty() && found.classes.is_empty();
        match self.words {
            None if nothing => Some("no answer"),
            None if found.no_answer > 0.0 => {
                Some("the passages probably do not contain the answer")
            }
            Some(words) if !words.is_enough() => Some(
                "I do not know: no passage that was found has enough of the question's words; --least-words 0 asks all the same",
            ),
            Some(_) if nothing => Some(
                "I do not know: no answer in the passages that were read reaches --least-score",
            ),
            _ => None,
        }
    }
}

/// What is said where a result is flagged as truncated.
pub const LEFT_OUT: &str = "Something was left out: it is longer than the model reads at once.";

/// Where results go, in one of the three forms.
pub trait Output {
    /// A document that was read.
    fn document(&mut self, document: &Document<'_>) -> Result<()>;
    /// A note that was read as a whole.
    fn note(&mut self, note: &Note<'_>) -> Result<()>;
    /// A question that was answered.
    fn answers(&mut self, answered: &Answered<'_>) -> Result<()>;
    /// A document or a question that could not be read.
    fn failed(&mut self, index: usize, id: Option<&Value>, error: &Error) -> Result<()>;
    /// The end.
    fn finish(&mut self) -> Result<()>;
}
