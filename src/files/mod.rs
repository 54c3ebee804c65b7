//! Bytes to named tensors and text: safetensors, pickles of PyTorch, ONNX graphs, configurations and
//! vocabularies. Knows no task and no engine.

pub(crate) mod adapter;
pub(crate) mod computation;
pub(crate) mod config;
pub(crate) mod graph_config;
pub(crate) mod onnx;
mod read;
pub(crate) mod safetensors;
pub(crate) mod shards;
pub(crate) mod tensorflow;
pub(crate) mod torch;
pub(crate) mod vocab;
pub(crate) mod write;

pub use read::Loading;
pub(crate) use read::{load, read_file, regular_length};
