//! What comes out as what; a whole note; and what holds of every bundle.

mod corpus;

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::fate::{Fate, fate};
use super::kind::Kind;
use crate::data::{Format, Losses, Target, WriteOptions, writer};
use crate::document::{
    Assertion, AssertionCategory, AssertionValue, Document, Entity, Link, Provenance, Relation,
};
use crate::error::Error;
use crate::text::OffsetUnit;

use corpus::{attributed, every_assertion, note};

fn options() -> WriteOptions<'static> {
    WriteOptions::new(OffsetUnit::UnicodeScalars)
}

/// The lines of documents, and what was lost.
fn written(documents: &[Document], options: WriteOptions<'_>) -> (String, Losses) {
    let mut out = Vec::new();
    let mut writer = writer(Format::Fhir, Target::Stream(Box::new(&mut out)), options).unwrap();
    documents.iter().for_each(|document| writer.document(document).unwrap());
    let losses = writer.finish().unwrap();
    drop(writer);
    (String::from_utf8(out).unwrap(), losses)
}

fn bundle(document: &Document) -> (Value, Losses) {
    let (line, losses) = written(std::slice::from_ref(document), options());
    (serde_json::from_str(&line).unwrap(), losses)
}

/// The statements of a bundle.
fn statements(bundle: &Value) -> Vec<&Value> {
    let not_statements = ["DocumentReference", "Patient", "Device", "Provenance"];
    let entries = bundle["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]);
    let kind = |resource: &Value| resource["resourceType"].as_str().unwrap().to_string();
    entries.filter(|resource| !not_statements.contains(&kind(resource).as_str())).collect()
}

/// A resource in a few words: its type and its statuses.
fn summary(resource: &Value) -> String {
    let code = |field: &str| resource[field]["coding"][0]["code"].as_str().unwrap_or("-");
    let status = resource["status"].as_str().unwrap_or("-");
    match resource["resourceType"].as_str().unwrap() {
        "FamilyMemberHistory" => format!("FamilyMemberHistory {}", code("relationship")),
        kind @ ("Condition" | "AllergyIntolerance") => {
            format!("{kind} {} {}", code("clinicalStatus"), code("verificationStatus"))
        }
        kind => format!("{kind} {status}"),
    }
}

/// An entity of a label with a value and a category; a test has a result.
fn one(label: &str, said: Option<(AssertionValue, Option<AssertionCategory>)>) -> Document {
    let mut document = attributed("mother: thing 8.2", 8..13, label, &[("value", 14..17, 8.2)]);
    let entity = &mut document.entities[0];
    if label != "Test" {
        entity.attributes.clear();
    }
    entity.assertion = said.map(|(value, category)| {
        let cue = (value == AssertionValue::OtherPerson).then_some(0..6);
        Assertion { value, category, score: 0.93, cue }
    });
    document
}

/// Compares with a file beside this one; `BLESS=1` writes it anew.
fn golden(name: &str, found: &str) {
    let path = Path::new(file!()).parent().unwrap().join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "{name}, line {}", number + 1);
    }
    assert_eq!(found.lines().count(), expected.lines().count(), "{name}");
}

#[test]
fn what_comes_out_as_what() {
    let mut table =
        String::from("# kind\tvalue\tcategory\tresource and statuses, or what is counted\n");
    for label in ["Problem", "Drug", "Test", "Procedure", "Gene"] {
        for said in every_assertion() {
            let (bundle, losses) = bundle(&one(label, said));
            let found: Vec<_> = statements(&bundle).into_iter().map(summary).collect();
            let lost: Vec<_> = losses.iter().map(|(what, n)| format!("lost: {n} {what}")).collect();
            let value = said.map_or("-", |(value, _)| value.name());
            let category = said.and_then(|(_, category)| category).map_or("-", |own| own.name());
            let outcome = [found, lost].concat().join("; ");
            table += &format!("{label}\t{value}\t{category}\t{outcome}\n");
        }
    }
    golden("table.tsv", &table);
}

