//! Heads: small layers on the encoder's states, and what their outputs mean. A head names its tensors;
//! which file they lie in it does not know.

pub(crate) mod crf;
mod globals;
mod head;
mod json;
mod linear;
pub(crate) mod lstm;
mod masked;
pub(crate) mod mix;
pub(crate) mod reader;
mod spec;
mod transform;
pub(crate) mod vectors;
mod version;

pub(crate) use globals::Globals;
pub(crate) use head::{Head, Weights};
pub(crate) use linear::largest;
pub(crate) use masked::{MaskedHead, MaskedSpec};
pub use spec::{ClsPooling, HeadSpec, Kind, Output, Provenance, Task, is_head_name};
pub(crate) use spec::{DOCUMENT_PLACES, PAIR_PLACES};
pub(crate) use transform::Transform;
pub(crate) use vectors::{Activation, Layer, Pool, StatePooling, Step, VectorSpec, Vectors};
pub(crate) use version::expect_known;
