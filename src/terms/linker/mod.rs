//! From the words of a text to codes.
//!
//! Stages, each only where the one before found nothing: what was learned; the long form; names that are the same once
//! folded; names most of whose words are the same, or nearly. Every code system answers for itself.

mod choice;
mod document;
mod found;
mod learned;
mod same;
mod similar;
mod words;

use std::sync::Arc;

use super::fold::Folded;
use super::index::Terms;
use super::kind::Kind;
use crate::document::{Link, Reason};
use found::Found;

/// Mentions longer than this are not looked up, in bytes.
const LONGEST_MENTION: usize = 400;
/// How many candidates a link has at most.
const CANDIDATES: usize = 5;

/// The words of a text that are to be given a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
}

/// What is looked up, folded.
struct Query<'a> {
    text: &'a str,
    folded: Folded,
    kind: Option<Kind>,
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
                let (learned, indices) = Default::default();
                systems.push(System { name: name.into(), learned, indices });
                systems.len() - 1
            });
            let system = &mut systems[at];
            let list = if terms.is_learned() { &mut system.learned } else { &mut system.indices };
            list.push(terms.clone());
        }
        Linker { systems: systems.into() }
    }

    /// What each code system has for a mention: one link a system. The first candidate of a link is its answer, if it
    /// gives one.
    pub fn link(&self, mention: &Mention<'_>) -> Vec<Link> {
        let own = Query::new(mention.text, mention.label);
        let long = mention.expansion.map(|text| Query::new(text, mention.label));
        let systems = self.systems.iter();
        systems.map(|system| system.link(mention, &own, long.as_ref())).collect()
    }
}

impl<'a> Query<'a> {
    fn new(text: &'a str, label: &str) -> Query<'a> {
        let text = text.trim();
        let short = text.len() <= LONGEST_MENTION;
        let folded = if short { Folded::new(text) } else { Folded::default() };
        Query { text, folded, kind: Kind::of_label(label) }
    }
}

impl System {
    fn link(&self, mention: &Mention<'_>, own: &Query<'_>, long: Option<&Query<'_>>) -> Link {
        let found = self.candidates(mention, own, long);
        let (candidates, abstention) = choice::choose(found);
        Link { system: self.name.clone(), candidates, abstention }
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
        let learned = learned::find(&self.learned, own, mention);
        if !learned.is_empty() {
            return learned;
        }
        if let Some(long) = long {
            let mut found = same::find(&self.indices, long);
            if !found.is_empty() {
                found.iter_mut().for_each(|found| found.reason = Reason::Abbreviation);
                return found;
            }
        }
        let found = same::find(&self.indices, own);
        if !found.is_empty() {
            return found;
        }
        words::find(&self.indices, long.unwrap_or(own))
    }
}
