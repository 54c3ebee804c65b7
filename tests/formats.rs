//! Documents written in a format and read again are the same, but for what the format cannot hold, which
//! is counted.

#[path = "support/documents.rs"]
mod documents;

use biobert::OffsetUnit;
use biobert::data::{Format, Losses, Origin, StreamOptions, Target, WriteOptions, stream, writer};
use biobert::document::{Assertion, CodeRelation, Document, Entity, Link, Relation};

const UNITS: [OffsetUnit; 3] =
    [OffsetUnit::UnicodeScalars, OffsetUnit::Utf8Bytes, OffsetUnit::Utf16Units];

fn write(format: Format, documents: &[Document], unit: OffsetUnit) -> (Vec<u8>, Losses) {
    let mut bytes = Vec::new();
    let options = WriteOptions::new(unit);
    let mut writer = writer(format, Target::Stream(Box::new(&mut bytes)), options).unwrap();
    documents.iter().for_each(|document| writer.document(document).unwrap());
    let losses = writer.finish().unwrap();
    drop(writer);
    (bytes, losses)
}

fn read(format: Format, bytes: &[u8], unit: OffsetUnit) -> Vec<Document> {
    let origin = Origin::Stream(Box::new(bytes));
    let documents = stream("file", format, origin, StreamOptions { unit }).unwrap();
    documents.map(|document| document.unwrap()).collect()
}

