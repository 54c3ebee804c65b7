//! What was seen, such as ids of documents: their hashes alone, so that a name of any length takes a few bytes.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};

/// A set of what was seen, by hashes of 64 bits. Keys are random, so that nobody can make two names have one.
#[derive(Debug, Default)]
pub struct Seen {
    hasher: RandomState,
    hashes: HashSet<u64>,
}

impl Seen {
    /// Adds what is seen; whether it is new.
    pub fn add(&mut self, what: impl Hash) -> bool {
        self.hashes.insert(self.hasher.hash_one(what))
    }

    /// Whether it was seen.
    pub fn has(&self, what: impl Hash) -> bool {
        self.hashes.contains(&self.hasher.hash_one(what))
    }
}