#[test]
fn the_rules_of_the_mapping_hold_whatever_the_table_says() {
    use AssertionCategory as Why;
    use AssertionValue as Is;
    let cases = [
        ("Problem", Is::Present, None, "Condition active confirmed"),
        ("Problem", Is::Possible, Some(Why::Uncertain), "Condition - provisional"),
        ("Problem", Is::Absent, Some(Why::Denied), "Condition - refuted"),
        ("Disease", Is::Absent, Some(Why::RuledOut), "Condition - refuted"),
        ("Problem", Is::Absent, Some(Why::Resolved), "Condition resolved confirmed"),
        ("Problem", Is::Historical, Some(Why::Past), "Condition inactive confirmed"),
        ("Problem", Is::Historical, Some(Why::Section), "Condition - confirmed"),
        ("Problem", Is::Historical, None, "Condition - confirmed"),
        ("Problem", Is::OtherPerson, Some(Why::Family), "FamilyMemberHistory MTH"),
        ("Problem", Is::Absent, Some(Why::Family), ""),
        ("Problem", Is::Absent, None, ""),
        ("Drug", Is::Present, None, "MedicationStatement active"),
        ("Chemical", Is::Absent, Some(Why::Stopped), "MedicationStatement stopped"),
        ("Drug", Is::Absent, Some(Why::Denied), "MedicationStatement not-taken"),
        ("Drug", Is::Historical, None, "MedicationStatement completed"),
        ("Drug", Is::Possible, Some(Why::Planned), "MedicationStatement intended"),
        ("Drug", Is::Absent, Some(Why::Allergy), "AllergyIntolerance active confirmed"),
        ("Test", Is::Present, None, "Observation final"),
        ("Procedure", Is::Present, None, "Procedure completed"),
        ("Procedure", Is::Absent, Some(Why::Denied), "Procedure not-done"),
        ("Procedure", Is::Possible, Some(Why::Planned), "Procedure preparation"),
        ("Gene", Is::Present, None, ""),
    ];
    for (label, value, category, expected) in cases {
        let (bundle, _) = bundle(&one(label, Some((value, category))));
        let found: Vec<_> = statements(&bundle).into_iter().map(summary).collect();
        assert_eq!(found.join("; "), expected, "{label} {value:?} {category:?}");
    }
}

