//! An ONNX file: read whole, with the data of all its tensors, and its weights as a state dict.

mod external;
mod file;
mod limits;
mod narrow;
mod signature;
mod tensor;
mod weights;
mod wire;

pub(crate) use file::read;
pub(crate) use signature::{Ending, Fixed, before_ending, fixed, outputs};
pub(crate) use tensor::shown;
pub(crate) use weights::GraphWeights;
