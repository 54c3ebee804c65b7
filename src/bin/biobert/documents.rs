//! Documents from files or standard input: one per line, per file, per JSON line, or as a format has them.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use biobert::data::{self, Format, Losses, Origin, Seen, StreamOptions};
use biobert::document::Document;
use biobert::{Error, OffsetUnit};
use serde::Deserialize;
use serde_json::Value;

use crate::failure::{Failure, Result, complain, json_reason};
use crate::files;
use crate::input::{Counted, hint};
use crate::written::{id_text, tell};

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
    /// What the format of a file says.
    Read(Format),
}

/// A document as it was read.
pub struct Original {
    /// What the file calls it; else the name of the file, of one that holds many with the line.
    pub id: Option<Value>,
    pub bytes: Vec<u8>,
    /// What the file says of it; its text is in `bytes`.
    pub given: Document,
    /// Why it cannot be read, if it cannot.
    pub wrong: Option<Error>,
}

impl Original {
    fn new(id: Option<Value>, bytes: Vec<u8>) -> Original {
        Original { id, bytes, given: Document::default(), wrong: None }
    }

    fn wrong(id: Option<Value>, error: Error) -> Original {
        Original { wrong: Some(error), ..Original::new(id, Vec::new()) }
    }
}

/// Reads documents in groups, file after file.
pub struct Documents {
    /// Documents that are here already; they come first.
    given: std::vec::IntoIter<String>,
    files: std::vec::IntoIter<Named>,
    unit: OffsetUnit,
    current: Option<Current>,
    form: Form,
    /// Tried already: a document that was too large for the group before, or why there is none.
    next: Option<Result<Original>>,
    /// Length of all files in bytes, where it is known beforehand.
    pub length: Option<u64>,
    /// Bytes of the files before the current one.
    before: u64,
    /// Ids so far, and how often one was there again.
    ids: Seen,
    again: usize,
    /// What the files say of their documents that was passed over.
    pub passed_over: Losses,
}

/// A file that was named.
struct Named {
    path: PathBuf,
    /// What its documents are called where it does not say it.
    title: Option<String>,
    /// Why it cannot be read, if that is known.
    wrong: Option<Error>,
}

struct Current {
    documents: Reader,
    /// Whether there was one.
    any: bool,
    /// The path, for messages.
    name: String,
    /// What documents are called that have no id of their own.
    title: Option<String>,
    /// Lines read so far; of a whole file, the file.
    lines: usize,
    /// Bytes read so far.
    read: Rc<Cell<u64>>,
}

enum Reader {
    /// The library's, of a format.
    Format(Box<dyn Iterator<Item = biobert::Result<Document>>>),
    /// Ours.
    Plain(Counted, Form),
}

impl Documents {
    /// Checks the files; `-` is standard input. Offsets in them count `unit`s, where their format leaves it open. One
    /// of several that cannot be read becomes a document with an error.
    pub fn open(paths: &[PathBuf], form: Form, unit: OffsetUnit) -> Result<Documents> {
        let mut length = Some(0);
        let directories = matches!(form, Form::Read(format) if format.is_directory());
        let mut files = titled(paths);
        for file in &mut files {
            let known = match &file.path {
                path if files::is_stdin(path) => Ok(None),
                path if directories => {
                    let found = std::fs::metadata(path);
                    found.map(|_| None).map_err(|reason| files::error(path, reason))
                }
                path => files::length(path),
            };
            match known {
                Ok(known) => length = length.zip(known).map(|(sum, length)| sum + length),
                Err(error) => file.wrong = Some(error),
            }
        }
        if let Some(error) = files.first().and_then(|first| first.wrong.clone())
            && files.iter().all(|file| file.wrong.is_some())
        {
            return Err(error.into());
        }
        Ok(Documents { files: files.into_iter(), length, ..Documents::new(form, unit) })
    }

    fn new(form: Form, unit: OffsetUnit) -> Documents {
        Documents {
            given: Vec::new().into_iter(),
            files: Vec::new().into_iter(),
            unit,
            current: None,
            form,
            next: None,
            length: None,
            before: 0,
            ids: Seen::default(),
            again: 0,
            passed_over: Losses::new(),
        }
    }

