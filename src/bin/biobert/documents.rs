//! Documents from a file or standard input: one per line, or the whole.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::failure::{Failure, Result};

/// How many documents, and about how many bytes, are worked on between two signs of progress.
const GROUP: usize = 64;
const GROUP_BYTES: usize = 256 * 1024;

/// Reads documents in groups.
pub struct Documents {
    reader: Box<dyn BufRead>,
    whole: bool,
    name: String,
    /// Read already, and too large for the group before.
    next: Option<Vec<u8>>,
    /// Length in bytes, where it is known beforehand.
    pub length: Option<u64>,
    /// Bytes read so far.
    pub read: u64,
}

impl Documents {
    /// Opens a file; `-` is standard input.
    pub fn open(path: &Path, whole: bool) -> Result<Documents> {
        let name = path.display().to_string();
        if name == "-" {
            let reader = Box::new(io::stdin().lock());
            return Ok(Documents {
                reader,
                whole,
                name: "standard input".into(),
                next: None,
                length: None,
                read: 0,
            });
        }
        let file = File::open(path).map_err(|error| Failure::file(path, error))?;
        let metadata = file.metadata().map_err(|error| Failure::file(path, error))?;
        if metadata.is_dir() {
            return Err(Failure::file(path, "this is a directory; give a text file"));
        }
        let length = metadata.is_file().then_some(metadata.len());
        Ok(Documents {
            reader: Box::new(BufReader::new(file)),
            whole,
            name,
            next: None,
            length,
            read: 0,
        })
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
        let mut document = Vec::new();
        let read = if self.whole {
            // A whole file is a document even if it is empty, but only once.
            let first = self.read == 0;
            let count = self.reader.read_to_end(&mut document);
            count.map(|count| if first { count.max(1) } else { count })
        } else {
            self.reader.read_until(b'\n', &mut document)
        };
        let count = read.map_err(|error| Failure::Message(format!("{}: {error}", self.name)))?;
        self.read += count as u64;
        if count == 0 {
            return Ok(None);
        }
        if !self.whole {
            if document.last() == Some(&b'\n') {
                document.pop();
            }
            if document.last() == Some(&b'\r') {
                document.pop();
            }
        }
        Ok(Some(document))
    }
}
