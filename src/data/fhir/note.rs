//! A document as its resources see it: words, places, names and the references that all of them have.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::Range;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::data::write::WriteOptions;
use crate::document::{Document, Entity};
use crate::hash::sha256;
use crate::text::{Offsets, Text};

/// What every resource says of itself: the code, and the words for people.
const TAG: (&str, &str) = ("machine-extracted", "machine-extracted, unverified");

/// A document on its way into a bundle.
pub(super) struct Note<'a> {
    pub(super) document: &'a Document,
    pub(super) offsets: Offsets<'a>,
    /// SHA-256 of the text.
    pub(super) hash: String,
    /// Where the text itself is.
    pub(super) reference: String,
    /// Whose note it is.
    pub(super) subject: String,
    /// When the text was annotated.
    pub(super) date: Option<&'a str>,
    /// How many notes before it have the same text and id.
    again: u64,
}

impl<'a> Note<'a> {
    pub(super) fn new(
        document: &'a Document,
        text: &'a Text<'a>,
        options: &WriteOptions<'a>,
    ) -> Self {
        let mut note = Note {
            document,
            offsets: text.offsets(crate::text::OffsetUnit::UnicodeScalars),
            hash: sha256(document.text.as_bytes()),
            reference: String::new(),
            subject: String::new(),
            date: options.date,
            again: 0,
        };
        note.call(options);
        note
    }

    /// Gives it other names than a note before it has.
    pub(super) fn count_again(&mut self, options: &WriteOptions<'a>) {
        self.again += 1;
        self.call(options);
    }

    fn call(&mut self, options: &WriteOptions<'a>) {
        self.reference = self.urn("DocumentReference", "");
        self.subject = match options.subject {
            Some(subject) => subject.into(),
            None => self.urn("Patient", ""),
        };
    }

    /// The name of a resource: the same for the same text, id and place, and never by chance. A UUID of
    /// version 8 (RFC 9562) made of a SHA-256.
    pub(super) fn urn(&self, resource: &str, what: &str) -> String {
        let id = self.document.id.as_deref().unwrap_or("");
        let mut hash = Sha256::new();
        for part in [self.hash.as_str(), id, resource, what] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        if self.again > 0 {
            hash.update(self.again.to_le_bytes());
        }
        let mut bytes: [u8; 32] = hash.finalize().into();
        bytes[6] = bytes[6] & 0x0F | 0x80;
        bytes[8] = bytes[8] & 0x3F | 0x80;
        let mut urn = String::from("urn:uuid:");
        for (index, byte) in bytes[..16].iter().enumerate() {
            if [4, 6, 8, 10].contains(&index) {
                urn.push('-');
            }
            // Writing to a string does not fail.
            let _ = write!(urn, "{byte:02x}");
        }
        urn
    }

    /// The start and the length of a place, in code points.
    pub(super) fn place(&self, bytes: &Range<usize>) -> (usize, usize) {
        let start = self.offsets.at(bytes.start);
        (start, self.offsets.at(bytes.end) - start)
    }

    /// The words at a place as FHIR's strings have them; `None` if nothing is left.
    pub(super) fn words(&self, bytes: &Range<usize>) -> Option<String> {
        line(&self.document.text[bytes.clone()])
    }

    /// The words of an entity.
    pub(super) fn mention(&self, entity: &Entity) -> Option<String> {
        let words: Vec<_> =
            entity.stretches().iter().filter_map(|piece| self.words(piece)).collect();
        if words.is_empty() { None } else { Some(words.join(" ")) }
    }

    /// What every resource starts with.
    pub(super) fn resource(&self, name: &str) -> Value {
        let tag = json!({ "system": "urn:biobert:tag", "code": TAG.0, "display": TAG.1 });
        json!({ "resourceType": name, "meta": { "tag": [tag] } })
    }

    /// A reference to whom the note is about.
    pub(super) fn patient(&self) -> Value {
        json!({ "reference": self.subject })
    }
}

/// A string of FHIR: no control characters, white space only between words, something in it.
pub(super) fn line(text: &str) -> Option<String> {
    let is_gap = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<_> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { None } else { Some(words.join(" ")) }
}

/// Names that were given: a second resource of the same kind and place has a number.
#[derive(Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// The name of a resource about an entity; `part`: which of several.
    pub(super) fn urn(
        &mut self,
        note: &Note<'_>,
        resource: &str,
        entity: &Entity,
        part: u32,
    ) -> String {
        let mut what = format!("{}\0{part}", entity.label);
        for piece in entity.stretches() {
            let (offset, length) = note.place(piece);
            let _ = write!(what, "\0{offset}+{length}");
        }
        let mut urn = note.urn(resource, &what);
        let mut again = 1;
        while !self.0.insert(urn.clone()) {
            urn = note.urn(resource, &format!("{what}\0{again}"));
            again += 1;
        }
        urn
    }
}
