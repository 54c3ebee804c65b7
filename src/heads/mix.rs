//! Rows from the states of all layers: each the mean over some tokens, the layers weighed.

use std::ops::Range;

/// Weights of the layers, the embeddings first; a row for each place of a sequence, which come round
/// and round.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mix {
    weights: Vec<f32>,
    layers: usize,
}

impl Mix {
    /// Weights, `[places, layers]`.
    pub(crate) fn new(weights: Vec<f32>, layers: usize) -> Mix {
        Mix { weights, layers }
    }

    /// The mean over all layers.
    pub(crate) fn mean(layers: usize) -> Mix {
        Mix { weights: vec![1.0 / layers as f32; layers], layers }
    }

    /// The last layer alone.
    pub(crate) fn last(layers: usize) -> Mix {
        let mut weights = vec![0.0; layers];
        weights[layers - 1] = 1.0;
        Mix { weights, layers }
    }

    /// Every layer for itself: a row in becomes `layers` rows out.
    pub(crate) fn each(layers: usize) -> Mix {
        let weight = |at| if at % (layers + 1) == 0 { 1.0 } else { 0.0 };
        Mix { weights: (0..layers * layers).map(weight).collect(), layers }
    }

    /// The same of rows that hold every layer for itself, `[rows, layers, hidden]`.
    pub(crate) fn fold(&self, each: &[f32], hidden: usize) -> Vec<f32> {
        let mut rows = Vec::with_capacity(each.len() / self.layers);
        let weights = self.weights.chunks_exact(self.layers).cycle();
        for (each, weights) in each.chunks_exact(self.layers * hidden).zip(weights) {
            let at = rows.len();
            rows.resize(at + hidden, 0.0);
            for (layer, weight) in each.chunks_exact(hidden).zip(weights) {
                for (sum, value) in rows[at..].iter_mut().zip(layer) {
                    *sum += weight * value;
                }
            }
        }
        rows
    }

    /// `[rows, hidden]`: of each range of tokens the mean; zeros of an empty one. `states` has those of
    /// the embeddings and of every layer, each `[tokens, hidden]`.
    pub(crate) fn rows(
        &self,
        states: &[&[f32]],
        ranges: impl Iterator<Item = Range<usize>>,
        hidden: usize,
    ) -> Vec<f32> {
        let mut rows = Vec::new();
        for (range, weights) in ranges.zip(self.weights.chunks_exact(self.layers).cycle()) {
            let at = rows.len();
            rows.resize(at + hidden, 0.0);
            let row = &mut rows[at..];
            for (layer, &weight) in states.iter().zip(weights).filter(|(_, weight)| **weight != 0.0)
            {
                let weight = weight / range.len() as f32;
                for state in layer[range.start * hidden..range.end * hidden].chunks_exact(hidden) {
                    for (sum, value) in row.iter_mut().zip(state) {
                        *sum += weight * value;
                    }
                }
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_weighed_means_and_places_come_round() {
        let layers: [&[f32]; 2] = [&[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0]];
        let rows = |mix: &Mix| mix.rows(&layers, [0..2, 2..3, 1..1].into_iter(), 1);
        assert_eq!(rows(&Mix::mean(2)), [8.25, 16.5, 0.0]);
        assert_eq!(rows(&Mix::last(2)), [15.0, 30.0, 0.0]);
        assert_eq!(rows(&Mix::new(vec![1.0, 0.0, 0.0, 2.0], 2)), [1.5, 60.0, 0.0]);
        let each = Mix::each(2);
        let kept = each.rows(&layers, [0..2, 0..2].into_iter(), 1);
        assert_eq!(kept, [1.5, 15.0]);
        assert_eq!(Mix::mean(2).fold(&kept, 1), [8.25]);
    }
}
