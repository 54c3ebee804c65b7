//! Vectors of the names of an index, in a file of their own: made with a model's encoder, searched for those nearest to
//! a mention's. docs/terms-format.md describes the file.

mod layout;
mod open;
mod quantized;
mod search;
mod write;

pub(super) use open::Vectors;
pub(super) use quantized::Quantized;
pub use write::{VectorsMade, write_vectors};

#[cfg(test)]
mod tests;
