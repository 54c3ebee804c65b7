//! Ids that stand for one document each: whoever reads two documents with one id may take them for one.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::data::losses::{lose, running_number};
use crate::data::write::Losses;

/// Ids that were given, by their hashes.
#[derive(Default)]
pub(super) struct Unique {
    hasher: RandomState,
    given: HashSet<u64>,
}

impl Unique {
    /// The id; where another document has it, the first running number from `number` on that none has, which is
    /// counted.
    pub(super) fn take(&mut self, id: String, number: usize, losses: &mut Losses) -> String {
        if self.add(&id) {
            return id;
        }
        lose(losses, "ids that another document has", 1);
        (number..).map(running_number).find(|free| self.add(free)).unwrap_or(id)
    }

    fn add(&mut self, id: &str) -> bool {
        self.given.insert(self.hasher.hash_one(id))
    }
}
