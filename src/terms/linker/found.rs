//! A name that was found, with what decides between it and others.

use std::cmp::Ordering;

use crate::document::Reason;

/// A name that may be meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found<'a> {
    pub code: &'a str,
    /// The code's preferred name.
    pub name: &'a str,
    pub reason: Reason,
    pub score: f32,
    /// Whether the index is about what the label says, as far as one knows.
    pub fits: bool,
    /// Whether the code's preferred name was found.
    pub preferred: bool,
}

impl Found<'_> {
    /// How alike two texts are that a fold makes the same.
    pub(super) fn score_of(reason: Reason) -> f32 {
        match reason {
            Reason::Exact => 1.0,
            Reason::Case => 0.99,
            Reason::Dash => 0.98,
            Reason::Greek => 0.97,
            Reason::Roman => 0.96,
            Reason::Plural => 0.95,
            _ => 0.93,
        }
    }

    /// The better one first.
    pub(super) fn compare(&self, other: &Found<'_>) -> Ordering {
        let rank = |found: &Found<'_>| (found.fits, found.score, found.preferred);
        rank(other).partial_cmp(&rank(self)).unwrap_or(Ordering::Equal)
    }
}
