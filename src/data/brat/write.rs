//! Writes pairs of a text and its annotations. Codes are notes of the entities, since some readers fail on
//! `N` lines; these are written where they are asked for.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::note::{ASSERTION, CATEGORY, CODES, codes};
use crate::data::flat::flat;
use crate::data::losses::{Holds, lose};
use crate::data::write::{Losses, Writer, written};
use crate::data::{kin, sound};
use crate::document::{Document, Link, Relation};
use crate::error::{Error, Result};
use crate::text::{InvalidText, OffsetUnit, Text};

/// Entity ids and names of codes are counted where they are lost.
const HOLDS: Holds =
    Holds { pieces: true, entity_ids: true, assertions: true, relations: true, ..Holds::NONE };
/// Bytes of a file's name; with its ending less than any file system allows.
const LONGEST: usize = 120;

/// Writes a pair a document.
pub(in crate::data) struct BratWriter {
    directory: PathBuf,
    normalizations: bool,
    losses: Losses,
    /// Documents so far.
    count: usize,
}

impl BratWriter {
    pub(in crate::data) fn new(directory: PathBuf, normalizations: bool) -> BratWriter {
        BratWriter { directory, normalizations, losses: Losses::new(), count: 0 }
    }

    /// The first file of a pair, and the path of the second. A document whose name is taken, or no safe
    /// name of a file, has its number instead.
    fn create(&mut self, document: &Document) -> Result<(File, PathBuf)> {
        self.count += 1;
        let own = document.id.as_deref().filter(|id| is_safe(id));
        let mut name = own.map_or_else(|| self.count.to_string(), String::from);
        let (mut is_own, mut tries) = (own.is_some(), 0);
        loop {
            let path = self.directory.join(format!("{name}.txt"));
            match File::create_new(&path) {
                Ok(file) => {
                    let what = if document.id.is_some() { "ids" } else { "numbers given as ids" };
                    lose(&mut self.losses, what, usize::from(!is_own));
                    return Ok((file, self.directory.join(format!("{name}.ann"))));
                }
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && tries < 1000 => {
                    tries += 1;
                    is_own = false;
                    name = format!("{}-{tries}", self.count);
                }
                Err(error) => return Err(Error::io(&path, &error)),
            }
        }
    }

    /// A label as a kind; one that has to be changed is counted.
    fn kind(&mut self, label: &str) -> String {
        let kind = word(label);
        lose(&mut self.losses, "kinds", usize::from(kind != label));
        kind
    }

    /// The kind of a relation: its words, for a label such as `1` says nothing.
    fn relation(&mut self, relation: &Relation) -> String {
        if relation.name() == relation.label {
            return self.kind(&relation.label);
        }
        lose(&mut self.losses, "labels of relations, instead of which their words stand", 1);
        word(relation.name())
    }