/// As it is in a line of its own.
fn flat(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

/// The codes that are given, and nothing else.
fn bare(links: &[Link]) -> Vec<Link> {
    let given = links.iter().filter_map(|link| {
        let code = link.given()?.code.clone();
        Some(Link::given_by_file(link.system.clone(), code))
    });
    given.collect()
}

/// What PubTator's text holds of a document.
fn of_pubtator(mut document: Document) -> Document {
    document.text = match document.passages.is_empty() {
        true => flat(&document.text),
        false => {
            let (title, body) = document.text.split_once('\n').unwrap();
            format!("{}\n{}", flat(title), flat(body))
        }
    };
    document.relations.clear();
    document.sections.clear();
    document.provenance = None;
    document
        .code_relations
        .iter_mut()
        .for_each(|relation: &mut CodeRelation| relation.score = None);
    for entity in &mut document.entities {
        let links = bare(&entity.links);
        let label = entity.label.clone();
        *entity = Entity { links, ..Entity::new(entity.bytes.clone(), label) };
    }
    document
}

fn by_chance() -> Vec<Document> {
    let random = &mut fastrand::Rng::with_seed(1);
    (1..=1000).map(|number| documents::document(random, number)).collect()
}

/// The line is where it stands in the file.
fn expect_same(found: Vec<Document>, expected: impl Iterator<Item = Document>) {
    let expected: Vec<_> = expected.collect();
    assert_eq!(found.len(), expected.len());
    for (mut found, expected) in found.into_iter().zip(expected) {
        assert!(found.line > 0);
        found.line = 0;
        assert_eq!(found, expected);
    }
}

#[test]
fn documents_by_chance_are_sound() {
    let (mut entities, mut pieces, mut sections) = (0, 0, 0);
    for document in by_chance() {
        for entity in &document.entities {
            assert!(!document.text[entity.bytes.clone()].trim().is_empty());
            assert!(entity.pieces.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
        entities += document.entities.len();
        pieces += document.entities.iter().map(|entity| entity.pieces.len()).sum::<usize>();
        sections += document.sections.len();
    }
    assert!(entities > 1000 && pieces > 100 && sections > 100);
}

#[test]
fn pubtator_holds_text_entities_and_codes() {
    let documents = by_chance();
    let (bytes, losses) = write(Format::Pubtator, &documents, UNITS[0]);
    let found = read(Format::Pubtator, &bytes, UNITS[0]);
    expect_same(found, documents.into_iter().map(of_pubtator));
    println!("{losses:?}");
    for what in
        ["assertions", "attributes", "scores", "pieces", "relations", "line breaks", "sections"]
    {
        assert!(losses[what] > 0);
    }
    assert!(!losses.contains_key("passages") && !losses.contains_key("codes"));
}

#[test]
fn bioc_holds_all_in_every_unit() {
    let documents = by_chance();
    for format in [Format::BiocXml, Format::BiocJson] {
        for unit in UNITS {
            let (bytes, losses) = write(format, &documents, unit);
            let mut found = read(format, &bytes, unit);
            for (found, document) in found.iter_mut().zip(&documents) {
                // Without names of their own they have numbers.
                let pairs = found.entities.iter_mut().zip(&document.entities);
                pairs.filter(|(_, own)| own.id.is_none()).for_each(|(found, _)| found.id = None);
            }
            expect_same(found, documents.iter().cloned());
            assert!(losses.is_empty(), "{losses:?}");
        }
    }
}

/// What BRAT's pairs hold of a document.
fn of_brat(document: Document) -> Document {
    let keep = |entity: &Entity| Entity {
        pieces: entity.pieces.clone(),
        id: entity.id.clone(),
        links: bare(&entity.links),
        assertion: entity
            .assertion
            .clone()
            .map(|own| Assertion { category: own.category, ..Assertion::new(own.value) }),
        ..Entity::new(entity.bytes.clone(), entity.label.clone())
    };
    let relation = |relation: Relation| Relation { score: None, ..relation };
    Document {
        id: document.id,
        entities: document.entities.iter().map(keep).collect(),
        relations: document.relations.into_iter().map(relation).collect(),
        text: document.text,
        ..Document::default()
    }
}

#[test]
fn brat_holds_text_pieces_assertions_and_codes() {
    let documents = by_chance();
    for normalizations in [false, true] {
        let directory = tempfile::tempdir().unwrap();
        let target = Target::Directory(directory.path().into());
        let options = WriteOptions { normalizations, ..WriteOptions::new(UNITS[0]) };
        let mut writer = writer(Format::Brat, target, options).unwrap();
        documents.iter().for_each(|document| writer.document(document).unwrap());
        println!("{:?}", writer.finish().unwrap());
        let origin = Origin::Directory(directory.path().into());
        let unit = UNITS[0];
        let found = stream("directory", Format::Brat, origin, StreamOptions { unit }).unwrap();
        let mut found: Vec<Document> = found.map(|document| document.unwrap()).collect();
        found.sort_by_key(|document| document.id.as_ref().unwrap().parse::<usize>().unwrap());
        for (found, own) in found.iter_mut().zip(&documents) {
            let pairs = found.entities.iter_mut().zip(&own.entities);
            pairs.filter(|(_, own)| own.id.is_none()).for_each(|(found, _)| found.id = None);
            // A line of its own has room for the name of a code.
            found.entities.iter_mut().for_each(|entity| entity.links = bare(&entity.links));
        }
        expect_same(found, documents.iter().cloned().map(of_brat));
    }
}

/// `scripts/formats.sh` lets other libraries read these.
#[test]
#[ignore = "writes files for other libraries"]
fn files_for_others() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/formats");
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(directory.join("brat")).unwrap();
    let mut documents = by_chance();
    documents.retain(|document| !document.text.trim().is_empty());
    let put = |name: &str, bytes: &[u8]| std::fs::write(directory.join(name), bytes).unwrap();
    let scalars = |text: &str| text.chars().count();
    let expected = documents.iter().map(|document| {
        let place = |at: usize| scalars(&document.text[..at]);
        let entities = document.entities.iter().map(|entity| {
            let pieces = entity.stretches().iter();
            let pieces: Vec<_> =
                pieces.map(|piece| [place(piece.start), place(piece.end)]).collect();
            let codes = bare(&entity.links).into_iter().map(|link| link.candidates[0].code.clone());
            serde_json::json!({"pieces": pieces, "label": *entity.label,
                "assertion": entity.value().map(|value| value.name()),
                "codes": codes.collect::<Vec<_>>()})
        });
        serde_json::json!({"id": document.id, "text": document.text,
            "passages": document.passages.len(), "entities": entities.collect::<Vec<_>>(),
            "relations": document.relations.len(), "code_relations": document.code_relations.len()})
    });
    put("expected.json", serde_json::json!(expected.collect::<Vec<_>>()).to_string().as_bytes());
    for format in [Format::BiocXml, Format::BiocJson, Format::Pubtator] {
        put(format.name(), &write(format, &documents, UNITS[0]).0);
    }
    let target = Target::Directory(directory.join("brat"));
    let mut writer = writer(Format::Brat, target, WriteOptions::new(UNITS[0])).unwrap();
    documents.iter().for_each(|document| writer.document(document).unwrap());
    writer.finish().unwrap();
    // What bconv takes at all: bioc.validate wants the words between pieces in the text of an annotation,
    // and bconv refuses them.
    let mut whole = documents.clone();
    let entities = whole.iter_mut().flat_map(|document| &mut document.entities);
    entities.for_each(|entity| entity.pieces.clear());
    for format in [Format::BiocXml, Format::BiocJson] {
        put(&format!("{}-whole", format.name()), &write(format, &whole, UNITS[0]).0);
    }
    // What pubtator-loader takes at all.
    for document in &mut documents {
        document.code_relations.clear();
        let text = document.text.clone();
        document.entities.retain(|entity| !text[entity.bytes.clone()].contains('|'));
        document.entities.iter_mut().for_each(|entity| entity.links.truncate(1));
        document.relations.clear();
    }
    put("pubtator-plain", &write(Format::Pubtator, &documents, UNITS[0]).0);
}