/// Sentences by themselves, and their statements: type, status and, after a colon, the words.
#[test]
fn what_sentences_come_out_as() {
    let cases = [
        ("Mother is allergic to [[penicillin|Drug]].", ""),
        ("Sister allergic to [[sulfa|Drug]]", ""),
        (
            "He is allergic to [[penicillin|Drug]].",
            "AllergyIntolerance active confirmed: penicillin",
        ),
        (
            "Outgrew [[penicillin|Drug]] allergy.",
            "AllergyIntolerance inactive confirmed: penicillin",
        ),
        (
            "History of childhood [[penicillin|Drug]] [[allergy|Problem]], since tolerated.",
            "AllergyIntolerance inactive confirmed: penicillin; Condition inactive confirmed: allergy",
        ),
        ("Allergic to [[shellfish|Problem]].", "AllergyIntolerance active confirmed: shellfish"),
        ("ALLERGIES: [[NKDA|Problem]]", ""),
        ("ALLERGIES: [[NKDA|Drug]]", ""),
        ("No known [[drug allergies|Problem]].", ""),
        ("[[No known drug allergies|Problem]]", ""),
        ("No [[latex allergy|Problem]].", "Condition - refuted: latex allergy"),
        ("Target [[INR|Test]] 2-3.", ""),
        ("[[LDL|Test]] < 70 desired", ""),
        ("[[LDL|Test]] 68", "Observation final: LDL"),
        (
            "+ [[nausea|Problem]], - [[vomiting|Problem]]",
            "Condition active confirmed: nausea; Condition - refuted: vomiting",
        ),
        ("Father died of [[MI|Problem]] at 60.", "FamilyMemberHistory FTH: MI"),
        ("Fetus with [[hydronephrosis|Problem]].", "FamilyMemberHistory CHILD: hydronephrosis"),
        (
            "PMH: [[fibrillation|Problem]] on [[apixaban|Drug]]",
            "Condition - confirmed: fibrillation; MedicationStatement active: apixaban",
        ),
        (
            "PMH: [[DVT|Problem]] on [[warfarin|Drug]], stopped 2019",
            "Condition - confirmed: DVT; MedicationStatement stopped: warfarin",
        ),
        // A list of the past says of nothing that it is over.
        (
            "PMH: [[diabetes|Problem]], [[asthma|Problem]]",
            "Condition - confirmed: diabetes; Condition - confirmed: asthma",
        ),
        (
            "Past medical history significant for [[hypertension|Problem]], [[diabetes|Problem]].",
            "Condition - confirmed: hypertension; Condition - confirmed: diabetes",
        ),
        (
            "67yo M with PMHx of [[COPD|Problem]] presents with [[dyspnea|Problem]].",
            "Condition - confirmed: COPD; Condition active confirmed: dyspnea",
        ),
        ("Patient with a history of [[asthma|Problem]].", "Condition - confirmed: asthma"),
        ("H/o [[hypertension|Problem]].", "Condition - confirmed: hypertension"),
        ("PMH: [[diabetes|Problem]] 2010", "Condition - confirmed: diabetes"),
        ("Hx of [[CHF|Problem]]", "Condition - confirmed: CHF"),
        ("s/p [[MI|Problem]] in 2015", "Condition inactive confirmed: MI"),
        ("In 2015 he had [[sepsis|Problem]].", "Condition inactive confirmed: sepsis"),
        ("Outgrew [[asthma|Problem]].", "Condition inactive confirmed: asthma"),
        ("[[Diabetes|Problem]] diagnosed in 2010.", "Condition active confirmed: Diabetes"),
        // A date is of the event before it, and ends nothing else.
        (
            "[[Hypertension|Problem]], [[asthma|Problem]], and [[appendectomy|Procedure]] in 1990.",
            "Condition active confirmed: Hypertension; Condition active confirmed: asthma; \
             Procedure completed: appendectomy",
        ),
        (
            "He has [[COPD|Problem]] on [[tiotropium|Drug]] and had [[pneumonia|Problem]] in 2019.",
            "Condition active confirmed: COPD; MedicationStatement active: tiotropium; \
             Condition inactive confirmed: pneumonia",
        ),
        (
            "[[Epilepsy|Problem]], last seizure in 2019, on [[keppra|Drug]]",
            "Condition active confirmed: Epilepsy; MedicationStatement active: keppra",
        ),
        ("[[Crohn's|Problem]] since age 20", "Condition active confirmed: Crohn's"),
        ("[[Depression|Problem]], in full remission.", "Condition inactive confirmed: Depression"),
        (
            "[[ibuprofen|Drug]] 400 mg PRN [[headache|Problem]]",
            "MedicationStatement active: ibuprofen; Condition - provisional: headache",
        ),
    ];
    for (text, expected) in cases {
        let (bundle, _) = bundle(&note(text, "1"));
        let words = |own: &Value| {
            let family = &own["condition"][0]["code"];
            let all = [&own["code"], &own["medicationCodeableConcept"], family];
            let words = all.into_iter().find_map(|concept| concept["text"].as_str()).unwrap();
            format!("{}: {words}", summary(own))
        };
        let found: Vec<_> = statements(&bundle).into_iter().map(words).collect();
        assert_eq!(found.join("; "), expected, "{text}");
    }
}

#[test]
fn every_entity_becomes_a_resource_or_is_counted() {
    for label in ["Problem", "Drug", "Test", "Procedure", "Gene", "Other"] {
        for said in every_assertion() {
            for measured in [false, true] {
                let fate = fate(Kind::of(label), said, measured);
                let is_present = said.is_some_and(|(value, _)| value == AssertionValue::Present);
                let active = Fate::Condition(Some("active"), "confirmed");
                assert!(fate != active || is_present, "{label} {said:?}");
            }
        }
    }
}

#[test]
fn a_whole_note_comes_out_as_it_did() {
    let mut note = note(include_str!("note.txt"), "note-1");
    // Not this version, which changes.
    let (model, hash, version) = ("bio-minilm".into(), Some("ab12".into()), "0.2.0".into());
    note.provenance = Some(Provenance { model, hash, version });
    let (line, losses) = written(std::slice::from_ref(&note), options());
    let bundle: Value = serde_json::from_str(&line).unwrap();
    golden("note.json", &(serde_json::to_string_pretty(&bundle).unwrap() + "\n"));
    let lost: Vec<_> = losses.iter().map(|(what, n)| format!("{n} {what}")).collect();
    assert_eq!(lost, ["1 genes", "1 tests without a result", "1 what the family has not"]);
}

