//! Documents that cover what a bundle can hold: every kind with every assertion, every attribute of the
//! library's own cases, every code system. `scripts/fhir.sh` has them validated.

use std::ops::Range;
use std::path::Path;

use super::{options, written};
use crate::clinical::as_needed::as_needed;
use crate::clinical::context::{Judges, assertions};
use crate::clinical::measurements::measurements;
use crate::clinical::medication::medication;
use crate::clinical::sections::{home, sections};
use crate::data::WriteOptions;
use crate::document::{
    Assertion, AssertionCategory, AssertionValue, Attribute, AttributeKind, Code, Document, Entity,
    Link,
};
use crate::sentence::sentences;

type Said = Option<(AssertionValue, Option<AssertionCategory>)>;

/// Every value with every category and with none, and nothing at all.
pub(super) fn every_assertion() -> Vec<Said> {
    let categories = || AssertionCategory::ALL.into_iter().map(Some);
    let of = |value| std::iter::once(None).chain(categories()).map(move |why| Some((value, why)));
    std::iter::once(None).chain(AssertionValue::ALL.into_iter().flat_map(of)).collect()
}

/// A document of one entity with attributes that have a number.
pub(super) fn attributed(
    text: &str,
    place: Range<usize>,
    label: &str,
    attributes: &[(&str, Range<usize>, f64)],
) -> Document {
    let mut entity = Entity::new(place, label.into());
    for (name, place, number) in attributes {
        let kind = AttributeKind::ALL.into_iter().find(|kind| kind.name() == *name).unwrap();
        entity.attributes.push(Attribute {
            kind,
            place: place.clone(),
            low: Some(*number),
            high: Some(*number),
            comparator: None,
            unit: None,
            step: 0,
            parsed: true,
        });
    }
    Document { text: text.into(), entities: vec![entity], ..Document::default() }
}

/// A note whose entities stand in double brackets with their label and perhaps codes; the clinical layer says
/// the rest.
pub(super) fn note(marked: &str, id: &str) -> Document {
    let (mut text, mut entities) = (String::new(), Vec::new());
    for (index, part) in marked.split("[[").enumerate() {
        let (mark, rest) = if index == 0 { ("", part) } else { part.split_once("]]").unwrap() };
        let mut fields = mark.split('|');
        let words = fields.next().unwrap_or("");
        let start = text.len();
        text.push_str(words);
        if let Some(label) = fields.next() {
            let mut entity = Entity::new(start..text.len(), label.into());
            for code in fields.next().into_iter().flat_map(|codes| codes.split(',')) {
                let (system, code) = code.split_once(':').unwrap();
                entity.links.push(Link::given_by_file(system.into(), code.into()));
            }
            entities.push(entity);
        }
        text.push_str(rest);
    }
    let check = || Ok(());
    let sentences = sentences(&text);
    let sections = sections(&text, &check).unwrap();
    let home: Vec<_> = entities.iter().map(|own| home(&sections, own.bytes.start)).collect();
    let said =
        assertions(&text, &sentences, &sections, &entities, &home, None, Judges::Rules, &check);
    let drugs = medication(&text, &sentences, &entities, &check).unwrap();
    let tests = measurements(&text, &sentences, &entities, &check).unwrap();
    let mut said = said.unwrap();
    as_needed(&entities, &drugs, &mut said);
    let all = said.into_iter().zip(home).zip(drugs).zip(tests);
    for (entity, (((said, home), drugs), tests)) in entities.iter_mut().zip(all) {
        entity.assertion = Some(said);
        entity.section = home;
        entity.attributes = [drugs, tests].concat();
        entity.attributes.sort_by_key(|own| own.place.start);
    }
    Document { id: Some(id.into()), text, sections, entities, ..Document::default() }
}

