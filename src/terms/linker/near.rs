//! Names whose vectors are near that of the words: the last stage, for what the others gave no code.
//!
//! Whoever links computes the vectors, since it has the model: it takes what is [`Unlinked`], many at a time.

use super::choice::choose;
use super::found::Found;
use super::same::is_doubtful;
use super::words::NOT_SURE;
use super::{
    CANDIDATES, LONGEST_MENTION, Linker, Mention, Query, System, chapters, leaves, several,
};
use crate::document::{Abstention, Code, Entity, Link, Reason};
use crate::error::Result;
use crate::terms::fold::Folded;
use crate::terms::index::Terms;
use crate::terms::vectors::{Quantized, Vectors};

/// How many names are compared: several are of one code.
const READ: usize = 32;
/// Names less near than this are not worth showing.
const SHOWN: f32 = 0.8;

/// A mention that was given no code, and its links, which near names may complete.
#[derive(Debug)]
pub struct Unlinked<'a> {
    /// The words to look for: the mention's, or its long form.
    pub text: &'a str,
    /// Its label.
    pub label: &'a str,
    links: &'a mut Vec<Link>,
}

impl Linker {
    /// Whether an index has vectors.
    pub fn has_vectors(&self) -> bool {
        self.vectors().next().is_some()
    }

    /// Refuses vectors that were not made as `encoder` says, the hash that [`write_vectors`](crate::terms::write_vectors)
    /// was given.
    ///
    /// # Errors
    /// [`Error::Model`](crate::Error::Model), naming the file.
    pub(crate) fn expect_encoder(&self, encoder: &[u8; 32]) -> Result<()> {
        self.vectors().try_for_each(|vectors| vectors.expect_encoder(encoder))
    }

    /// A mention with the links that [`link`](Linker::link) gave it, if near names may complete them.
    pub fn unlinked<'a>(
        &self,
        mention: &Mention<'a>,
        links: &'a mut Vec<Link>,
    ) -> Option<Unlinked<'a>> {
        let text = mention.expansion.unwrap_or(mention.text).trim();
        let open =
            |link: &Link| is_open(link) && self.system(link).is_some_and(System::has_vectors);
        let wanted = text.len() <= LONGEST_MENTION
            && text.contains(char::is_alphanumeric)
            && links.iter().any(open);
        wanted.then_some(Unlinked { text, label: mention.label, links })
    }

    /// Those of a document's entities, whose links [`link_document`](Linker::link_document) gave.
    pub fn unlinked_of<'a>(
        &self,
        text: &'a str,
        entities: &'a [Entity],
        links: &'a mut [Vec<Link>],
    ) -> Vec<Unlinked<'a>> {
        let unlinked = entities.iter().zip(links).filter_map(|(entity, links)| {
            let text = text.get(entity.bytes.clone()).unwrap_or_default();
            let (label, expansion) = (&*entity.label, entity.expansion.as_deref());
            self.unlinked(&Mention { text, expansion, label, section: None }, links)
        });
        unlinked.collect()
    }

    /// What each code system with vectors has near words with a label, given their vector. It is given if it is very near.
    pub(crate) fn near(&self, text: &str, label: &str, vector: &[f32]) -> Vec<Link> {
        let vector = Quantized::new(vector);
        let near = |system: &System| {
            let query = Query::new(text, label);
            let query = Query { has_own: system.has(query.kind), ..query };
            let (candidates, abstention) = choose(system.near(&query, &vector));
            let link = Link { system: system.name.clone(), candidates, abstention };
            system.named(several::divided(link))
        };
        self.systems.iter().filter(|system| system.has_vectors()).flat_map(near).collect()
    }

    fn vectors(&self) -> impl Iterator<Item = &Vectors> {
        self.systems.iter().flat_map(System::terms).filter_map(|terms| terms.vectors.as_deref())
    }

    pub(super) fn system(&self, link: &Link) -> Option<&System> {
        self.systems.iter().find(|system| system.name == link.system)
    }
}

impl System {
    fn terms(&self) -> impl Iterator<Item = &Terms> {
        self.learned.iter().chain(&self.indices)
    }

    fn has_vectors(&self) -> bool {
        self.terms().any(|terms| terms.vectors.is_some())
    }

    /// The names near a vector, of indices that are about what the label says.
    fn near(&self, query: &Query<'_>, vector: &Quantized) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        // What people coded is of no kind and stands for itself.
        let may_be = |terms: &&Terms| terms.is_learned() || !is_doubtful(terms, query);
        for terms in self.terms().filter(may_be) {
            let Some(vectors) = &terms.vectors else { continue };
            let names = vectors.nearest(vector, READ, SHOWN).into_iter();
            found.extend(names.filter_map(|(name, score)| {
                let name = terms.file.name(name)?;
                let (code, preferred_name) = terms.file.concept(name.concept)?;
                // Numbers say what a vector hardly does.
                let sure = query.folded.marks() == Folded::new(name.text).marks();
                let score = if sure { score } else { score.min(NOT_SURE) };
                let (reason, fits, preferred) = (Reason::Near, true, name.preferred);
                Some(Found { code, name: preferred_name, reason, score, fits, preferred })
            }));
        }
        if self.has_defaults() {
            chapters::lower(query, &mut found);
            leaves::prefer(&mut found);
        }
        found
    }
}

impl Unlinked<'_> {
    /// Completes the links with what [`Linker::near`] has for the words.
    pub(crate) fn complete(&mut self, near: &[Link]) {
        for link in std::mem::take(self.links) {
            let of_system = || near.iter().filter(|near| near.system == link.system);
            let given = of_system().any(|near| near.given().is_some());
            let better = given || (link.candidates.is_empty() && of_system().next().is_some());
            if !is_open(&link) || !better {
                self.links.push(link);
            } else if self.links.iter().all(|done| done.system != link.system) {
                self.links.extend(of_system().map(|near| followed(near, &link.candidates)));
            }
        }
    }
}

/// A link, and after its candidates those that the other stages had.
fn followed(near: &Link, others: &[Code]) -> Link {
    let mut link = near.clone();
    let new = |other: &&Code| near.candidates.iter().all(|known| known.code != other.code);
    link.candidates.extend(others.iter().filter(new).cloned());
    link.candidates.truncate(CANDIDATES);
    link
}

/// Whether no code was given, nor left open between several that have the very name.
fn is_open(link: &Link) -> bool {
    matches!(link.abstention, Some(Abstention::Nothing | Abstention::Weak))
}
