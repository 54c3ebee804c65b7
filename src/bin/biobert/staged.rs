//! Output that gets its name when it is finished: it is there whole or not at all.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Mutex;

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::failure::{Failure, Result};
use crate::files::expect_apart;

/// What has no name yet, for an end without a return.
static UNNAMED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Removes what has no name yet.
pub fn discard() {
    let Ok(mut unnamed) = UNNAMED.lock() else { return };
    let Some(path) = unnamed.take() else { return };
    let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
}

/// A file or a directory that gets its name at the end.
pub struct Staged {
    path: PathBuf,
    place: Place,
}

enum Place {
    File { file: NamedTempFile, out: FileOut },
    Directory(TempDir),
}

/// Writes to a file that somebody else finishes.
#[derive(Clone)]
pub struct FileOut(Rc<RefCell<BufWriter<File>>>);

impl Write for FileOut {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    /// Nobody reads the file before it has its name.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Staged {
    /// A file; one that has the name already is replaced at the end, unless it is one of those that are read.
    pub fn file(path: &Path, inputs: &[PathBuf]) -> Result<Staged> {
        expect_apart(path, inputs)?;
        // Whoever writes to a link means what it leads to.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.into());
        match fs::metadata(&path) {
            Ok(old) if old.is_dir() => return Err(Failure::file(&path, "this is a directory")),
            Ok(old) if !old.is_file() => {
                let reason = "this is no file; without --out, output goes to standard output";
                return Err(Failure::file(&path, reason));
            }
            _ => {}
        }
        let mut builder = Builder::new();
        // What any new file gets: temporary ones would be the user's alone.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(above(&path)).map_err(|error| refused(&path, error))?;
        remember(file.path());
        // One that is replaced stays as closed as it was.
        if let Ok(old) = fs::metadata(&path) {
            let kept = file.as_file().set_permissions(old.permissions());
            kept.map_err(|error| refused(&path, error))?;
        }
        let own = file.as_file().try_clone().map_err(|error| Failure::file(&path, error))?;
        let out = FileOut(Rc::new(RefCell::new(BufWriter::new(own))));
        Ok(Staged { path, place: Place::File { file, out } })
    }

    /// A directory; one that has the name already must be empty.
    pub fn directory(path: &Path) -> Result<Staged> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.into());
        match fs::read_dir(&path).map(|mut entries| entries.next().is_none()) {
            Ok(false) => return Err(Failure::file(&path, "this directory is not empty")),
            Err(_) if path.exists() => {
                return Err(Failure::file(&path, "this is a file; give a directory"));
            }
            _ => {}
        }
        let mut builder = Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let directory = builder.tempdir_in(above(&path)).map_err(|error| refused(&path, error))?;
        remember(directory.path());
        Ok(Staged { path, place: Place::Directory(directory) })
    }

    /// Where the file's bytes go.
    pub fn out(&self) -> Option<FileOut> {
        match &self.place {
            Place::File { out, .. } => Some(out.clone()),
            Place::Directory(_) => None,
        }
    }

    /// Where the directory is for now.
    pub fn room(&self) -> Option<&Path> {
        match &self.place {
            Place::File { .. } => None,
            Place::Directory(directory) => Some(directory.path()),
        }
    }

    /// Gives it its name, after everything is on the disk.
    pub fn finish(self) -> Result<()> {
        let Staged { path, place } = self;
        let named = match place {
            Place::File { file, out } => out
                .0
                .borrow_mut()
                .flush()
                .and_then(|()| file.as_file().sync_all())
                .and_then(|()| file.persist(&path).map_err(|error| error.error).map(drop)),
            Place::Directory(directory) => synced(directory.path())
                // An empty directory gives way.
                .and_then(|()| fs::rename(directory.path(), &path))
                .map(|()| drop(directory.keep())),
        };
        if let Ok(mut unnamed) = UNNAMED.lock() {
            *unnamed = None;
        }
        named.map_err(|error| Failure::file(&path, error))
    }
}

fn remember(path: &Path) {
    if let Ok(mut unnamed) = UNNAMED.lock() {
        *unnamed = Some(path.into());
    }
}

/// The directory that a path is in.
fn above(path: &Path) -> &Path {
    path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn refused(path: &Path, error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::NotFound => Failure::file(path, "its directory does not exist"),
        // The kind, not the error: its text has the temporary name.
        kind => Failure::file(path, kind),
    }
}

/// Brings a directory's files to the disk.
fn synced(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() { synced(&path)? } else { File::open(&path)?.sync_all()? }
    }
    Ok(())
}
