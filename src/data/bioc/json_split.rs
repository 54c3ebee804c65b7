//! Cuts BioC's JSON into its documents, by brackets and strings alone, so that no more than one of them is
//! held. A document is an object in a list `documents` (`PubTator3` in what PubTator gives out), or one by
//! itself: a line each, or in a list.

use std::io::BufRead;

/// Objects and lists in each other at most, as many as the parser of the documents takes.
const DEPTH: usize = 120;
/// Bytes of a key that are compared.
const KEY: usize = 16;

/// Bytes that are looked at together.
const CHUNK: usize = 1 << 12;

/// A document's JSON.
pub(super) struct Piece {
    pub(super) json: Vec<u8>,
    /// The line where it starts.
    pub(super) line: usize,
}

/// Why there is no next document.
pub(super) enum Stop {
    Io(std::io::Error),
    /// In a line.
    Broken(usize, &'static str),
}

pub(super) struct Split<'a> {
    input: Box<dyn BufRead + 'a>,
    line: usize,
    /// The brackets that are open.
    open: Vec<u8>,
    /// How many are open within the list of documents, while it is.
    list: Option<usize>,
    held: Option<Held>,
    in_string: bool,
    escaped: bool,
    /// The string that is read or was, as far as keys go.
    word: Vec<u8>,
    /// Whether that is the key of what follows.
    is_key: bool,
    started: bool,
}

/// A document, or what may be one.
struct Held {
    piece: Piece,
    /// How many brackets are open around it.
    depth: usize,
    /// It stands in the list of documents.
    listed: bool,
}

impl<'a> Split<'a> {
    pub(super) fn new(input: Box<dyn BufRead + 'a>) -> Split<'a> {
        let (open, word) = (Vec::new(), Vec::new());
        let (in_string, escaped, is_key, started) = (false, false, false, false);
        let (list, held, line) = (None, None, 1);
        Split { input, line, open, list, held, in_string, escaped, word, is_key, started }
    }

    /// The next document.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, Stop> {
        loop {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Stop::Io(error)),
            };
            if bytes.is_empty() {
                let whole = self.open.is_empty() && !self.in_string;
                return if whole { Ok(None) } else { Err(self.broken("the JSON ends early")) };
            }
            // Taken out, since reading a byte needs the rest of `self`; a part, since a stream may have all
            // of its bytes there at once.
            let bytes = bytes[..bytes.len().min(CHUNK)].to_vec();
            let mut from = 0;
            if !std::mem::replace(&mut self.started, true) && bytes.starts_with(&[0xEF, 0xBB, 0xBF])
            {
                from = 3;
            }
            for (at, &byte) in bytes.iter().enumerate().skip(from) {
                if let Some(piece) = self.take(byte)? {
                    self.input.consume(at + 1);
                    return Ok(Some(piece));
                }
            }
            self.input.consume(bytes.len());
        }
    }

    fn broken(&self, reason: &'static str) -> Stop {
        Stop::Broken(self.line, reason)
    }

    /// Takes a byte, which may end a document.
    fn take(&mut self, byte: u8) -> Result<Option<Piece>, Stop> {
        self.line += usize::from(byte == b'\n');
        if byte == b'{' && !self.in_string {
            self.begin();
        }
        if let Some(held) = &mut self.held {
            held.piece.json.push(byte);
        }
        if self.in_string {
            self.within_string(byte);
            return Ok(None);
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.word.clear();
                self.is_key = false;
            }
            b':' => self.is_key = true,
            b'{' | b'[' => {
                if self.open.len() == DEPTH {
                    return Err(self.broken("too many lists or objects in each other"));
                }
                self.open.push(byte);
                if byte == b'[' && self.is_key {
                    self.begin_list();
                }
                self.is_key = false;
            }
            b'}' | b']' => {
                self.is_key = false;
                return self.end(byte);
            }
            b',' => self.is_key = false,
            byte if byte.is_ascii_whitespace() => {}
            _ if self.open.is_empty() || self.list == Some(self.open.len()) => {
                return Err(self.broken("not BioC's JSON"));
            }
            _ => {}
        }
        Ok(None)
    }

    fn within_string(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            _ => {}
        }
        if self.in_string && self.word.len() < KEY {
            self.word.push(byte);
        }
    }

    /// Holds an object that starts, if it is a document or may be one.
    fn begin(&mut self) {
        let listed = self.list == Some(self.open.len());
        let alone = self.list.is_none() && matches!(self.open[..], [] | [b'[']);
        if self.held.is_none() && (listed || alone) {
            let piece = Piece { json: Vec::new(), line: self.line };
            self.held = Some(Held { piece, depth: self.open.len(), listed });
        }
    }

    /// The list of documents makes the object around it a collection.
    fn begin_list(&mut self) {
        let around = self.held.as_ref().filter(|held| !held.listed);
        let own = around.is_some_and(|held| held.depth + 2 == self.open.len());
        if own && matches!(&self.word[..], b"documents" | b"PubTator3") {
            self.held = None;
            self.list = Some(self.open.len());
        }
    }

    /// Ends an object or a list, and perhaps a document with it.
    fn end(&mut self, byte: u8) -> Result<Option<Piece>, Stop> {
        let opened = self.open.pop();
        if opened != Some(if byte == b'}' { b'{' } else { b'[' }) {
            return Err(self.broken("not JSON"));
        }
        if self.list.is_some_and(|depth| self.open.len() < depth) {
            self.list = None;
        }
        let ends = self.held.as_ref().is_some_and(|held| held.depth == self.open.len());
        Ok(if ends { self.held.take().map(|held| held.piece) } else { None })
    }
}
