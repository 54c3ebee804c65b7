//! Codes of what heads found in a text.

use crate::clinical::abbreviations::expansions;
use crate::clinical::sections::{home, sections};
use crate::document::{Entity, Link};
use crate::engine::Control;
use crate::error::Result;
use crate::model::Model;
use crate::tasks::near;
use crate::tasks::ner::Found;
use crate::terms::Linker;

/// What a linker says of the entities that were found, entity by entity, as it says it of a note.
pub(super) fn linked(
    model: &Model,
    text: &str,
    found: &Found,
    linker: &Linker,
    control: &Control,
) -> Result<Vec<Vec<Link>>> {
    let check = || control.check();
    let sections = sections(text, &check)?;
    let entities = found.entities.iter();
    let entities = entities.map(|e| Entity::new(e.bytes.clone(), e.label.clone()));
    let mut entities: Vec<Entity> = entities.collect();
    let home: Vec<_> = entities.iter().map(|e| home(&sections, e.bytes.start)).collect();
    let expansions = expansions(text, &sections, &entities, &home, &check)?;
    for ((entity, home), expansion) in entities.iter_mut().zip(home).zip(expansions) {
        (entity.section, entity.expansion) = (home, expansion);
    }
    let mut links = linker.link_document(text, &sections, &entities);
    let mut unlinked = linker.unlinked_of(text, &entities, &mut links);
    near::complete(model, linker, &mut unlinked, control)?;
    Ok(links)
}
