//! Relations between codes that a note as a whole states.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{AssertionValue, CodeRelation, Link};
use crate::error::Result;
use crate::heads::Head;
use crate::tasks::extract::analysis::Analysis;
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
            stated
                .extend(told.into_iter().filter(|both| holds(&both.first) && holds(&both.second)));
        }
        Ok(stated)
    }

    /// The codes of a system that the note says of its patient somewhere. A relation between codes has no assertion
    /// that could tell that one of them is denied.
    fn held(&self, system: &str) -> BTreeSet<&str> {
        let is_held = |at: usize| {
            let value = self.assertions.as_ref().map(|all| all[at].value);
            !matches!(value, Some(AssertionValue::Absent | AssertionValue::OtherPerson))
        };
        let links = self.links.iter().enumerate().filter(|&(at, _)| is_held(at));
        let links = links.flat_map(|(_, links)| links).filter(|link| *link.system == *system);
        links.filter_map(Link::given).map(|given| given.code.as_str()).collect()
    }
}
