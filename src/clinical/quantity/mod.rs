//! Numbers and units as notes write them: "1,000 mg", "½ tab", "4 to 6 hours", "< 0.01 ng/mL",
//! "12 units/kg/hr". Units come out as codes of UCUM (The Unified Code for Units of Measure, 2.1);
//! `units.tsv` has their spellings and, at its top, how the doubtful ones were decided.

use std::ops::Range;

use crate::document::{Attribute, AttributeKind};

mod amount;
#[cfg(test)]
pub(crate) mod cases;
mod lexer;
mod phrases;
mod unit;

pub(crate) use amount::{Amount, amount, ranged};
pub(crate) use lexer::{Kind, Token, tokens};
pub(crate) use phrases::Phrases;
pub(crate) use unit::{Class, Unit, unit};

/// The end of a piece of a text of at most `most` bytes from `start`, on a character's boundary.
pub(crate) fn reach(text: &str, start: usize, end: usize, most: usize) -> usize {
    let mut at = end.min(start.saturating_add(most));
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at.max(start)
}

impl Amount {
    /// An attribute of this amount.
    pub(crate) fn attribute(self, kind: AttributeKind, unit: Option<String>) -> Attribute {
        let Amount { place, low, high, comparator, .. } = self;
        Attribute { kind, place, low, high, comparator, unit, step: 0, parsed: true }
    }
}

/// An attribute that has no number.
pub(crate) fn named(kind: AttributeKind, place: Range<usize>) -> Attribute {
    Attribute {
        kind,
        place,
        low: None,
        high: None,
        comparator: None,
        unit: None,
        step: 0,
        parsed: true,
    }
}

/// An attribute that is there and that nobody but a reader understands.
pub(crate) fn unread(kind: AttributeKind, place: Range<usize>) -> Attribute {
    Attribute { parsed: false, ..named(kind, place) }
}

/// From the start of a token to the end of the one before `next`.
pub(crate) fn span(tokens: &[Token], at: usize, next: usize) -> Range<usize> {
    let start = tokens.get(at).map_or(0, |token| token.place.start);
    let end = tokens.get(next.saturating_sub(1)).map_or(start, |token| token.place.end);
    start..end.max(start)
}
