//! Where in a stream something is wrong.

use crate::error::Error;

/// The document that is being read.
pub(super) struct Told<'a> {
    pub(super) file: &'a str,
    /// What the file calls it, as far as that was read.
    pub(super) id: Option<String>,
    /// The line that was read last.
    pub(super) line: usize,
}

impl Told<'_> {
    /// An error with file, line and document. Ids are told, unless they may be something else.
    pub(super) fn error(&self, error: Error) -> Error {
        let reason = match error {
            Error::Argument(reason) => reason,
            error @ Error::Encoding { .. } => error.to_string(),
            other => return other,
        };
        let is_id = |id: &&String| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte);
            (1..=40).contains(&id.len()) && id.bytes().all(fits)
        };
        let of = self.id.as_ref().filter(is_id).map(|id| format!("document {id}: "));
        let of = of.unwrap_or_default();
        Error::model(self.file, format!("line {}: {of}{reason}", self.line))
    }
}
