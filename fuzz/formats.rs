//! What the targets of the formats of documents do: read, and write what was read, which must be sound.

use std::path::Path;
use std::sync::OnceLock;

use biobert::OffsetUnit;
use biobert::data::{Format, Origin, StreamOptions, Target, WriteOptions, stream, writer};
use biobert::document::Document;

/// JSON lines.
pub fn jsonl(bytes: &[u8]) -> bool {
    streamed(Format::Lines, bytes)
}

/// A table of facts.
pub fn csv(bytes: &[u8]) -> bool {
    streamed(Format::Csv, bytes)
}

/// Words and tags.
pub fn words(bytes: &[u8]) -> bool {
    streamed(Format::Words, bytes)
}

/// PubTator's text.
pub fn pubtator(bytes: &[u8]) -> bool {
    streamed(Format::Pubtator, bytes)
}

/// BioC's XML.
pub fn bioc_xml(bytes: &[u8]) -> bool {
    streamed(Format::BiocXml, bytes)
}

/// BioC's JSON.
pub fn bioc_json(bytes: &[u8]) -> bool {
    streamed(Format::BiocJson, bytes)
}

/// A text, a byte 0, its annotations in BRAT.
pub fn brat(bytes: &[u8]) -> bool {
    static ROOM: OnceLock<std::path::PathBuf> = OnceLock::new();
    let room = ROOM.get_or_init(|| {
        let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz-rooms/brat");
        let _ = std::fs::remove_dir_all(&room);
        std::fs::create_dir_all(&room).unwrap();
        room
    });
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    for ending in ["txt", "ann"] {
        let file = room.join("n").with_extension(ending);
        std::fs::write(file, parts.next().unwrap_or_default()).unwrap();
    }
    let unit = OffsetUnit::UnicodeScalars;
    let origin = Origin::Directory(room.clone());
    let found = stream("n", Format::Brat, origin, StreamOptions { unit }).unwrap();
    all_sound(found)
}

fn streamed(format: Format, bytes: &[u8]) -> bool {
    let unit = OffsetUnit::UnicodeScalars;
    let origin = Origin::Stream(Box::new(bytes));
    let found = stream("file", format, origin, StreamOptions { unit }).unwrap();
    all_sound(found)
}

/// Whether there are documents and no error. A document that was read can be written, and is the same when it
/// is read again.
fn all_sound(found: impl Iterator<Item = biobert::Result<Document>>) -> bool {
    let (mut count, mut wrong) = (0, 0);
    for document in found {
        let Ok(document) = document else {
            wrong += 1;
            continue;
        };
        count += 1;
        for format in [Format::Pubtator, Format::BiocXml, Format::BiocJson] {
            again(format, &document);
        }
        for format in [Format::Lines, Format::Csv] {
            the_same(format, &document);
        }
    }
    count > 0 && wrong == 0
}

/// Writes a document in a format that holds all of it, and reads it again.
fn the_same(format: Format, document: &Document) {
    let unit = OffsetUnit::UnicodeScalars;
    let mut bytes = Vec::new();
    let target = Target::Stream(Box::new(&mut bytes));
    let mut writer = writer(format, target, WriteOptions::new(unit)).unwrap();
    writer.document(document).expect("what was read is sound");
    writer.finish().unwrap();
    drop(writer);
    let origin = Origin::Stream(Box::new(&bytes[..]));
    let mut found = stream("file", format, origin, StreamOptions { unit }).unwrap();
    let found = found.next().unwrap().expect("what was written is sound");
    assert_eq!((&found.text, found.relations.len()), (&document.text, document.relations.len()));
    assert_eq!(found.entities.len(), document.entities.len());
    for (one, other) in found.entities.iter().zip(&document.entities) {
        assert_eq!((&one.bytes, one.value()), (&other.bytes, other.value()));
        assert_eq!(one.links.len(), other.links.len());
    }
}

fn again(format: Format, document: &Document) {
    let unit = OffsetUnit::UnicodeScalars;
    let mut bytes = Vec::new();
    let target = Target::Stream(Box::new(&mut bytes));
    let mut writer = writer(format, target, WriteOptions::new(unit)).unwrap();
    writer.document(document).expect("what was read is sound");
    let losses = writer.finish().unwrap();
    drop(writer);
    let origin = Origin::Stream(Box::new(&bytes[..]));
    let mut found = stream("file", format, origin, StreamOptions { unit }).unwrap();
    let found = found.next().unwrap().expect("what was written is sound");
    assert_eq!(found.entities.len(), document.entities.len());
    if format == Format::BiocJson && losses.is_empty() {
        assert_eq!(found.text, document.text);
        assert_eq!(found.code_relations, document.code_relations);
    }
}
