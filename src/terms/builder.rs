//! From concepts to an index.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::concept::Concept;
use super::file::{Draft, DraftName, LONGEST_CODE, LONGEST_NAME};
use super::fold::Folded;
use super::info::{Built, TermsInfo};
use crate::error::{Error, Result};

/// Collects concepts and writes an index of their names.
#[derive(Debug)]
pub struct Builder {
    info: TermsInfo,
    /// Codes with their names, the preferred one first.
    concepts: Vec<(String, Vec<String>)>,
    by_code: HashMap<String, usize>,
    merged_codes: u64,
    skipped: u64,
}

impl Builder {
    /// An index of no names yet.
    pub fn new(info: TermsInfo) -> Builder {
        let (concepts, by_code) = Default::default();
        Builder { info, concepts, by_code, merged_codes: 0, skipped: 0 }
    }

    /// Adds a concept. One whose code is there already adds its names to it, and the first preferred name stays. A
    /// concept whose preferred name cannot be taken goes by its first synonym that can.
    ///
    /// # Errors
    /// [`Error::Unsupported`] of more concepts or names than an index can hold.
    pub fn add(&mut self, concept: Concept) -> Result<()> {
        let Concept { code, name, synonyms } = concept;
        let code = code.trim();
        let mut names = Vec::with_capacity(1 + synonyms.len());
        for name in std::iter::once(name).chain(synonyms) {
            match tidy(&name) {
                Some(name) => names.push(name),
                None => self.skipped += 1,
            }
        }
        let is_code = !code.is_empty() && !code.contains(char::is_control);
        if !is_code || code.len() > LONGEST_CODE || names.is_empty() {
            self.skipped += 1;
            return Ok(());
        }
        if let Some(&known) = self.by_code.get(code) {
            self.merged_codes += 1;
            self.concepts[known].1.extend(names);
            return Ok(());
        }
        if u32::try_from(self.concepts.len()).is_err() {
            return Err(Error::Unsupported("so many codes do not fit into one index".into()));
        }
        self.by_code.insert(code.into(), self.concepts.len());
        self.concepts.push((code.into(), names));
        Ok(())
    }

    /// Writes the index: all of it, or nothing. What the path held before is replaced.
    ///
    /// # Errors
    /// [`Error::Argument`] where no concept was added; [`Error::Unsupported`] of more than an index can hold;
    /// [`Error::Io`].
    pub fn write(&self, path: &Path) -> Result<Built> {
        if self.concepts.is_empty() {
            return Err(Error::Argument("no concept with a name was given".into()));
        }
        let given: usize = self.concepts.iter().map(|(_, names)| names.len()).sum();
        let mut names = Vec::with_capacity(given);
        for (concept, (_, of_concept)) in (0u32..).zip(&self.concepts) {
            let mut seen = HashSet::with_capacity(of_concept.len());
            for (index, text) in of_concept.iter().enumerate() {
                if seen.insert(text.as_str()) {
                    names.push(DraftName { text, concept, preferred: index == 0, context: None });
                }
            }
        }
        let built = Built {
            concepts: self.concepts.len() as u64,
            names: names.len() as u64,
            merged_codes: self.merged_codes,
            merged_names: (given - names.len()) as u64,
            skipped: self.skipped,
        };
        let codes = self.concepts.iter().map(|(code, _)| code.as_str()).collect();
        Draft { info: &self.info, codes, names }.write(path)?;
        Ok(built)
    }
}

/// A name without blanks around it and with one blank for several; `None` if it cannot be found again, has
/// control characters, or breaks off at a comma.
pub(super) fn tidy(name: &str) -> Option<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let whole = !name.ends_with(',') && !name.contains(char::is_control);
    (whole && name.len() <= LONGEST_NAME && !Folded::new(&name).is_empty()).then_some(name)
}
