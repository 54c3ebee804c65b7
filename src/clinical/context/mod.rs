//! What the words around an entity say of it.

mod allergy;
mod answers;
mod judge;
mod lexicon;
mod link;
mod prior;
mod rule;
mod scope;
mod signs;
mod statement;
#[cfg(test)]
mod tests;
mod trust;
mod unfit;
mod words;

use std::ops::Range;

use crate::document::{Assertion, AssertionCategory, AssertionValue, Entity, Section};
use crate::error::Result;
use rule::Kind;
use scope::Evidence;
use statement::Statements;

/// What decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Judges {
    /// The head, where there is one, the section and the rules together.
    #[default]
    All,
    /// The head alone.
    Head,
    /// Section and rules alone.
    Rules,
}

/// What the text says of each entity. `head` has the head's probabilities for each entity, in the order of
/// [`AssertionValue::ALL`]; entities are by start, and `home` has the index of each one's section.
#[allow(clippy::too_many_arguments, reason = "they are what a note is made of")]
pub(crate) fn assertions(
    text: &str,
    sentences: &[Range<usize>],
    sections: &[Section],
    entities: &[Entity],
    home: &[Option<usize>],
    head: Option<&[[f32; 5]]>,
    judges: Judges,
    check: &dyn Fn() -> Result<()>,
) -> Result<Vec<Assertion>> {
    let head = head.filter(|_| judges != Judges::Rules);
    let mut found = Vec::with_capacity(entities.len());
    for statement in Statements::new(text, sentences, entities) {
        check()?;
        for (said, entity) in statement.said {
            let index = found.len();
            let words = text.get(entity.bytes.clone()).unwrap_or_default();
            let kind = Kind::of(&entity.label, words);
            let section = || {
                let home = home.get(index).copied().flatten();
                prior::prior(text, sections, home, kind, statement.start, statement.bare)
            };
            found.push(match (judges, head.and_then(|head| head.get(index))) {
                (Judges::Head, Some(head)) => judge::head_alone(head),
                (_, head) => {
                    let judged = judge::judge(text, head, &said, section().as_ref());
                    if allergy::names(words) { allergy::of_name(judged) } else { judged }
                }
            });
        }
    }
    Ok(found)
}

/// What is said of something that depends on what the words at `cue` say.
pub(crate) fn conditional(cue: Range<usize>) -> Assertion {
    let (value, category) = (AssertionValue::Possible, Some(AssertionCategory::Conditional));
    let said = Evidence { value, category, cue: cue.clone(), near: true, certain: false };
    Assertion {
        value,
        category,
        score: trust::trust(Some(&said)).right[value as usize],
        cue: Some(cue),
    }
}
