//! What a row says of an entity beside its place and code, by the conventions of the table.

use crate::data::kin;
use crate::document::{
    Assertion, AssertionCategory as Why, AssertionValue as Value, Attribute, Document, Entity,
};

/// `term_exists` and `term_temporal`, as the conventions of the table say: whether the patient has or had it, and
/// whether that is past. Of what is only possible it is N here. Empty where nobody judged.
pub(super) fn exists(said: Option<&Assertion>) -> (&'static str, &'static str) {
    let Some(said) = said else { return ("", "") };
    match (said.value, said.category) {
        (Value::Present, _) => ("Y", "Present"),
        (Value::Historical, _) => ("Y", "Past"),
        (Value::Absent, Some(Why::Resolved | Why::Stopped)) => ("Y", "Past"),
        (Value::Absent | Value::Possible | Value::OtherPerson, _) => ("N", "Present"),
    }
}

/// All else that is known, as `name=value`, with semicolons between.
pub(super) fn modifiers(document: &Document, entity: &Entity) -> String {
    let mut all: Vec<(&str, String)> = Vec::new();
    if let Some(said) = &entity.assertion {
        said_of(said, kin::category(document, entity), &mut all);
    }
    let section = entity.section.and_then(|index| document.sections.get(index));
    let texts = [
        ("Label", Some(&*entity.label)),
        ("Section", section.map(|section| section.name)),
        ("Expansion", entity.expansion.as_deref()),
        ("Id", entity.id.as_deref()),
        ("Document", document.id.as_deref()),
    ];
    all.extend(texts.into_iter().filter_map(|(name, text)| Some((name, text?.to_string()))));
    all.extend(entity.score.map(|score| ("Score", score.to_string())));
    for link in &entity.links {
        all.extend(link.given().map(|given| ("Code", format!("{}:{}", link.system, given.code))));
    }
    for attribute in &entity.attributes {
        let words = &document.text[attribute.place.clone()];
        all.push((attribute.kind.name(), measured(attribute, words)));
    }
    let plain = |(name, value): (&str, String)| format!("{name}={}", plain(&value));
    all.into_iter().map(plain).collect::<Vec<_>>().join(";")
}

/// What the assertion says, in the words of the table's conventions.
fn said_of(said: &Assertion, why: Option<Why>, all: &mut Vec<(&'static str, String)>) {
    let mut add = |name, value: &str| all.push((name, value.to_string()));
    let is_negated = said.value == Value::Absent
        && !matches!(why, Some(Why::Resolved | Why::Stopped | Why::Allergy));
    if is_negated {
        add("Negation", "true");
    }
    match said.value {
        Value::OtherPerson => {
            add("Subject", if why == Some(Why::Family) { "family" } else { "other" })
        }
        // What the family has not is not said of the patient.
        _ if why == Some(Why::Family) => add("Subject", "family"),
        _ => add("Subject", "patient"),
    }
    if said.value == Value::Possible {
        add("Uncertain", "true");
    }
    match why {
        Some(Why::Conditional) => add("Conditional", "true"),
        Some(Why::RuledOut) => add("Rule_out", "true"),
        Some(Why::Planned) => add("Planned", "true"),
        Some(Why::Allergy) => add("Allergy", "true"),
        Some(Why::Resolved) => add("Resolved", "true"),
        Some(Why::Stopped) => add("Stopped", "true"),
        _ => {}
    }
    if said.value == Value::Historical {
        add("History", "true");
    }
    add("Assertion", said.value.name());
    if let Some(why) = said.category {
        add("Category", why.name());
    }
}

/// An attribute's words, then what they mean: `q4-6h [4..6 h]`.
fn measured(attribute: &Attribute, words: &str) -> String {
    let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    let (low, high) = (number(attribute.low), number(attribute.high));
    let comparator = attribute.comparator.unwrap_or("");
    let range = if low == high { low } else { format!("{low}..{high}") };
    let unit = attribute.unit.as_deref().map_or(String::new(), |unit| format!(" {unit}"));
    let step = if attribute.step > 0 { format!(" #{}", attribute.step) } else { String::new() };
    match (range.as_str(), unit.as_str()) {
        ("", "") => format!("{words}{step}"),
        (range, unit) => format!("{words} [{comparator}{range}{unit}]{step}"),
    }
}

/// A value in a list of modifiers: on one line, and without the semicolons that divide them.
fn plain(value: &str) -> String {
    let value: String = value.chars().map(|c| if c == ';' { ',' } else { c }).collect();
    line(&value)
}

/// On one line, with single blanks.
pub(super) fn line(text: &str) -> String {
    let is_gap = |c: char| c.is_whitespace() || c.is_control();
    text.split(is_gap).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
