//! Tables of ours: `id<TAB>name<TAB>synonym|synonym|…`; the last column may be missing. A first line whose
//! first column is called `id`, `code` or the like is a header.

use std::path::PathBuf;

use super::lines::Lines;
use super::report::Sink;
use crate::error::Result;
use crate::terms::Concept;

/// What the column of the ids is called in headers.
const HEADERS: [&str; 5] = ["id", "code", "concept_id", "curie", "identifier"];

pub(super) fn read(files: &[PathBuf], sink: &mut Sink<'_>) -> Result<()> {
    for path in files {
        let mut lines = Lines::open(path)?;
        sink.file(lines.file());
        let mut is_first = true;
        while let Some(line) = lines.next()? {
            let text = line.text;
            if text.trim().is_empty() {
                continue;
            }
            let mut columns = text.split('\t').map(str::trim);
            let code = columns.next().unwrap_or_default();
            let header = code.trim_start_matches('#').to_ascii_lowercase();
            if std::mem::take(&mut is_first) && HEADERS.contains(&header.as_str()) {
                continue;
            }
            let (name, synonyms) = (columns.next(), columns.next());
            if name.is_none() || columns.next().is_some() {
                let count = text.split('\t').count();
                return Err(line.wrong(format!("{count} columns, not id, name and synonyms")));
            }
            if code.is_empty() {
                return Err(line.wrong("no id"));
            }
            let synonyms = synonyms.unwrap_or_default().split('|').map(str::trim);
            let concept = Concept {
                code: code.into(),
                name: name.unwrap_or_default().into(),
                synonyms: synonyms.map(String::from).collect(),
            };
            sink.record();
            sink.concept(concept)?;
        }
    }
    Ok(())
}
