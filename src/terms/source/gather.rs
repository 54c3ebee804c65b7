//! Concepts from names that come in any order, as far as a format scatters them: the texts in one piece of
//! memory, no larger than the files.

use std::collections::HashMap;

use super::report::Sink;
use crate::error::Result;
use crate::terms::Concept;

/// A name: whose it is, how far it is from being the preferred one, and where it stands.
struct Name {
    concept: u32,
    rank: u8,
    start: usize,
    length: u32,
}

/// Names by the codes of their concepts.
#[derive(Default)]
pub(super) struct Gather {
    codes: Vec<Box<str>>,
    places: HashMap<Box<str>, u32>,
    texts: String,
    names: Vec<Name>,
}

impl Gather {
    /// The concept of a code.
    pub(super) fn concept(&mut self, code: &str) -> u32 {
        if let Some(place) = self.places.get(code) {
            return *place;
        }
        let place = self.codes.len() as u32;
        self.codes.push(code.into());
        self.places.insert(code.into(), place);
        place
    }

    /// A name; of a concept's names the one of the lowest rank, and of those the first, is preferred.
    pub(super) fn name(&mut self, concept: u32, rank: u8, name: &str) {
        let (start, length) = (self.texts.len(), name.len() as u32);
        self.texts += name;
        self.names.push(Name { concept, rank, start, length });
    }

    /// Hands the concepts on, in the order in which they were first seen.
    pub(super) fn finish(mut self, sink: &mut Sink<'_>) -> Result<()> {
        self.places = HashMap::new();
        self.names.sort_by_key(|name| (name.concept, name.rank));
        let mut names = self.names.as_slice();
        for (place, code) in self.codes.into_iter().enumerate() {
            let count = names.iter().take_while(|name| name.concept as usize == place).count();
            let (own, rest) = names.split_at(count);
            names = rest;
            let texts = own
                .iter()
                .map(|name| self.texts[name.start..name.start + name.length as usize].to_string());
            let mut texts = texts.collect::<Vec<_>>().into_iter();
            let name = texts.next().unwrap_or_default();
            sink.concept(Concept { code: code.into(), name, synonyms: texts.collect() })?;
        }
        Ok(())
    }
}
