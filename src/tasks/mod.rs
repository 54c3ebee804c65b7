//! Tasks: raw text in, typed results out.

mod bio;
mod encode;
pub(crate) mod ner;

use std::time::Duration;

pub(crate) use bio::{Tag, spans};

use crate::engine::{Cancel, Control, Engine};
use crate::error::{Error, Result};
use crate::text::{Input, InvalidText, OffsetUnit};

/// Settings of a call, the same for every task.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// What the offsets of the result count.
    pub unit: OffsetUnit,
    /// What to do with text that is not valid Unicode.
    pub invalid_text: InvalidText,
    /// Time that the call may take; a call that takes longer ends with [`Error::Deadline`].
    pub deadline: Option<Duration>,
    /// A switch that ends the call with [`Error::Cancelled`].
    pub cancel: Option<Cancel>,
}

impl RunOptions {
    /// Offsets in a unit; bad text is refused, and there is neither deadline nor cancel switch.
    pub fn new(unit: OffsetUnit) -> RunOptions {
        RunOptions { unit, invalid_text: InvalidText::default(), deadline: None, cancel: None }
    }

    pub(crate) fn control(&self) -> Control {
        Control::new(self.cancel.clone(), self.deadline)
    }
}

/// What a result says about how a document was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DocFlags {
    /// It was longer than the model's limit and was read in overlapping windows.
    pub windowed: bool,
    /// Bad bytes or units were read as U+FFFD.
    pub replaced_invalid: bool,
}

/// Refuses a call whose documents are too large together.
fn check_batch(engine: &Engine, documents: &[Input<'_>]) -> Result<()> {
    let size = documents.iter().map(Input::size).fold(0, u64::saturating_add);
    let limit = engine.options().max_batch_bytes;
    if size > limit {
        return Err(Error::Limit { what: "the batch", size, limit });
    }
    Ok(())
}

/// Refuses a document that is too large.
fn check_document(engine: &Engine, document: Input<'_>) -> Result<()> {
    let (size, limit) = (document.size(), engine.options().max_doc_bytes);
    if size > limit {
        return Err(Error::Limit { what: "the document", size, limit });
    }
    Ok(())
}