    /// Texts that are documents, without a file.
    pub fn given(texts: Vec<String>) -> Documents {
        let new = Documents::new(Form::Whole, OffsetUnit::Utf8Bytes);
        Documents { given: texts.into_iter(), ..new }
    }

    /// Says how many documents have the id of another.
    pub fn tell_ids(&self) {
        if self.again > 0 {
            complain(&format!("{} document(s) with an id that another has", self.again));
        }
    }

    /// Says what was passed over of directories, where there may be documents that somebody misses.
    pub fn tell_directories(&self) {
        if matches!(self.form, Form::Read(format) if format.is_directory()) {
            tell(&self.passed_over, "passed over");
        }
    }

    /// Bytes read so far.
    pub fn read(&self) -> u64 {
        self.before + self.current.as_ref().map_or(0, |current| current.read.get())
    }

    /// All documents there are, or why one cannot be read.
    pub fn all(mut self) -> Result<Vec<biobert::Result<Vec<u8>>>> {
        let mut all = Vec::new();
        while let Some(Original { bytes, wrong, .. }) = self.next_document()? {
            all.push(wrong.map_or(Ok(bytes), Err));
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
            return Ok(Some(Original::new(None, text.into_bytes())));
        }
        loop {
            if self.current.is_none() {
                let Some(Named { path, title, wrong }) = self.files.next() else { return Ok(None) };
                let id = title.clone().map(Value::from);
                let open = || Current::open(&path, title, self.form, self.unit);
                match wrong.map_or_else(open, Err) {
                    Ok(current) => self.current = Some(current),
                    Err(error) => return Ok(Some(Original::wrong(id, error))),
                }
            }
            let Some(current) = &mut self.current else { return Ok(None) };
            let document = current.next_document().map_err(|reason| {
                let Current { name, .. } = current;
                Failure::Message(format!("{name}: {reason}"))
            })?;
            match document {
                Some(document) => {
                    current.any = true;
                    // A sentence has the id of its document, a line one that we made.
                    if let Some(id) = document.id.as_ref()
                        && !matches!(self.form, Form::Line | Form::Read(Format::Words))
                    {
                        self.again += usize::from(!self.ids.add(id_text(id)));
                    }
                    for (what, count) in &document.given.passed_over {
                        *self.passed_over.entry(what).or_default() += count;
                    }
                    return Ok(Some(document));
                }
                None => {
                    if !current.any && matches!(self.form, Form::Read(_) | Form::Json) {
                        complain(&format!("{} holds no document", current.name));
                    }
                    self.before += current.read.get();
                    self.current = None;
                }
            }
        }
    }
}

impl Current {
    fn open(
        path: &Path,
        title: Option<String>,
        form: Form,
        unit: OffsetUnit,
    ) -> biobert::Result<Current> {
        let read = Rc::new(Cell::new(0));
        let name = files::title(path);
        let current = |documents| Current {
            documents,
            any: false,
            name,
            title,
            lines: 0,
            read: read.clone(),
        };
        let file = path.file_name().map_or("standard input".into(), |name| name.to_string_lossy());
        let format = match form {
            Form::Read(format) if format.is_directory() => {
                let origin = Origin::Directory(path.into());
                return Ok(current(Reader::Format(read_format(&file, format, origin, unit)?)));
            }
            Form::Read(format) => Some(format),
            _ => None,
        };
        let input: Box<dyn BufRead> = match files::is_stdin(path) {
            true => Box::new(io::stdin().lock()),
            false => {
                let file = File::open(path).map_err(|reason| files::error(path, reason))?;
                Box::new(BufReader::new(file))
            }
        };
        let mut input = Counted { input, read: read.clone() };
        if let Some(format) = format {
            let origin = Origin::Stream(Box::new(input));
            return Ok(current(Reader::Format(read_format(&file, format, origin, unit)?)));
        }
        let json_lines = path.extension().is_some_and(|name| name.eq_ignore_ascii_case("jsonl"));
        if matches!(form, Form::Line) || matches!(form, Form::Named) && !json_lines {
            hint(path, &mut input);
        }
        let form = match form {
            Form::Named if json_lines => Form::Json,
            Form::Named => Form::Whole,
            form => form,
        };
        Ok(current(Reader::Plain(input, form)))
    }

