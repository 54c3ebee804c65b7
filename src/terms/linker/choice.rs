//! Which of the names that were found is given, and whether one is.

use super::CANDIDATES;
use super::found::Found;
use crate::document::{Abstention, Code, Reason};

/// Below this, what shares most words with the text is not given.
const ENOUGH: f32 = 0.82;
/// Below this cosine, what is near by its vector is not given. With MeSH's diseases and drugs, 1,400 mentions of BC5CDR's
/// development set have no code from the other stages; 3 get one, all right.
const NEAR: f32 = 0.98;

/// The candidates, the best first and each code once, and why the best is not given.
pub(super) fn choose(mut found: Vec<Found<'_>>) -> (Vec<Code>, Option<Abstention>) {
    found.sort_by(|one, other| one.compare(other).then_with(|| one.code.cmp(other.code)));
    let mut best: Vec<Found<'_>> = Vec::with_capacity(CANDIDATES);
    for found in found {
        if best.len() < CANDIDATES && best.iter().all(|better| better.code != found.code) {
            best.push(found);
        }
    }
    let abstention = match best.as_slice() {
        [] => Some(Abstention::Nothing),
        [first, ..] if first.score < enough(first.reason) => Some(Abstention::Weak),
        [first, second, ..] if first.compare(second).is_eq() => Some(Abstention::Ambiguous),
        _ => None,
    };
    let candidates = best.iter().map(|found| Code {
        code: found.code.into(),
        name: Some(found.name.into()),
        score: Some(found.score),
        reason: Some(found.reason),
    });
    (candidates.collect(), abstention)
}

/// How alike name and text must be.
fn enough(reason: Reason) -> f32 {
    match reason {
        Reason::Learned => 0.0,
        Reason::Near => NEAR,
        _ => ENOUGH,
    }
}
