//! Places and labels as callers and files give them: checked, and in bytes.

use std::ops::Range;

use crate::document::{Assertion, AssertionValue, Entity};
use crate::error::{Error, Result};
use crate::text::{Input, InvalidText, OffsetUnit, Offsets, Text};

/// An annotated text: bad bytes are refused, since what stands there cannot be known.
pub(crate) fn check_text(input: Input<'_>) -> Result<Text<'_>> {
    let text = Text::new(input, InvalidText::Reject)?;
    #[cfg(test)]
    crate::fault::maybe_slice(text.as_str());
    Ok(text)
}

/// The bytes of a stretch that `what` names, or what is wrong with its offsets.
pub(crate) fn place(
    text: &Text<'_>,
    offsets: &Offsets<'_>,
    marked: Range<usize>,
    what: &str,
) -> Result<Range<usize>> {
    let wrong = |reason: &str| Err(Error::Argument(format!("{what} {reason}")));
    let Range { start, end } = marked;
    if end > offsets.at(text.as_str().len()) {
        return wrong("ends after the text");
    }
    if start >= end {
        return wrong("is empty or ends before it starts");
    }
    let bytes = offsets.byte(start)..offsets.byte(end);
    if offsets.at(bytes.start) != start || offsets.at(bytes.end) != end {
        return wrong("starts or ends within a character");
    }
    if text.as_str()[bytes.clone()].trim().is_empty() {
        return wrong("is white space");
    }
    Ok(bytes)
}

/// The bytes of a place that may be empty, if it is one of the text.
pub(super) fn stretch(offsets: &Offsets<'_>, marked: Range<usize>) -> Option<Range<usize>> {
    let bytes = offsets.byte(marked.start)..offsets.byte(marked.end);
    let same = (offsets.at(bytes.start)..offsets.at(bytes.end)) == marked;
    Some(bytes).filter(|bytes| same && bytes.start <= bytes.end)
}

/// Refuses a place at which another text stands than the file repeats.
pub(super) fn expect_mention(
    text: &Text<'_>,
    bytes: &Range<usize>,
    mention: Option<&str>,
    what: &str,
) -> Result<()> {
    if mention.is_some_and(|mention| mention != &text.as_str()[bytes.clone()]) {
        let reason = "does not stand at its place; do its offsets count something else?";
        return Err(Error::Argument(format!("the text of {what} {reason}")));
    }
    Ok(())
}

/// A label without the blanks around it; there must be one.
pub(crate) fn label(label: &str, what: &str) -> Result<String> {
    match label.trim() {
        "" => Err(Error::Argument(format!("{what} has no label"))),
        label => Ok(label.to_string()),
    }
}

/// An entity as a file gives it.
pub(super) struct Mark<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: &'a str,
    /// Its text, where the file repeats it.
    pub(super) mention: Option<&'a str>,
    /// What the text says of it, where the file has that.
    pub(super) assertion: Option<AssertionValue>,
}

/// The entities of a text, in the order of the file.
pub(super) fn entities(text: &str, unit: OffsetUnit, marks: &[Mark<'_>]) -> Result<Vec<Entity>> {
    let text = check_text(text.into())?;
    let offsets = text.offsets(unit);
    let entity = |(index, mark): (usize, &Mark<'_>)| {
        let what = format!("entity {index}");
        let bytes = place(&text, &offsets, mark.start..mark.end, &what)?;
        expect_mention(&text, &bytes, mark.mention, &what)?;
        let label = label(mark.label, &what)?.into();
        let assertion = mark.assertion.map(Assertion::new);
        Ok(Entity { assertion, ..Entity::new(bytes, label) })
    };
    marks.iter().enumerate().map(entity).collect()
}
