//! The entities of a document together.

use super::{Linker, Mention};
use crate::document::{Entity, Link, Section};

impl Linker {
    /// The links of all entities of a text. Their expansions and sections are those that they have already; `sections` are
    /// those of the document.
    pub fn link_document(
        &self,
        text: &str,
        sections: &[Section],
        entities: &[Entity],
    ) -> Vec<Vec<Link>> {
        let link = |entity: &Entity| {
            let section = entity.section.and_then(|at| sections.get(at));
            self.link(&Mention {
                text: text.get(entity.bytes.clone()).unwrap_or_default(),
                expansion: entity.expansion.as_deref(),
                label: &entity.label,
                section: section.map(|section| section.name),
            })
        };
        entities.iter().map(link).collect()
    }
}
