//! Entities and their infons: `type` and `identifier` as PubTator has them; what else is known has keys of
//! its own, and where a value is not enough it is JSON.

use std::ops::Range;

use serde_json::{Value, json};

use super::model::{Annotation, Infons, Location};
use crate::data::codes;
use crate::data::flat::flat;
use crate::data::losses::lose;
use crate::data::place::{expect_mention, label, place};
use crate::data::write::Losses;
use crate::document::{
    Abstention, Assertion, AssertionCategory, AssertionValue, Attribute, AttributeKind, Code,
    Entity, Link, Reason, Section,
};
use crate::error::{Error, Result};
use crate::text::{Offsets, Text};

/// Keys that older corpora have instead of `identifier`: the system of the code.
const SYSTEMS: [&str; 3] = ["MESH", "OMIM", "CHEBI"];

/// Keys that are read.
const INFONS: [&str; 14] = [
    "type",
    "identifier",
    "links",
    "score",
    "head",
    "section",
    "expansion",
    "assertion",
    "assertion_category",
    "assertion_score",
    "cue",
    "cue_offset",
    "cue_length",
    "attributes",
];

/// The entity of an annotation.
pub(super) fn read(
    from: &Annotation,
    index: usize,
    text: &Text<'_>,
    offsets: &Offsets<'_>,
    sections: &[Section],
) -> Result<Entity> {
    let what = format!("entity {index}");
    let wrong = |reason: &str| Error::Argument(format!("{what} {reason}"));
    let piece = |location: &Location| {
        let Location { offset, length } = *location;
        place(text, offsets, offset..offset.saturating_add(length), &what)
    };
    let mut pieces = from.locations.iter().map(piece).collect::<Result<Vec<_>>>()?;
    pieces.sort_by_key(|piece| piece.start);
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return Err(wrong("has no place"));
    };
    let bytes = first.start..last.end;
    if !pieces.is_sorted_by(|one, next| one.end <= next.start) {
        return Err(wrong("has pieces that overlap"));
    }
    if pieces.len() == 1 {
        pieces.clear();
    }
    expect(from, text, &bytes, &pieces, &what)?;
    let infons = &from.infons;
    let label = label(infons.get("type").unwrap_or_default(), &what)?;
    let links = links(infons, &label).ok_or_else(|| wrong("has `links` of another make"))?;
    let mut entity = Entity { pieces, links, ..Entity::new(bytes, label.into()) };
    entity.id = Some(from.id.clone()).filter(|id| !id.is_empty());
    entity.score = infons.get("score").and_then(probability);
    entity.head = infons.get("head").map(Into::into);
    entity.expansion = infons.get("expansion").map(Into::into);
    if let Some(name) = infons.get("section") {
        let home =
            |section: &Section| section.name == name && section.place.contains(&entity.bytes.start);
        entity.section = sections.iter().rposition(home);
    }
    entity.assertion = assertion(infons, text, offsets, &what)?;
    entity.attributes = attributes(infons, text, offsets)
        .ok_or_else(|| wrong("has `attributes` of another make"))?;
    Ok(entity)
}

/// Counts the infons of an annotation that are not read.
pub(super) fn pass_over(from: &Annotation, passed_over: &mut Losses) {
    for (key, _) in &from.infons.0 {
        let key = key.as_str();
        match key {
            "CompositeRole" => lose(passed_over, "roles in composite mentions", 1),
            _ if INFONS.contains(&key) => {}
            _ if SYSTEMS.iter().any(|system| system.eq_ignore_ascii_case(key)) => {}
            _ => lose(passed_over, "infons", 1),
        }
    }
}

