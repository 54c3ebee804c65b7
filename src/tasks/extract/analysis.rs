//! What the clinical layer says of a document and of the entities that were found in it.

use crate::clinical::abbreviations::expansions;
use crate::clinical::as_needed::as_needed;
use crate::clinical::context::{Judges, assertions};
use crate::clinical::measurements::measurements;
use crate::clinical::medication::medication;
use crate::clinical::sections::home;
use crate::document::{Assertion, Attribute, Entity, Link, Section};
use crate::engine::Control;
use crate::error::Result;
use crate::tasks::extract::options::ExtractOptions;
use crate::tasks::ner::Found;
use crate::tasks::read::Reading;
use crate::terms::{Linker, Mention, Unlinked};

/// What was found out about a document, in bytes; lists go entity by entity.
pub(super) struct Analysis {
    pub(super) sections: Vec<Section>,
    pub(super) home: Vec<Option<usize>>,
    pub(super) assertions: Option<Vec<Assertion>>,
    pub(super) expansions: Vec<Option<String>>,
    pub(super) attributes: Vec<Vec<Attribute>>,
    pub(super) links: Vec<Vec<Link>>,
}

impl Analysis {
    /// `sections` are those of the document, and `head` has an assertion head's probabilities, entity by entity.
    pub(super) fn new(
        reading: &Reading<'_>,
        sections: Vec<Section>,
        found: &Found,
        head: Option<&[[f32; 5]]>,
        options: &ExtractOptions,
        control: &Control,
    ) -> Result<Analysis> {
        let text = reading.text.as_str();
        let sentences = reading.byte_sentences();
        let check = || control.check();
        let entities = found.entities.iter();
        let entities = entities.map(|e| Entity::new(e.bytes.clone(), e.label.clone()));
        let mut entities: Vec<Entity> = entities.collect();
        let home: Vec<_> = entities.iter().map(|e| home(&sections, e.bytes.start)).collect();
        let judge =
            |judges| assertions(text, sentences, &sections, &entities, &home, head, judges, &check);
        let mut assertions = options.assertion.map(judge).transpose()?;
        let expansions = expansions(text, &sections, &entities, &home, &check)?;
        let mut attributes = medication(text, sentences, &entities, &check)?;
        if let Some(assertions) =
            assertions.as_mut().filter(|_| options.assertion != Some(Judges::Head))
        {
            as_needed(&entities, &attributes, assertions);
        }
        let values = measurements(text, sentences, &entities, &check)?;
        for (attributes, values) in attributes.iter_mut().zip(values) {
            attributes.extend(values);
            attributes.sort_by_key(|attribute| attribute.place.start);
        }
        let links = match &options.linker {
            None => vec![Vec::new(); entities.len()],
            Some(linker) => {
                for ((entity, home), expansion) in entities.iter_mut().zip(&home).zip(&expansions) {
                    (entity.section, entity.expansion) = (*home, expansion.clone());
                }
                for (entity, assertion) in entities.iter_mut().zip(assertions.iter().flatten()) {
                    entity.assertion = Some(assertion.clone());
                }
                linker.link_document(text, &sections, &entities)
            }
        };
        Ok(Analysis { sections, home, assertions, expansions, attributes, links })
    }

    /// The entities that were given no code, with their links.
    pub(super) fn unlinked<'a>(
        &'a mut self,
        reading: &'a Reading<'_>,
        found: &'a Found,
        linker: &'a Linker,
    ) -> impl Iterator<Item = Unlinked<'a>> {
        let entities = found.entities.iter().zip(&self.expansions).zip(&mut self.links);
        entities.filter_map(|((entity, expansion), links)| {
            let text = &reading.text.as_str()[entity.bytes.clone()];
            let (label, expansion) = (&*entity.label, expansion.as_deref());
            linker.unlinked(&Mention { text, expansion, label, section: None }, links)
        })
    }
}
