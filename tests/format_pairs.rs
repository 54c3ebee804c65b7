//! Documents from one format to another and back: what one of the two cannot hold is counted, and the
//! rest is the same.

#[path = "support/documents.rs"]
mod documents;

use std::collections::BTreeMap;

use biobert::OffsetUnit;
use biobert::data::{Format, Losses, Origin, StreamOptions, Target, WriteOptions, stream, writer};
use biobert::document::{Also, Document};

/// How many documents go through every pair.
const COUNT: usize = 1000;

fn written(format: Format, documents: &[Document], unit: OffsetUnit) -> (Bytes, Losses) {
    let mut bytes = Bytes::new(format);
    let mut to = writer(format, bytes.target(), WriteOptions::new(unit)).unwrap();
    for document in documents {
        to.document(document).unwrap_or_else(|error| panic!("{}: {error}", format.title()));
    }
    let losses = to.finish().unwrap();
    drop(to);
    (bytes, losses)
}

fn read(format: Format, bytes: &Bytes, unit: OffsetUnit) -> Vec<Document> {
    let all = stream("file", format, bytes.origin(), StreamOptions { unit }).unwrap();
    all.map(|document| Document { line: 0, ..document.unwrap() }).collect()
}

/// What was written: a file, or a directory of files.
enum Bytes {
    File(Vec<u8>),
    Directory(tempfile::TempDir),
}

impl Bytes {
    fn new(format: Format) -> Bytes {
        match format {
            Format::Brat => Bytes::Directory(tempfile::tempdir().unwrap()),
            _ => Bytes::File(Vec::new()),
        }
    }

    fn target(&mut self) -> Target<'_> {
        match self {
            Bytes::File(bytes) => Target::Stream(Box::new(bytes)),
            Bytes::Directory(directory) => Target::Directory(directory.path().into()),
        }
    }

    fn file(&self) -> &[u8] {
        if let Bytes::File(bytes) = self { bytes } else { &[] }
    }

    fn origin(&self) -> Origin<'_> {
        match self {
            Bytes::File(bytes) => Origin::Stream(Box::new(bytes.as_slice())),
            Bytes::Directory(directory) => Origin::Directory(directory.path().into()),
        }
    }
}

/// What documents say, by what it is: how often each is said.
type Said = BTreeMap<&'static str, BTreeMap<String, i64>>;

fn said(documents: &[Document]) -> Said {
    let mut said = Said::new();
    for document in documents {
        let mut say = |what, fact: String| {
            let fact = format!("{:?} {fact}", document.id);
            *said.entry(what).or_default().entry(fact).or_default() += 1;
        };
        let mention = |entity: usize| {
            let entity = &document.entities[entity];
            format!("{:?} {}", entity.stretches(), entity.label)
        };
        say("texts", document.text.clone());
        for (index, entity) in document.entities.iter().enumerate() {
            let place = mention(index);
            say("entities", place.clone());
            if let Some(assertion) = &entity.assertion {
                say("assertions", format!("{place} {:?}", assertion.value));
            }
            for candidate in entity.links.iter().filter_map(|link| link.given()) {
                say("codes", format!("{place} {}", candidate.code));
            }
        }
        for relation in &document.relations {
            let ends = [relation.first, relation.second].map(mention);
            say("relations", format!("{ends:?} {}", relation.label));
        }
        for relation in &document.code_relations {
            let ends = [&relation.first, &relation.second];
            say("relations between codes", format!("{ends:?} {}", relation.label));
        }
    }
    said
}

/// How many facts of a kind are no longer said.
fn missing(before: &Said, after: &Said, what: &str) -> i64 {
    let none = BTreeMap::new();
    let (before, after) = (before.get(what).unwrap_or(&none), after.get(what).unwrap_or(&none));
    before.iter().map(|(fact, count)| (count - after.get(fact).unwrap_or(&0)).max(0)).sum()
}

/// What a writer counted of a kind, and of what a fact of that kind hangs on.
fn counted(losses: &Losses, what: &str) -> i64 {
    let stems: &[&str] = match what {
        "texts" => &["text", "line break"],
        "entities" => &["entit", "piece"],
        "assertions" => &["assertion", "entit", "piece"],
        "codes" => &["code", "link", "candidate", "entit", "piece"],
        "relations" => &["relation", "entit", "piece"],
        _ => &["relation"],
    };
    let of = losses.iter().filter(|(name, _)| stems.iter().any(|stem| name.contains(stem)));
    of.map(|(_, &count)| count as i64).sum()
}

const KINDS: [&str; 6] =
    ["texts", "entities", "assertions", "codes", "relations", "relations between codes"];

fn all() -> Vec<Document> {
    let random = &mut fastrand::Rng::with_seed(7);
    (1..=COUNT).map(|number| documents::document(random, number)).collect()
}

/// With what no other format holds.
fn with_more(mut document: Document) -> Document {
    document.truncated = document.text.len().is_multiple_of(2);
    document.label = document.entities.first().map(|entity| entity.label.to_string());
    document.second = document.label.clone();
    let words = document.entities.iter().map(|entity| entity.bytes.clone());
    document.words = Some(words.collect()).filter(|words: &Vec<_>| !words.is_empty());
    for entity in &mut document.entities {
        entity.also.push(Also { label: "Other".into(), head: "x".into(), score: 0.1 });
    }
    for relation in &mut document.relations {
        (relation.head, relation.text) = (Some("y".into()), Some("makes worse".into()));
    }
    document
}

#[test]
fn json_lines_and_tables_hold_everything() {
    let all: Vec<Document> = all().into_iter().map(with_more).collect();
    for format in [Format::Lines, Format::Csv] {
        for unit in [OffsetUnit::Utf8Bytes, OffsetUnit::UnicodeScalars, OffsetUnit::Utf16Units] {
            let (bytes, losses) = written(format, &all, unit);
            assert!(losses.is_empty(), "{}: {losses:?}", format.title());
            let found = read(format, &bytes, unit);
            assert_eq!(found.len(), all.len());
            for (one, other) in found.iter().zip(&all) {
                assert_eq!(one, other, "{}", format.title());
            }
            assert!(written(format, &found, unit).0.file() == bytes.file(), "{}", format.title());
        }
    }
}

#[test]
fn every_pair_says_the_same_there_and_back_or_counts_it() {
    let unit = OffsetUnit::UnicodeScalars;
    // Words and tags leave the text itself behind: nothing that comes back can be compared.
    let both = |format: &Format| {
        format.is_read() && format.is_written() && !matches!(format, Format::Words)
    };
    let formats: Vec<Format> = Format::all().filter(both).collect();
    let all = all();
    for &one in &formats {
        let (bytes, losses) = written(one, &all, unit);
        let first = read(one, &bytes, unit);
        let (before, held) = (said(&all), said(&first));
        for what in KINDS {
            let (missing, counted) = (missing(&before, &held, what), counted(&losses, what));
            assert!(missing <= counted, "{}: {missing} {what} gone, {losses:?}", one.title());
        }
        for &other in &formats {
            let pair = format!("{} through {}", one.title(), other.title());
            let (bytes, there) = written(other, &first, unit);
            let (bytes, back) = written(one, &read(other, &bytes, unit), unit);
            let second = said(&read(one, &bytes, unit));
            for what in KINDS {
                let counted = counted(&there, what) + counted(&back, what);
                let missing = missing(&held, &second, what);
                assert!(missing <= counted, "{pair}: {missing} {what} gone, {there:?}, {back:?}");
            }
        }
    }
}