/// Refuses an annotation whose text is neither what stands from its first to its last character nor its
/// pieces with blanks between them.
fn expect(
    from: &Annotation,
    text: &Text<'_>,
    bytes: &Range<usize>,
    pieces: &[Range<usize>],
    what: &str,
) -> Result<()> {
    let Some(mention) = from.text.as_deref().filter(|text| !text.is_empty()) else { return Ok(()) };
    let own = text.as_str();
    let same = |other: &str| flat(mention) == flat(other);
    let joined: Vec<&str> = pieces.iter().map(|piece| &own[piece.clone()]).collect();
    if same(&own[bytes.clone()]) || (!pieces.is_empty() && same(&joined.join(" "))) {
        return Ok(());
    }
    expect_mention(text, bytes, Some(mention), what)
}

fn probability(value: &str) -> Option<f32> {
    value.trim().parse().ok().filter(|score| (0.0..=1.0).contains(score))
}

/// The codes: all that is known of them, or those that are given.
fn links(infons: &Infons, label: &str) -> Option<Vec<Link>> {
    if let Some(told) = infons.get("links").filter(|told| told.starts_with('[')) {
        let list: Vec<Value> = serde_json::from_str(told).ok()?;
        return list.iter().map(link).collect();
    }
    if let Some(told) = infons.get("identifier") {
        return Some(codes::links(label, told));
    }
    let of = |(key, value): &(String, String)| {
        let system = SYSTEMS.iter().find(|system| system.eq_ignore_ascii_case(key))?;
        Some(codes::links_of(system, value))
    };
    Some(infons.0.iter().filter_map(of).flatten().collect())
}

fn link(from: &Value) -> Option<Link> {
    let candidate = |from: &Value| {
        let text = |key| from.get(key).and_then(Value::as_str);
        Some(Code {
            code: text("code")?.into(),
            name: text("name").map(String::from),
            score: from.get("score").and_then(Value::as_f64).map(|score| score as f32),
            reason: text("reason").map_or(Some(None), |name| Reason::parse(name).map(Some))?,
        })
    };
    let abstention = from.get("abstention").and_then(Value::as_str);
    let candidates = from.get("candidates")?.as_array()?.iter().map(candidate);
    let link = Link {
        system: from.get("system")?.as_str()?.into(),
        candidates: candidates.collect::<Option<_>>()?,
        abstention: abstention.map_or(Some(None), |name| Abstention::parse(name).map(Some))?,
    };
    // There is a code, or why there is none.
    (link.abstention.is_some() || !link.candidates.is_empty()).then_some(link)
}

fn assertion(
    infons: &Infons,
    text: &Text<'_>,
    offsets: &Offsets<'_>,
    what: &str,
) -> Result<Option<Assertion>> {
    for key in ["assertion", "assertion_category"] {
        if infons.0.iter().filter(|(own, _)| own == key).count() > 1 {
            return Err(Error::Argument(format!("{what} has the infon `{key}` twice")));
        }
    }
    let Some(value) = infons.get("assertion") else { return Ok(None) };
    let unknown = |key: &str| Error::Argument(format!("the infon `{key}` of {what} is not known"));
    let value = AssertionValue::parse(value).ok_or_else(|| unknown("assertion"))?;
    let mut assertion = Assertion::new(value);
    if let Some(category) = infons.get("assertion_category") {
        let category = AssertionCategory::parse(category);
        assertion.category = Some(category.ok_or_else(|| unknown("assertion_category"))?);
    }
    assertion.score = infons.get("assertion_score").and_then(probability).unwrap_or(1.0);
    let number = |key| infons.get(key).and_then(|number| number.parse::<usize>().ok());
    if let Some((start, length)) = number("cue_offset").zip(number("cue_length")) {
        let words = format!("the cue of {what}");
        let cue = place(text, offsets, start..start.saturating_add(length), &words)?;
        assertion.cue = Some(cue);
    }
    Ok(Some(assertion))
}

/// A stretch by the names of its start and its end.
pub(super) fn stretch(
    from: &Value,
    start: &str,
    end: &str,
    text: &Text<'_>,
    offsets: &Offsets<'_>,
) -> Option<Range<usize>> {
    let number = |name| from.get(name)?.as_u64().and_then(|number| usize::try_from(number).ok());
    place(text, offsets, number(start)?..number(end)?, "").ok()
}

