//! Markup in texts: what stands for other characters is read as those, and places in what was read are
//! brought back to the text as it was.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::text::hl7::{self, Delimiters};
use crate::text::html;

/// What in a text stands for other characters.
///
/// Whatever is no valid reference or sequence stays as it is. Offsets point into the text with its markup:
/// a place that begins or ends within a reference begins or ends at its edge, and what stands for nothing
/// belongs to no place that it only touches. Two places may share a reference of several characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Markup {
    /// Nothing.
    #[default]
    None,
    /// HTML's character references, such as `&beta;`, `&#39;` and `&#x3B2;`. Tags stay.
    Entities,
    /// The escape sequences in a text field of HL7 version 2, such as `\T\`, `\.br\` and `\X0D\`.
    Hl7,
}

/// The text of a field of an HL7 message.
pub(crate) fn unescaped<'a>(field: &'a str, delimiters: &Delimiters) -> Cow<'a, str> {
    Decoded::by_message(field, delimiters).map_or(field.into(), |decoded| decoded.text.into())
}

/// A text as its markup says it.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// What stands for other characters, in order.
    stretches: Vec<Stretch>,
}

/// A reference, and what it stands for, which may be nothing. Both are bytes.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// In the text as it was.
    original: (usize, usize),
    /// In the text as it is read.
    decoded: (usize, usize),
}

impl Decoded {
    /// `None` where nothing stands for anything else.
    pub(super) fn new(text: &str, markup: Markup) -> Option<Decoded> {
        match markup {
            Markup::None => None,
            Markup::Entities => Decoded::by(text, '&', html::reference),
            Markup::Hl7 => Decoded::by_message(text, &Delimiters::STANDARD),
        }
    }

    fn by_message(text: &str, delimiters: &Delimiters) -> Option<Decoded> {
        let sequence = |rest: &str, out: &mut String| hl7::sequence(rest, delimiters, out);
        Decoded::by(text, delimiters.escape, sequence)
    }

    /// Reads what begins with a mark. `read` writes what it stands for, and says how long it is.
    fn by(
        text: &str,
        mark: char,
        read: impl Fn(&str, &mut String) -> Option<usize>,
    ) -> Option<Decoded> {
        let mut decoded = Decoded { text: String::new(), stretches: Vec::new() };
        let mut stands_for = String::new();
        // What is written already, and where to look on.
        let (mut done, mut from) = (0, 0);
        while let Some(at) = text[from..].find(mark).map(|at| from + at) {
            stands_for.clear();
            let Some(length) = read(&text[at..], &mut stands_for) else {
                from = at + mark.len_utf8();
                continue;
            };
            decoded.text.push_str(&text[done..at]);
            let start = decoded.text.len();
            decoded.text.push_str(&stands_for);
            (done, from) = (at + length, at + length);
            let place = (start, decoded.text.len());
            decoded.stretches.push(Stretch { original: (at, done), decoded: place });
        }
        if decoded.stretches.is_empty() {
            return None;
        }
        decoded.text.push_str(&text[done..]);
        Some(decoded)
    }

    /// Where a place begins in the original that begins here.
    pub(super) fn start(&self, byte: usize) -> usize {
        let passed = self.stretches.partition_point(|stretch| stretch.decoded.0 <= byte);
        let Some(last) = passed.checked_sub(1).map(|last| self.stretches[last]) else {
            return byte;
        };
        match byte.checked_sub(last.decoded.1) {
            Some(after) => last.original.1 + after,
            None => last.original.0,
        }
    }

    /// Where a place ends in the original that ends here.
    pub(super) fn end(&self, byte: usize) -> usize {
        let passed = self.stretches.partition_point(|stretch| stretch.decoded.1 < byte);
        match self.stretches.get(passed) {
            Some(next) if next.decoded.0 < byte => next.original.1,
            Some(next) => next.original.0 - (next.decoded.0 - byte),
            None => self.start(byte),
        }
    }

    /// Where a byte of the original is; of one within a reference, where that ends.
    pub(super) fn byte(&self, original: usize) -> usize {
        match self.before(original) {
            None => original,
            Some(last) if original == last.original.0 => last.decoded.0,
            Some(last) => last.decoded.1 + original.saturating_sub(last.original.1),
        }
    }

    /// Whether a byte of the original lies within a reference.
    pub(super) fn splits(&self, original: usize) -> bool {
        self.before(original)
            .is_some_and(|last| last.original.0 < original && original < last.original.1)
    }

    /// The last reference that begins at a byte of the original or before it.
    fn before(&self, original: usize) -> Option<Stretch> {
        let passed = self.stretches.partition_point(|stretch| stretch.original.0 <= original);
        Some(self.stretches[passed.checked_sub(1)?])
    }
}
