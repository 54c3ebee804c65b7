//! Rows as documents.

use std::collections::VecDeque;
use std::io::{BufRead, Read};
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder};

use crate::data::facts::build::build;
use crate::data::facts::row::{Places, Row};
use crate::data::facts::{COLUMNS, Column, Fact};
use crate::data::seen::Seen;
use crate::data::stream::StreamOptions;
use crate::document::Document;
use crate::error::{Error, Result};

/// The documents of a table, one after the other.
pub(in crate::data) fn documents<'a>(
    file: &'a str,
    input: Box<dyn BufRead + 'a>,
    options: StreamOptions,
) -> impl Iterator<Item = Result<Document>> + 'a {
    let mut table = Table::new(file, input);
    let mut broken = false;
    std::iter::from_fn(move || {
        if broken {
            return None;
        }
        let rows = match table.next_rows() {
            Ok(rows) => rows?,
            Err(error) => {
                broken = true;
                return Some(Err(error));
            }
        };
        let read = table.home(&rows).and_then(|()| build(file, &rows, options.unit));
        broken = matches!(read, Err(Error::Io { .. }));
        Some(read)
    })
}

/// A table that is read.
struct Table<'a> {
    file: &'a str,
    input: csv::Reader<Balanced<Box<dyn BufRead + 'a>>>,
    /// Where each column stands; `None` before the header was read.
    columns: Option<Rc<Places>>,
    width: usize,
    /// The first row of the next document.
    next: Option<Row>,
    /// What documents were called that were read, and those of which a row came before their text.
    read: Seen,
    torn: Seen,
}

/// What a row calls its document.
#[derive(PartialEq, Eq, Hash)]
enum Name {
    Doc(Vec<u8>),
    Id(Vec<u8>),
}

