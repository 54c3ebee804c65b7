//! Where a training keeps what it computes on the way, so that one that was killed goes on.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

const FEATURES: &str = "features.f16";
/// Holds the fingerprint of what `FEATURES` was made from, once it is whole.
const WHOLE: &str = "features.sha256";
const LOCK: &str = "lock";

/// The working directory of a training, or none.
pub(super) struct Work {
    directory: Option<PathBuf>,
    /// Nobody else trains here while it is open.
    _lock: Option<File>,
}

impl Work {
    /// Takes a directory, which is made if need be.
    pub(super) fn open(directory: Option<&Path>) -> Result<Work> {
        let Some(directory) = directory else { return Ok(Work { directory: None, _lock: None }) };
        let io = |error: std::io::Error| Error::io(directory, &error);
        std::fs::create_dir_all(directory).map_err(io)?;
        let lock = OpenOptions::new().create(true).append(true).open(directory.join(LOCK));
        let lock = lock.map_err(io)?;
        match lock.try_lock() {
            Ok(()) => Ok(Work { directory: Some(directory.into()), _lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => Err(Error::Busy),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }

    /// The file for the features, and whether they are whole and of this fingerprint.
    pub(super) fn features(&self, fingerprint: &str) -> Result<(File, bool)> {
        let Some(directory) = &self.directory else {
            let file = tempfile::tempfile();
            return Ok((file.map_err(|error| Error::io(Path::new(FEATURES), &error))?, false));
        };
        let io = |error: std::io::Error| Error::io(directory, &error);
        let made_of = std::fs::read_to_string(directory.join(WHOLE)).unwrap_or_default();
        let whole = made_of == fingerprint;
        if !whole {
            remove(&directory.join(WHOLE)).map_err(io)?;
        }
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false);
        Ok((file.open(directory.join(FEATURES)).map_err(io)?, whole))
    }

    /// Notes that the features are whole.
    pub(super) fn features_are_whole(&self, fingerprint: &str) -> Result<()> {
        let Some(directory) = &self.directory else { return Ok(()) };
        write(directory, WHOLE, fingerprint.as_bytes())
    }

    /// Whether checkpoints are kept at all.
    pub(super) fn keeps(&self) -> bool {
        self.directory.is_some()
    }

    /// A checkpoint's bytes, if there is one.
    pub(super) fn checkpoint(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.directory.as_ref()?.join(name)).ok()
    }

    /// Replaces a checkpoint.
    pub(super) fn keep(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let Some(directory) = &self.directory else { return Ok(()) };
        write(directory, name, bytes)
    }

    /// Removes what was kept, when it is of no more use.
    pub(super) fn finish(self, checkpoints: &[&str]) -> Result<()> {
        let Some(directory) = &self.directory else { return Ok(()) };
        for name in checkpoints.iter().chain(&[FEATURES, WHOLE, LOCK]) {
            remove(&directory.join(name)).map_err(|error| Error::io(directory, &error))?;
        }
        // Somebody may keep other things there.
        let _ = std::fs::remove_dir(directory);
        Ok(())
    }
}

/// Writes a file that is there as a whole or not at all.
fn write(directory: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let io = |error: std::io::Error| Error::io(directory, &error);
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(io)?;
    file.write_all(bytes).map_err(io)?;
    file.persist(directory.join(name)).map_err(|error| io(error.error))?;
    Ok(())
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
