//! Files that the user names: which may be read, and whether two names are one file's.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use biobert::Error;

use crate::failure::{Failure, Result};

pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What a file is called in messages.
pub fn title(path: &Path) -> String {
    if is_stdin(path) { "standard input".into() } else { path.display().to_string() }
}

/// An error of a file that the user named: unlike the library's it has the whole path.
pub fn error(path: &Path, reason: impl ToString) -> Error {
    Error::Io { file: title(path), reason: reason.to_string() }
}

/// The length of a file that can be read; `None` of a pipe, which may be opened only once.
pub fn length(path: &Path) -> biobert::Result<Option<u64>> {
    let metadata = fs::metadata(path).map_err(|reason| error(path, reason))?;
    if metadata.is_dir() {
        let way = match has_brat(path) {
            true => "it seems to hold BRAT's files: --input-format brat reads them",
            false => "give a text file",
        };
        return Err(error(path, format!("this is a directory; {way}")));
    }
    if metadata.is_file() {
        File::open(path).map_err(|reason| error(path, reason))?;
        return Ok(Some(metadata.len()));
    }
    // Pipes end, and so do terminals; what a device gives need not.
    if !is_pipe(&metadata.file_type()) && !is_null(path) && !is_terminal(path) {
        return Err(error(path, "this is a device or a socket; give a text file"));
    }
    Ok(None)
}

/// All of a file, or of standard input.
pub fn read_text(path: &Path) -> Result<String> {
    if is_stdin(path) {
        let text = io::read_to_string(io::stdin().lock());
        return text.map_err(|reason| error(path, reason).into());
    }
    if path.is_dir() {
        let way = match has_brat(path) {
            true => {
                "it seems to hold BRAT's files: `biobert formats convert` makes one file of them"
            }
            false => "give a file",
        };
        return Err(error(path, format!("this is a directory; {way}")).into());
    }
    length(path)?;
    let mut text = String::new();
    let read = File::open(path).and_then(|mut file| file.read_to_string(&mut text));
    read.map_err(|reason| error(path, reason))?;
    Ok(text)
}

/// Refuses a file that cannot be written where it is to be, and one that would take the place of what is read: it is
/// said before the work.
pub fn expect_writable(out: &Path, inputs: &[PathBuf]) -> Result<()> {
    let directory = out.parent().filter(|parent| !parent.as_os_str().is_empty());
    if !directory.unwrap_or(Path::new(".")).is_dir() {
        return Err(Failure::file(out, "its directory does not exist"));
    }
    if out.is_dir() {
        return Err(Failure::file(out, "a directory"));
    }
    expect_apart(out, inputs)
}

/// Refuses an output that would take the place of what is read.
pub fn expect_apart<'a>(out: &Path, inputs: impl IntoIterator<Item = &'a PathBuf>) -> Result<()> {
    let is_read = |input: &PathBuf| {
        let above = out.parent().filter(|above| !above.as_os_str().is_empty());
        let within = input.is_dir() && same(above.unwrap_or(Path::new(".")), input);
        same(out, input) || (within && is_brat(out) && out.exists())
    };
    match inputs.into_iter().any(is_read) {
        true => Err(Failure::file(out, "one of the files that are read")),
        false => Ok(()),
    }
}

/// The files of a model or a head: those in its directory, or of a TensorFlow checkpoint those that are called after
/// its prefix.
pub fn within(path: &Path) -> Vec<PathBuf> {
    let entries = |directory: &Path| {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect::<Vec<_>>()
    };
    if path.is_dir() {
        // Vectors have folders of their own (`1_Pooling`), and bundles one for each head.
        let all = entries(path).into_iter();
        return all.flat_map(|own| if own.is_dir() { entries(&own) } else { vec![own] }).collect();
    }
    if path.is_file() {
        return vec![path.into()];
    }
    let prefix = path.file_name().filter(|_| path.with_added_extension("index").is_file());
    let Some(prefix) = prefix else { return Vec::new() };
    let named = |own: &PathBuf| {
        let name = own.file_name().map(|name| name.as_encoded_bytes());
        name.is_some_and(|name| name.starts_with(prefix.as_encoded_bytes()))
    };
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    entries(above.unwrap_or(Path::new("."))).into_iter().filter(named).collect()
}

/// Whether two paths lead to one file.
fn same(one: &Path, other: &Path) -> bool {
    let other = if is_stdin(other) { Path::new("/dev/stdin") } else { other };
    let (Ok(one_is), Ok(other_is)) = (fs::metadata(one), fs::metadata(other)) else { return false };
    is_same(&one_is, &other_is).unwrap_or_else(|| {
        match (one.canonicalize(), other.canonicalize()) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        }
    })
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> Option<bool> {
    use std::os::unix::fs::MetadataExt;
    Some((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> Option<bool> {
    None
}

/// Whether a name is that of one of BRAT's two files.
fn is_brat(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "txt" || ending == "ann")
}

/// Whether annotations of BRAT's are in a directory.
fn has_brat(directory: &Path) -> bool {
    let mut entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.any(|entry| entry.path().extension().is_some_and(|ending| ending == "ann"))
}

#[cfg(unix)]
fn is_pipe(kind: &FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(kind)
}

#[cfg(not(unix))]
fn is_pipe(_: &FileType) -> bool {
    true
}

fn is_null(path: &Path) -> bool {
    path.canonicalize().is_ok_and(|path| path == Path::new("/dev/null"))
}

fn is_terminal(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| file.is_terminal())
}
