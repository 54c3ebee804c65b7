//! How far the word of the rules is to be trusted.

use std::sync::LazyLock;

use super::scope::Evidence;
use crate::document::AssertionCategory;

/// How far a cue is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Trust {
    /// How often it is right.
    pub(super) precision: f32,
    /// What it adds to the head's logarithm of the probability of its value.
    pub(super) weight: f32,
}

/// What a head's logarithms of probabilities are multiplied with: it is a little too sure.
pub(super) const HEAD: f32 = 0.8;

/// By category, then of a cue of presence, then without any cue: of the first entity that a cue reaches,
/// and of those further on.
static TRUST: LazyLock<Vec<[Trust; 2]>> =
    LazyLock::new(|| include_str!("trust.tsv").lines().filter_map(parse).collect());

const PRESENT: usize = AssertionCategory::ALL.len();
const NONE: usize = PRESENT + 1;

/// What is to be said of the evidence that counts.
pub(super) fn trust(said: Option<&Evidence>) -> Trust {
    let row = match said {
        Some(said) => said.category.map_or(PRESENT, |category| category as usize),
        None => NONE,
    };
    let [near, far] = TRUST.get(row).copied().unwrap_or_default();
    if said.is_none_or(|said| said.near) { near } else { far }
}

fn parse(line: &str) -> Option<[Trust; 2]> {
    let mut fields = line.split('\t').skip(1);
    let mut number = || fields.next()?.parse().ok();
    let mut trust = || Some(Trust { precision: number()?, weight: number()? });
    Some([trust()?, trust()?])
}
