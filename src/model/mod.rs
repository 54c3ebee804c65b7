//! Models: files, engine and heads joined. Opens checkpoints and bundles, holds what is open, writes
//! bundles.

mod adapter;
mod bundle;
mod compare;
mod convert;
mod crf;
mod encoder;
mod handle;
mod head_file;
mod huggingface;
mod info;
mod labels;
mod masked;
mod onnx;
mod open;
mod probe;
mod purpose;
mod read;
mod sentence_transformers;
mod source;
mod unused;
mod weight_files;

pub use convert::{ConvertOptions, convert};
pub use handle::Model;
pub use head_file::HeadFile;
pub use info::{HeadInfo, Info, VectorInfo};
pub use probe::Verification;
pub use source::{Integrity, ModelFormat, OpenOptions, Origin};