/// The notes of a file of cases, their entities of a label.
fn cases(file: &str, label: &str) -> Vec<Document> {
    let first = |case: &str| case.lines().next().unwrap().replace('⏎', "\n");
    let marked = |case: &str| first(case).replace("]]", &format!("|{label}]]"));
    let cases = file.trim_end().split("\n\n").enumerate();
    cases.map(|(index, case)| note(&marked(case), &format!("{label}-{index}"))).collect()
}

/// Every kind with every assertion and every attribute that has a number.
fn product() -> Vec<Document> {
    let mut all = Vec::new();
    for label in ["Problem", "Drug", "Test", "Procedure", "Gene"] {
        for said in every_assertion() {
            let text = "mother: thing 8.2 8.3 8.4 no";
            let mut whole = Document { text: text.into(), ..Document::default() };
            for kind in AttributeKind::ALL {
                let attributes = [(kind.name(), 14..17, 8.2), (kind.name(), 18..21, 3.0)];
                let mut entity = attributed(text, 8..13, label, &attributes).entities.remove(0);
                let cue = Some(0..6);
                entity.assertion =
                    said.map(|(value, category)| Assertion { value, category, score: 0.93, cue });
                whole.entities.push(entity);
            }
            all.push(whole);
        }
    }
    all
}

/// Every kind of number with every unit of the library, and with some that are none.
fn numbers() -> Vec<Document> {
    let table = include_str!("../../../clinical/quantity/units.tsv");
    let rows = table.lines().filter(|row| !row.starts_with('#'));
    let mut units: Vec<_> = rows.filter_map(|row| row.split('\t').nth(1)).map(Some).collect();
    units.extend(
        ["/d", "/wk", "{dose}", "mcg", "IU/mL", "mg/(2.5.mL)", "mg/(5.mL)", " ", ""].map(Some),
    );
    units.extend(["[iU]/kg/h", "ug/kg/min", "g/d", "{tbl}/d", "10*3/uL", "\u{1}"].map(Some));
    units.push(None);
    let ranges = [
        (Some(1.0), Some(1.0)),
        (Some(4.0), Some(6.0)),
        (Some(6.0), Some(4.5)),
        (None, Some(3.0)),
        (Some(0.5), None),
        (None, None),
        (Some(f64::NAN), Some(f64::INFINITY)),
        (Some(-1.5), Some(1e300)),
        (Some(0.0), Some(0.0)),
    ];
    let mut all = Vec::new();
    for (label, name) in [
        ("Drug", "dose"),
        ("Drug", "strength"),
        ("Drug", "frequency"),
        ("Drug", "duration"),
        ("Test", "value"),
        ("Test", "reference"),
    ] {
        for unit in &units {
            let mut text = String::new();
            let mut entities = Vec::new();
            for (low, high) in ranges {
                // All comparators with one unit; the others once.
                let all = [None, Some("<"), Some("<="), Some(">"), Some(">="), Some("~")];
                let comparators = if *unit == Some("mg") { all.as_slice() } else { &all[..1] };
                for &comparator in comparators {
                    let start = text.len();
                    text.push_str("heart rate 8.2, 8.2 (H) ");
                    let place = |from: usize, to: usize| start + from..start + to;
                    let mut document =
                        attributed(&text, place(0, 10), label, &[(name, place(11, 14), 1.0)]);
                    let mut entity = document.entities.remove(0);
                    let attribute = &mut entity.attributes[0];
                    (attribute.low, attribute.high) = (low, high);
                    attribute.comparator = comparator;
                    attribute.unit = unit.map(String::from);
                    if name == "reference" {
                        let value = attributed(
                            &text,
                            place(0, 10),
                            label,
                            &[("value", place(16, 19), 8.2)],
                        );
                        entity
                            .attributes
                            .extend(value.entities.into_iter().flat_map(|own| own.attributes));
                    }
                    entity.assertion = Some(Assertion::new(AssertionValue::Present));
                    entities.push(entity);
                }
            }
            all.push(Document {
                id: Some(format!("{name} {unit:?}")),
                text,
                entities,
                ..Document::default()
            });
        }
    }
    all
}

