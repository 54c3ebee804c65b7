//! The file of an index of names: written once, then mapped and read where it lies.

mod layout;
mod open;
mod postings;
mod read;
mod write;

pub(super) use layout::{LONGEST_CODE, LONGEST_NAME};
pub(super) use open::File;
pub(super) use write::{Draft, DraftName, readable_by_all};

#[cfg(test)]
mod tests;
