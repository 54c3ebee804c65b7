//! Tasks: raw text in, typed results out.

pub(crate) mod assertion;
pub(crate) mod classify;
mod document;
pub(crate) mod embed;
pub(crate) mod encode;
pub(crate) mod extract;
pub(crate) mod fill;
pub(crate) mod merge;
pub(crate) mod near;
pub(crate) mod ner;
mod prompted;
pub(crate) mod qa;
pub(crate) mod re;
pub(crate) mod read;
pub(crate) mod sections;
pub(crate) mod sentences;

use std::ops::Range;
use std::sync::atomic::Ordering;
use std::time::Duration;

pub(crate) use re::Masks;
use serde::Serialize;

use crate::engine::{Cancel, Control, Engine, Precision, RanOn};
use crate::error::{Error, Result};
use crate::text::{InvalidText, Markup, OffsetUnit, Offsets};

/// Settings of a call, the same for every task.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// What the offsets of the result count.
    pub unit: OffsetUnit,
    /// What to do with text that is not valid Unicode.
    pub invalid_text: InvalidText,
    /// What in a text stands for other characters.
    pub markup: Markup,
    /// Time that the call may take; a call that takes longer ends with [`Error::Deadline`].
    pub deadline: Option<Duration>,
    /// A switch that ends the call with [`Error::Cancelled`].
    pub cancel: Option<Cancel>,
}

impl RunOptions {
    /// Offsets in a unit; bad text is refused, markup is text, and there is neither deadline nor cancel
    /// switch.
    pub fn new(unit: OffsetUnit) -> RunOptions {
        RunOptions {
            unit,
            invalid_text: InvalidText::default(),
            markup: Markup::default(),
            deadline: None,
            cancel: None,
        }
    }

    pub(crate) fn control(&self) -> Control {
        Control::new(self.cancel.clone(), self.deadline)
    }
}

/// What a result says about how a document was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DocFlags {
    /// Some of it was longer than the model reads at once and was read in overlapping windows. Of a
    /// relation in a long sentence, as much around the pair as the model reads.
    pub windowed: bool,
    /// A limit forced a cut: something was left out.
    pub truncated: bool,
    /// Bad bytes or units were read as U+FFFD.
    pub replaced_invalid: bool,
}

/// A stretch of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TextRange {
    /// Offset of its first character, in the unit of the call.
    pub start: usize,
    /// Offset after its last character.
    pub end: usize,
}

impl TextRange {
    /// A place of a text.
    fn of(offsets: &Offsets<'_>, bytes: Range<usize>) -> TextRange {
        let Range { start, end } = offsets.range(bytes);
        TextRange { start, end }
    }
}

/// What a call found: one entry per document or question, in order. A bad document has an error;
/// the others are not touched by it.
#[derive(Debug)]
pub struct Results<T> {
    /// One entry per document or question.
    pub documents: Vec<Result<T>>,
    /// The arithmetic that ran.
    pub precision: Precision,
    /// Where the encoder ran.
    pub ran_on: RanOn,
    engine: Engine,
}

impl<T> Results<T> {
    fn new(
        engine: &Engine,
        precision: Precision,
        ran_on: RanOn,
        documents: Vec<Result<T>>,
    ) -> Results<T> {
        engine.live().results.fetch_add(1, Ordering::Relaxed);
        Results { documents, precision, ran_on, engine: engine.clone() }
    }
}

impl<T> Drop for Results<T> {
    fn drop(&mut self) {
        self.engine.live().results.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Bytes of text that are encoded and decoded at a time: what a call with many documents keeps of
/// their pieces stays small.
const GROUP: u64 = 1 << 20;

/// What a document that is read ahead takes beside its text, however short that is.
const DOCUMENT: u64 = 1024;

/// Reads items, several at a time, and runs `work` on groups of them whose texts are about [`GROUP`]
/// bytes together; the items of the next group are read meanwhile. `work` is told the index of the
/// group's first item, and gives a result for each; the inner errors of `read` are the items' own.
fn by_groups<I: Copy + Send, R: Send, T>(
    engine: &Engine,
    precision: Precision,
    items: &[I],
    size: impl Fn(I) -> u64,
    control: &Control,
    read: impl Fn(I) -> Result<Result<R>> + Sync,
    mut work: impl FnMut(usize, Vec<Result<R>>) -> Result<Vec<Result<T>>>,
) -> Result<Results<T>> {
    let total = items.iter().map(|&item| size(item)).fold(0, u64::saturating_add);
    let limit = engine.options().max_batch_bytes;
    if total > limit {
        return Err(Error::Limit { what: "the batch", size: total, limit });
    }
    control.check()?;
    let mut results = Vec::with_capacity(items.len());
    let (mut group, mut bytes) = (Vec::new(), 0);
    let mut keep = |(reading, size): (Result<R>, u64), last: bool| {
        group.push(reading);
        bytes += size;
        if bytes >= GROUP || last {
            control.check()?;
            bytes = 0;
            results.extend(work(results.len(), std::mem::take(&mut group))?);
        }
        Ok(())
    };
    let sized = items.iter().map(|&item| Ok((item, size(item))));
    // Two groups ahead: one that is read while another one waits for the group at work.
    let cost = (|&(_, size): &(I, u64)| size + DOCUMENT, 2 * GROUP);
    let read = |(item, size)| Ok((read(item)?, size));
    let mut left = items.len();
    engine.workers().in_order(sized, cost, read, |reading| {
        left -= 1;
        keep(reading, left == 0)
    })?;
    Ok(Results::new(engine, precision, control.ran_on(), results))
}

/// Runs `work` on those that could be read; the others keep their errors.
fn with_readable<R, T: Default>(
    readings: Vec<Result<R>>,
    work: impl FnOnce(&[&R]) -> Result<Vec<T>>,
) -> Result<Vec<Result<T>>> {
    let readable: Vec<&R> = readings.iter().flatten().collect();
    let mut found = work(&readable)?.into_iter();
    let result = |reading: Result<R>| reading.map(|_| found.next().unwrap_or_default());
    Ok(readings.into_iter().map(result).collect())
}
