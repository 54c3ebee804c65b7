//! Where head, section and rules meet.

use super::scope::Evidence;
use super::trust::trust;
use crate::document::{Assertion, AssertionValue};

/// How far the head's logarithms of probabilities count: it is a little too sure.
const HEAD: f32 = 0.8;

/// What is said of an entity, all told.
///
/// The rules have one word: that of the strongest cue; without a cue the section's; without a section
/// "present". `trust.tsv` has how often each value is right after that word. Without a head the word
/// stands, and how often it is right is the score. With one, the probabilities of both are multiplied,
/// each to a power of its own. The category is that of a cue which says the value that won.
pub(super) fn judge(
    head: Option<&[f32; 5]>,
    evidence: &[Evidence],
    prior: Option<&Evidence>,
) -> Assertion {
    let cue = strongest(evidence);
    let said = cue.or(prior);
    let trusted = trust(said);
    let (value, score) = match head {
        None => {
            let value = said.map_or(AssertionValue::Present, |said| said.value);
            (value, trusted.right[value as usize])
        }
        Some(head) => {
            let mut logits = [0.0; 5];
            for ((logit, p), q) in logits.iter_mut().zip(head).zip(trusted.right) {
                *logit = HEAD * p.max(f32::MIN_POSITIVE).ln() + trusted.power * q.ln();
            }
            most_probable(&logits)
        }
    };
    let why =
        evidence.iter().rfind(|cue| cue.value == value).or(prior.filter(|cue| cue.value == value));
    let why = said.filter(|said| said.value == value).or(why);
    let why = why.filter(|why| why.category.is_some());
    Assertion {
        value,
        category: why.and_then(|why| why.category),
        score,
        cue: why.map(|why| why.cue.clone()),
    }
}

/// What the head alone says.
pub(super) fn head_alone(head: &[f32; 5]) -> Assertion {
    let (value, score) = most_probable(&head.map(|p| p.max(f32::MIN_POSITIVE).ln()));
    Assertion { value, category: None, score, cue: None }
}

/// The most probable value and its probability.
fn most_probable(logits: &[f32; 5]) -> (AssertionValue, f32) {
    let value = AssertionValue::ALL
        .into_iter()
        .reduce(
            |best, value| if logits[value as usize] > logits[best as usize] { value } else { best },
        )
        .unwrap_or(AssertionValue::Present);
    let sum: f32 = logits.iter().map(|logit| (logit - logits[value as usize]).exp()).sum();
    (value, 1.0 / sum)
}

/// The cue that counts where several reach an entity: "mother had no stroke" is absent, "his mother's
/// possible lupus" the mother's, "history of possible gout" possible.
fn strongest(evidence: &[Evidence]) -> Option<&Evidence> {
    const RANK: [AssertionValue; 5] = [
        AssertionValue::Absent,
        AssertionValue::OtherPerson,
        AssertionValue::Possible,
        AssertionValue::Historical,
        AssertionValue::Present,
    ];
    RANK.iter().find_map(|&value| evidence.iter().rfind(|said| said.value == value))
}
