//! Relations between codes that a document as a whole states, such as which chemical induced which disease.
//!
//! Two codes may stand together in several sentences, or in none. [`Outline`] weighs what a head says of their
//! mentions and where they stand.

mod outline;
mod weights;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::document::CodeRelation;
use crate::error::{Error, Result};
use crate::heads::Head;
use crate::tasks::ner::ByteEntity;
use crate::tasks::re::Relation;
use crate::tasks::re::document::outline::Outline;
use crate::tasks::re::pairs::ends;

/// The head that the weights were fitted for.
const FITTED: &str = "cid";

/// Whether what a document states can be told from what a head judges, without anybody having measured it: whether it
/// is the head that the weights were fitted for, or one that was trained in its place.
pub(crate) fn is_fitted(head: &Head) -> bool {
    &*head.name == FITTED && check(head).is_ok()
}

/// The relations between codes that a document states, by first and second code, with the head's name in capitals as
/// their label. The entities stand by place; `codes` has those of each, none or several. `judged` are the relations of
/// all two entities in one sentence that the head judged, unrelated ones among them.
///
/// # Errors
/// [`Error::Unsupported`] for a head that does not have two labels, one of which means "none", or at both of whose
/// ends the same kind may stand.
pub(crate) fn code_relations(
    head: &Head,
    sentences: &[Range<usize>],
    entities: &[ByteEntity],
    codes: &[Vec<String>],
    judged: &[Relation],
) -> Result<Vec<CodeRelation>> {
    check(head)?;
    let negative = head.spec.negative();
    let own = judged.iter().filter(|relation| relation.head == head.name);
    let scores: BTreeMap<(usize, usize), f32> = own
        .map(|relation| {
            let is_none = negative == Some(&*relation.label);
            let score = if is_none { 1.0 - relation.score } else { relation.score };
            ((relation.first, relation.second), score)
        })
        .collect();
    let label = head.name.to_uppercase();
    let all = Outline::new(sentences, entities, codes, ends(head)).weigh(&scores).into_iter();
    let given = all.filter(|&(_, _, probability)| probability >= weights::LEAST);
    let relations = given.map(|(first, second, probability)| CodeRelation {
        first: first.into(),
        second: second.into(),
        label: label.clone(),
        score: Some(probability),
    });
    Ok(relations.collect())
}

/// Whether a head says of entities of two different kinds whether they are related.
fn check(head: &Head) -> Result<()> {
    let [first, second] = head.spec.related();
    let mut both = first.iter().flat_map(|kind| second.iter().map(move |other| (kind, other)));
    let mixed = first.is_empty() || both.any(|(kind, other)| kind.eq_ignore_ascii_case(other));
    match head.spec.negative() {
        Some(_) if head.spec.labels.len() == 2 && !mixed => Ok(()),
        _ => Err(Error::Unsupported(format!(
            "the head {} does not say of entities of two different kinds whether they are related",
            head.name
        ))),
    }
}
