//! What was read of a terminology: counts, and the reasons for what was left out.

use std::collections::{BTreeMap, HashSet};

use super::format::SourceFormat;
use crate::error::{Error, Result};
use crate::terms::Concept;

/// What was read, and what was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The format.
    pub format: SourceFormat,
    /// Base names of the files, in the order of reading.
    pub files: Vec<String>,
    /// Rows, stanzas or records.
    pub records: u64,
    /// Concepts that were handed on; one that stands in several places counts as often.
    pub concepts: u64,
    /// Their names, preferred ones and synonyms.
    pub names: u64,
    /// What was left out, by the reason.
    pub skipped: BTreeMap<&'static str, u64>,
}

/// Values of a filter's field that are kept for the error that names them.
const VALUES: usize = 40;

/// Who takes concepts, with the counts of what they were made of.
pub(super) struct Sink<'a> {
    read: Read,
    take: &'a mut dyn FnMut(Concept) -> Result<()>,
    /// What the filters saw, by the name of their field.
    seen: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(
        format: SourceFormat,
        take: &'a mut dyn FnMut(Concept) -> Result<()>,
    ) -> Sink<'a> {
        let (files, skipped) = (Vec::new(), BTreeMap::new());
        let read = Read { format, files, records: 0, concepts: 0, names: 0, skipped };
        Sink { read, take, seen: BTreeMap::new() }
    }

    pub(super) fn file(&mut self, name: &str) {
        self.read.files.push(name.into());
    }

    pub(super) fn record(&mut self) {
        self.read.records += 1;
    }

    pub(super) fn skip(&mut self, reason: &'static str) {
        *self.read.skipped.entry(reason).or_default() += 1;
    }

    /// A value of a field that a filter looks at.
    pub(super) fn saw(&mut self, field: &'static str, value: &str) {
        let values = self.seen.entry(field).or_default();
        if let Some(count) = values.get_mut(value) {
            *count += 1;
        } else if values.len() < VALUES && is_name(value) {
            values.insert(value.into(), 1);
        }
    }

    /// A concept: without empty names, and without those that it has already.
    pub(super) fn concept(&mut self, mut concept: Concept) -> Result<()> {
        let mut seen = HashSet::from([concept.name.as_str(), ""]);
        let keep: Vec<bool> = concept.synonyms.iter().map(|name| seen.insert(name)).collect();
        let mut keep = keep.into_iter();
        concept.synonyms.retain(|_| keep.next().unwrap_or_default());
        // The first of the other names stands for a preferred one that is missing.
        if concept.name.is_empty() && !concept.synonyms.is_empty() {
            concept.name = concept.synonyms.remove(0);
        }
        if concept.name.is_empty() {
            self.skip("concepts without a name");
            return Ok(());
        }
        self.read.concepts += 1;
        self.read.names += 1 + concept.synonyms.len() as u64;
        (self.take)(concept)
    }

    /// # Errors
    /// [`Error::Model`] where nothing is left: with the filters, and what they could choose from.
    pub(super) fn finish(self, filters: &[(&'static str, String)]) -> Result<Read> {
        if self.read.concepts > 0 {
            return Ok(self.read);
        }
        let mut reason = format!("no concept in {} records", self.read.records);
        if !filters.is_empty() {
            let filters: Vec<String> =
                filters.iter().map(|(field, wanted)| format!("{field} {wanted}")).collect();
            reason += &format!(" passes {}", filters.join(", "));
        }
        for (field, values) in &self.seen {
            let mut values: Vec<_> = values.iter().collect();
            values.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
            let told = values.iter().map(|(name, count)| format!("{name} ({count})"));
            let told = told.collect::<Vec<_>>().join(", ");
            reason += &format!("; {field} in the file: {told}");
        }
        let skipped = self.read.skipped.iter().map(|(what, count)| format!("; {count} {what}"));
        reason += &skipped.collect::<String>();
        Err(Error::model(self.read.files.join(", "), reason))
    }
}

/// Whether a value is a name of a vocabulary or a type, and so may stand in an error.
fn is_name(value: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
    (1..=24).contains(&value.len()) && value.chars().all(is_plain)
}
