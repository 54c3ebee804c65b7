//! Rows as documents.

use std::collections::VecDeque;
use std::io::{BufRead, Read};
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder};

use crate::data::facts::build::build;
use crate::data::facts::row::{Places, Row};
use crate::data::facts::{COLUMNS, Fact};
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
        match table.next_rows() {
            Ok(rows) => rows.map(|rows| build(file, &rows, options.unit)),
            Err(error) => {
                broken = true;
                Some(Err(error))
            }
        }
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
}

impl<'a> Table<'a> {
    fn new(file: &'a str, input: Box<dyn BufRead + 'a>) -> Table<'a> {
        let input = Balanced { input, odd: false, read: 0, ends: VecDeque::new(), ended: 0 };
        let input = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
        Table { file, input, columns: None, width: 0, next: None }
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
        let at = |name: &str| header.iter().position(|own| own == name.as_bytes());
        for name in ["doc", "fact", "text"] {
            if at(name).is_none() {
                return Err(Error::model(self.file, format!("its header has no column `{name}`")));
            }
        }
        Ok(Some(std::array::from_fn(|index| at(COLUMNS[index]))))
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
