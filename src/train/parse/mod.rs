//! Files of examples. What is wrong with one is told with its place in it.

mod bio;
mod jsonl;
mod squad;
mod tsv;

use std::fmt::Display;

use crate::error::{Error, Result};
use crate::heads::Task;
use crate::tasks::Masks;
use crate::text::OffsetUnit;
use crate::train::example::{Example, Labelled, Pair};

/// How a file is read.
#[derive(Debug, Clone)]
pub struct DataOptions {
    /// What the offsets of the file count.
    pub unit: OffsetUnit,
    /// The kind that plain `B` and `I` stand for; `Entity` if it is not given.
    pub entity: Option<String>,
    /// What stands in for the first and the second entity of a pair; what [`masks`] says if it is
    /// not given.
    pub masks: Option<[String; 2]>,
    /// The labels that classes and pairs may have; any if it is not given.
    pub labels: Option<Vec<String>>,
}

impl DataOptions {
    /// Offsets in a unit; the rest as it is found.
    pub fn new(unit: OffsetUnit) -> DataOptions {
        DataOptions { unit, entity: None, masks: None, labels: None }
    }

    /// Refuses a label that is not known.
    fn expect_known(&self, label: &str) -> Result<()> {
        let known = self.labels.as_ref();
        if known.is_some_and(|known| known.iter().all(|known| known != label.trim())) {
            return Err(Error::Argument("a label that no training text has".into()));
        }
        Ok(())
    }
}

/// Reads a file of examples of a task; its form goes by its name's ending. `file` is its base name.
/// Empty lines are passed over.
///
/// | task | `.jsonl`, `.json`: a line each | others |
/// |---|---|---|
/// | entities | `{"text", "entities": [{"start", "end", "label"}]}` | words and BIO tags in two columns |
/// | classes | `{"text", "label"}`, perhaps with `"second"` | tab-separated: text and label |
/// | pairs | `{"text", "first": {"start", "end"}, "second": {"start", "end"}, "label"}` | tab-separated: a sentence with masks and label |
/// | questions | `.jsonl`: `{"question", "passage", "answer": {"start", "end"} or null}`, `.json`: SQuAD's form | |
///
/// In tab-separated lines, what stands before the text is not used, and a first line that ends in
/// the word `label` is a header. Of SQuAD's answers to one question the first counts.
///
/// # Errors
/// [`Error::Model`] with the place of what is wrong, without a word of the texts; [`Error::Argument`]
/// for an empty kind.
pub fn parse(task: Task, file: &str, text: &str, options: &DataOptions) -> Result<Vec<Example>> {
    let (unit, text) = (options.unit, without_mark(text));
    let lines = jsonl::Lines { file, text, options };
    match (task, ending(file).as_str()) {
        (Task::Ner, "jsonl" | "json") => lines.entities(),
        (Task::Ner, _) => bio::parse(file, text, options.entity.as_deref().unwrap_or("Entity")),
        (Task::Classify, "jsonl" | "json") => lines.classes(),
        (Task::Classify, _) => {
            let make = |text: &str, label: &str| Labelled::new(text.into(), None, label);
            tsv::parse(file, text, options, make)
        }
        (Task::Re, ending) => {
            let masks = options.masks.clone().map_or_else(|| masks(file, text), Ok)?;
            match ending {
                "jsonl" | "json" => lines.pairs(&masks),
                _ => {
                    let make = |text: &str, label: &str| Pair::masked(text.into(), &masks, label);
                    tsv::parse(file, text, options, make)
                }
            }
        }
        (Task::Qa, "jsonl") => lines.questions(),
        (Task::Qa, "json") => squad::parse(file, text, unit),
        (Task::Qa, _) => Err(Error::model(file, "questions are read from .jsonl and .json")),
    }
}

/// What stands in for the first and the second entity of the pairs of a file: the two masks such as
/// `@GENE$` that stand together most often, in alphabetical order; plain ones where the file tells
/// the places of its entities.
///
/// # Errors
/// [`Error::Model`] where no sentence holds two masks, or a line lacks a column.
pub fn masks(file: &str, text: &str) -> Result<[String; 2]> {
    let found = match ending(file).as_str() {
        "jsonl" | "json" => None,
        _ => tsv::masks(file, without_mark(text))?,
    };
    Ok(found.unwrap_or_else(|| Masks::PLAIN.map(String::from)))
}

/// Without the byte order mark that some editors write.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{FEFF}').unwrap_or(text)
}

/// What stands behind the last dot of a name, in small letters.
fn ending(file: &str) -> String {
    file.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase())
}

/// What is wrong with a line.
fn in_line(file: &str, line: usize, reason: impl Display) -> Error {
    Error::model(file, format!("line {line}: {reason}"))
}

/// What is wrong with the JSON of a line. What serde says may quote the text.
fn in_json(file: &str, line: usize, error: &serde_json::Error) -> Error {
    use serde_json::error::Category;
    let column = error.column();
    let reason = match error.classify() {
        Category::Data => {
            format!(
                "a field is missing, unknown, there twice or of another type at column {column}"
            )
        }
        Category::Eof => format!("the JSON ends early at column {column}"),
        Category::Syntax | Category::Io => format!("not JSON at column {column}"),
    };
    in_line(file, line, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a text with a mistake and the word SECRET, which must not be said again.
    pub(super) fn told(task: Task, file: &str, text: &str) -> String {
        assert!(text.contains("SECRET"));
        let options = DataOptions::new(OffsetUnit::Utf8Bytes);
        let told = parse(task, file, text, &options).unwrap_err().to_string();
        assert!(!told.contains("SECRET"), "{told}");
        told
    }

    #[test]
    fn a_file_without_examples_is_none() {
        let options = DataOptions::new(OffsetUnit::Utf8Bytes);
        for task in [Task::Ner, Task::Re, Task::Classify, Task::Qa] {
            for (file, text) in
                [("a.jsonl", "\u{FEFF}"), ("a.json", ""), ("a.json", "\r\n \n"), ("a.tsv", "\n\n")]
            {
                if (task, file) != (Task::Qa, "a.tsv") {
                    assert_eq!(parse(task, file, text, &options).unwrap(), []);
                }
            }
        }
        assert_eq!(parse(Task::Qa, "a.json", r#"{"data":[]}"#, &options).unwrap(), []);
    }

    #[test]
    fn questions_have_no_columns() {
        let told = told(Task::Qa, "a.tsv", "SECRET\tSECRET\n");
        assert_eq!(told, "a.tsv: questions are read from .jsonl and .json");
    }
}
