//! Heads that are trained on the device, on a frozen encoder: data never leave the building.
//!
//! The encoder reads every sequence once; what it says of their words is kept in a file, and the
//! epochs read that.
//!
//! ```text
//! examples -> lesson (sequences, rows, what is right) -> features (f16, on disk) -> fit (net, loss, AdamW) -> judge -> head
//! ```

mod adamw;
mod calibrate;
mod checkpoint;
mod features;
mod fit;
mod judge;
mod lesson;
mod net;
mod options;
mod report;
mod run;
mod trainer;
mod work;

pub use options::{HeadKind, Preset, Progress, TrainOptions};
pub use report::{Calibration, Epoch, TrainReport, TrainedHead};
pub use run::train;
pub use trainer::{FileAdded, Split, Trainer};
