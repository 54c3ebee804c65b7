//! The shape of an encoder: what the rest of a model needs to know of it, whatever its family.

/// Sizes of an encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Ids are below this.
    pub(crate) vocab_size: usize,
    /// The longest sequence, special tokens included.
    pub(crate) max_tokens: usize,
    /// How many segments it tells apart.
    pub(crate) segments: usize,
    /// Width of a state.
    pub(crate) hidden: usize,
    pub(crate) layers: usize,
}
