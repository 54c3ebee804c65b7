//! Several rankings as one: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).

use std::collections::BTreeMap;

/// What makes the first ranks count less than all; theirs.
const K: f32 = 60.0;

/// Passages by the sum of weight / (60 + rank) over the rankings that have them, the best first.
pub fn fuse(rankings: &[(f32, Vec<(usize, f32)>)]) -> Vec<(usize, f32)> {
    let mut sums: BTreeMap<usize, f32> = BTreeMap::new();
    for (weight, ranking) in rankings {
        for (rank, (passage, _)) in ranking.iter().enumerate() {
            *sums.entry(*passage).or_default() += weight / (K + rank as f32 + 1.0);
        }
    }
    let mut all: Vec<(usize, f32)> = sums.into_iter().collect();
    all.sort_by(|(a, first), (b, second)| second.total_cmp(first).then(a.cmp(b)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_have_comes_first() {
        let words = vec![(7, 12.0), (3, 9.0), (5, 1.0)];
        let vectors = vec![(3, 0.9), (4, 0.8)];
        let order: Vec<usize> =
            fuse(&[(1.0, words), (1.0, vectors)]).iter().map(|(at, _)| *at).collect();
        assert_eq!(order, [3, 7, 4, 5]);
    }
}
