//! Where the statements come from: the note itself, whom it is about, and what read it.

use serde_json::{Value, json};

use super::base64;
use super::extension::{group, part, unknown};
use super::note::{Note, line};
use crate::document::Section;

/// The note as FHIR's DocumentReference, its text within.
pub(super) fn document_reference(note: &Note<'_>) -> Value {
    let text = note.document.text.as_bytes();
    let mut resource = note.resource("DocumentReference");
    let sections = note.document.sections.iter().filter_map(|own| section(note, own));
    let sections: Vec<_> = sections.collect();
    if !sections.is_empty() {
        resource["extension"] = json!(sections);
    }
    if let Some(id) = note.document.id.as_deref().and_then(line) {
        resource["masterIdentifier"] = json!({ "system": "urn:biobert:document", "value": id });
    }
    resource["status"] = json!("current");
    resource["subject"] = note.patient();
    // FHIR's own `hash` is SHA-1; ours is a SHA-256.
    let mut attachment = json!({
        "extension": [part("urn:biobert:sha256", "valueString", json!(note.hash))],
        "contentType": "text/plain; charset=utf-8",
    });
    if !text.is_empty() {
        attachment["data"] = json!(base64::encode(text));
    }
    attachment["size"] = json!(text.len());
    resource["content"] = json!([{ "attachment": attachment }]);
    resource
}

fn section(note: &Note<'_>, own: &Section) -> Option<Value> {
    let (offset, length) = note.place(&own.place);
    let mut code = json!({ "text": note.words(&own.title)? });
    if let Some(loinc) = own.loinc {
        code["coding"] = json!([{ "system": "http://loinc.org", "code": loinc }]);
    }
    Some(group(
        "section",
        vec![
            part("name", "valueString", json!(own.name)),
            part("code", "valueCodeableConcept", code),
            part("offset", "valueUnsignedInt", json!(offset)),
            part("length", "valueUnsignedInt", json!(length)),
        ],
    ))
}

/// Whom the note is about, of whom it says nothing that identifies.
pub(super) fn patient(note: &Note<'_>) -> Value {
    note.resource("Patient")
}

/// The model and this library as FHIR's Device.
pub(super) fn device(note: &Note<'_>) -> Value {
    let mut resource = note.resource("Device");
    let provenance = note.document.provenance.as_ref();
    if let Some(hash) = provenance.and_then(|own| own.hash.as_deref()).and_then(line) {
        resource["identifier"] = json!([{ "system": "urn:biobert:model:sha256", "value": hash }]);
    }
    let model = provenance.and_then(|own| line(&own.model));
    let name = model.unwrap_or_else(|| "biobert".into());
    resource["deviceName"] = json!([{ "name": name, "type": "model-name" }]);
    let version = provenance.and_then(|own| line(&own.version));
    let version = version.unwrap_or_else(|| env!("CARGO_PKG_VERSION").into());
    resource["version"] = json!([{ "type": { "text": "biobert" }, "value": version }]);
    resource
}

/// What made the statements of, with what: FHIR's Provenance of `targets`.
pub(super) fn provenance(note: &Note<'_>, targets: &[String], device: &str) -> Value {
    let mut resource = note.resource("Provenance");
    let targets = targets.iter().map(|urn| json!({ "reference": urn }));
    resource["target"] = targets.collect();
    match note.date {
        // An instant has a time; of a day it is its start.
        Some(date) if date.len() == DAY => {
            resource["recorded"] = json!(format!("{date}T00:00:00Z"))
        }
        Some(date) => resource["recorded"] = json!(date),
        None => resource["_recorded"] = unknown(),
    }
    resource["agent"] = json!([{ "who": { "reference": device } }]);
    resource["entity"] = json!([{ "role": "source", "what": { "reference": note.reference } }]);
    resource
}

/// Characters of a date without a time.
const DAY: usize = "2026-11-28".len();
