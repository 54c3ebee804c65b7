//! Terminologies: an index of names, built once and mapped, and the way from the words of a text to codes.

mod builder;
mod concept;
mod default;
mod file;
mod fold;
mod index;
mod info;
mod kind;
mod learn;
mod linker;
pub mod source;
mod trigram;
mod vectors;

pub use builder::Builder;
pub use concept::Concept;
pub(crate) use fold::greek;
pub use index::Terms;
pub use info::{Built, TermsInfo};
pub use learn::{Coded, learn};
pub use linker::{Linker, Mention, Unlinked};
pub use vectors::{VectorsMade, write_vectors};

#[cfg(test)]
mod tests;
