//! What an index says of itself, and what was made of what it was built from.

use serde::{Deserialize, Serialize};

/// Where the names of an index come from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TermsInfo {
    /// What the index is called, such as `mesh-diseases`.
    pub name: String,
    /// The code system, such as `MESH`: indices with the same one answer together.
    pub system: String,
    /// The version of the terminology.
    pub version: String,
    /// Its licence.
    pub licence: String,
    /// The files that it was built from, or who gave them.
    pub source: String,
}

/// What went into an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Built {
    /// Codes.
    pub concepts: u64,
    /// Names, each counted once for a code.
    pub names: u64,
    /// Concepts whose code was there before: their names were added to it.
    pub merged_codes: u64,
    /// Names that their code had before.
    pub merged_names: u64,
    /// Names without a letter or a digit, or longer than 1,000 bytes; and codes that are empty or longer than 200 bytes.
    pub skipped: u64,
}
