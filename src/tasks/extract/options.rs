//! What a call is told beside its documents.

use crate::clinical::context::Judges;
use crate::terms::Linker;

/// What a call is told beside its documents.
#[derive(Debug, Clone)]
pub struct ExtractOptions {
    /// Who judges what the note says of an entity; `None`: nobody, and no entity has an assertion.
    pub assertion: Option<Judges>,
    /// What gives entities their codes; `None`: nothing does.
    pub linker: Option<Linker>,
}

impl Default for ExtractOptions {
    fn default() -> Self {
        ExtractOptions { assertion: Some(Judges::All), linker: None }
    }
}
