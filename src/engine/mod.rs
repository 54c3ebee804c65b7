//! What runs: threads and instruction set, weights in the form that the kernels read, and the encoder
//! as a tract plan, a BERT's on the fast path, any ONNX graph's on the general one. Opens no file and
//! knows no format.

mod ahead;
mod batch;
mod bert;
mod control;
#[cfg(feature = "cuda")]
mod cuda;
#[cfg(not(feature = "cuda"))]
#[path = "no_cuda.rs"]
mod cuda;
mod device;
mod encoder;
mod graph;
pub(crate) mod linear;
mod memory;
mod ops;
mod pass;
mod plan;
mod pool;
mod precision;
mod products;
pub(crate) mod quant;
mod rotary;
mod runtime;
mod shape;
mod sight;
mod states;
mod threads;
pub(crate) mod weights;
mod workers;

pub(crate) use batch::Batch;
pub use batch::TokenSequence;
pub(crate) use bert::Bert;
pub use control::Cancel;
pub(crate) use control::Control;
pub use device::{Device, RanOn};
pub(crate) use encoder::Encoder;
pub(crate) use graph::{Fixed, Graph, Outputs, is_input};
pub use precision::Precision;
pub(crate) use rotary::Rotary;
pub use runtime::{Engine, EngineOptions, LogSink};
pub(crate) use shape::Shape;
pub(crate) use sight::Sight;
pub(crate) use states::{States, Taken};
pub(crate) use threads::Threads;