#[test]
fn references_meet_and_names_are_unique_and_places_are_the_notes() {
    let note = note(include_str!("note.txt"), "note-1");
    let scalars: Vec<char> = note.text.chars().collect();
    let (bundle, _) = bundle(&note);
    let entries = bundle["entry"].as_array().unwrap();
    let urns: BTreeSet<_> =
        entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
    assert_eq!(urns.len(), entries.len());
    let text = bundle.to_string();
    for piece in text.split("\"reference\":\"").skip(1) {
        assert!(urns.contains(piece.split('"').next().unwrap()), "{piece:.60}");
    }
    for resource in statements(&bundle) {
        let concept = ["code", "medicationCodeableConcept"].map(|field| &resource[field]["text"]);
        let family = &resource["condition"][0]["code"]["text"];
        let mention = concept.into_iter().chain([family]).find_map(Value::as_str).unwrap();
        let place = &resource["extension"][0];
        assert_eq!(place["url"], "urn:biobert:place");
        let number =
            |index: usize| place["extension"][index]["valueUnsignedInt"].as_u64().unwrap() as usize;
        let (offset, length) = (number(0), number(1));
        assert_eq!(scalars[offset..offset + length].iter().collect::<String>(), mention);
        assert_eq!(resource["meta"]["tag"][0]["code"], "machine-extracted");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes_and_other_documents_other_names() {
    let notes = [note(include_str!("note.txt"), "1"), note(include_str!("note.txt"), "2")];
    let (first, _) = written(&notes, options());
    let (again, _) = written(&notes, options());
    assert_eq!(first, again);
    let lines: Vec<&str> = first.lines().collect();
    assert_eq!(lines.len(), 2);
    let urn = |line: &str| line.split("urn:uuid:").nth(1).unwrap()[..36].to_string();
    assert_ne!(urn(lines[0]), urn(lines[1]));
    assert_eq!(urn(lines[0]).as_bytes()[14], b'8', "a UUID of version 8");
}

#[test]
fn a_subject_is_a_type_and_an_id_or_an_address() {
    let takes = |subject| {
        let options = WriteOptions { subject: Some(subject), ..options() };
        writer(Format::Fhir, Target::Stream(Box::new(Vec::new())), options).is_ok()
    };
    for subject in ["Patient/123", "Group/a-1.B", "urn:uuid:0", "https://example.org/Patient/1"] {
        assert!(takes(subject), "{subject}");
    }
    let long = format!("Patient/{}", "1".repeat(65));
    for subject in
        ["", "123", "foo", "patient/1", "Patient/", "Patient/a b", "P/a/b", "urn:", &long]
    {
        assert!(!takes(subject), "{subject}");
    }
}

#[test]
fn the_subject_and_the_date_are_the_callers() {
    let note = note("[[fever|Problem]]", "1");
    let options =
        WriteOptions { subject: Some("Patient/7"), date: Some("2026-11-28"), ..options() };
    let (line, _) = written(std::slice::from_ref(&note), options);
    assert!(!line.contains("\"Patient\""), "no patient of its own");
    assert!(line.contains(r#""subject":{"reference":"Patient/7"}"#));
    assert!(line.contains(r#""recorded":"2026-11-28T00:00:00Z""#));
    let wrong = [
        "",
        "28.11.2026",
        "2026-02-30",
        "2026-13-01",
        "2026-11-28T09:30",
        "2026-11-28T25:00:00Z",
        "é026-11-2",
    ];
    for date in wrong {
        let options = WriteOptions { date: Some(date), ..options };
        let refused =
            writer(Format::Fhir, Target::Stream(Box::new(Vec::new())), options).map(|_| ());
        assert!(matches!(refused, Err(Error::Argument(_))), "{date}");
    }
    for date in ["2024-02-29", "2026-11-28T09:30:00Z", "2026-11-28T09:30:00+05:30"] {
        let options = WriteOptions { date: Some(date), ..options };
        assert!(
            writer(Format::Omop, Target::Stream(Box::new(Vec::new())), options).is_ok(),
            "{date}"
        );
    }
}

#[test]
fn a_directory_and_a_place_outside_of_the_text_are_refused() {
    let directory = Target::Directory("nowhere".into());
    assert!(matches!(writer(Format::Fhir, directory, options()), Err(Error::Argument(_))));
    let mut document = note("[[fever|Problem]]", "1");
    document.entities[0].bytes = 3..99;
    let target = Target::Stream(Box::new(Vec::new()));
    let mut writer = writer(Format::Fhir, target, options()).unwrap();
    assert!(matches!(writer.document(&document), Err(Error::Argument(_))));
}

#[test]
fn what_a_bundle_cannot_hold_is_counted() {
    let mut document = note("[[aspirin|Drug]] induces [[rash|Problem]] by [[TP53|Gene]]", "1");
    document.relations.push(Relation::new(0, 1, "induces".into()));
    let mut unsure = Link::given_by_file("MESH".into(), "D1".into());
    unsure.abstention = Some(crate::document::Abstention::Weak);
    document.entities[0].links.push(unsure);
    let (bundle, losses) = bundle(&document);
    assert_eq!(statements(&bundle).len(), 2);
    let lost: Vec<_> = losses.iter().map(|(what, n)| format!("{n} {what}")).collect();
    assert_eq!(lost, ["1 codes that were not sure enough to be given", "1 genes", "1 relations"]);
}

#[test]
fn the_model_is_said() {
    let mut document = note("[[fever|Problem]]", "1");
    document.provenance = Some(Provenance {
        model: "bio-minilm".into(),
        hash: Some("ab12".into()),
        version: "0.3.0".into(),
    });
    let (line, _) = written(&[document], options());
    let bundle: Value = serde_json::from_str(&line).unwrap();
    let entries = bundle["entry"].as_array().unwrap();
    let find = |kind| {
        let found = entries.iter().find(|entry| entry["resource"]["resourceType"] == kind);
        found.unwrap().clone()
    };
    let device = find("Device");
    assert_eq!(device["resource"]["deviceName"][0]["name"], "bio-minilm");
    assert_eq!(device["resource"]["identifier"][0]["value"], "ab12");
    assert_eq!(device["resource"]["version"][0]["value"], "0.3.0");
    let provenance = &find("Provenance")["resource"];
    assert_eq!(provenance["agent"][0]["who"]["reference"], device["fullUrl"]);
    assert_eq!(provenance["target"], json!([{ "reference": entries[2]["fullUrl"] }]));
}

fn any_said() -> impl Strategy<Value = Option<(AssertionValue, Option<AssertionCategory>)>> {
    prop::sample::select(every_assertion())
}

proptest! {
    /// Whatever the labels, texts and places: nothing but what is present is an active condition, and no
    /// entity is lost without being counted.
    #[test]
    fn what_is_not_present_is_never_an_active_condition(
        text in "(\\PC|[\\x00-\\x1F]){1,60}",
        marks in prop::collection::vec((0_usize..60, 1_usize..9, 0_usize..6, any_said()), 0..12),
    ) {
        let labels = ["Problem", "Drug", "Test", "Procedure", "Gene", "x"];
        let mut document = Document { text, ..Document::default() };
        for (start, length, label, said) in marks {
            let start = document.text.floor_char_boundary(start.min(document.text.len() - 1));
            let end = document.text.ceil_char_boundary((start + length).min(document.text.len()));
            if document.text[start..end].trim().is_empty() {
                continue;
            }
            let mut entity = Entity::new(start..end, labels[label].into());
            entity.assertion =
                said.map(|(value, category)| Assertion { category, ..Assertion::new(value) });
            document.entities.push(entity);
        }
        let (bundle, losses) = bundle(&document);
        let statements = statements(&bundle);
        for resource in &statements {
            let active = resource["clinicalStatus"]["coding"][0]["code"] == "active";
            if active && resource["resourceType"] == "Condition" {
                let said = resource["extension"].as_array().unwrap().iter();
                let said = said.filter(|own| own["url"] == "urn:biobert:assertion");
                let values: Vec<_> = said.map(|own| &own["extension"][0]["valueCode"]).collect();
                prop_assert_eq!(values, ["present"]);
            }
        }
        let lost: u64 = losses.values().sum();
        prop_assert_eq!(statements.len() as u64 + lost, document.entities.len() as u64);
    }
}
