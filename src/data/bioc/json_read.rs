//! Reads BioC's JSON, document by document.

use std::io::BufRead;

use serde_json::Value;

use super::assemble;
use super::json_split::{Piece, Split, Stop};
use super::model::{Annotation, BiocDocument, BiocRelation, Infons, Location, Node, Stretch};
use crate::data::told::Told;
use crate::document::Document;
use crate::error::{Error, Result, json_reason};
use crate::text::OffsetUnit;

/// The documents of a stream.
pub(in crate::data) struct JsonReader<'a> {
    file: &'a str,
    unit: OffsetUnit,
    split: Split<'a>,
    ended: bool,
}

impl<'a> JsonReader<'a> {
    pub(in crate::data) fn new(
        file: &'a str,
        input: Box<dyn BufRead + 'a>,
        unit: OffsetUnit,
    ) -> JsonReader<'a> {
        JsonReader { file, unit, split: Split::new(input), ended: false }
    }

    fn read(&self, piece: &Piece) -> Result<Document> {
        let mut told = Told { file: self.file, id: None, line: piece.line };
        let value = serde_json::from_slice(&piece.json).map_err(|error: serde_json::Error| {
            // Its lines are those of the document.
            let line = piece.line + error.line().saturating_sub(1);
            let reason = json_reason(&error);
            let reason = reason.split(" at ").next().unwrap_or_default();
            let reason = format!("{reason} at column {}", error.column());
            Told { file: self.file, id: None, line }.error(Error::Argument(reason))
        })?;
        let read = document(&value);
        told.id = Some(id(&value));
        let read = read.and_then(|parts| assemble::document(&parts, piece.line, self.unit));
        read.map_err(|error| told.error(error))
    }
}

impl Iterator for JsonReader<'_> {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Result<Document>> {
        if self.ended {
            return None;
        }
        match self.split.next() {
            Ok(piece) => piece.map(|piece| self.read(&piece)),
            Err(stop) => {
                self.ended = true;
                Some(Err(match stop {
                    Stop::Io(error) => {
                        Error::Io { file: self.file.into(), reason: error.kind().to_string() }
                    }
                    Stop::Broken(line, reason) => Told { file: self.file, id: None, line }
                        .error(Error::Argument(reason.into())),
                }))
            }
        }
    }
}

fn wrong(key: &str, reason: &str) -> Error {
    Error::Argument(format!("`{key}` {reason}"))
}

/// What an object is called, which some files give as a number.
fn id(from: &Value) -> String {
    match from.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => String::new(),
    }
}

/// The elements of a list, which need not be there.
fn list<'v, T>(
    from: &'v Value,
    key: &str,
    read: impl Fn(&'v Value) -> Result<T>,
) -> Result<Vec<T>> {
    match from.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => list.iter().map(read).collect(),
        Some(_) => Err(wrong(key, "is not a list")),
    }
}

fn number(from: &Value, key: &str) -> Result<usize> {
    let number = from.get(key).and_then(Value::as_u64);
    let number = number.and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| wrong(key, "is missing, or is not a number"))
}

fn text(from: &Value, key: &str) -> Result<Option<String>> {
    match from.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(key, "is not a text")),
    }
}

/// Keys and values; of a value that is an object its identifier, and what is no text as JSON.
fn infons(from: &Value) -> Result<Infons> {
    let mut infons = Infons::default();
    let fields = match from.get("infons") {
        None | Some(Value::Null) => return Ok(infons),
        Some(Value::Object(fields)) => fields,
        Some(_) => return Err(wrong("infons", "is not an object")),
    };
    for (key, value) in fields {
        match value {
            Value::Null => {}
            Value::String(text) => infons.add(key, text),
            Value::Object(role) => match role.get("identifier").and_then(Value::as_str) {
                Some(identifier) => infons.add(key, identifier),
                None => infons.add(key, value.to_string()),
            },
            other => infons.add(key, other.to_string()),
        }
    }
    Ok(infons)
}

fn document(from: &Value) -> Result<BiocDocument> {
    if !from.get("passages").is_some_and(Value::is_array) {
        return Err(wrong("passages", "is missing, or is not a list"));
    }
    Ok(BiocDocument {
        id: id(from),
        infons: infons(from)?,
        passages: list(from, "passages", stretch)?,
        annotations: list(from, "annotations", annotation)?,
        relations: list(from, "relations", relation)?,
    })
}

fn stretch(from: &Value) -> Result<Stretch> {
    Ok(Stretch {
        infons: infons(from)?,
        offset: number(from, "offset")?,
        text: text(from, "text")?,
        sentences: list(from, "sentences", stretch)?,
        annotations: list(from, "annotations", annotation)?,
        relations: list(from, "relations", relation)?,
    })
}

fn annotation(from: &Value) -> Result<Annotation> {
    let location = |from: &Value| {
        Ok(Location { offset: number(from, "offset")?, length: number(from, "length")? })
    };
    Ok(Annotation {
        id: id(from),
        infons: infons(from)?,
        text: text(from, "text")?,
        locations: list(from, "locations", location)?,
    })
}

fn relation(from: &Value) -> Result<BiocRelation> {
    let node = |from: &Value| {
        // Some files have numbers there.
        let word = |key: &str| match from.get(key) {
            Some(Value::String(word)) => word.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        Ok(Node { refid: word("refid"), role: word("role") })
    };
    Ok(BiocRelation { id: id(from), infons: infons(from)?, nodes: list(from, "nodes", node)? })
}
