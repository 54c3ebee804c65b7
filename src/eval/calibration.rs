//! The expected calibration error (Guo et al. 2017).

/// How many bins there are.
const BINS: usize = 15;

/// Decisions in bins of their probabilities.
#[derive(Default)]
pub(crate) struct Bins {
    /// Of each bin: how many, the sum of their probabilities, how many are right.
    bins: [(usize, f64, usize); BINS],
}

impl Bins {
    /// A decision, the probability that it was made with, and whether it is right.
    pub(crate) fn add(&mut self, probability: f32, right: bool) {
        let bin = &mut self.bins[((probability * BINS as f32) as usize).min(BINS - 1)];
        *bin = (bin.0 + 1, bin.1 + f64::from(probability), bin.2 + usize::from(right));
    }

    /// How far probabilities are from how often they are right, to four places; `None` without
    /// decisions.
    pub(crate) fn error(&self) -> Option<f64> {
        let count: usize = self.bins.iter().map(|bin| bin.0).sum();
        let error: f64 = self.bins.iter().map(|&(_, sum, right)| (sum - right as f64).abs()).sum();
        (count > 0).then(|| (1e4 * error / count as f64).round() / 1e4)
    }
}
