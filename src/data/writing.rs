//! What every writer of documents is, and what it tells in the end.

use std::collections::BTreeMap;

use crate::document::Document;
use crate::error::{Error, Result};

/// What a format could not hold, by what it was, such as "assertions": how often.
pub type Losses = BTreeMap<&'static str, u64>;

/// Writes documents in a format.
pub trait Writer {
    /// Writes a document.
    ///
    /// # Errors
    /// [`Error::Argument`] for a document that is not sound, such as a place outside of its text;
    /// [`Error::Io`] where it cannot be written.
    fn document(&mut self, document: &Document) -> Result<()>;

    /// Writes what ends the file, and tells what it could not hold.
    ///
    /// # Errors
    /// [`Error::Io`].
    fn finish(&mut self) -> Result<Losses>;
}

/// What came of writing. The name of the output is its caller's business.
pub(super) fn written(result: std::io::Result<()>) -> Result<()> {
    result.map_err(|error| Error::Io { file: "output".into(), reason: error.kind().to_string() })
}
