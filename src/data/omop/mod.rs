//! OMOP's table NOTE_NLP (CDM 5.4): a row an entity, comma-separated, with the column names first.

mod modifiers;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::ops::Range;

use crate::data::losses::{lose, lose_all_but_entities};
use crate::data::seen::Seen;
use crate::data::sound;
use crate::data::write::{Losses, WriteOptions, Writer};
use crate::document::{Document, Entity};
use crate::error::{Error, Result};
use crate::text::{InvalidText, Text};

use modifiers::{exists, line, modifiers};

const COLUMNS: [&str; 14] = [
    "note_nlp_id",
    "note_id",
    "section_concept_id",
    "snippet",
    "offset",
    "lexical_variant",
    "note_nlp_concept_id",
    "note_nlp_source_concept_id",
    "nlp_system",
    "nlp_date",
    "nlp_datetime",
    "term_exists",
    "term_temporal",
    "term_modifiers",
];

/// Characters that the table's columns hold.
const SHORT: usize = 250;
const LONG: usize = 2000;

/// Bytes of the text before and after an entity that go into its snippet.
const AROUND: usize = 80;

/// Writes rows.
pub(super) struct Rows<'a> {
    out: csv::Writer<Box<dyn Write + 'a>>,
    options: WriteOptions<'a>,
    losses: Losses,
    /// Rows that were written.
    rows: u64,
    /// Documents that were seen.
    documents: i64,
    /// Whether ids are those of the documents; the first document decides.
    has_ids: bool,
    /// Those that were given.
    given: Seen,
}

impl<'a> Rows<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, options: WriteOptions<'a>) -> Result<Self> {
        options.check()?;
        let mut out = csv::WriterBuilder::new().from_writer(out);
        out.write_record(COLUMNS).map_err(io)?;
        Ok(Rows {
            out,
            options,
            losses: Losses::new(),
            rows: 0,
            documents: 0,
            has_ids: false,
            given: Seen::default(),
        })
    }

    /// The number of a document's note: its id, if that is a number. If the first document has another, all are
    /// numbered from 1; one among numbers is negative, so that it is nobody else's.
    fn note_id(&mut self, document: &Document) -> i64 {
        self.documents += 1;
        let id = document.id.as_deref();
        // "01" is another document than "1".
        let digits = |id: &str| id.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = |id: &&str| !id.is_empty() && digits(id) && !id.starts_with('0');
        let number = id.filter(is_number).and_then(|id| id.parse().ok());
        if self.documents == 1 {
            self.has_ids = number.is_some();
        }
        match number {
            Some(number) if self.has_ids && self.given.add(number) => number,
            // What another note has would give it the rows of this one.
            Some(_) if self.has_ids => {
                lose(&mut self.losses, "ids that another document has", 1);
                -self.documents
            }
            _ => {
                lose(&mut self.losses, "ids of documents that are no number", 1);
                if self.has_ids { -self.documents } else { self.documents }
            }
        }
    }

    fn cut(&mut self, text: &str, most: usize) -> String {
        let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
        lose(&mut self.losses, "ends of texts that are too long", usize::from(end < text.len()));
        text[..end].into()
    }
}

impl Writer for Rows<'_> {
    fn document(&mut self, document: &Document) -> Result<()> {
        sound::check(document)?;
        let text = Text::new(document.text.as_str().into(), InvalidText::Reject)?;
        let offsets = text.offsets(self.options.unit);
        let note = self.note_id(document).to_string();
        let system = self.cut(&system(document), SHORT);
        let date = self.options.date.unwrap_or("");
        let (day, second) = if date.len() > 10 { (&date[..10], date) } else { (date, "") };
        for entity in &document.entities {
            self.rows += 1;
            let (exists, temporal) = exists(entity.assertion.as_ref());
            let (concept, modifiers) = (concept(entity), modifiers(document, entity));
            self.count_links(entity);
            let pieces = entity.pieces.len().saturating_sub(1);
            lose(&mut self.losses, "gaps of entities in pieces", pieces);
            let mention = self.cut(&document.text[entity.bytes.clone()], SHORT);
            let modifiers = self.cut(&modifiers, LONG);
            let row = [
                &self.rows.to_string(),
                &note,
                "0",
                &snippet(&document.text, &entity.bytes),
                &offsets.at(entity.bytes.start).to_string(),
                &mention,
                concept,
                "0",
                &system,
                day,
                second,
                exists,
                temporal,
                &modifiers,
            ];
            self.out.write_record(row).map_err(io)?;
        }
        lose_all_but_entities(document, &mut self.losses);
        Ok(())
    }

    fn finish(&mut self) -> Result<Losses> {
        self.out.flush().map_err(|error| io(error.into()))?;
        Ok(std::mem::take(&mut self.losses))
    }
}

impl Rows<'_> {
    fn count_links(&mut self, entity: &Entity) {
        for link in &entity.links {
            let further = link.candidates.len();
            if link.given().is_some() {
                lose(&mut self.losses, "further candidates for a code", further - 1);
            } else {
                lose(&mut self.losses, "codes that were not sure enough to be given", 1);
            }
        }
    }
}

/// What went wrong with the output.
fn io(error: csv::Error) -> Error {
    let reason = match error.kind() {
        csv::ErrorKind::Io(error) => error.kind().to_string(),
        _ => "a row could not be written".into(),
    };
    Error::Io { file: "the output".into(), reason }
}

/// The model and the version of this library.
fn system(document: &Document) -> String {
    match &document.provenance {
        Some(own) => format!("biobert {} {}", own.version, own.model),
        None => String::new(),
    }
}

/// The concept's number, where the code system is OMOP's own; 0 of what has none.
fn concept(entity: &Entity) -> &str {
    let is_omop =
        |system: &str| ["OMOP", "ATHENA"].iter().any(|own| system.eq_ignore_ascii_case(own));
    let given =
        entity.links.iter().filter(|link| is_omop(&link.system)).find_map(|link| link.given());
    let is_number =
        |code: &&str| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    given.map(|given| given.code.as_str()).filter(is_number).unwrap_or("0")
}

/// The words around an entity, as many as the column holds.
fn snippet(text: &str, bytes: &Range<usize>) -> String {
    let start = text.floor_char_boundary(bytes.start.saturating_sub(AROUND));
    let end = text.ceil_char_boundary(bytes.end.saturating_add(AROUND).min(text.len()));
    line(&text[start..end]).chars().take(SHORT).collect()
}