/// Odd texts, and codes of every system.
fn odd() -> Vec<Document> {
    let mut all = vec![Document::default()];
    for text in ["", " ", "\u{0}\u{B}\u{C}", "a\u{0}b\r\n\u{85}c", "😀 β é", "<b>&amp;\"\\"] {
        let mut document =
            Document { text: text.into(), id: Some(text.into()), ..Document::default() };
        if !text.trim().is_empty() {
            let mut entity = Entity::new(0..text.len(), "Problem".into());
            entity.id = Some(" \u{1}".into());
            entity.assertion = Some(Assertion::new(AssertionValue::Present));
            entity.score = Some(f32::NAN);
            document.entities.push(entity.clone());
            document.entities.push(entity);
        }
        all.push(document);
    }
    let codes = [
        ("MESH", "D006333"),
        ("ICD10CM", "I50.9"),
        ("SNOMEDCT_US", "84114007"),
        ("RXNORM", "6809"),
        ("LOINC", "8867-4"),
        ("LOINC", "85354-9"),
        ("LOINC", "8310-5"),
        ("LOINC", "2708-6"),
        ("LOINC", "29463-7"),
        ("UMLS", "C0018801"),
        ("HP", "HP:0001635"),
        ("MONDO", "MONDO:0005252"),
        ("DOID", "DOID:6000"),
        ("CHEBI", "CHEBI:6801"),
        ("OMOP", "316139"),
        ("our own", "a b"),
        ("http://example.org/codes", "x"),
        ("", ""),
        ("ATC", "A10BA02"),
        ("NDC", "0002-1433-80"),
    ];
    for (system, code) in codes {
        for label in ["Problem", "Drug", "Test", "Procedure"] {
            for values in [1, 2] {
                let mut document = attributed(
                    "heart rate 8.2/8.3 H",
                    0..10,
                    label,
                    &[("value", 11..14, 8.2), ("value", 15..18, 8.3)],
                );
                let entity = &mut document.entities[0];
                entity.attributes.truncate(values);
                if label == "Drug" {
                    entity.attributes.clear();
                }
                entity.assertion = Some(Assertion::new(AssertionValue::Present));
                entity.links.push(Link {
                    system: system.into(),
                    candidates: vec![Code {
                        code: code.into(),
                        name: Some("name".into()),
                        score: Some(0.9),
                        reason: None,
                    }],
                    abstention: None,
                });
                all.push(document);
            }
        }
    }
    all
}

/// Everything, with its options.
fn corpus() -> Vec<(Vec<Document>, WriteOptions<'static>)> {
    let mut notes = cases(include_str!("../../../clinical/medication/cases.txt"), "Drug");
    notes.extend(cases(include_str!("../../../clinical/measurements/cases.txt"), "Test"));
    notes.push(note(include_str!("note.txt"), "note-1"));
    let dated = WriteOptions {
        date: Some("2026-11-28T09:30:00Z"),
        subject: Some("Patient/7"),
        ..options()
    };
    vec![
        (product(), options()),
        (notes.clone(), options()),
        (notes, dated),
        (numbers(), WriteOptions { date: Some("2026-11-28"), ..options() }),
        (odd(), options()),
    ]
}

#[test]
fn all_of_it_is_written_and_parses() {
    for (documents, options) in corpus() {
        let (lines, _) = written(&documents, options);
        assert_eq!(lines.lines().count(), documents.len());
        lines
            .lines()
            .for_each(|line| drop(serde_json::from_str::<serde_json::Value>(line).unwrap()));
    }
}

/// Writes it to `target/fhir`, for validators.
#[test]
#[ignore = "scripts/fhir.sh runs it"]
fn write_for_validators() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fhir");
    std::fs::create_dir_all(&directory).unwrap();
    let lines: String =
        corpus().iter().map(|(documents, options)| written(documents, *options).0).collect();
    std::fs::write(directory.join("corpus.ndjson"), lines).unwrap();
}
