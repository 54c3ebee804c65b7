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
                sink.skip("blank rows");
                continue;
            }
            let mut columns = text.splitn(3, '\t').map(str::trim);
            let code = columns.next().unwrap_or_default();
            let (name, synonyms) = (columns.next(), columns.next().unwrap_or_default());
            let count = text.split('\t').count();
            let is_first = std::mem::take(&mut is_first);
            // In later lines a tab too many stands within a synonym.
            if count < 2 || is_first && count > 3 {
                return Err(line.wrong(format!("{count} columns, not id, name and synonyms")));
            }
            let header = code.trim_start_matches('#').to_ascii_lowercase();
            if is_first && HEADERS.contains(&header.as_str()) {
                continue;
            }
            if count > 3 {
                sink.skip("tabs within synonyms");
            }
            if code.is_empty() {
                return Err(line.wrong("no id"));
            }
            let synonyms = synonyms.split('|').map(|name| name.trim().replace('\t', " "));
            let concept = Concept {
                code: code.into(),
                name: name.unwrap_or_default().into(),
                synonyms: synonyms.collect(),
            };
            sink.record();
            sink.concept(concept)?;
        }
    }
    Ok(())
}
