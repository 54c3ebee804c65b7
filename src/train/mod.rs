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
mod example;
mod features;
mod fit;
mod judge;
mod lesson;
mod net;
mod options;
mod parse;
mod report;
mod run;
mod trainer;
mod work;

pub use example::{Annotated, Answered, Example, Labelled, Mark, Pair};
pub use options::{HeadKind, Preset, Progress, TrainOptions};
pub use parse::{DataOptions, masks, parse};
pub use report::{
    AnswerScore, Calibration, Confusion, Epoch, Evaluation, LabelScore, Score, TrainReport,
    TrainedHead,
};
pub use run::{evaluate, train};
pub use trainer::{Split, Trainer};
