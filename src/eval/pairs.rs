//! Pairs that are found among those that there are.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::eval::{f1, percent};

/// Precision, recall and F1 in percent: of pairs of codes, or of places with their codes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct PairScore {
    /// Right ones of those that were given.
    pub precision: f64,
    /// Right ones of those that there are.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// How many there are.
    pub gold: usize,
    /// How many were given.
    pub predicted: usize,
    /// How many were given rightly.
    pub correct: usize,
}

/// Pairs that are counted.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) gold: usize,
    pub(super) predicted: usize,
    pub(super) correct: usize,
}

impl Tally {
    /// Counts the pairs of a document.
    pub(super) fn add(&mut self, gold: BTreeSet<(&str, &str)>, told: BTreeSet<(&str, &str)>) {
        self.gold += gold.len();
        self.predicted += told.len();
        self.correct += gold.intersection(&told).count();
    }

    pub(super) fn score(&self) -> PairScore {
        let &Tally { gold, predicted, correct } = self;
        PairScore {
            precision: percent(correct, predicted),
            recall: percent(correct, gold),
            f1: f1(correct, predicted, gold),
            gold,
            predicted,
            correct,
        }
    }
}