fn attributes(infons: &Infons, text: &Text<'_>, offsets: &Offsets<'_>) -> Option<Vec<Attribute>> {
    let Some(told) = infons.get("attributes").filter(|told| told.starts_with('[')) else {
        return Some(Vec::new());
    };
    let list: Vec<Value> = serde_json::from_str(told).ok()?;
    let attribute = |from: &Value| {
        let words = |key| from.get(key).and_then(Value::as_str);
        let kind = words("kind")?;
        let comparator = words("comparator");
        Some(Attribute {
            kind: AttributeKind::ALL.into_iter().find(|known| known.name() == kind)?,
            place: stretch(from, "start", "end", text, offsets)?,
            // As texts: readers of JSON change the last digit of numbers.
            low: words("low").and_then(|number| number.parse().ok()),
            high: words("high").and_then(|number| number.parse().ok()),
            comparator: ["<", "<=", ">", ">=", "~"]
                .into_iter()
                .find(|own| Some(*own) == comparator),
            unit: words("unit").map(String::from),
            step: from.get("step").and_then(Value::as_u64).unwrap_or_default().try_into().ok()?,
            parsed: from.get("parsed").and_then(Value::as_bool).unwrap_or_default(),
        })
    };
    list.iter().map(attribute).collect()
}

/// The infons of an entity.
pub(super) fn write(
    entity: &Entity,
    text: &str,
    offsets: &Offsets<'_>,
    sections: &[Section],
    losses: &mut Losses,
) -> Infons {
    let mut infons = Infons::default();
    infons.add("type", &*entity.label);
    let (identifier, lost) = codes::column(&entity.label, &entity.links, true);
    if identifier != "-" {
        infons.add("identifier", &identifier);
    }
    let from_column = codes::links(&entity.label, &identifier);
    if from_column != entity.links {
        infons.add("links", json!(entity.links).to_string());
    } else {
        lose(losses, "codes", lost);
    }
    if let Some(score) = entity.score {
        infons.add("score", score.to_string());
    }
    if let Some(head) = &entity.head {
        infons.add("head", &**head);
    }
    if let Some(section) = entity.section {
        infons.add("section", sections[section].name);
    }
    if let Some(expansion) = &entity.expansion {
        infons.add("expansion", expansion);
    }
    if let Some(assertion) = &entity.assertion {
        infons.add("assertion", assertion.value.name());
        if let Some(category) = assertion.category {
            infons.add("assertion_category", category.name());
        }
        if assertion.score != 1.0 {
            infons.add("assertion_score", assertion.score.to_string());
        }
        if let Some(cue) = &assertion.cue {
            let (start, end) = (offsets.at(cue.start), offsets.at(cue.end));
            infons.add("cue", &text[cue.clone()]);
            infons.add("cue_offset", start.to_string());
            infons.add("cue_length", (end - start).to_string());
        }
    }
    if !entity.attributes.is_empty() {
        let attributes: Vec<Value> =
            entity.attributes.iter().map(|attribute| written(attribute, text, offsets)).collect();
        infons.add("attributes", Value::from(attributes).to_string());
    }
    infons
}

fn written(attribute: &Attribute, text: &str, offsets: &Offsets<'_>) -> Value {
    let Attribute { kind, place, low, high, comparator, unit, step, parsed } = attribute;
    let mut value = json!({
        "kind": kind.name(),
        "start": offsets.at(place.start),
        "end": offsets.at(place.end),
        "text": text[place.clone()],
        "low": low.map(|number| number.to_string()),
        "high": high.map(|number| number.to_string()),
        "comparator": comparator,
        "unit": unit,
        "step": step,
        "parsed": parsed,
    });
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    value
}
