//! What stands for the GPU in a build without the feature `cuda`: there is none, and no way to one.

use crate::engine::batch::Batch;
use crate::engine::control::Control;
use crate::engine::states::Taken;
use crate::engine::weights::EncoderWeights;
use crate::error::{Error, Result};

/// Never.
#[derive(Debug)]
pub(crate) enum Card {}

impl Card {
    pub(crate) fn open(_number: usize) -> Result<Card> {
        let reason = "this build of the library has no GPU support (feature cuda)";
        Err(Error::Unsupported(reason.into()))
    }

    pub(crate) fn name(&self) -> &str {
        match *self {}
    }
}

/// Never.
#[derive(Debug)]
pub(crate) enum Encoder {}

impl Encoder {
    pub(crate) fn new(card: &Card, _weights: &EncoderWeights) -> Result<Encoder> {
        match *card {}
    }

    pub(crate) fn run(
        &self,
        _taken: Taken,
        _batch: &Batch,
        _control: &Control,
    ) -> Result<Vec<Vec<f32>>> {
        match *self {}
    }
}
