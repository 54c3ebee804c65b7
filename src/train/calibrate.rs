//! Temperature scaling (Guo et al. 2017): one number that brings probabilities near to how often they
//! are right.

use biobert_kernels::math;

use crate::eval::Bins;
use crate::heads::crf::Crf;
use crate::train::report::Calibration;

/// Decisions on held-out examples, as logits.
pub(super) struct Decisions {
    labels: usize,
    /// What brings the logits of a sequence's words together, if anything does.
    crf: Option<Crf>,
    sequences: Vec<Sequence>,
}

struct Sequence {
    /// `[rows, labels]`.
    logits: Vec<f32>,
    gold: Vec<usize>,
    /// Whether each row counts.
    counts: Vec<bool>,
}

/// Decisions, of which one at least is wrong, that a temperature is fitted to.
const FEWEST: usize = 50;
/// Temperatures that make sense.
const RANGE: (f64, f64) = (0.25, 8.0);

impl Decisions {
    /// Decisions that stand for themselves.
    pub(super) fn rows(labels: usize) -> Decisions {
        Decisions { labels, crf: None, sequences: Vec::new() }
    }

    /// Decisions that a CRF brings together.
    pub(super) fn words(crf: Crf) -> Decisions {
        Decisions { labels: crf.start.len(), crf: Some(crf), sequences: Vec::new() }
    }

    pub(super) fn add(&mut self, logits: Vec<f32>, gold: &[usize], counts: Vec<bool>) {
        self.sequences.push(Sequence { logits, gold: gold.into(), counts });
    }

    /// Calls `see` with the probabilities of each row that counts and its right label.
    fn each(&self, temperature: f32, mut see: impl FnMut(&[f32], usize)) {
        for sequence in &self.sequences {
            let probabilities = match &self.crf {
                Some(crf) => crf.marginals(&sequence.logits, temperature),
                None => softmax(&sequence.logits, self.labels, temperature),
            };
            let rows = probabilities.chunks_exact(self.labels);
            for ((row, &gold), _) in
                rows.zip(&sequence.gold).zip(&sequence.counts).filter(|(_, counts)| **counts)
            {
                see(row, gold);
            }
        }
    }

    /// The expected calibration error; `None` without decisions.
    pub(super) fn error(&self, temperature: f32) -> Option<f64> {
        let mut bins = Bins::default();
        self.each(temperature, |row, gold| {
            let label = crate::heads::largest(row);
            bins.add(row[label], label == gold);
        });
        bins.error()
    }

    /// How the probabilities are corrected, if they are.
    pub(super) fn calibration(&self) -> Option<Calibration> {
        Some(Calibration { temperature: self.temperature()?, error_before: self.error(1.0)? })
    }

    /// The temperature that makes what is right likeliest; `None` where there is too little to tell by.
    fn temperature(&self) -> Option<f32> {
        let (mut count, mut wrong) = (0, 0);
        self.each(1.0, |row, gold| {
            count += 1;
            wrong += usize::from(crate::heads::largest(row) != gold);
        });
        if count < FEWEST || wrong == 0 {
            return None;
        }
        let surprise = |log: f64| {
            let mut sum = 0.0;
            self.each(log.exp() as f32, |row, gold| sum -= f64::from(row[gold]).max(1e-12).ln());
            sum
        };
        // By golden sections of the logarithm: the loss has one minimum.
        let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
        let (mut low, mut high) = (RANGE.0.ln(), RANGE.1.ln());
        let (mut a, mut b) = (high - golden * (high - low), low + golden * (high - low));
        let (mut at_a, mut at_b) = (surprise(a), surprise(b));
        while high - low > 0.01 {
            if at_a < at_b {
                (high, b, at_b) = (b, a, at_a);
                a = high - golden * (high - low);
                at_a = surprise(a);
            } else {
                (low, a, at_a) = (a, b, at_b);
                b = low + golden * (high - low);
                at_b = surprise(b);
            }
        }
        Some((((low + high) / 2.0).exp() * 1e3).round() as f32 / 1e3)
    }
}

fn softmax(logits: &[f32], labels: usize, temperature: f32) -> Vec<f32> {
    let mut probabilities = Vec::with_capacity(logits.len());
    for row in logits.chunks_exact(labels) {
        let best = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let from = probabilities.len();
        probabilities.extend(row.iter().map(|logit| math::exp((logit - best) / temperature)));
        let sum: f32 = probabilities[from..].iter().sum();
        probabilities[from..].iter_mut().for_each(|probability| *probability /= sum);
    }
    probabilities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_sure_a_head_is_cooled_down() {
        // Sure to 98 %, right in 75 of 100.
        let mut decisions = Decisions::rows(2);
        for index in 0..100 {
            decisions.add(vec![4.0, 0.0], &[usize::from(index % 4 == 0)], vec![true]);
        }
        let temperature = decisions.temperature().unwrap();
        // 4 / t = ln 3.
        assert!((temperature - 3.641).abs() < 0.03, "{temperature}");
        assert!((decisions.error(1.0).unwrap() - 0.232).abs() < 1e-3);
        assert!(decisions.error(temperature).unwrap() < 0.01);
    }

    #[test]
    fn too_little_tells_nothing() {
        let mut decisions = Decisions::rows(2);
        assert_eq!(decisions.error(1.0), None);
        for _ in 0..FEWEST {
            decisions.add(vec![1.0, 0.0], &[0], vec![true]);
        }
        assert_eq!(decisions.temperature(), None);
        // What does not count does not count.
        decisions.add(vec![1.0, 0.0], &[1], vec![false]);
        assert_eq!(decisions.temperature(), None);
        decisions.add(vec![1.0, 0.0], &[1], vec![true]);
        assert!(decisions.temperature().is_some());
    }
}
