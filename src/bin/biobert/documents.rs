//! Documents from files or standard input: one per line, per file, or per JSON line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::{Failure, Result, json_reason};

/// How many documents, and about how many bytes, are worked on between two signs of progress.
const GROUP: usize = 64;
const GROUP_BYTES: usize = 256 * 1024;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A line of a file.
    Line,
    /// A file.
    Whole,
    /// A line of a file that is a JSON object with its text.
    Json,
    /// A file, but of one whose name ends in `.jsonl` a line that is a JSON object.
    Named,
}

/// A document as it was read.
pub struct Original {
    /// What the file calls it.
    pub id: Option<serde_json::Value>,
    pub bytes: Vec<u8>,
}

/// Reads documents in groups, file after file.
pub struct Documents {
    /// Documents that are here already; they come first.
    given: std::vec::IntoIter<String>,
    files: std::vec::IntoIter<PathBuf>,
    current: Option<Current>,
    form: Form,
    /// Tried already: a document that was too large for the group before, or why there is none.
    next: Option<Result<Original>>,
    /// Length of all files in bytes, where it is known beforehand.
    pub length: Option<u64>,
    /// Bytes of the files before the current one.
    before: u64,
}

struct Current {
    reader: Box<dyn BufRead>,
    name: String,
    form: Form,
    /// Lines read so far; of a whole file, the file.
    lines: usize,
    /// Bytes read so far.
    read: u64,
}

impl Documents {
    /// Checks the files; `-` is standard input.
    pub fn open(paths: &[PathBuf], form: Form) -> Result<Documents> {
        let mut length = Some(0);
        for path in paths {
            let known = if is_stdin(path) { None } else { file_length(path)? };
            length = length.zip(known).map(|(sum, length)| sum + length);
        }
        let files = Vec::from(paths).into_iter();
        let given = Vec::new().into_iter();
        Ok(Documents { given, files, current: None, form, next: None, length, before: 0 })
    }

    /// Texts that are documents, without a file.
    pub fn given(texts: Vec<String>) -> Documents {
        Documents {
            given: texts.into_iter(),
            files: Vec::new().into_iter(),
            current: None,
            form: Form::Whole,
            next: None,
            length: None,
            before: 0,
        }
    }

    /// Bytes read so far.
    pub fn read(&self) -> u64 {
        self.before + self.current.as_ref().map_or(0, |current| current.read)
    }

    /// All documents there are.
    pub fn all(mut self) -> Result<Vec<Vec<u8>>> {
        let mut all = Vec::new();
        while let Some(document) = self.next_document()? {
            all.push(document.bytes);
        }
        Ok(all)
    }

    /// The next documents; none at the end.
    pub fn next_group(&mut self) -> Result<Vec<Original>> {
        let mut group = Vec::new();
        let mut bytes = 0;
        while group.len() < GROUP && bytes < GROUP_BYTES {
            let document = match self.next_document() {
                Ok(Some(document)) => Ok(document),
                Ok(None) => break,
                Err(failure) => Err(failure),
            };
            let fits = match &document {
                Ok(document) => {
                    bytes += document.bytes.len();
                    bytes <= GROUP_BYTES
                }
                Err(_) => false,
            };
            // A large document goes alone: what is wrong with it hits no other. Nor does a file that
            // breaks off take those before with it.
            if !fits && !group.is_empty() {
                self.next = Some(document);
                break;
            }
            group.push(document?);
        }
        Ok(group)
    }

    fn next_document(&mut self) -> Result<Option<Original>> {
        if let Some(next) = self.next.take() {
            return next.map(Some);
        }
        if let Some(text) = self.given.next() {
            return Ok(Some(Original { id: None, bytes: text.into_bytes() }));
        }
        loop {
            if self.current.is_none() {
                let Some(path) = self.files.next() else { return Ok(None) };
                self.current = Some(Current::open(&path, self.form)?);
            }
            let Some(current) = &mut self.current else { return Ok(None) };
            let document = current.next_document().map_err(|reason| {
                let Current { name, .. } = current;
                Failure::Message(format!("{name}: {reason}"))
            })?;
            match document {
                Some(document) => return Ok(Some(document)),
                None => {
                    self.before += current.read;
                    self.current = None;
                }
            }
        }
    }
}

impl Current {
    fn open(path: &Path, form: Form) -> Result<Current> {
        let (reader, name): (Box<dyn BufRead>, _) = if is_stdin(path) {
            (Box::new(io::stdin().lock()), "standard input".into())
        } else {
            let file = File::open(path).map_err(|error| Failure::file(path, error))?;
            (Box::new(BufReader::new(file)), path.display().to_string())
        };
        let json_lines = path.extension().is_some_and(|name| name.eq_ignore_ascii_case("jsonl"));
        let form = match form {
            Form::Named if json_lines => Form::Json,
            Form::Named => Form::Whole,
            form => form,
        };
        Ok(Current { reader, name, form, lines: 0, read: 0 })
    }

    /// The next document, or why it cannot be read.
    fn next_document(&mut self) -> std::result::Result<Option<Original>, String> {
        let bytes = match self.form {
            Form::Line => self.line(),
            Form::Whole | Form::Named => self.whole(),
            Form::Json => return self.object(),
        };
        let bytes = bytes.map_err(|error| error.to_string())?;
        Ok(bytes.map(|bytes| Original { id: None, bytes }))
    }

    /// A whole file is a document even if it is empty, but only once.
    fn whole(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.lines > 0 {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        self.read += self.reader.read_to_end(&mut bytes)? as u64;
        self.lines = 1;
        Ok(Some(bytes))
    }

    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let length = self.reader.read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(None);
        }
        self.read += length as u64;
        self.lines += 1;
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(line))
    }

    /// The document of the next line that is not blank.
    fn object(&mut self) -> std::result::Result<Option<Original>, String> {
        #[derive(Deserialize)]
        struct Object {
            id: Option<serde_json::Value>,
            text: String,
        }
        while let Some(line) = self.line().map_err(|error| error.to_string())? {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let object = serde_json::from_slice(&line);
            let Object { id, text } =
                object.map_err(|error| format!("line {}: {}", self.lines, json_reason(&error)))?;
            return Ok(Some(Original { id, bytes: text.into_bytes() }));
        }
        Ok(None)
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
