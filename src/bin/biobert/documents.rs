//! Documents from files or standard input: one per line, or per file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// How many documents, and about how many bytes, are worked on between two signs of progress.
const GROUP: usize = 64;
const GROUP_BYTES: usize = 256 * 1024;

/// Reads documents in groups, file after file.
pub struct Documents {
    files: std::vec::IntoIter<PathBuf>,
    current: Option<Current>,
    whole: bool,
    /// Read already, and too large for the group before.
    next: Option<Vec<u8>>,
    /// Length of all files in bytes, where it is known beforehand.
    pub length: Option<u64>,
    /// Bytes read so far.
    pub read: u64,
}

struct Current {
    reader: Box<dyn BufRead>,
    name: String,
    /// Whether a whole file was given out already.
    done: bool,
}

impl Documents {
    /// Checks the files; `-` is standard input.
    pub fn open(paths: &[PathBuf], whole: bool) -> Result<Documents> {
        let mut length = Some(0);
        for path in paths {
            let known = if is_stdin(path) { None } else { file_length(path)? };
            length = length.zip(known).map(|(sum, length)| sum + length);
        }
        let files = Vec::from(paths).into_iter();
        Ok(Documents { files, current: None, whole, next: None, length, read: 0 })
    }

    /// All documents there are.
    pub fn all(mut self) -> Result<Vec<Vec<u8>>> {
        let mut all = Vec::new();
        while let Some(document) = self.next_document()? {
            all.push(document);
        }
        Ok(all)
    }

    /// The next documents; none at the end.
    pub fn next_group(&mut self) -> Result<Vec<Vec<u8>>> {
        let mut group = Vec::new();
        let mut bytes = 0;
        while group.len() < GROUP && bytes < GROUP_BYTES {
            match self.next_document()? {
                Some(document) => {
                    bytes += document.len();
                    if bytes > GROUP_BYTES && !group.is_empty() {
                        // A large document goes alone: what is wrong with it hits no other.
                        self.next = Some(document);
                        break;
                    }
                    group.push(document);
                }
                None => break,
            }
        }
        Ok(group)
    }

    fn next_document(&mut self) -> Result<Option<Vec<u8>>> {
        if self.next.is_some() {
            return Ok(self.next.take());
        }
        loop {
            if self.current.is_none() {
                let Some(path) = self.files.next() else { return Ok(None) };
                self.current = Some(Current::open(&path)?);
            }
            let Some(current) = &mut self.current else { return Ok(None) };
            let document = current.next_document(self.whole);
            let name = &current.name;
            let document =
                document.map_err(|error| Failure::Message(format!("{name}: {error}")))?;
            match document {
                Some(document) => {
                    self.read += document.len() as u64 + u64::from(!self.whole);
                    return Ok(Some(document));
                }
                None => self.current = None,
            }
        }
    }
}

impl Current {
    fn open(path: &Path) -> Result<Current> {
        if is_stdin(path) {
            let reader = Box::new(io::stdin().lock());
            return Ok(Current { reader, name: "standard input".into(), done: false });
        }
        let file = File::open(path).map_err(|error| Failure::file(path, error))?;
        let name = path.display().to_string();
        Ok(Current { reader: Box::new(BufReader::new(file)), name, done: false })
    }

    fn next_document(&mut self, whole: bool) -> io::Result<Option<Vec<u8>>> {
        let mut document = Vec::new();
        if whole {
            // A whole file is a document even if it is empty, but only once.
            if self.done {
                return Ok(None);
            }
            self.reader.read_to_end(&mut document)?;
            self.done = true;
            return Ok(Some(document));
        }
        if self.reader.read_until(b'\n', &mut document)? == 0 {
            return Ok(None);
        }
        if document.last() == Some(&b'\n') {
            document.pop();
        }
        if document.last() == Some(&b'\r') {
            document.pop();
        }
        Ok(Some(document))
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The length of a file that can be read; `None` of a pipe, which may be opened only once.
fn file_length(path: &Path) -> Result<Option<u64>> {
    let metadata = std::fs::metadata(path).map_err(|error| Failure::file(path, error))?;
    if metadata.is_dir() {
        return Err(Failure::file(path, "this is a directory; give a text file"));
    }
    if !metadata.is_file() {
        return Ok(None);
    }
    File::open(path).map_err(|error| Failure::file(path, error))?;
    Ok(Some(metadata.len()))
}
