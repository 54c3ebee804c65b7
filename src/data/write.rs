//! Documents to files: one writer a format. What a format cannot hold is counted, and told at the end.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use crate::document::Document;
use crate::error::{Error, Result};
use crate::text::OffsetUnit;

/// What a format could not hold, by what it was, such as "assertions": how often.
pub type Losses = BTreeMap<&'static str, u64>;

/// Where documents are written.
pub enum Target<'a> {
    /// One after the other.
    Stream(Box<dyn Write + 'a>),
    /// Files of their own, in a directory that is there.
    Directory(PathBuf),
}

/// How documents are written.
#[derive(Debug, Clone, Copy)]
pub struct WriteOptions<'a> {
    /// What offsets count, where the format leaves it open.
    pub unit: OffsetUnit,
    /// Whether BRAT's codes are lines of their own (`N`), on which some of its readers fail, not notes.
    pub normalizations: bool,
    /// FHIR: a reference to whom the documents are about, such as `Patient/123`. `None`: each bundle has a
    /// patient of its own of whom nothing is known.
    pub subject: Option<&'a str>,
    /// FHIR and OMOP: when the documents were annotated, as `2026-11-28` or `2026-11-28T09:30:00Z`. `None`: not
    /// said, so that the same documents give the same bytes on every day.
    pub date: Option<&'a str>,
}

impl WriteOptions<'_> {
    /// Options that say no more than what offsets count.
    pub fn new(unit: OffsetUnit) -> Self {
        WriteOptions { unit, normalizations: false, subject: None, date: None }
    }

    /// Refuses a reference or a date that is none.
    pub(super) fn check(&self) -> Result<()> {
        if self.subject.is_some_and(|subject| !is_reference(subject)) {
            let reason = "the subject is no reference: a type and an id, such as Patient/123, or an \
                          address that starts with http://, https:// or urn:";
            return Err(Error::Argument(reason.into()));
        }
        if self.date.is_some_and(|date| !is_date(date)) {
            let reason = "the date is not of the form 2026-11-28 or 2026-11-28T09:30:00Z";
            return Err(Error::Argument(reason.into()));
        }
        Ok(())
    }
}

/// Whether a text refers to a resource, by FHIR's rules: with its type and its id, or with an address.
fn is_reference(text: &str) -> bool {
    let is_address = ["http://", "https://", "urn:"]
        .iter()
        .any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
    if is_address {
        return !text.contains(char::is_whitespace);
    }
    let Some((kind, id)) = text.split_once('/') else { return false };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    kind.starts_with(|c: char| c.is_ascii_uppercase())
        && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
        && (1..=64).contains(&id.len())
        && id.bytes().all(fits)
}

/// Whether a text is a day, or a second with its time zone (RFC 3339).
fn is_date(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let forms = [
        "0000-00-00",
        "0000-00-00T00:00:00Z",
        "0000-00-00T00:00:00+00:00",
        "0000-00-00T00:00:00-00:00",
    ];
    // The shape is of single bytes, so these are within the text.
    let number = |at: usize| text[at..at + 2].parse::<u32>().unwrap_or(u32::MAX);
    forms.contains(&shape.as_str())
        && (1..=12).contains(&number(5))
        && (1..=days(&text[..4], number(5))).contains(&number(8))
        && (text.len() == 10 || number(11) < 24 && number(14) < 60 && number(17) < 60)
        && (text.len() < 25 || number(20) < 15 && number(23) < 60)
}

/// How many days a month has.
fn days(year: &str, month: u32) -> u32 {
    let year: u32 = year.parse().unwrap_or(0);
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Writes documents in a format.
pub trait Writer {
    /// Writes a document.
    ///
    /// # Errors
    /// [`Error::Argument`] for a document that is not sound, such as a place outside of its text;
    /// [`Error::Io`] where it cannot be written.
    fn document(&mut self, document: &Document) -> Result<()>;

    /// Writes what ends the file, and tells what it could not hold.
    ///
    /// # Errors
    /// [`Error::Io`].
    fn finish(&mut self) -> Result<Losses>;
}

/// What went wrong with the output.
pub(super) fn unwritten(error: impl std::fmt::Display) -> Error {
    Error::Io { file: "the output".into(), reason: error.to_string() }
}

/// What came of writing. The name of the output is its caller's business.
pub(super) fn written(result: std::io::Result<()>) -> Result<()> {
    result.map_err(unwritten)
}
