//! A sequence to learn from, whatever the task.

use std::ops::Range;

use crate::heads::Kind;
use crate::tasks::encode::Sequence as Pieces;

/// A sequence to learn from.
#[derive(Debug, Clone)]
pub(in crate::train) struct Sequence {
    /// Pieces of one text, or of two.
    pub(in crate::train) first: Vec<u32>,
    pub(in crate::train) second: Option<Vec<u32>>,
    /// Ranges of tokens, `[CLS]` being the first: words, places or single tokens.
    pub(in crate::train) rows: Vec<Range<u32>>,
    /// A label for each word; one for all places; the tokens where the answer starts and ends.
    pub(in crate::train) targets: Vec<u32>,
    /// Of a passage: which part of which it is.
    pub(in crate::train) part: Option<Part>,
}

/// A window of a passage.
#[derive(Debug, Clone)]
pub(in crate::train) struct Part {
    /// The example that it belongs to.
    pub(in crate::train) example: usize,
    /// Tokens before the passage.
    pub(in crate::train) before: usize,
    /// The window's pieces of the passage.
    pub(in crate::train) pieces: Range<usize>,
    /// The first and the last piece of the answer, in this window or not.
    pub(in crate::train) answer: Option<(usize, usize)>,
}

impl Sequence {
    pub(in crate::train) fn pieces(&self) -> Pieces<'_> {
        match &self.second {
            Some(second) => Pieces::pair(&self.first[..], &second[..]),
            None => Pieces::single(&self.first[..]),
        }
    }

    pub(in crate::train) fn rows(&self) -> impl Iterator<Item = Range<usize>> + Clone {
        self.rows.iter().map(|row| row.start as usize..row.end as usize)
    }
}

/// The kind of head that a file has: a linear one, or one that reads all layers.
pub(super) fn kind(linear: bool, plain: Kind, layers: Kind) -> Kind {
    if linear { plain } else { layers }
}
