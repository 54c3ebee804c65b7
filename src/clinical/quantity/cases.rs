//! Notes with what must be found in them, as files: a note with its entities in double brackets (⏎ ends a
//! line), then each entity with its attributes.

use std::ops::Range;

use crate::document::{Attribute, Entity};
use crate::sentence::sentences;

/// What gives the attributes of a text's entities.
pub(crate) type Reader<'a> = &'a dyn Fn(&str, &[Range<usize>], &[Entity]) -> Vec<Vec<Attribute>>;

/// Checks every note of a file; the entities have the label.
pub(crate) fn check(file: &str, label: &str, read: Reader) {
    let mut wrong = Vec::new();
    for case in file.trim_end().split("\n\n") {
        let found = printed(case.lines().next().unwrap(), label, read);
        if found != case {
            wrong.push(format!("expected\n{case}\nfound\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A note as the file should have it.
fn printed(note: &str, label: &str, read: Reader) -> String {
    let (text, entities) = marked(note, label);
    let mut lines = vec![note.to_string()];
    for (entity, attributes) in entities.iter().zip(read(&text, &sentences(&text), &entities)) {
        lines.push(format!("  {}", &text[entity.bytes.clone()]));
        lines.extend(attributes.iter().map(|attribute| line(&text, attribute)));
    }
    lines.join("\n")
}

/// A text and its entities, from one with double brackets around them.
pub(crate) fn marked(note: &str, label: &str) -> (String, Vec<Entity>) {
    let (mut text, mut entities) = (String::new(), Vec::new());
    for (index, part) in note.replace('⏎', "\n").split("[[").enumerate() {
        let (name, rest) = if index == 0 { ("", part) } else { part.split_once("]]").unwrap() };
        let bytes = text.len()..text.len() + name.len();
        if !name.is_empty() {
            entities.push(Entity::new(bytes, label.into()));
        }
        text.push_str(name);
        text.push_str(rest);
    }
    (text, entities)
}

fn line(text: &str, attribute: &Attribute) -> String {
    let Attribute { kind, place, low, high, comparator, unit, step, parsed } = attribute;
    let number = |number: &Option<f64>| number.map_or("-".into(), |number| number.to_string());
    let step = if *step > 0 { format!("#{step}") } else { String::new() };
    let mut line = format!("    {}{step} «{}»", kind.name(), &text[place.clone()]);
    if low.is_some() || high.is_some() || unit.is_some() {
        let sign = comparator.unwrap_or_default();
        let unit = unit.as_deref().unwrap_or("-");
        line += &format!(" {sign}{}..{} {unit}", number(low), number(high));
    }
    if *parsed { line } else { line + " UNREAD" }
}