    /// The next document, or why nothing more can be read.
    fn next_document(&mut self) -> std::result::Result<Option<Original>, String> {
        let (reader, form) = match &mut self.documents {
            Reader::Format(documents) => {
                return match documents.next() {
                    Some(Ok(document)) => Ok(Some(given(document, self.title.as_deref()))),
                    // The file's name is told already.
                    Some(Err(Error::Io { reason, .. })) => Err(reason),
                    Some(Err(error)) => Ok(Some(Original::wrong(None, error))),
                    None => Ok(None),
                };
            }
            Reader::Plain(reader, form) => (reader, *form),
        };
        let told = |error: io::Error| error.to_string();
        let title = self.title.as_deref();
        match form {
            Form::Json => loop {
                let Some(line) = line(reader).map_err(told)? else { return Ok(None) };
                self.lines += 1;
                if !line.trim_ascii().is_empty() {
                    return Ok(Some(object(&line, title, self.lines)));
                }
            },
            Form::Line => {
                let line = line(reader).map_err(told)?;
                self.lines += 1;
                Ok(line.map(|line| Original::new(numbered(title, self.lines), line)))
            }
            // A whole file is a document even if it is empty, but only once.
            _ if self.lines > 0 => Ok(None),
            _ => {
                let mut bytes = Vec::new();
                reader.read_to_end(&mut bytes).map_err(told)?;
                self.lines = 1;
                Ok(Some(Original::new(title.map(Value::from), bytes)))
            }
        }
    }
}

fn read_format(
    file: &str,
    format: Format,
    origin: Origin<'static>,
    unit: OffsetUnit,
) -> biobert::Result<Box<dyn Iterator<Item = biobert::Result<Document>>>> {
    // The documents are read for as long as the tool runs, from few files.
    let file: &'static str = String::from(file).leak();
    data::stream(file, format, origin, StreamOptions { unit })
}

/// A document that a format gives.
fn given(mut document: Document, title: Option<&str>) -> Original {
    let id = document.id.clone().map(Value::from).or_else(|| numbered(title, document.line));
    let bytes = std::mem::take(&mut document.text).into_bytes();
    Original { given: document, ..Original::new(id, bytes) }
}

/// The document of a JSON object.
fn object(line: &[u8], title: Option<&str>, number: usize) -> Original {
    #[derive(Deserialize)]
    struct Object {
        id: Option<Value>,
        text: String,
    }
    let name = numbered(title, number);
    let wrong = |reason: String| {
        let reason = format!("line {number}: {reason}");
        let error = match title {
            Some(title) => Error::Model { file: title.into(), reason },
            None => Error::Argument(reason),
        };
        Original::wrong(numbered(title, number), error)
    };
    match serde_json::from_slice(line) {
        Ok(Object { id, .. }) if !id.as_ref().is_none_or(is_exact) => {
            wrong("its `id` is a number with a point or of too many digits: make it a text".into())
        }
        Ok(Object { id, text }) => Original::new(id.or(name), text.into_bytes()),
        Err(error) => wrong(json_reason(&error)),
    }
}

/// Whether a value is what the file says: other numbers were rounded, so that two ids might become one.
fn is_exact(id: &Value) -> bool {
    match id {
        Value::Number(number) => !number.is_f64(),
        Value::Array(list) => list.iter().all(is_exact),
        Value::Object(fields) => fields.values().all(is_exact),
        _ => true,
    }
}

/// What a document is called that stands on a line of a file.
fn numbered(title: Option<&str>, line: usize) -> Option<Value> {
    title.map(|title| Value::from(format!("{title}:{line}")))
}

/// The next line, without what ends it.
fn line(reader: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    for end in [b'\n', b'\r'] {
        line.pop_if(|last| *last == end);
    }
    Ok(Some(line))
}

/// The files with their names; with their paths, if two have one name. Standard input has none.
fn titled(paths: &[PathBuf]) -> Vec<Named> {
    let names: BTreeSet<_> = paths.iter().filter_map(|path| path.file_name()).collect();
    let one_each = names.len() == paths.len();
    let title = |path: &PathBuf| {
        let name = path.file_name().filter(|_| one_each).unwrap_or(path.as_os_str());
        (!files::is_stdin(path)).then(|| name.to_string_lossy().into_owned())
    };
    paths.iter().map(|path| Named { path: path.clone(), title: title(path), wrong: None }).collect()
}