impl<'a> Table<'a> {
    fn new(file: &'a str, input: Box<dyn BufRead + 'a>) -> Table<'a> {
        let input = Balanced { input, odd: false, read: 0, ends: VecDeque::new(), ended: 0 };
        let input = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
        let (read, torn) = (Seen::default(), Seen::default());
        Table { file, input, columns: None, width: 0, next: None, read, torn }
    }

    /// The rows of the next document.
    fn next_rows(&mut self) -> Result<Option<Vec<Row>>> {
        let Some(first) = self.next.take().map_or_else(|| self.row(), |row| Ok(Some(row)))? else {
            return Ok(None);
        };
        let mut rows = vec![first];
        while let Some(row) = self.row()? {
            if row.is(Fact::Document) {
                self.next = Some(row);
                break;
            }
            rows.push(row);
        }
        Ok(Some(rows))
    }

    /// Refuses the file at a row of a document that was given without it, and a document of which a row came before.
    fn home(&mut self, rows: &[Row]) -> Result<()> {
        let Some((first, rest)) = rows.split_first() else { return Ok(()) };
        let has_text = first.is(Fact::Document);
        let own = if has_text { names(first) } else { Vec::new() };
        let told = |line, reason: &str| Error::model(self.file, format!("line {line}: {reason}"));
        let torn = own.iter().any(|name| self.torn.has(name));
        for row in if has_text { rest } else { rows } {
            for name in names(row).into_iter().filter(|name| !own.contains(name)) {
                if self.read.has(&name) {
                    let reason = "a row of a document that ended before: sort the rows by `doc`";
                    let reason = format!("line {}: {reason}", row.line);
                    return Err(Error::Io { file: self.file.into(), reason });
                }
                self.torn.add(name);
            }
        }
        for name in own {
            self.read.add(name);
        }
        match torn {
            true => Err(told(first.line, "a document of which a row stands before its text")),
            false => Ok(()),
        }
    }

    fn row(&mut self) -> Result<Option<Row>> {
        let cells = match &self.columns {
            Some(columns) => columns.clone(),
            None => match self.header()? {
                Some(columns) => self.columns.insert(Rc::new(columns)).clone(),
                None => return Ok(None),
            },
        };
        let Some(record) = self.record()? else { return Ok(None) };
        let start = record.position().map_or(0, csv::Position::byte);
        let line = self.input.get_mut().line(start);
        let (own, width) = (record.len(), self.width);
        let wrong = (own != width).then(|| format!("{own} cells, and the header has {width}"));
        Ok(Some(Row { line, wrong, cells, record }))
    }

    fn header(&mut self) -> Result<Option<Places>> {
        let Some(header) = self.record()? else { return Ok(None) };
        self.width = header.len();
        let refuse = |reason: String| Err(Error::model(self.file, format!("its header {reason}")));
        let mut places: Places = [None; COLUMNS.len()];
        let mut unknown = None;
        for (at, own) in header.iter().enumerate() {
            let is = |name: &&str| own.trim_ascii().eq_ignore_ascii_case(name.as_bytes());
            match COLUMNS.iter().position(is) {
                Some(known) if places[known].is_some() => {
                    return refuse(format!("has the column `{}` twice", COLUMNS[known]));
                }
                Some(known) => places[known] = Some(at),
                None => unknown = unknown.or(Some((at, own))),
            }
        }
        for column in [Column::Doc, Column::Fact, Column::Text] {
            if places[column as usize].is_none() {
                return refuse(format!("has no column `{}`", COLUMNS[column as usize]));
            }
        }
        // What nobody reads would be lost without a word.
        match unknown {
            Some((at, own)) => refuse(format!("has a column that is not known: {}", told(at, own))),
            None => Ok(Some(places)),
        }
    }

    fn record(&mut self) -> Result<Option<ByteRecord>> {
        let mut record = ByteRecord::new();
        match self.input.read_byte_record(&mut record) {
            Ok(true) => Ok(Some(record)),
            // The last cell would end where the file does, whatever it lacks.
            Ok(false) if self.input.get_ref().odd => {
                Err(Error::model(self.file, "a cell's quotation marks do not end"))
            }
            Ok(false) => Ok(None),
            Err(error) => {
                let reason = match error.into_kind() {
                    csv::ErrorKind::Io(error) => error.kind().to_string(),
                    _ => "not a table".into(),
                };
                Err(Error::Io { file: self.file.into(), reason })
            }
        }
    }
}

/// What a row calls its document, by number and by id.
fn names(row: &Row) -> Vec<Name> {
    let cell = |column| row.bytes(column).map(<[u8]>::to_vec);
    let doc = Name::Doc(cell(Column::Doc).unwrap_or_default());
    std::iter::once(doc).chain(cell(Column::Id).map(Name::Id)).collect()
}

/// A column by its name, if that is one, else by its number.
fn told(at: usize, name: &[u8]) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_- ".contains(byte);
    match str::from_utf8(name) {
        Ok(text) if (1..=40).contains(&name.len()) && name.iter().all(plain) => format!("`{text}`"),
        _ => format!("number {}", at + 1),
    }
}

/// A reader that counts quotation marks, whose number is even in a whole table, and lines.
struct Balanced<R> {
    input: R,
    odd: bool,
    /// Bytes read so far.
    read: u64,
    /// Where lines end that were read and not asked for yet.
    ends: VecDeque<u64>,
    /// Lines before those.
    ended: usize,
}

impl<R> Balanced<R> {
    /// The line of a row. csv would count one too few after each `\r\n`, of which it leaves the second half to
    /// the row that follows.
    fn line(&mut self, start: u64) -> usize {
        while self.ends.pop_front_if(|end| *end <= start).is_some() {
            self.ended += 1;
        }
        self.ended + 1
    }
}

impl<R: Read> Read for Balanced<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.input.read(buffer)?;
        for (at, byte) in buffer[..count].iter().enumerate() {
            self.odd ^= *byte == b'"';
            if *byte == b'\n' {
                self.ends.push_back(self.read + at as u64);
            }
        }
        self.read += count as u64;
        Ok(count)
    }
}
