//! XML read as a stream: elements by their paths, and memory that does not grow with the file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::lines::{LONGEST, open};
use crate::error::{Error, Result, base_name};

/// No element of a terminology is nested as deeply.
const DEEPEST: usize = 64;

/// What an element is when it ends, or that it starts.
pub(super) enum Element<'e> {
    /// It starts.
    Start,
    /// It ends; with the text that stands in it, not in its children.
    End(&'e str),
}

/// Walks through a file whose outermost element is one of some. `visit` gets the path of each element below
/// it, such as `DescriptorRecord/DescriptorUI`, and says what is wrong if it is.
///
/// # Errors
/// [`Error::Model`] with the line of what is no XML or wrong; those of `visit`.
pub(super) fn walk(
    path: &Path,
    roots: &[&str],
    mut visit: impl FnMut(&str, Element<'_>) -> Result<(), Wrong>,
) -> Result<()> {
    let file = base_name(path);
    let mut reader = Reader::from_reader(Bounded { inner: open(path)?, line: 1, event: 0 });
    let (mut buffer, mut open) = (Vec::new(), Open::default());
    loop {
        buffer.clear();
        reader.get_mut().event = 0;
        let event = reader.read_event_into(&mut buffer);
        let wrong = |line: u64, reason: &str| Error::model(&file, format!("line {line}: {reason}"));
        let done = match event {
            Ok(event) => open.take(&event, roots, &mut visit),
            Err(quick_xml::Error::Io(error)) if error.kind() != io::ErrorKind::InvalidData => {
                return Err(match error.kind() {
                    io::ErrorKind::FileTooLarge => {
                        wrong(reader.get_ref().line, &format!("longer than {LONGEST} bytes"))
                    }
                    _ => Error::io(path, &error),
                });
            }
            Err(quick_xml::Error::Io(_) | quick_xml::Error::Encoding(_)) => {
                return Err(wrong(reader.get_ref().line, "not UTF-8"));
            }
            // What it says may quote the file.
            Err(_) => return Err(wrong(reader.get_ref().line, "not XML")),
        };
        match done {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(Wrong::Here(reason)) => return Err(wrong(reader.get_ref().line, &reason)),
            Err(Wrong::Elsewhere(error)) => return Err(error),
        }
    }
}

/// What is wrong.
pub(super) enum Wrong {
    /// With this place of the file.
    Here(String),
    /// With something else.
    Elsewhere(Error),
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Wrong {
        Wrong::Elsewhere(error)
    }
}

impl From<&str> for Wrong {
    fn from(reason: &str) -> Wrong {
        Wrong::Here(reason.into())
    }
}

/// The elements that are open.
#[derive(Default)]
struct Open {
    /// Their names below the outermost, divided by `/`.
    path: String,
    /// How long the path was before each of them.
    lengths: Vec<usize>,
    /// The text since the last start.
    text: String,
    has_root: bool,
}

impl Open {
    /// Takes what comes next; whether it was the end of the file.
    fn take(
        &mut self,
        event: &Event<'_>,
        roots: &[&str],
        visit: &mut impl FnMut(&str, Element<'_>) -> Result<(), Wrong>,
    ) -> Result<bool, Wrong> {
        match event {
            Event::Decl(declaration) => {
                let other = |name: &str| !["utf-8", "us-ascii", "ascii"].contains(&name);
                let encoding = declaration.encoding().transpose();
                let encoding = encoding.map_err(|_| Wrong::from("not XML"))?;
                if encoding.is_some_and(|name| other(&name.to_ascii_lowercase())) {
                    return Err("an encoding other than UTF-8".into());
                }
            }
            Event::Start(start) => self.start(start.name().as_ref(), roots, visit)?,
            Event::Empty(empty) => {
                self.start(empty.name().as_ref(), roots, visit)?;
                self.end(visit)?;
            }
            Event::End(_) => self.end(visit)?,
            Event::Text(text) => self.text += &text.xml10_content(),
            Event::CData(text) => self.text += &text.xml10_content(),
            Event::GeneralRef(entity) => {
                let character = match entity.resolve_char_ref() {
                    Ok(Some(character)) => Some(character),
                    Ok(None) => predefined(&entity.xml10_content()),
                    Err(_) => None,
                };
                self.text.push(character.ok_or("an entity that is not known")?);
            }
            Event::Eof if !self.has_root => return Err("no XML".into()),
            Event::Eof if !self.lengths.is_empty() => return Err("the file ends early".into()),
            Event::Eof => return Ok(true),
            Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        if self.text.len() > LONGEST {
            return Err("a text of more than 1 MiB".into());
        }
        Ok(false)
    }

    fn start(
        &mut self,
        name: &str,
        roots: &[&str],
        visit: &mut impl FnMut(&str, Element<'_>) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        self.text.clear();
        if self.lengths.len() >= DEEPEST {
            return Err("elements in too many others".into());
        }
        if self.lengths.is_empty() {
            if self.has_root || !roots.contains(&name) {
                return Err(Wrong::Here(format!(
                    "the outermost element is not {}",
                    roots.join(" or ")
                )));
            }
            self.has_root = true;
            self.lengths.push(0);
            return Ok(());
        }
        self.lengths.push(self.path.len());
        if !self.path.is_empty() {
            self.path.push('/');
        }
        self.path += name;
        visit(&self.path, Element::Start)
    }

    fn end(
        &mut self,
        visit: &mut impl FnMut(&str, Element<'_>) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        let Some(length) = self.lengths.pop() else { return Err("not XML".into()) };
        if !self.lengths.is_empty() {
            visit(&self.path, Element::End(self.text.trim()))?;
        }
        self.path.truncate(length);
        self.text.clear();
        Ok(())
    }
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// A file that is read no further within one event than is sensible, with the line that was reached.
struct Bounded {
    inner: BufReader<File>,
    line: u64,
    /// Bytes of the event so far.
    event: usize,
}

impl Read for Bounded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let start = self.fill_buf()?;
        let count = start.len().min(out.len());
        out[..count].copy_from_slice(&start[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Bounded {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.event > LONGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        // What is buffered is there without reading.
        let passed = self.inner.buffer().get(..count).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.event += count;
        self.inner.consume(count);
    }
}
