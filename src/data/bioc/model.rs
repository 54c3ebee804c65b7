//! What BioC's files say, whichever their form.

use serde::Serialize;

/// A document.
#[derive(Debug, Default, Serialize)]
pub(super) struct BiocDocument {
    pub(super) id: String,
    pub(super) infons: Infons,
    pub(super) passages: Vec<Stretch>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) relations: Vec<BiocRelation>,
}

/// A passage, or a sentence of one.
#[derive(Debug, Default, Serialize)]
pub(super) struct Stretch {
    pub(super) infons: Infons,
    pub(super) offset: usize,
    pub(super) text: Option<String>,
    pub(super) sentences: Vec<Stretch>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) relations: Vec<BiocRelation>,
}

/// An entity.
#[derive(Debug, Default, Serialize)]
pub(super) struct Annotation {
    pub(super) id: String,
    pub(super) infons: Infons,
    pub(super) text: Option<String>,
    pub(super) locations: Vec<Location>,
}

/// A piece of an entity.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(super) struct Location {
    pub(super) offset: usize,
    pub(super) length: usize,
}

/// A relation.
#[derive(Debug, Default, Serialize)]
pub(super) struct BiocRelation {
    pub(super) id: String,
    pub(super) infons: Infons,
    pub(super) nodes: Vec<Node>,
}

/// What takes part in a relation.
#[derive(Debug, Default, Serialize)]
pub(super) struct Node {
    pub(super) refid: String,
    pub(super) role: String,
}

/// Keys with their values, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Infons(pub(super) Vec<(String, String)>);

impl Infons {
    pub(super) fn add(&mut self, key: &str, value: impl Into<String>) {
        self.0.push((key.into(), value.into()));
    }

    /// The value of a key, the first of several.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    }
}

impl Serialize for Infons {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// How often a unit stands in a text.
pub(super) fn units(text: &str, unit: crate::text::OffsetUnit) -> usize {
    use crate::text::OffsetUnit;
    match unit {
        OffsetUnit::Utf8Bytes => text.len(),
        OffsetUnit::UnicodeScalars => text.chars().count(),
        OffsetUnit::Utf16Units => text.encode_utf16().count(),
    }
}