    /// The ids of the entities: their own where all have one such as `T1`.
    fn ids(&mut self, document: &Document) -> Vec<String> {
        let entities = &document.entities;
        let is_id = |id: &&str| {
            let digits = id.strip_prefix('T').unwrap_or_default();
            (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let own = entities.iter().filter_map(|entity| entity.id.as_deref()).filter(is_id);
        if own.collect::<HashSet<_>>().len() == entities.len() {
            return entities.iter().filter_map(|entity| entity.id.clone()).collect();
        }
        let had = entities.iter().filter(|entity| entity.id.is_some()).count();
        lose(&mut self.losses, "entity ids", had);
        (1..=entities.len()).map(|number| format!("T{number}")).collect()
    }
}

impl Writer for BratWriter {
    fn document(&mut self, document: &Document) -> Result<()> {
        sound::check(document)?;
        HOLDS.count(document, &mut self.losses);
        let (mut file, path) = self.create(document)?;
        written(file.write_all(document.text.as_bytes()))?;
        let notes = self.notes(document)?;
        write_new(&path, notes.as_bytes())
    }

    fn finish(&mut self) -> Result<Losses> {
        Ok(std::mem::take(&mut self.losses))
    }
}

impl BratWriter {
    /// The annotations of a document.
    fn notes(&mut self, document: &Document) -> Result<String> {
        let text = Text::new(document.text.as_str().into(), InvalidText::Reject)?;
        let offsets = text.offsets(OffsetUnit::UnicodeScalars);
        let ids = self.ids(document);
        let mut lines = Lines::default();
        for (entity, id) in document.entities.iter().zip(&ids) {
            let (mut places, mut words) = (Vec::new(), Vec::new());
            for piece in entity.stretches() {
                places.push(format!("{} {}", offsets.at(piece.start), offsets.at(piece.end)));
                words.push(flat(&document.text[piece.clone()]));
            }
            let (places, words) = (places.join(";"), words.join(" "));
            let kind = self.kind(&entity.label);
            lines.add(format!("{id}\t{kind} {places}\t{words}"));
            if let Some(assertion) = &entity.assertion {
                lines.attribute(ASSERTION, id, assertion.value.name());
                // Without cue and section nobody would know that a denial is the family's.
                if let Some(category) = kin::category(document, entity) {
                    lines.attribute(CATEGORY, id, category.name());
                }
            }
            self.codes(&kind, &entity.links, id, &mut lines);
        }
        for relation in &document.relations {
            lines.relations += 1;
            let own = format!("R{}", lines.relations);
            let kind = self.relation(relation);
            let (first, second) = (&ids[relation.first], &ids[relation.second]);
            lines.add(format!("{own}\t{kind} Arg1:{first} Arg2:{second}"));
            if let Some(value) = relation.assertion {
                lines.attribute(ASSERTION, &own, value.name());
            }
        }
        Ok(lines.text)
    }

    /// The codes that are given, as one note or as lines of their own.
    fn codes(&mut self, kind: &str, links: &[Link], id: &str, lines: &mut Lines) {
        let mut note = Vec::new();
        for link in links {
            let Some(given) = link.given() else { continue };
            let told = format!("{}:{}", link.system, given.code);
            let bare = Link::given_by_file(link.system.clone(), given.code.clone());
            let fits = codes(kind, &told).is_some_and(|links| links == [bare]);
            if !fits {
                lose(&mut self.losses, "codes", 1);
            } else if self.normalizations {
                lines.normalizations += 1;
                let number = lines.normalizations;
                let name = given.name.as_deref().map(flat).unwrap_or_default();
                lines.add(format!("N{number}\tReference {id} {told}\t{name}"));
            } else {
                note.push(told);
            }
        }
        if !note.is_empty() {
            lines.notes += 1;
            let number = lines.notes;
            lines.add(format!("#{number}\t{CODES} {id}\t{}", note.join("|")));
        }
    }
}

/// A label as BRAT allows it in kinds: without blanks and most marks.
fn word(label: &str) -> String {
    label.replace(|c: char| !(c.is_alphanumeric() || "-_".contains(c)), "_")
}

/// The lines of a file, and the numbers of their kinds.
#[derive(Default)]
struct Lines {
    text: String,
    attributes: usize,
    relations: usize,
    notes: usize,
    normalizations: usize,
}

impl Lines {
    fn add(&mut self, line: String) {
        self.text += &line;
        self.text.push('\n');
    }

    fn attribute(&mut self, name: &str, id: &str, value: &str) {
        self.attributes += 1;
        self.add(format!("A{}\t{name} {id} {value}", self.attributes));
    }
}

/// Whether an id may be the name of a file, anywhere.
fn is_safe(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=LONGEST).contains(&id.len()) && !id.starts_with('.') && id.bytes().all(fits)
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = File::create_new(path).map_err(|error| Error::io(path, &error))?;
    file.write_all(bytes).map_err(|error| Error::io(path, &error))
}
