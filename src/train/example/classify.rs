//! Documents with a class.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::text::Input;
use crate::train::example::{label, text};

/// A document, or two that are judged together, with its class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Labelled {
    pub(in crate::train) text: String,
    pub(in crate::train) second: Option<String>,
    pub(in crate::train) label: String,
}

impl Labelled {
    /// A document, what it is held against if it is, and its label.
    ///
    /// # Errors
    /// [`Error::Argument`] where text or label is empty; [`Error::Encoding`].
    pub fn new(document: Input<'_>, second: Option<Input<'_>>, class: &str) -> Result<Labelled> {
        let document = text(document)?;
        if document.as_str().trim().is_empty() {
            return Err(Error::Argument("the text is empty".into()));
        }
        let second = second.map(text).transpose()?;
        Ok(Labelled {
            text: document.as_str().to_string(),
            second: second.map(|text| text.as_str().to_string()),
            label: label(class, "the text")?,
        })
    }
}
