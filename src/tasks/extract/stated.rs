//! Relations between codes that a note as a whole states.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{AssertionValue, CodeRelation, Link};
use crate::error::Result;
use crate::heads::Head;
use crate::tasks::extract::analysis::Analysis;
use crate::tasks::extract::located::of_relation;
use crate::tasks::ner::Found;
use crate::tasks::re::Relation;
use crate::tasks::re::document::code_relations;
use crate::tasks::read::Reading;

impl Analysis {
    /// What `head` says of the codes, given all pairs that it judged. Each code system is looked at by itself: the
    /// codes of another one would be counted as other things.
    pub(super) fn stated(
        &self,
        head: &Head,
        reading: &Reading<'_>,
        found: &Found,
        judged: &[Relation],
    ) -> Result<Vec<CodeRelation>> {
        let mut systems: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
        for (at, links) in self.links.iter().enumerate() {
            for link in links {
                let Some(given) = link.given() else { continue };
                let codes = systems.entry(&*link.system);
                let codes = codes.or_insert_with(|| vec![Vec::new(); self.links.len()]);
                codes[at].push(given.code.clone());
            }
        }
        let mut stated = Vec::new();
        for (system, codes) in systems {
            let sentences = reading.byte_sentences();
            let held = self.held(system);
            let told = code_relations(head, sentences, &found.entities, &codes, judged)?;
            let holds = |code: &String| held.contains(code.as_str());
            let denied = self.denied(head, &codes, judged);
            stated.extend(told.into_iter().filter(|both| {
                let pair = (both.first.as_str(), both.second.as_str());
                holds(&both.first) && holds(&both.second) && !denied.contains(&pair)
            }));
        }
        Ok(stated)
    }

    /// Two codes that the note does not relate of its patient: none of their mentions are related but those one of which
    /// is absent or another person's, "vancomycin did not cause nephrotoxicity", or no others share a sentence.
    fn denied<'a>(
        &self,
        head: &Head,
        codes: &'a [Vec<String>],
        judged: &[Relation],
    ) -> BTreeSet<(&'a str, &'a str)> {
        // By whether the two are related, and whether they are the patient's.
        let mut pairs: [[BTreeSet<(&str, &str)>; 2]; 2] = Default::default();
        let negative = head.spec.negative();
        for relation in judged.iter().filter(|relation| relation.head == head.name) {
            let is_related = Some(&*relation.label) != negative;
            let is_held = self.is_held(relation.first) && self.is_held(relation.second);
            let pairs = &mut pairs[usize::from(is_related)][usize::from(is_held)];
            for one in &codes[relation.first] {
                let others = codes[relation.second].iter();
                pairs.extend(others.map(|other| (one.as_str(), other.as_str())));
            }
        }
        let [[apart_denied, apart_held], [denied, held]] = &pairs;
        let alone = apart_denied.difference(apart_held);
        denied.iter().chain(alone).filter(|pair| !held.contains(*pair)).copied().collect()
    }

    /// Whether the note says an entity of its patient, as far as a relation goes.
    fn is_held(&self, at: usize) -> bool {
        let value = self.assertions.as_ref().map(|all| of_relation(&all[at]));
        !matches!(value, Some(AssertionValue::Absent | AssertionValue::OtherPerson))
    }

    /// The codes of a system that the note says of its patient somewhere. A relation between codes has no assertion
    /// that could tell that one of them is denied.
    fn held(&self, system: &str) -> BTreeSet<&str> {
        let links = self.links.iter().enumerate().filter(|&(at, _)| self.is_held(at));
        let links = links.flat_map(|(_, links)| links).filter(|link| *link.system == *system);
        links.filter_map(Link::given).map(|given| given.code.as_str()).collect()
    }
}
