//! Names for the outputs of a head whose checkpoint has none: given by the caller, or in a file `labels.txt`
//! beside the checkpoint.

use std::collections::HashSet;
use std::path::Path;

use crate::error::{Error, Result};
use crate::files::read_file;

const FILE: &str = "labels.txt";

/// Names of a head's outputs, in their order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Labels {
    pub(crate) names: Vec<String>,
    /// Whether the caller gave them: they then stand above those of the checkpoint.
    pub(crate) given: bool,
}

impl Labels {
    /// Those that were given, or else those of the first of the directories that has any.
    pub(crate) fn find(given: &[String], directories: &[&Path]) -> Result<Option<Labels>> {
        if !given.is_empty() {
            return Labels::new(given.to_vec(), true).map(Some);
        }
        let mut files = directories.iter().map(|directory| directory.join(FILE));
        let Some(path) = files.find(|path| path.exists()) else { return Ok(None) };
        let text = String::from_utf8(read_file(&path)?)
            .map_err(|error| not_text(error.utf8_error().valid_up_to()))?;
        Labels::new(text.trim_end().lines().map(|line| line.trim().into()).collect(), false)
            .map(Some)
    }

    fn new(names: Vec<String>, given: bool) -> Result<Labels> {
        let labels = Labels { names, given };
        let mut known = HashSet::new();
        for (at, name) in labels.names.iter().enumerate() {
            if name.is_empty() {
                return Err(labels.wrong(&format!("label {} has no name", at + 1)));
            }
            if !known.insert(name) {
                return Err(labels.wrong(&format!("label {} has the name of another", at + 1)));
            }
        }
        Ok(labels)
    }

    /// The names, if they are as many as the outputs; 0: that is not known.
    pub(crate) fn of(&self, outputs: usize) -> Result<&[String]> {
        let count = self.names.len();
        if outputs != 0 && outputs != count {
            return Err(self.wrong(&format!("{count} labels, but the head has {outputs} outputs")));
        }
        Ok(&self.names)
    }

    pub(crate) fn wrong(&self, reason: &str) -> Error {
        match self.given {
            true => Error::Argument(format!("labels: {reason}")),
            false => Error::model(FILE, reason),
        }
    }
}

fn not_text(at: usize) -> Error {
    Error::model(FILE, format!("not UTF-8 at byte {at}"))
}

/// The name that an output has which nobody named.
pub(crate) fn number(output: usize) -> String {
    format!("LABEL_{output}")
}

/// Whether labels are the numbers of their outputs and nothing else.
pub(crate) fn are_numbers(labels: &[String]) -> bool {
    labels.iter().enumerate().all(|(output, label)| *label == number(output))
}

/// How to name what has no name.
pub(crate) const HINT: &str = "put their names into labels.txt beside the checkpoint, a line each, or give them when it is opened (--labels)";
