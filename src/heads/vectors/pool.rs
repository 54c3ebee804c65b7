//! The states of a text as one row.

use serde::{Deserialize, Serialize};

/// A way in which the states of a text become one, by the name that `sentence-transformers` gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StatePooling {
    /// The first one.
    Cls,
    /// The largest number in each place.
    Max,
    /// Their mean.
    Mean,
    /// Their sum, divided by the root of their number.
    MeanSqrtLenTokens,
    /// Their mean, in which the first counts once, the second twice, and so on.
    #[serde(rename = "weightedmean")]
    WeightedMean,
    /// The last one.
    #[serde(rename = "lasttoken")]
    LastToken,
}

impl StatePooling {
    /// The name that files and reports use.
    pub(crate) fn name(self) -> String {
        let name = match self {
            StatePooling::Cls => "cls",
            StatePooling::Max => "max",
            StatePooling::Mean => "mean",
            StatePooling::MeanSqrtLenTokens => "mean_sqrt_len_tokens",
            StatePooling::WeightedMean => "weightedmean",
            StatePooling::LastToken => "lasttoken",
        };
        name.into()
    }
}

/// Rows on their way to becoming one. They are added in their order, so that sums have one order too.
#[derive(Debug)]
pub(crate) struct Pool<'a> {
    modes: &'a [StatePooling],
    /// What each mode has so far, one after the other.
    parts: Vec<f32>,
    hidden: usize,
    /// Rows that came by.
    seen: usize,
    /// Rows that were added.
    added: usize,
    /// The sum of their weights where they are weighted.
    weight: f32,
}

impl<'a> Pool<'a> {
    /// For rows that are `hidden` wide.
    pub(crate) fn new(modes: &'a [StatePooling], hidden: usize) -> Pool<'a> {
        let parts = vec![0.0; modes.len() * hidden];
        Pool { modes, parts, hidden, seen: 0, added: 0, weight: 0.0 }
    }

    /// Lets rows pass by: those that follow keep their weights.
    pub(crate) fn skip(&mut self, rows: usize) {
        self.seen += rows;
    }

    /// Adds rows.
    pub(crate) fn add(&mut self, rows: &[f32]) {
        for row in rows.chunks_exact(self.hidden) {
            self.seen += 1;
            let (weight, is_first) = (self.seen as f32, self.added == 0);
            for (mode, part) in self.modes.iter().zip(self.parts.chunks_exact_mut(self.hidden)) {
                let pairs = part.iter_mut().zip(row);
                match mode {
                    StatePooling::Cls if !is_first => {}
                    StatePooling::Cls | StatePooling::LastToken => part.copy_from_slice(row),
                    StatePooling::Max if is_first => part.copy_from_slice(row),
                    // Not `f32::max`: of two zeros it may give either.
                    StatePooling::Max => {
                        let larger = pairs.filter(|(most, value)| *value > &**most);
                        larger.for_each(|(most, value)| *most = *value);
                    }
                    StatePooling::Mean | StatePooling::MeanSqrtLenTokens => {
                        pairs.for_each(|(sum, value)| *sum += value);
                    }
                    StatePooling::WeightedMean => {
                        pairs.for_each(|(sum, value)| *sum += value * weight);
                    }
                }
            }
            self.added += 1;
            self.weight += weight;
        }
    }

    /// The row: the modes' one after the other; `None` if nothing was added.
    pub(crate) fn finish(self) -> Option<Vec<f32>> {
        if self.added == 0 {
            return None;
        }
        let Pool { modes, mut parts, hidden, added, weight, .. } = self;
        for (mode, part) in modes.iter().zip(parts.chunks_exact_mut(hidden)) {
            let divisor = match mode {
                StatePooling::Mean => added as f32,
                StatePooling::MeanSqrtLenTokens => (added as f32).sqrt(),
                StatePooling::WeightedMean => weight,
                StatePooling::Cls | StatePooling::Max | StatePooling::LastToken => continue,
            };
            part.iter_mut().for_each(|sum| *sum /= divisor);
        }
        Some(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_gives_its_part() {
        use StatePooling::*;
        let modes = [LastToken, Max, Mean, MeanSqrtLenTokens, WeightedMean, Cls];
        let mut pool = Pool::new(&modes, 2);
        pool.skip(1);
        pool.add(&[1.0, -5.0, 3.0, -7.0]);
        pool.add(&[2.0, -6.0, 2.0, -2.0]);
        let weighted = [(2.0 + 9.0 + 8.0 + 10.0) / 14.0, -(10.0 + 21.0 + 24.0 + 10.0) / 14.0];
        let want =
            [2.0, -2.0, 3.0, -2.0, 2.0, -5.0, 4.0, -10.0, weighted[0], weighted[1], 1.0, -5.0];
        assert_eq!(pool.finish().unwrap(), want);
        assert_eq!(Pool::new(&modes, 2).finish(), None);
    }
}
