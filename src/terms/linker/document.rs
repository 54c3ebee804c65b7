//! The entities of a document together: what it says of one helps with another.

use std::collections::HashMap;

use super::{Linker, Mention, short};
use crate::document::{Entity, Link, Reason, Section};
use crate::terms::kind::Kind;

/// How far before a disorder the word "induced" stands that is about it, in bytes, and how far after it.
const BEFORE: usize = 40;
const AFTER: usize = 30;

impl Linker {
    /// The links of all entities of a text. Their expansions, sections and assertions are those that they have already;
    /// `sections` are those of the document.
    ///
    /// A short form that nobody defines, and that has no link by itself, follows the one entity of the text that it may be
    /// short for. A disorder that the text somewhere calls drug-induced is, in the whole text, the drug-induced one, where the
    /// code system has one. Default codes of ICD-10 give way to what stands beside a mention, "in remission", "with
    /// bleeding", "old", and to the type of diabetes that the document speaks of.
    pub fn link_document(
        &self,
        text: &str,
        sections: &[Section],
        entities: &[Entity],
    ) -> Vec<Vec<Link>> {
        let mut links = Vec::with_capacity(entities.len());
        let lower = text.to_lowercase();
        // Notes say the same thing many times.
        let mut known: HashMap<Mention<'_>, Vec<Link>> = HashMap::new();
        for entity in entities {
            let section = entity.section.and_then(|at| sections.get(at));
            let mention = Mention {
                text: text.get(entity.bytes.clone()).unwrap_or_default(),
                expansion: entity.expansion.as_deref(),
                label: &entity.label,
                section: section.map(|section| section.name),
            };
            let own = known.entry(mention).or_insert_with(|| {
                let mut own = self.link(&mention);
                if is_induced(&lower, &mention) {
                    self.prefer_induced(&mention, &mut own);
                }
                own
            });
            let mut own = own.clone();
            self.mind_beside(text, entity, &mention, &mut own);
            links.push(own);
        }
        short::follow(text, entities, &mut links);
        self.follow_type(text, entities, &mut links);
        links
    }

    /// Puts the drug-induced concept in place of the general one, where there is one.
    fn prefer_induced(&self, mention: &Mention<'_>, links: &mut [Link]) {
        let name = mention.expansion.unwrap_or(mention.text);
        let induced = format!("drug-induced {name}");
        let others = self.link(&Mention { text: &induced, expansion: None, ..*mention });
        for link in links {
            let same_system = others.iter().find(|other| other.system == link.system);
            let Some(mut other) = same_system.cloned() else { continue };
            let learned =
                |link: &Link| link.given().is_some_and(|g| g.reason == Some(Reason::Learned));
            if learned(link) || !is_same(&other) {
                continue;
            }
            let known = other.candidates.first().map(|first| first.code.clone());
            other
                .candidates
                .extend(link.candidates.drain(..).filter(|own| Some(&own.code) != known.as_ref()));
            other.candidates.truncate(super::CANDIDATES);
            *link = other;
        }
    }
}

/// Whether a link gives a name that is the text once folded.
fn is_same(link: &Link) -> bool {
    link.given().and_then(|given| given.reason).is_some_and(|reason| reason <= Reason::Order)
}

/// Whether the text, in lower case, says somewhere that a drug brought this disorder about.
fn is_induced(text: &str, mention: &Mention<'_>) -> bool {
    if Kind::of_label(mention.label) != Some(Kind::Disorder) || mention.text.len() < 4 {
        return false;
    }
    let name = mention.text.to_lowercase();
    let name = name.strip_suffix('s').unwrap_or(&name);
    text.match_indices(name).any(|(at, _)| {
        let before = &text[text.ceil_char_boundary(at.saturating_sub(BEFORE))..at];
        let end = at + name.len();
        let after = &text[end..text.floor_char_boundary((end + AFTER).min(text.len()))];
        let words_after = |from: usize| before[from..].split_whitespace().count() <= 2;
        let is_before = before.rfind("induced").is_some_and(|at| words_after(at + 7));
        is_before || after.contains("induced by") || after.contains("caused by")
    })
}
