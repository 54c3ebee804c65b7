//! A dictionary from what people coded: which words they gave which code, in which section.

use std::collections::BTreeMap;
use std::path::Path;

use super::builder::tidy;
use super::file::{Draft, DraftName, LONGEST_CODE, LONGEST_NAME};
use super::info::{Built, TermsInfo};
use crate::error::{Error, Result};

/// A mention that somebody coded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coded {
    /// Its words.
    pub text: String,
    /// Its label, such as `Disease`.
    pub label: String,
    /// The name of the section that it stands in, where it stands in one.
    pub section: Option<String>,
    /// Its code, which need not be in any index; several with bars between them (`D001943|D010051`) where the words stand
    /// for all of them.
    pub code: String,
}

/// Writes an index of coded mentions. The linker looks into it before all others of its system, counts how often each
/// code was given to the words, and trusts most what was given in the same section and with the same label. A code's
/// preferred name is what was most often called so.
///
/// # Errors
/// [`Error::Argument`] where no mention has a code and words; [`Error::Unsupported`] of more than an index can hold;
/// [`Error::Io`].
pub fn learn(coded: impl Iterator<Item = Coded>, info: &TermsInfo, path: &Path) -> Result<Built> {
    let mut built = Built::default();
    // By code, words, label and section: how often.
    let mut counts: BTreeMap<[String; 4], u32> = BTreeMap::new();
    for Coded { text, label, section, code } in coded {
        let (code, section) = (code.trim(), section.unwrap_or_default());
        let fits = !code.is_empty() && code.len() <= LONGEST_CODE;
        let short = label.len() <= LONGEST_NAME && section.len() <= LONGEST_NAME;
        match tidy(&text).filter(|_| fits && short) {
            Some(text) => {
                let count = counts.entry([code.into(), text, label, section]).or_default();
                built.merged_names += u64::from(*count > 0);
                *count = count.saturating_add(1);
            }
            None => built.skipped += 1,
        }
    }
    if counts.is_empty() {
        return Err(Error::Argument("no mention with a code was given".into()));
    }
    if u32::try_from(counts.len()).is_err() {
        return Err(Error::Unsupported("so many mentions do not fit into one index".into()));
    }
    let mut codes: Vec<&str> = Vec::new();
    let mut names: Vec<DraftName<'_>> = Vec::with_capacity(counts.len());
    // The most frequent name of the code that is at hand, and how frequent it is.
    let mut most = (0, 0);
    for ([code, text, label, section], &count) in &counts {
        if codes.last() != Some(&code.as_str()) {
            codes.push(code);
            most = (names.len(), 0);
        }
        if count > most.1 {
            if let Some(name) = names.get_mut(most.0) {
                name.preferred = false;
            }
            most = (names.len(), count);
        }
        names.push(DraftName {
            text,
            concept: (codes.len() - 1) as u32,
            preferred: most.0 == names.len(),
            context: Some((label, section, count)),
        });
    }
    (built.concepts, built.names) = (codes.len() as u64, names.len() as u64);
    Draft { info, codes, names }.write(path)?;
    Ok(built)
}
