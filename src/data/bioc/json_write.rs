//! Writes BioC's JSON, a document a line.

use std::io::Write;

use super::dissect;
use crate::data::unique::Unique;
use crate::data::write::{Losses, Writer, written};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::text::OffsetUnit;

const HEAD: &str =
    r#"{"source":"biobert","date":"","key":"","version":"1.0","infons":{},"documents":["#;
const TAIL: &str = "\n]}\n";

/// Writes documents one after the other.
pub(in crate::data) struct JsonWriter<'a> {
    out: Box<dyn Write + 'a>,
    unit: OffsetUnit,
    losses: Losses,
    /// Documents so far.
    count: usize,
    ids: Unique,
    begun: bool,
}

impl<'a> JsonWriter<'a> {
    pub(in crate::data) fn new(out: Box<dyn Write + 'a>, unit: OffsetUnit) -> JsonWriter<'a> {
        JsonWriter {
            out,
            unit,
            losses: Losses::new(),
            count: 0,
            ids: Unique::default(),
            begun: false,
        }
    }

    fn begin(&mut self) -> Result<bool> {
        let begun = std::mem::replace(&mut self.begun, true);
        if !begun {
            written(self.out.write_all(HEAD.as_bytes()))?;
        }
        Ok(begun)
    }
}

impl Writer for JsonWriter<'_> {
    fn document(&mut self, document: &Document) -> Result<()> {
        self.count += 1;
        let parts =
            dissect::parts(document, self.count, self.unit, &mut self.ids, &mut self.losses)?;
        let json =
            serde_json::to_string(&parts).map_err(|error| Error::Internal(error.to_string()))?;
        let between = if self.begin()? { ",\n" } else { "\n" };
        written(self.out.write_all(between.as_bytes()))?;
        written(self.out.write_all(json.as_bytes()))
    }

    fn finish(&mut self) -> Result<Losses> {
        self.begin()?;
        written(self.out.write_all(TAIL.as_bytes()))?;
        written(self.out.flush())?;
        Ok(std::mem::take(&mut self.losses))
    }
}
