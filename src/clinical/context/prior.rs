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
/// speaks for itself first.
pub(super) fn prior(sections: &[Section], home: Option<usize>, kind: Kind) -> Option<Evidence> {
    let mut home = home;
    while let Some(section) = home.and_then(|index| sections.get(index)) {
        for rule in SECTIONS.get(section.name).into_iter().flatten() {
            if rule.reach[kind as usize].is_some()
                && let Says::Value(value, category) = rule.says
            {
                return Some(Evidence { value, category, cue: section.title.clone(), near: true });
            }
        }
        // A parent stands before its parts, so this comes to an end.
        home = section.parent.filter(|&parent| Some(parent) < home);
    }
    None
}
