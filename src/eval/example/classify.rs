//! Documents with a class.

use serde::Serialize;

use crate::data::{check_text, label};
use crate::error::{Error, Result};
use crate::text::Input;

/// A document, or two that are judged together, with its class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Labelled {
    pub(crate) text: String,
    pub(crate) second: Option<String>,
    pub(crate) label: String,
}

impl Labelled {
    /// A document, what it is held against if it is, and its label.
    ///
    /// # Errors
    /// [`Error::Argument`] where text or label is empty; [`Error::Encoding`].
    pub fn new(document: Input<'_>, second: Option<Input<'_>>, class: &str) -> Result<Labelled> {
        let text = check_text(document)?.as_str().to_string();
        let second = second.map(check_text).transpose()?;
        Labelled::checked(text, second.map(|text| text.as_str().to_string()), class)
    }

    /// A text, what it is judged against, and its label.
    pub(super) fn checked(text: String, second: Option<String>, class: &str) -> Result<Labelled> {
        if text.trim().is_empty() {
            return Err(Error::Argument("the text is empty".into()));
        }
        Ok(Labelled { text, second, label: label(class, "the text")? })
    }
}
