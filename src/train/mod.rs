//! Heads that are trained on the device, on a frozen encoder: data never leave the building.
//!
//! The encoder reads every sequence once; what it says of their words is kept in a file, and the
//! epochs read that.

mod adamw;
mod annotated;
mod features;
mod fit;
mod ner;
mod net;

pub use annotated::{Annotated, parse_jsonl};
pub use fit::{Epoch, Preset, Progress, TrainOptions};
pub use ner::{TrainReport, TrainedHead, train_ner};

use crate::error::Error;

/// A failure of the autograd is a defect of ours: its operations fit together or they do not.
fn defect(error: candle_core::Error) -> Error {
    let _ = error;
    Error::Internal("training".into())
}
