//! How a drug is taken, as FHIR's Dosage: one for each part of a taper, and one for each dose that has a
//! frequency of its own ("1 tab in the morning, 2 at night").

use serde_json::{Value, json};

use super::extension::part;
use super::note::Note;
use super::quantity::{Amount, amount, bare_amount, simple};
use super::timing::timing;
use crate::data::losses::lose;
use crate::data::write::Losses;
use crate::document::{Attribute, AttributeKind as Kind};

/// A drug's dosages, and the words for what it is taken.
pub(super) fn dosages(
    note: &Note<'_>,
    attributes: &[Attribute],
    losses: &mut Losses,
) -> (Vec<Value>, Vec<String>) {
    let groups = groups(attributes);
    let mut reasons = Vec::new();
    let mut dosages = Vec::new();
    for group in &groups {
        let Some(mut dosage) = dosage(note, group, &mut reasons, losses) else { continue };
        if let (true, Some(first)) = (groups.len() > 1, group.first()) {
            dosage["sequence"] = json!(first.step.min(i32::MAX as u32 - 1) + 1);
        }
        dosages.push(dosage);
    }
    reasons.dedup();
    (dosages, reasons)
}

/// The attributes that belong together, in the order of time.
fn groups(attributes: &[Attribute]) -> Vec<Vec<&Attribute>> {
    let is_of_drug =
        |own: &&Attribute| !matches!(own.kind, Kind::Value | Kind::Reference | Kind::Flag);
    let mut all: Vec<&Attribute> = attributes.iter().filter(is_of_drug).collect();
    all.sort_by_key(|own| (own.step, own.place.start, own.place.end));
    let mut groups: Vec<Vec<&Attribute>> = Vec::new();
    for own in all {
        match groups.last_mut().filter(|group| belongs(own, group)) {
            Some(group) => group.push(own),
            None => groups.push(vec![own]),
        }
    }
    groups
}

/// Whether an attribute goes on with a group: a new step does not, nor a dose after one that has its frequency.
fn belongs(own: &Attribute, group: &[&Attribute]) -> bool {
    let has = |kind| group.iter().any(|own| own.kind == kind && !is_limit(own));
    let is_new =
        own.kind == Kind::Dose && !is_limit(own) && has(Kind::Dose) && has(Kind::Frequency);
    !is_new && group.first().is_some_and(|first| first.step == own.step)
}

/// Whether a dose is the most that may be taken.
fn is_limit(own: &Attribute) -> bool {
    own.kind == Kind::Dose && own.low.is_none() && own.high.is_some()
}

fn dosage(
    note: &Note<'_>,
    group: &[&Attribute],
    reasons: &mut Vec<String>,
    losses: &mut Losses,
) -> Option<Value> {
    let of = |kind| group.iter().copied().filter(move |own| own.kind == kind);
    let words =
        |kind| -> Vec<String> { of(kind).filter_map(|own| note.words(&own.place)).collect() };
    let text: Vec<_> = group.iter().filter_map(|own| note.words(&own.place)).collect();
    if text.is_empty() {
        return None;
    }
    let mut dosage = json!({});
    let product = product(note, group, losses);
    if !product.is_empty() {
        dosage["extension"] = json!(product);
    }
    dosage["text"] = json!(text.join(" "));
    let (frequencies, durations): (Vec<_>, Vec<_>) =
        (of(Kind::Frequency).collect(), of(Kind::Duration).collect());
    if let Some(timing) = timing(note, &frequencies, &durations, losses) {
        dosage["timing"] = timing;
    }
    let reason = words(Kind::Reason);
    if of(Kind::AsNeeded).next().is_none() {
        reasons.extend(reason);
    } else if reason.is_empty() {
        dosage["asNeededBoolean"] = json!(true);
    } else {
        dosage["asNeededCodeableConcept"] = json!({ "text": reason.join(", ") });
    }
    let route = words(Kind::Route);
    if !route.is_empty() {
        dosage["route"] = json!({ "text": route.join(", ") });
    }
    let doses: Vec<_> = of(Kind::Dose).collect();
    let (limits, plain): (Vec<&Attribute>, Vec<&Attribute>) =
        doses.into_iter().partition(|own| is_limit(own));
    let is_only = plain.is_empty();
    let mut rates: Vec<_> = plain.into_iter().filter_map(|own| dose(own, losses)).collect();
    for limit in limits {
        if is_only && rates.is_empty() && per_time(limit).is_none() {
            rates.extend(dose(limit, losses));
        } else {
            put_limit(limit, &mut dosage, losses);
        }
    }
    if !rates.is_empty() {
        dosage["doseAndRate"] = json!(rates);
    }
    Some(dosage)
}

/// Strength and form, which belong to the product: FHIR has no place for them in a dosage.
fn product(note: &Note<'_>, group: &[&Attribute], losses: &mut Losses) -> Vec<Value> {
    let mut product = Vec::new();
    for own in group {
        let name = match own.kind {
            Kind::Strength => "urn:biobert:strength",
            Kind::Form => "urn:biobert:form",
            _ => continue,
        };
        let number = if own.kind == Kind::Strength { amount(own, losses) } else { None };
        product.extend(match number {
            Some(Amount::Quantity(quantity)) => Some(part(name, "valueQuantity", quantity)),
            Some(Amount::Range(range)) => Some(part(name, "valueRange", range)),
            None => note.words(&own.place).map(|words| part(name, "valueString", json!(words))),
        });
    }
    product
}

/// A dose, or how much runs in a time.
fn dose(own: &Attribute, losses: &mut Losses) -> Option<Value> {
    let name = if per_time(own).is_some() { "rate" } else { "dose" };
    let mut entry = json!({});
    bare_amount(own, losses)?.put(&mut entry, name);
    Some(entry)
}

/// A unit of so much in a time, divided: `g/d` is `g` and `d`.
fn per_time(own: &Attribute) -> Option<(&str, &str)> {
    let (above, below) = own.unit.as_deref()?.rsplit_once('/')?;
    ["min", "h", "d", "wk", "mo"].contains(&below).then_some((above, below))
}

fn put_limit(limit: &Attribute, dosage: &mut Value, losses: &mut Losses) {
    let Some(most) = limit.high.filter(|most| most.is_finite()) else { return };
    let (field, value) = match per_time(limit) {
        Some((above, below)) => {
            let numerator = simple(most, Some(above), losses);
            let denominator = simple(1.0, Some(below), losses);
            ("maxDosePerPeriod", json!({ "numerator": numerator, "denominator": denominator }))
        }
        None => ("maxDosePerAdministration", simple(most, limit.unit.as_deref(), losses)),
    };
    if dosage.get(field).is_some() {
        lose(losses, "second limits of a dose", 1);
    } else {
        dosage[field] = value;
    }
}
