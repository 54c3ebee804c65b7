//! What the section that an entity stands in says of it, unless its statement says otherwise.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::rule::{Kind, Rule, Says};
use super::scope::Evidence;
use crate::document::Section;

/// A section's name with what it says, as in `rules.tsv`.
static SECTIONS: LazyLock<HashMap<&str, Vec<Rule>>> = LazyLock::new(|| {
    let mut sections: HashMap<&str, Vec<Rule>> = HashMap::new();
    for line in include_str!("sections.tsv").lines() {
        if let Some((name, rule)) = Rule::parse(line) {
            sections.entry(name).or_default().push(rule);
        }
    }
    sections
});

/// What the section says of an entity of a kind, with the heading as the cue. A section within another
/// speaks for itself first. After a heading within a line, prose may come back to today: a later
/// sentence of that line is still the section's only if it is `bare`, without words of its own.
pub(super) fn prior(
    text: &str,
    sections: &[Section],
    home: Option<usize>,
    kind: Kind,
    statement: usize,
    bare: bool,
) -> Option<Evidence> {
    let mut home = home;
    while let Some(section) = home.and_then(|index| sections.get(index)) {
        for rule in SECTIONS.get(section.name).into_iter().flatten() {
            if rule.reach[kind as usize].is_some()
                && let Says::Value(value, category) = rule.says
                && (bare || !goes_on(text, section.title.end, statement))
            {
                return Some(Evidence {
                    value,
                    category,
                    cue: section.title.clone(),
                    near: true,
                    certain: rule.certain,
                });
            }
        }
        // A parent stands before its parts, so this comes to an end.
        home = section.parent.filter(|&parent| Some(parent) < home);
    }
    None
}

/// A line is looked through for this many bytes.
const LINE: usize = 512;

/// Whether a statement starts after a heading, on the heading's line.
fn goes_on(text: &str, title: usize, statement: usize) -> bool {
    let end = text.floor_char_boundary(statement.min(title.saturating_add(LINE)));
    text.get(title..end).is_some_and(|between| !between.contains(['\n', '\r']))
}
