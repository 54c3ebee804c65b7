//! MeSH in ASCII: descriptors (`d2026.bin`) and supplementary records (`c2026.bin`), as `KEY = value` lines
//! after `*NEWRECORD`. Qualifiers are left out.

use std::path::PathBuf;

use super::lines::Lines;
use super::report::Sink;
use crate::error::Result;
use crate::terms::Concept;

/// The line before each record.
pub(super) const NEW: &str = "*NEWRECORD";

/// A record so far.
#[derive(Default)]
struct Record {
    /// `RECTYPE`: `D`, `C` or `Q`.
    kind: String,
    concept: Concept,
}

pub(super) fn read(files: &[PathBuf], sink: &mut Sink<'_>) -> Result<()> {
    for path in files {
        let mut lines = Lines::open(path)?;
        sink.file(lines.file());
        let mut record: Option<Record> = None;
        while let Some(line) = lines.next()? {
            let text = line.text.trim_end();
            if text.is_empty() {
                continue;
            }
            if text == NEW {
                if let Some(before) = record.replace(Record::default())
                    && !finish(before, sink)?
                {
                    return Err(line.wrong("the record before has no UI or no name"));
                }
                continue;
            }
            let Some(record) = &mut record else {
                return Err(line.wrong(format!("not {NEW}")));
            };
            let Some((key, value)) = text.split_once(" =") else {
                return Err(line.wrong("neither a key with its value nor a new record"));
            };
            let (concept, value) = (&mut record.concept, value.trim());
            match key.trim_end() {
                "RECTYPE" => record.kind = value.into(),
                "UI" => concept.code = value.into(),
                "MH" | "NM" => concept.name = value.into(),
                // The term, and perhaps after bars what kind it is, since when, by whom.
                "ENTRY" | "PRINT ENTRY" | "SY" => {
                    let term = value.split('|').next().unwrap_or_default();
                    concept.synonyms.push(term.trim_end().into());
                }
                _ => {}
            }
        }
        if let Some(last) = record
            && !finish(last, sink)?
        {
            return Err(lines.refuse("the last record has no UI or no name"));
        }
    }
    Ok(())
}

/// Hands a record on; whether it has what a record must have.
fn finish(record: Record, sink: &mut Sink<'_>) -> Result<bool> {
    sink.record();
    if !["D", "C"].contains(&record.kind.as_str()) {
        sink.skip("records that are neither descriptors nor supplementary");
        return Ok(true);
    }
    if record.concept.code.is_empty() || record.concept.name.is_empty() {
        return Ok(false);
    }
    sink.concept(record.concept).map(|()| true)
}
