//! Terminologies: an index of names, built once and mapped, and the way from the words of a text to codes.

mod concept;
pub mod source;

pub use concept::Concept;
