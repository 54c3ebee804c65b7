//! Files of a model, and how they come into memory.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::bytes::Bytes;
use crate::error::{Error, Result, base_name};

/// Whether a model's files are mapped into memory or copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Loading {
    /// Map them: processes share the pages. Who overwrites a mapped file in place kills the host
    /// with SIGBUS; replace models by renaming directories.
    #[default]
    Map,
    /// Read them into memory: safe whatever happens to the files afterwards.
    Copy,
}

/// How a file begins that stands for one in a large-file store of git.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// Refuses a file that only stands for another.
fn expect_content(path: &Path, bytes: &[u8]) -> Result<()> {
    if bytes.starts_with(POINTER) {
        let reason = "a pointer of Git LFS, not the file itself: fetch that with `git lfs pull`";
        return Err(Error::model(base_name(path), reason));
    }
    Ok(())
}

/// The bytes of a file.
pub(crate) fn load(path: &Path, loading: Loading) -> Result<Bytes> {
    let io = |error: std::io::Error| Error::io(path, &error);
    let length = regular_length(path)?;
    let mut file = File::open(path).map_err(io)?;
    if loading == Loading::Copy {
        let length = usize::try_from(length).map_err(|_| io(ErrorKind::OutOfMemory.into()))?;
        let bytes = Bytes::private(length, |bytes| file.read_exact(bytes)).map_err(io)?;
        expect_content(path, &bytes)?;
        return Ok(bytes);
    }
    if length == 0 {
        return Ok(Bytes::default());
    }
    let bytes = Bytes::map(&file).map_err(io)?;
    expect_content(path, &bytes)?;
    Ok(bytes)
}

/// The length of a file of a model; what is no regular file (a pipe or a device may have no end) is
/// refused.
pub(crate) fn regular_length(path: &Path) -> Result<u64> {
    let metadata = std::fs::metadata(path).map_err(|error| Error::io(path, &error))?;
    if !metadata.is_file() {
        return Err(Error::corrupt(base_name(path), "not a regular file"));
    }
    Ok(metadata.len())
}

/// A whole file of a model.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    regular_length(path)?;
    let bytes = std::fs::read(path).map_err(|error| Error::io(path, &error))?;
    expect_content(path, &bytes)?;
    Ok(bytes)
}
