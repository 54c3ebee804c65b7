//! Results of tests as FHIR's Observation: one for each point of a series in time, with a component for each of
//! several numbers that were measured together.

use serde_json::{Value, json};

use super::coding::hl7;
use super::extension::unknown;
use super::note::Note;
use super::quantity::{amount, ends, simple};
use super::vital_sign::{PRESSURES, is_vital_sign};
use crate::data::losses::lose;
use crate::data::write::Losses;
use crate::document::{Attribute, AttributeKind as Kind, Entity};

/// Remarks of laboratories in small letters, and their code.
const FLAGS: [(&[&str], &str); 8] = [
    (&["h", "high", "elevated", "↑", "up", "increased"], "H"),
    (&["l", "low", "decreased", "↓", "down"], "L"),
    (&["hh", "critically high"], "HH"),
    (&["ll", "critically low"], "LL"),
    (&["aa", "critical"], "AA"),
    (&["a", "abnormal"], "A"),
    (&["n", "nl", "normal", "wnl", "within normal limits", "within normal range"], "N"),
    (&["therapeutic"], "N"),
];

/// Whether a test has a result: a value, or a remark on it.
pub(super) fn is_measured(entity: &Entity) -> bool {
    entity.attributes.iter().any(|own| matches!(own.kind, Kind::Value | Kind::Flag))
}

/// The observations of a test, each with the step that it stands for.
pub(super) fn observations(
    note: &Note<'_>,
    entity: &Entity,
    extensions: &Value,
    code: &Value,
    status: &str,
    losses: &mut Losses,
) -> Vec<(u32, Value)> {
    let name = note.mention(entity).unwrap_or_default();
    let mut steps: Vec<u32> = entity.attributes.iter().map(|own| own.step).collect();
    steps.sort_unstable();
    steps.dedup();
    let mut all = Vec::new();
    for step in steps {
        let of = |kind| -> Vec<&Attribute> {
            let attributes = entity.attributes.iter();
            attributes.filter(|own| own.step == step && own.kind == kind).collect()
        };
        let (values, flags, references) = (of(Kind::Value), of(Kind::Flag), of(Kind::Reference));
        if values.is_empty() && flags.is_empty() {
            lose(losses, "reference ranges without a result", references.len());
            continue;
        }
        let mut resource = note.resource("Observation");
        resource["extension"] = extensions.clone();
        resource["status"] = json!(status);
        if is_vital_sign(&name) {
            resource["category"] = json!([hl7("observation-category", "vital-signs")]);
        }
        resource["code"] = code.clone();
        resource["subject"] = note.patient();
        if is_vital_sign(&name) {
            // A vital sign has a time in FHIR, and the note does not say it.
            resource["_effectiveDateTime"] = unknown();
        }
        match values.as_slice() {
            [] => {}
            [value] => put_value(note, value, &mut resource, losses),
            values => resource["component"] = components(note, &name, values, losses),
        }
        let remarks: Vec<_> = flags.iter().filter_map(|flag| remark(note, flag)).collect();
        if !remarks.is_empty() {
            resource["interpretation"] = json!(remarks);
        }
        let ranges: Vec<_> =
            references.iter().filter_map(|own| reference(note, own, losses)).collect();
        if !ranges.is_empty() {
            resource["referenceRange"] = json!(ranges);
        }
        all.push((step, resource));
    }
    all
}

/// A number with its unit, or the words.
fn put_value(note: &Note<'_>, value: &Attribute, object: &mut Value, losses: &mut Losses) {
    if let Some(amount) = amount(value, losses) {
        amount.put(object, "value");
    } else if let Some(words) = note.words(&value.place) {
        object["valueString"] = json!(words);
    }
}

/// Numbers that were measured together: "120/80", "H/H 6.1/18.4".
fn components(note: &Note<'_>, name: &str, values: &[&Attribute], losses: &mut Losses) -> Value {
    let is_pressure =
        values.len() == 2 && values.iter().all(|value| value.unit.as_deref() == Some("mm[Hg]"));
    let names: Vec<_> = name.split('/').map(str::trim).collect();
    let named = names.len() == values.len() && names.iter().all(|name| !name.is_empty());
    let component = |(index, value): (usize, &&Attribute)| {
        let code = if is_pressure {
            let (code, display) = PRESSURES[index];
            json!({ "coding": [{ "system": "http://loinc.org", "code": code, "display": display }] })
        } else if named {
            json!({ "text": names[index] })
        } else {
            json!({ "text": format!("{name} ({})", index + 1).trim() })
        };
        let mut component = json!({ "code": code });
        put_value(note, value, &mut component, losses);
        component
    };
    values.iter().enumerate().map(component).collect()
}

/// What the laboratory remarked.
fn remark(note: &Note<'_>, flag: &Attribute) -> Option<Value> {
    let words = note.words(&flag.place)?;
    let lower = words.to_lowercase();
    let plain = lower.trim_matches(['(', ')', '[', ']', ' ']);
    let known = FLAGS.iter().find(|(names, _)| names.contains(&plain));
    let mut remark = known.map_or(json!({}), |(_, code)| hl7("v3-ObservationInterpretation", code));
    remark["text"] = json!(words);
    Some(remark)
}

/// The range that is normal, with the words that say so.
fn reference(note: &Note<'_>, own: &Attribute, losses: &mut Losses) -> Option<Value> {
    let mut range = json!({});
    let unit = own.unit.as_deref();
    let (low, high) = ends(own);
    // One number is the limit on the side that its comparator says; without one nobody knows the side.
    let is_limit = low != high || own.comparator.is_some();
    if let Some(low) = low.filter(|_| is_limit && !matches!(own.comparator, Some("<" | "<="))) {
        range["low"] = simple(low, unit, losses);
    }
    if let Some(high) = high.filter(|_| is_limit && !matches!(own.comparator, Some(">" | ">="))) {
        range["high"] = simple(high, unit, losses);
    }
    range["text"] = json!(note.words(&own.place)?);
    Some(range)
}
