//! What stands for `train` in a library that is built without it: the same names for the C
//! interface, and a trainer that nobody can make.

use std::ops::{ControlFlow, Range};
use std::path::Path;

use crate::data::Format;
use crate::engine::Cancel;
use crate::error::{Error, Result};
use crate::eval::{AssertedMark, Mark};
use crate::heads::Task;
use crate::model::{HeadFile, Model};
use crate::text::{Input, OffsetUnit};

#[path = "train/options.rs"]
mod options;

pub use options::{HeadKind, Preset, Progress, TrainOptions};

/// Why nothing here works.
pub(crate) fn absent() -> Error {
    Error::Unsupported("this library was built without training (the feature `train`)".into())
}

pub enum Split {
    Train,
    Dev,
    Test,
}

pub struct TrainedHead {
    pub head: HeadFile,
    pub report: (),
}

/// There is none.
pub enum Trainer {}

impl Trainer {
    pub fn new(
        _: &Model,
        _: Task,
        _: OffsetUnit,
        _: Option<String>,
        _: TrainOptions,
    ) -> Result<Trainer> {
        Err(absent())
    }

    pub fn add_ner(&mut self, _: Split, _: Input<'_>, _: &[Mark<'_>]) -> Result<()> {
        match *self {}
    }

    pub fn add_assertion(&mut self, _: Split, _: Input<'_>, _: &[AssertedMark<'_>]) -> Result<()> {
        match *self {}
    }

    pub fn add_re(&mut self, _: Split, _: Input<'_>, _: [Range<usize>; 2], _: &str) -> Result<()> {
        match *self {}
    }

    pub fn add_class(
        &mut self,
        _: Split,
        _: Input<'_>,
        _: Option<Input<'_>>,
        _: &str,
    ) -> Result<()> {
        match *self {}
    }

    pub fn add_qa(
        &mut self,
        _: Split,
        _: Input<'_>,
        _: Input<'_>,
        _: Option<Range<usize>>,
    ) -> Result<()> {
        match *self {}
    }

    pub fn add_file(&mut self, _: Split, _: &Path, _: Option<Format>) -> Result<()> {
        match *self {}
    }

    pub fn fit(
        &mut self,
        _: &Cancel,
        _: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<&TrainedHead> {
        match *self {}
    }

    pub fn trained(&self) -> Result<&TrainedHead> {
        match *self {}
    }

    pub fn eval(&self, _: &Cancel) -> Result<()> {
        match *self {}
    }
}
