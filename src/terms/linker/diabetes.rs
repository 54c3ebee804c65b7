//! The type of diabetes. The default of a complication is that of type 2; a document that speaks of another type means
//! that one.

use std::collections::BTreeSet;

use super::beside::abstain;
use super::{Linker, Mention};
use crate::document::{AssertionValue, Entity, Link, Reason};

/// The category of the default, how its names begin, and the others with their names.
const DEFAULT: &str = "E11";
const NAME: &str = "Type 2 ";
const TYPES: [(&str, Option<&str>); 5] =
    [("E08", None), ("E09", None), ("E10", Some("Type 1 ")), ("E11", Some(NAME)), ("E13", None)];
/// Parts of words that say type 2.
const SAID: [&str; 6] = ["2", "ii", "niddm", "non-insulin", "adult", "noninsulin"];

impl Linker {
    /// Gives complications of diabetes, and diabetes of no type, the type that the document speaks of: of another one's
    /// code where the index has it, else none.
    pub(super) fn follow_type(&self, text: &str, entities: &[Entity], links: &mut [Vec<Link>]) {
        let words = |entity: &Entity| {
            let own = text.get(entity.bytes.clone()).unwrap_or_default();
            entity.expansion.as_deref().unwrap_or(own).to_lowercase()
        };
        let mut said = BTreeSet::new();
        for (entity, links) in entities.iter().zip(&*links) {
            let is_own = !matches!(
                entity.value(),
                Some(AssertionValue::Absent | AssertionValue::OtherPerson)
            );
            for link in links.iter().filter(|_| is_own) {
                let Some(category) = self.category(link) else { continue };
                if category != DEFAULT || says_two(&words(entity)) {
                    said.insert(category);
                }
            }
        }
        if said.is_empty() || said.iter().eq([&DEFAULT]) {
            return;
        }
        for (entity, links) in entities.iter().zip(links) {
            let named = words(entity);
            for link in links {
                if self.category(link) != Some(DEFAULT) || says_two(&named) {
                    continue;
                }
                let other = match said.iter().collect::<Vec<_>>()[..] {
                    [one] => TYPES
                        .iter()
                        .find(|(category, _)| category == one)
                        .and_then(|&(_, name)| name),
                    _ => None,
                };
                let full = link
                    .given()
                    .and_then(|given| Some(given.name.as_ref()?.strip_prefix(NAME)?.to_owned()));
                let found = other.zip(full).and_then(|(name, rest)| {
                    let mention = Mention { label: &entity.label, ..Mention::default() };
                    self.other(self.system(link)?, &mention, &format!("{name}{rest}"))
                });
                let own = found.filter(|found| {
                    let category = self.category(found);
                    category.is_some_and(|category| said.contains(category))
                });
                match own {
                    Some(own) => *link = own,
                    None => abstain(link),
                }
            }
        }
    }

    /// The type of diabetes of the code that a link gives, by category.
    fn category(&self, link: &Link) -> Option<&'static str> {
        let given = link.given()?;
        let counts = given.reason != Some(Reason::Learned) && self.system(link)?.has_defaults();
        TYPES
            .iter()
            .map(|&(category, _)| category)
            .find(|each| counts && given.code.starts_with(each))
    }
}

/// Whether words name type 2.
fn says_two(words: &str) -> bool {
    let mut words = words.split(|char: char| !char.is_alphanumeric() && char != '-');
    words.any(|word| {
        SAID.iter().any(|said| word == *said || (said.len() > 2 && word.starts_with(said)))
    })
}
