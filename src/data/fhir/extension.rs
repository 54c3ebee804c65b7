//! What FHIR has no element for, as extensions: the place in the note, what was found, what the note says of
//! it. `docs/fhir.md` lists them.

use serde_json::{Value, json};

use super::note::{Note, line};
use crate::document::Entity;

/// Says that a required value is not known.
pub(super) fn unknown() -> Value {
    json!({ "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "valueCode": "unknown",
    }] })
}

/// The extensions of a resource about an entity.
pub(super) fn extensions(note: &Note<'_>, entity: &Entity) -> Value {
    let places = entity.stretches().iter().map(|piece| {
        let (offset, length) = note.place(piece);
        group(
            "place",
            vec![
                part("offset", "valueUnsignedInt", json!(offset)),
                part("length", "valueUnsignedInt", json!(length)),
                part("sha256", "valueString", json!(note.hash)),
                part("document", "valueReference", json!({ "reference": note.reference })),
            ],
        )
    });
    let mut all: Vec<Value> = places.collect();
    all.push(group("entity", about(note, entity)));
    all.extend(assertion(note, entity));
    Value::Array(all)
}

fn about(note: &Note<'_>, entity: &Entity) -> Vec<Value> {
    let section = entity.section.and_then(|index| note.document.sections.get(index));
    let texts = [
        ("label", Some(&*entity.label)),
        ("id", entity.id.as_deref()),
        ("head", entity.head.as_deref()),
        ("section", section.map(|section| section.name)),
        ("expansion", entity.expansion.as_deref()),
    ];
    let text =
        |(name, text): (&str, Option<&str>)| Some(part(name, "valueString", json!(line(text?)?)));
    let mut parts: Vec<Value> = texts.into_iter().filter_map(text).collect();
    parts.extend(entity.score.and_then(|score| Some(part("score", "valueDecimal", short(score)?))));
    parts
}

fn assertion(note: &Note<'_>, entity: &Entity) -> Option<Value> {
    let said = entity.assertion.as_ref()?;
    let mut parts = vec![part("value", "valueCode", json!(said.value.name()))];
    if let Some(category) = said.category {
        parts.push(part("category", "valueCode", json!(category.name())));
    }
    if let Some(score) = short(said.score) {
        parts.push(part("score", "valueDecimal", score));
    }
    if let Some(cue) = &said.cue {
        let (offset, length) = note.place(cue);
        parts.push(part("cueOffset", "valueUnsignedInt", json!(offset)));
        parts.push(part("cueLength", "valueUnsignedInt", json!(length)));
    }
    Some(group("assertion", parts))
}

/// An extension of ours.
pub(super) fn group(name: &str, parts: Vec<Value>) -> Value {
    json!({ "url": format!("urn:biobert:{name}"), "extension": parts })
}

/// A part of one.
pub(super) fn part(name: &str, kind: &str, value: Value) -> Value {
    json!({ "url": name, kind: value })
}

/// A probability with as many digits as it has: 0.93, not 0.9300000071525574.
fn short(score: f32) -> Option<Value> {
    let number: f64 = score.to_string().parse().ok()?;
    number.is_finite().then(|| json!(number))
}
