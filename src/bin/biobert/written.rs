//! Results in one of the formats of annotated documents.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

use biobert::data::{self, Losses, Target, WriteOptions, Writer};
use biobert::document::{Document, Provenance};
use biobert::{
    DocumentExtract, DocumentRelations, DocumentSections, DocumentSpans, Error, OffsetUnit, Text,
};
use serde_json::Value;

use crate::failure::{Failure, Result, complain};
use crate::staged::Staged;

/// A result that is an annotated document.
pub trait Annotated {
    fn document(&self, text: &Text<'_>, unit: OffsetUnit) -> Document;
}

macro_rules! annotated {
    ($($result:ident)*) => { $(
        impl Annotated for $result {
            fn document(&self, text: &Text<'_>, unit: OffsetUnit) -> Document {
                $result::document(self, text, unit)
            }
        }
    )* };
}

annotated! { DocumentExtract DocumentSpans DocumentRelations DocumentSections }

/// Writes documents in a format.
pub struct Written {
    format: data::Format,
    writer: Box<dyn Writer>,
    /// Who annotated them; `None`: each says it itself.
    provenance: Option<Provenance>,
    /// Whether whoever read our output has gone.
    gone: Rc<Cell<bool>>,
    /// Entities of which nobody judged whether the patient has them.
    unjudged: usize,
}

/// Standard output that remembers whether anybody reads it.
struct Stdout(Rc<Cell<bool>>);

impl Stdout {
    fn seen<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            self.0.set(true);
        }
        result
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.seen(io::stdout().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.seen(io::stdout().flush())
    }
}

impl Written {
    /// Into a staged file or directory, or to standard output.
    pub fn new(
        format: data::Format,
        options: WriteOptions<'static>,
        provenance: Option<Provenance>,
        staged: Option<&Staged>,
    ) -> Result<Written> {
        let gone = Rc::new(Cell::new(false));
        let target = match staged {
            Some(staged) => match (staged.out(), staged.room()) {
                (Some(out), _) => Target::Stream(Box::new(out)),
                (None, room) => Target::Directory(room.map(Into::into).unwrap_or_default()),
            },
            None if format.is_directory() => {
                let reason = format!(
                    "{} is files in a directory: give it a name with --out",
                    format.title()
                );
                return Err(Failure::Message(reason));
            }
            None => Target::Stream(Box::new(Stdout(gone.clone()))),
        };
        let writer = data::writer(format, target, options)?;
        if format == data::Format::Omop && options.date.is_none() {
            complain("nlp_date, which NOTE_NLP asks for, is empty: --date says it");
        }
        Ok(Written { format, writer, provenance, gone, unjudged: 0 })
    }

    /// Writes a document, or tells why it cannot be written; whether it was.
    pub fn document(&mut self, mut document: Document) -> Result<bool> {
        if let Some(provenance) = &self.provenance {
            document.provenance = Some(provenance.clone());
        }
        match self.writer.document(&document) {
            Ok(()) => {
                let unjudged = document.entities.iter().filter(|one| one.assertion.is_none());
                self.unjudged += unjudged.count();
                Ok(true)
            }
            Err(error @ Error::Io { .. }) => Err(self.failed(error)),
            Err(error) => {
                left_out(document.id.as_deref(), &error);
                Ok(false)
            }
        }
    }

    /// Ends the file and tells what it could not hold.
    pub fn finish(mut self) -> Result<()> {
        let losses = self.writer.finish().map_err(|error| self.failed(error))?;
        let title = self.format.title();
        if self.format == data::Format::Fhir && self.unjudged > 0 {
            complain(&format!(
                "{} entities without an assertion: problems among them are unconfirmed Conditions of the patient, \
                 who may not have them",
                self.unjudged
            ));
        }
        tell(&losses, &format!("cannot be held by {title}"));
        Ok(())
    }

    fn failed(&self, error: Error) -> Failure {
        if self.gone.get() { Failure::NobodyReads } else { error.into() }
    }
}

/// Tells why a document is left out.
pub fn left_out(id: Option<&str>, error: &Error) {
    match id {
        Some(id) => complain(&format!("document {id:?} left out: {error}")),
        None => complain(&format!("a document left out: {error}")),
    }
}

/// Tells of what there was how much.
pub fn tell(losses: &Losses, fate: &str) {
    let lost: Vec<String> = losses.iter().map(|(what, count)| format!("{count} {what}")).collect();
    if !lost.is_empty() {
        complain(&format!("{} {fate}", lost.join(", ")));
    }
}

/// What a document is called, as a text.
pub fn id_text(id: &Value) -> String {
    match id {
        Value::String(id) => id.clone(),
        id => id.to_string(),
    }
}
