//! Which numbers come up most in lists of postings.

use std::cmp::Ordering;
use std::collections::HashMap;

/// Sums by number. Its hashes are the same in every process, so that all that comes of it is.
pub(super) struct Tally {
    sums: HashMap<u32, f32, ahash::RandomState>,
    /// How many numbers were read.
    read: usize,
    /// The most that are to be read.
    most: usize,
}

impl Tally {
    /// A tally that reads no more than so many numbers.
    pub(super) fn new(most: usize) -> Tally {
        let hasher = ahash::RandomState::with_seeds(1, 2, 3, 4);
        Tally { sums: HashMap::with_capacity_and_hasher(most, hasher), read: 0, most }
    }

    /// Whether a list of so many numbers may still be read; the first may always, in part.
    pub(super) fn has_room(&self, count: u32) -> bool {
        self.read == 0 || self.read + count as usize <= self.most
    }

    /// Adds a weight to each number of a list.
    pub(super) fn add(&mut self, numbers: impl Iterator<Item = u32>, weight: f32) {
        for number in numbers.take(self.most) {
            *self.sums.entry(number).or_default() += weight;
            self.read += 1;
        }
    }

    /// The numbers with the highest sums, highest first; of two with one sum the lower number.
    pub(super) fn best(self, count: usize) -> Vec<u32> {
        let order = |one: &(u32, f32), other: &(u32, f32)| -> Ordering {
            other.1.total_cmp(&one.1).then(one.0.cmp(&other.0))
        };
        let mut sums: Vec<(u32, f32)> = self.sums.into_iter().collect();
        if sums.len() > count {
            sums.select_nth_unstable_by(count, order);
            sums.truncate(count);
        }
        sums.sort_unstable_by(order);
        sums.into_iter().map(|(number, _)| number).collect()
    }
}
