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
            let own = judged.iter().filter(|relation| relation.head == head.name);
            let pairs = own.map(|relation| Judged {
                ends: [relation.first, relation.second],
                is_related: Some(&*relation.label) != head.spec.negative(),
                is_held: self.is_held(relation.first) && self.is_held(relation.second),
            });
            let denied = denied(&codes, pairs);
            stated.extend(told.into_iter().filter(|both| {
                let pair = (both.first.as_str(), both.second.as_str());
                holds(&both.first) && holds(&both.second) && !denied.contains(&pair)
            }));
        }
        Ok(stated)
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

/// Two entities of a sentence that a head judged.
struct Judged {
    ends: [usize; 2],
    is_related: bool,
    /// Whether the note says both of its patient.
    is_held: bool,
}

/// Two codes that the note does not relate of its patient: none of their mentions are related but those one of which is
/// absent or another person's, "vancomycin did not cause nephrotoxicity", or no others share a sentence.
fn denied(codes: &[Vec<String>], judged: impl Iterator<Item = Judged>) -> BTreeSet<(&str, &str)> {
    // By whether the two are related, and whether they are the patient's.
    let mut pairs: [[BTreeSet<(&str, &str)>; 2]; 2] = Default::default();
    for Judged { ends: [first, second], is_related, is_held } in judged {
        let pairs = &mut pairs[usize::from(is_related)][usize::from(is_held)];
        for one in &codes[first] {
            pairs.extend(codes[second].iter().map(|other| (one.as_str(), other.as_str())));
        }
    }
    let [[apart_denied, apart_held], [denied, held]] = &pairs;
    let alone = apart_denied.difference(apart_held);
    denied.iter().chain(alone).filter(|pair| !held.contains(*pair)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_denied_whose_mentions_are_related_only_where_one_is_absent() {
        let codes = ["V", "N", "G", "N"].map(|code| vec![code.to_owned()]);
        let judged = |ends, is_related, is_held| Judged { ends, is_related, is_held };
        let of = |all: Vec<Judged>| denied(&codes, all.into_iter()).into_iter().collect::<Vec<_>>();
        // "Vancomycin did not cause nephrotoxicity. Gentamicin caused nephrotoxicity."
        assert_eq!(of(vec![judged([0, 1], true, false), judged([2, 3], true, true)]), [("V", "N")]);
        assert_eq!(of(vec![judged([0, 1], false, false)]), [("V", "N")], "nothing else is said");
        assert_eq!(of(vec![judged([0, 1], true, false), judged([0, 3], true, true)]), []);
        assert_eq!(of(vec![judged([0, 1], false, false), judged([0, 3], false, true)]), []);
        assert_eq!(
            of(vec![judged([0, 1], true, false), judged([0, 3], false, true)]),
            [("V", "N")]
        );
    }
}
