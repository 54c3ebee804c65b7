//! A document's analysis in the caller's own unit.

use std::ops::Range;

use crate::document::{Assertion, AssertionCategory, AssertionValue};
use crate::tasks::extract::analysis::Analysis;
use crate::tasks::extract::{DocumentExtract, ExtractedEntity, ExtractedRelation};
use crate::tasks::ner::Found;
use crate::tasks::re::Relation;
use crate::tasks::read::Reading;
use crate::tasks::{DocFlags, RunOptions, TextRange};

/// The first of two that stands in this list is what a relation says.
const RANK: [AssertionValue; 5] = [
    AssertionValue::OtherPerson,
    AssertionValue::Absent,
    AssertionValue::Possible,
    AssertionValue::Historical,
    AssertionValue::Present,
];

impl Analysis {
    pub(super) fn located(
        self,
        reading: &Reading<'_>,
        found: &Found,
        (relations, judged): (Vec<Relation>, DocFlags),
        options: &RunOptions,
    ) -> DocumentExtract {
        let offsets = reading.text.offsets(options.unit);
        let place = |bytes: Range<usize>| TextRange::of(&offsets, bytes);
        let value = |entity: usize| Some(of_relation(&self.assertions.as_ref()?[entity]));
        let relation = |Relation { first, second, label, text, score, head }| ExtractedRelation {
            assertion: inherited([first, second].map(value)),
            first,
            second,
            label,
            text,
            score,
            head,
        };
        let relations = relations.into_iter().map(relation).collect();
        let mut assertions = self.assertions.map(Vec::into_iter);
        let rest = self.home.into_iter().zip(self.expansions).zip(self.attributes).zip(self.links);
        let entities = found.entities.iter().zip(rest);
        let entity =
            entities.map(|(entity, (((section, expansion), attributes), links))| ExtractedEntity {
                place: place(entity.bytes.clone()),
                label: entity.label.clone(),
                score: entity.score,
                head: entity.head.clone(),
                also: entity.also.clone(),
                section,
                assertion: assertions.as_mut().and_then(Iterator::next).map(|a| a.map(place)),
                expansion,
                attributes: attributes.into_iter().map(|a| a.map(place)).collect(),
                links,
            });
        DocumentExtract {
            entities: entity.collect(),
            sections: self.sections.into_iter().map(|section| section.map(place)).collect(),
            relations,
            code_relations: Vec::new(),
            flags: DocFlags {
                windowed: found.windowed || judged.windowed,
                truncated: judged.truncated,
                replaced_invalid: reading.text.replaced(),
            },
        }
    }
}

/// What is said of an entity as the end of a relation. A drug that was stopped, or that the patient does not bear, did
/// what it is said to have done.
pub(super) fn of_relation(assertion: &Assertion) -> AssertionValue {
    use AssertionCategory::{Allergy, Stopped};
    match (assertion.value, assertion.category) {
        (AssertionValue::Absent, Some(Allergy | Stopped)) => AssertionValue::Present,
        (value, _) => value,
    }
}

/// What a relation says, given what is said of its ends.
fn inherited(ends: [Option<AssertionValue>; 2]) -> Option<AssertionValue> {
    let [Some(first), Some(second)] = ends else { return None };
    RANK.into_iter().find(|&value| value == first || value == second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drug_that_is_borne_no_more_is_not_absent_from_a_relation() {
        use AssertionCategory::*;
        let of = |value, category| of_relation(&Assertion { category, ..Assertion::new(value) });
        for category in [Allergy, Stopped] {
            assert_eq!(of(AssertionValue::Absent, Some(category)), AssertionValue::Present);
        }
        assert_eq!(of(AssertionValue::Absent, Some(Denied)), AssertionValue::Absent);
        assert_eq!(of(AssertionValue::Absent, None), AssertionValue::Absent);
        assert_eq!(of(AssertionValue::OtherPerson, Some(Allergy)), AssertionValue::OtherPerson);
        assert_eq!(of(AssertionValue::Historical, Some(Past)), AssertionValue::Historical);
    }

    #[test]
    fn a_relation_inherits_what_weighs_more() {
        use AssertionValue::*;
        assert_eq!(inherited([Some(Present), Some(Present)]), Some(Present));
        assert_eq!(inherited([Some(Historical), Some(Possible)]), Some(Possible));
        assert_eq!(inherited([Some(Absent), Some(Possible)]), Some(Absent));
        assert_eq!(inherited([Some(Absent), Some(OtherPerson)]), Some(OtherPerson));
        assert_eq!(inherited([None, None]), None);
    }
}
