//! Which ids were seen.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// Ids that were seen, and how often one was there again.
#[derive(Default)]
pub struct Ids {
    hasher: RandomState,
    seen: HashSet<u64>,
    pub again: usize,
}

impl Ids {
    pub fn add(&mut self, id: &str) {
        self.again += usize::from(!self.seen.insert(self.hasher.hash_one(id)));
    }
}
