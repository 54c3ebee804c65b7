//! From the words of a text to codes.
//!
//! Stages, each only where the one before found nothing: what was learned; the long form; names that are the same once
//! folded; names most of whose words are the same, or nearly; names whose vectors are near. Every code system answers for
//! itself.

mod beside;
mod chapters;
mod choice;
mod diabetes;
mod document;
mod endings;
mod found;
mod learned;
mod leaves;
mod near;
mod same;
mod several;
mod short;
mod similar;
mod tally;
mod wordings;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use super::fold::Folded;
use super::index::Terms;
use super::kind::Kind;
use crate::document::{Link, Reason};
use found::Found;
pub use near::Unlinked;

/// Mentions longer than this are not looked up, in bytes.
const LONGEST_MENTION: usize = 400;
/// How many candidates a link has at most.
const CANDIDATES: usize = 5;

/// The words of a text that are to be given a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Mention<'a> {
    /// The words.
    pub text: &'a str,
    /// The words with the short forms in them written out, where they have any.
    pub expansion: Option<&'a str>,
    /// The entity's label, such as `Disease`.
    pub label: &'a str,
    /// The name of the section that they stand in.
    pub section: Option<&'a str>,
}

/// Indices of names, by code system. Clones are the same linker; any number of threads may use it.
#[derive(Debug, Clone)]
pub struct Linker {
    systems: Arc<[System]>,
}

/// A code system and its indices, which answer as one.
#[derive(Debug)]
struct System {
    name: Arc<str>,
    /// What people coded.
    learned: Vec<Terms>,
    indices: Vec<Terms>,
    /// What the indices call the codes that people gave.
    names: HashMap<String, String>,
}

/// What is looked up, folded.
struct Query<'a> {
    text: &'a str,
    folded: Folded,
    kind: Option<Kind>,
    /// Whether the system has an index of this kind.
    has_own: bool,
}

impl Linker {
    /// A linker with these indices, which stay open as long as it is used. Systems answer in the order of their first
    /// index.
    pub fn new(terms: &[Terms]) -> Linker {
        let mut systems: Vec<System> = Vec::new();
        for terms in terms {
            let name = terms.info().system.as_str();
            let known = systems.iter().position(|system| &*system.name == name);
            let at = known.unwrap_or_else(|| {
                let (learned, indices, names) = Default::default();
                systems.push(System { name: name.into(), learned, indices, names });
                systems.len() - 1
            });
            let system = &mut systems[at];
            let list = if terms.is_learned() { &mut system.learned } else { &mut system.indices };
            list.push(terms.clone());
        }
        systems
            .iter_mut()
            .for_each(|system| system.names = learned::names(&system.learned, &system.indices));
        Linker { systems: systems.into() }
    }

    /// The code systems, in the order in which they answer.
    pub fn systems(&self) -> impl Iterator<Item = &str> {
        self.systems.iter().map(|system| &*system.name)
    }

    /// What each code system has for a mention: one link a system, or one for each code where people gave the same words
    /// several at once. The first candidate of a link is its answer, if it gives one.
    pub fn link(&self, mention: &Mention<'_>) -> Vec<Link> {
        let mut own = Query::new(mention.text, mention.label);
        let mut long = mention.expansion.map(|text| Query::new(text, mention.label));
        let link = |system: &System| {
            for query in long.iter_mut().chain([&mut own]) {
                query.has_own = system.has(query.kind);
            }
            system.link(mention, &own, long.as_ref())
        };
        self.systems.iter().flat_map(link).collect()
    }
}

impl<'a> Query<'a> {
    fn new(text: &'a str, label: &str) -> Query<'a> {
        let text = text.trim();
        let short = text.len() <= LONGEST_MENTION;
        let folded = if short { Folded::new(text) } else { Folded::default() };
        Query { text, folded, kind: Kind::of_label(label), has_own: false }
    }
}

impl System {
    /// Whether an index is about this kind of thing alone.
    fn has(&self, kind: Option<Kind>) -> bool {
        kind.is_some() && self.indices.iter().any(|terms| terms.kind == kind)
    }

    /// Whether its codes have defaults.
    fn has_defaults(&self) -> bool {
        self.indices.iter().any(|terms| terms.has_defaults)
    }

    /// Its link; one for each code, if people gave the words several at once.
    fn link(&self, mention: &Mention<'_>, own: &Query<'_>, long: Option<&Query<'_>>) -> Vec<Link> {
        let found = self.candidates(mention, own, long);
        let (candidates, abstention) = choice::choose(found);
        let link = Link { system: self.name.clone(), candidates, abstention };
        self.named(several::divided(link))
    }

    /// Links whose learned codes are called what the indices call them.
    fn named(&self, mut links: Vec<Link>) -> Vec<Link> {
        for candidate in links.iter_mut().flat_map(|link| &mut link.candidates) {
            if let Some(name) = self.names.get(&candidate.code) {
                candidate.name = Some(name.clone());
            }
        }
        links
    }

    /// What the first stage that finds something finds.
    fn candidates(
        &self,
        mention: &Mention<'_>,
        own: &Query<'_>,
        long: Option<&Query<'_>>,
    ) -> Vec<Found<'_>> {
        if own.folded.is_empty() {
            return Vec::new();
        }
        if let Some(long) = long {
            let mut found = learned::find(&self.learned, long, mention);
            if found.is_empty() {
                found = self.same(long);
            }
            if !found.is_empty() {
                found.iter_mut().for_each(|found| found.reason = Reason::Abbreviation);
                return found;
            }
        }
        let learned = learned::find(&self.learned, own, mention);
        if !learned.is_empty() {
            return learned;
        }
        let found = self.same(own);
        if !found.is_empty() {
            return found;
        }
        for query in long.into_iter().chain([own]) {
            for indices in [&self.learned, &self.indices] {
                let found = wordings::find(indices, query);
                if !found.is_empty() {
                    return found;
                }
            }
        }
        let query = long.unwrap_or(own);
        let found = self.respelt(query);
        if !found.is_empty() {
            return found;
        }
        let mut found = words::find(&self.learned, query);
        found.extend(words::find(&self.indices, query));
        found
    }

    /// The defaults that are meant by misspelt words.
    fn respelt(&self, query: &Query<'_>) -> Vec<Found<'_>> {
        for terms in self.indices.iter().filter(|terms| terms.has_defaults) {
            let Some((text, alike)) = words::respelt(terms, query) else { continue };
            let query = Query { kind: query.kind, has_own: query.has_own, ..Query::new(&text, "") };
            let mut found = same::find(&self.indices, &query);
            found.retain(|found| found.fits);
            for found in &mut found {
                found.reason = Reason::Trigrams;
                found.score *= alike;
            }
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// The names that are the text once folded.
    fn same(&self, query: &Query<'_>) -> Vec<Found<'_>> {
        let found = same::find(&self.indices, query);
        // The plural is a class of substances: "lactate" is lactic acid more than one of the lactates.
        if found.iter().all(|found| found.reason >= Reason::Plural) {
            let whole = wordings::find_whole(&self.indices, query);
            if !whole.is_empty() {
                return whole;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests;
