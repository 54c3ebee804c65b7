//! How far the word of the rules is to be trusted.

use std::sync::LazyLock;

use super::scope::Evidence;
use crate::document::AssertionCategory;

/// How far a cue is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trust {
    /// How often it is right.
    pub(super) precision: f32,
    /// What it adds to the head's logarithm of the probability of its value.
    pub(super) weight: f32,
}

/// What a head's logarithms of probabilities are multiplied with: it is a little too sure.
pub(super) const HEAD: f32 = 0.8;

/// By category, then of a cue of presence, then without any cue.
static TRUST: LazyLock<Vec<Trust>> =
    LazyLock::new(|| include_str!("trust.tsv").lines().filter_map(parse).collect());

const PRESENT: usize = AssertionCategory::ALL.len();
const NONE: usize = PRESENT + 1;

/// What is to be said of the evidence that counts.
pub(super) fn trust(said: Option<&Evidence>) -> Trust {
    let row = match said {
        Some(said) => said.category.map_or(PRESENT, |category| category as usize),
        None => NONE,
    };
    TRUST.get(row).copied().unwrap_or(Trust { precision: 0.5, weight: 0.0 })
}

fn parse(line: &str) -> Option<Trust> {
    let mut fields = line.split('\t').skip(1);
    let mut number = || fields.next()?.parse().ok();
    Some(Trust { precision: number()?, weight: number()? })
}
