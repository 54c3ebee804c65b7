//! Entities that a file gives, in the form in which `biobert ner` writes them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use biobert::{Error, GivenEntity, Input, RunOptions, Text};
use serde::Deserialize;

use crate::failure::{Failure, Result, json_reason};

/// A file of entities, by document.
pub struct GivenFile {
    path: PathBuf,
    documents: BTreeMap<usize, Vec<Line>>,
}

#[derive(Deserialize)]
struct Line {
    /// Where it stands in the file, from 1.
    #[serde(skip)]
    number: usize,
    doc: usize,
    text: Option<String>,
    #[serde(default)]
    entities: Vec<Entity>,
}

#[derive(Deserialize)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
    text: Option<String>,
}

impl GivenFile {
    pub fn open(path: &Path) -> Result<GivenFile> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
        let mut documents = BTreeMap::<usize, Vec<Line>>::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let number = index + 1;
            let line: Line = serde_json::from_str(line).map_err(|error| {
                Failure::file(path, format!("line {number}: {}", json_reason(&error)))
            })?;
            documents.entry(line.doc).or_default().push(Line { number, ..line });
        }
        Ok(GivenFile { path: path.into(), documents })
    }

    /// The entities of a group of documents, the first of which has a number. What the file says
    /// of their texts must be so: with offsets in another unit, or of other documents, the wrong
    /// words would be related.
    pub fn of(
        &self,
        first: usize,
        inputs: &[Input<'_>],
        options: &RunOptions,
    ) -> biobert::Result<Vec<GivenEntity>> {
        let mut given = Vec::new();
        for (document, input) in inputs.iter().enumerate() {
            let Some(lines) = self.documents.get(&(first + document)) else { continue };
            // A document that cannot be read has an error of its own.
            let Ok(text) = Text::new(*input, options.invalid_text) else { continue };
            for line in lines {
                line.check(&text, options).map_err(|reason| Error::Model {
                    file: self.path.display().to_string(),
                    reason: format!("line {}: {reason}", line.number),
                })?;
                given.extend(line.entities.iter().map(|entity| GivenEntity {
                    doc: document,
                    start: entity.start,
                    end: entity.end,
                    kind: entity.label.clone(),
                }));
            }
        }
        Ok(given)
    }

    /// Entities of documents that there are not belong to another text: say so.
    pub fn expect_all_used(&self, count: usize) -> Result<()> {
        match self.documents.range(count..).next() {
            Some((document, _)) => {
                let reason = format!("has entities of document {document}; {count} were read");
                Err(Failure::file(&self.path, reason))
            }
            None => Ok(()),
        }
    }
}

impl Line {
    /// Why the line cannot be one of this document.
    fn check(&self, text: &Text<'_>, options: &RunOptions) -> std::result::Result<(), String> {
        if self.text.as_ref().is_some_and(|known| known != text.as_str()) {
            return Err(format!("its text is not that of document {}", self.doc));
        }
        let offsets = text.offsets(options.unit);
        for (index, Entity { start, end, text: known, .. }) in self.entities.iter().enumerate() {
            let bytes = offsets.byte(*start)..offsets.byte(*end);
            let wrong = if bytes.is_empty() {
                "is empty or outside of its document"
            } else if offsets.at(bytes.start) != *start || offsets.at(bytes.end) != *end {
                "begins or ends outside of its document or inside of a character"
            } else if known.as_ref().is_some_and(|known| *known != text.as_str()[bytes]) {
                "has another text than stands at its place; do its offsets count what --unit says?"
            } else {
                continue;
            };
            return Err(format!("entity {index} {wrong}"));
        }
        Ok(())
    }
}
