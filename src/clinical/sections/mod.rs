//! Sections of a note by their headings.

use crate::document::Section;
use crate::error::Result;

/// The sections of a text, by start; a section comes before those within it.
pub(crate) fn sections(text: &str, check: &dyn Fn() -> Result<()>) -> Result<Vec<Section>> {
    let _ = text;
    check()?;
    Ok(Vec::new())
}
