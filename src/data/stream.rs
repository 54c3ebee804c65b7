//! Documents one after the other, so that memory does not grow with the file. Of a document that cannot be
//! read the error is told, and those after it follow.

use std::io::BufRead;
use std::path::PathBuf;

use crate::text::OffsetUnit;

/// Where documents are read from.
pub enum Origin<'a> {
    /// One after the other.
    Stream(Box<dyn BufRead + 'a>),
    /// Files of their own.
    Directory(PathBuf),
}

/// How documents are read.
#[derive(Debug, Clone, Copy)]
pub struct StreamOptions {
    /// What offsets count, where the format leaves it open.
    pub unit: OffsetUnit,
}
