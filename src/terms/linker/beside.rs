//! What stands beside a mention. A classification's default code says what the bare words leave open: that there is no
//! remission, no complication, that something is acute. Where the text around the mention says the contrary, the code
//! that says so is given, or none.

use super::{Linker, Mention, System};
use crate::document::{Abstention, AssertionValue, Entity, Link, Reason};

/// How many words after a mention are read.
const AFTER: usize = 6;
/// How far back a line is read, in bytes.
const BEFORE: usize = 40;

/// What a disease may be in, and words before it that say it is not.
const STATES: [&str; 2] = ["remission", "relapse"];
const NOT: [&str; 6] = ["no", "not", "without", "never", "failed", "until"];
/// How names say that a disease is in neither state, or has nothing else with it.
const BARE: [&str; 3] = ["not having achieved remission", "uncomplicated", "without"];
/// What leads to what a disease comes with.
const WITH: [&str; 4] = ["with ", "w/ ", "complicated by ", "associated with "];
/// Words after these that say of nothing else: "with no complications", "with good control".
const NOTHING: [&str; 7] = ["no", "a", "history", "good", "known", "poor", "stable"];
/// What ends a clause.
const STOPS: [char; 6] = ['.', ';', ',', ':', '(', '\n'];

/// Words before a mention that put it into the past, and those that names of past things begin with.
const PAST: [&str; 11] = [
    "old",
    "prior",
    "previous",
    "past",
    "remote",
    "healed",
    "history of",
    "hx of",
    "h/o",
    "history of an",
    "history of a",
];
const HISTORIES: [&str; 3] = ["old", "history of", "personal history of"];
const OVER: [&str; 3] = ["old ", "healed ", "personal history of "];
/// Categories of what is acute, whether their names say so or not: infarctions and hemorrhages.
const ACUTE: [&str; 6] = ["I21", "I22", "I60", "I61", "I62", "I63"];

/// Words before a name of a person.
const TITLES: [&str; 5] = ["Mr", "Mrs", "Ms", "Miss", "Dr"];
/// Words for a disorder that stand for something else after others: words, category, what stands before.
const OTHERWISE: [(&str, &str, &[&str]); 2] = [
    (
        "cold",
        "J00",
        &[
            "feel",
            "feels",
            "feeling",
            "felt",
            "is",
            "are",
            "was",
            "were",
            "be",
            "been",
            "being",
            "skin",
            "feet",
            "hands",
            "extremities",
            "too",
            "getting",
        ],
    ),
    ("shock", "R57", &["electric", "electrical", "defibrillator", "icd", "aicd"]),
];

impl Linker {
    /// Mends the links of an entity by what stands beside it.
    pub(super) fn mind_beside(
        &self,
        text: &str,
        entity: &Entity,
        mention: &Mention<'_>,
        links: &mut [Link],
    ) {
        let before = before(text, entity.bytes.start);
        let last = before.split_whitespace().next_back().unwrap_or_default();
        if TITLES.contains(&last.trim_end_matches('.')) {
            links.iter_mut().for_each(abstain);
            return;
        }
        let before = before.to_lowercase();
        let is_family =
            before.contains("family") || entity.value() == Some(AssertionValue::OtherPerson);
        let past =
            !is_family && (entity.value() == Some(AssertionValue::Historical) || is_past(&before));
        let after = after(text, entity.bytes.end);
        let words: Vec<&str> = after.split_whitespace().take(AFTER).collect();
        for link in links {
            let Some(system) = self.system(link).filter(|system| system.has_defaults()) else {
                continue;
            };
            let Some(given) = link.given() else { continue };
            if given.reason == Some(Reason::Learned) {
                continue;
            }
            let (code, name) =
                (given.code.clone(), given.name.clone().unwrap_or_default().to_lowercase());
            let named = mention.expansion.unwrap_or(mention.text).to_lowercase();
            let is_other = |&(word, category, others): &(&str, &str, &[&str])| {
                named == word
                    && code.starts_with(category)
                    && others.contains(&last.to_lowercase().as_str())
            };
            if OTHERWISE.iter().any(is_other) {
                abstain(link);
            } else if let Some(state) = state(&words) {
                let other = BARE.iter().find_map(|bare| {
                    let stem = name.strip_suffix(bare)?;
                    self.within(system, mention, &format!("{stem}in {state}"), &code)
                });
                let says_other = BARE.iter().any(|bare| name.contains(bare));
                replace(link, other, says_other);
            } else if let Some(with) = with(&after) {
                let words: Vec<&str> = with.split_whitespace().take(AFTER).collect();
                let stem = name.split([',', '[', '(']).next().unwrap_or_default();
                let stem = stem.split(" without ").next().unwrap_or_default().trim();
                let other = (1..=words.len()).rev().find_map(|count| {
                    let words = words[..count].join(" ");
                    let wordings = [&*named, stem].map(|stem| format!("{stem} with {words}"));
                    let mut others = wordings
                        .iter()
                        .filter_map(|wording| self.within(system, mention, wording, &code));
                    others.next()
                });
                let says_other = BARE[1..].iter().any(|bare| name.contains(bare))
                    || name.contains("whether with");
                replace(link, other, says_other);
            } else if past {
                let other = HISTORIES.iter().find_map(|history| {
                    let found = self.other(system, mention, &format!("{history} {named}"))?;
                    let name = found.given()?.name.as_deref()?.to_lowercase();
                    OVER.iter().any(|over| name.starts_with(over)).then_some(found)
                });
                let is_acute = name.starts_with("acute ")
                    || ACUTE.contains(&code.get(..3).unwrap_or_default());
                replace(link, other, is_acute);
            }
        }
    }

    /// What a system has for other words, if they are a name.
    pub(super) fn other(
        &self,
        system: &System,
        mention: &Mention<'_>,
        words: &str,
    ) -> Option<Link> {
        let links = self.link(&Mention { text: words, expansion: None, ..*mention });
        let link = links.into_iter().find(|link| link.system == system.name)?;
        let reason = link.given()?.reason?;
        (reason <= Reason::Order || reason == Reason::Words).then_some(link)
    }

    /// The same, of the category of a code.
    fn within(
        &self,
        system: &System,
        mention: &Mention<'_>,
        words: &str,
        code: &str,
    ) -> Option<Link> {
        let link = self.other(system, mention, words)?;
        let given = link.given()?;
        let is_sibling = given.code != code && given.code.get(..3) == code.get(..3);
        is_sibling.then_some(link)
    }
}

/// Puts another link in place of one, or takes back what it gives.
fn replace(link: &mut Link, other: Option<Link>, says_other: bool) {
    match other {
        Some(other) => *link = other,
        None if says_other => abstain(link),
        None => {}
    }
}

/// Takes back what a link gives, since the words may mean another code. What is near the words by its vector is no
/// answer either, as it would be to a weak one.
pub(super) fn abstain(link: &mut Link) {
    link.abstention = Some(Abstention::Ambiguous);
}

/// The state that the words after a mention say it is in.
fn state(words: &[&str]) -> Option<&'static str> {
    let word = |word: &str| word.trim_matches(|char: char| !char.is_alphabetic()).to_lowercase();
    let at = words.iter().position(|each| STATES.contains(&word(each).as_str()))?;
    let denied = words[..at].iter().any(|each| NOT.contains(&word(each).as_str()));
    let leads = words[..at].iter().any(|each| word(each) == "in") || at == 0;
    STATES.into_iter().find(|state| leads && !denied && word(words[at]) == *state)
}

/// What the text after a mention says comes with it.
fn with(after: &str) -> Option<&str> {
    let rest = WITH.iter().find_map(|with| after.strip_prefix(with))?;
    let first = rest.split_whitespace().next()?;
    (!NOTHING.contains(&first)).then_some(rest)
}

/// Whether the words before a mention put it into the past.
fn is_past(before: &str) -> bool {
    let before = before.trim_end();
    let ends = |word: &str| {
        let rest = before.strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    };
    // "78 year old": the patient is.
    PAST.iter().any(|word| ends(word) && !(*word == "old" && is_age(before)))
}

fn is_age(before: &str) -> bool {
    let before = before.trim_end_matches("old").trim_end_matches([' ', '-']);
    ["year", "years", "yr", "yrs", "month", "months", "week", "weeks", "day", "days", "yo", "y"]
        .iter()
        .any(|unit| before.ends_with(unit))
}

/// The line before a place, as far as it is read.
fn before(text: &str, at: usize) -> &str {
    let from = text.ceil_char_boundary(at.saturating_sub(BEFORE));
    text.get(from..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default()
}

/// The clause after a place, in lower case. A comma before it is left out: "leukemia, in remission".
fn after(text: &str, at: usize) -> String {
    let to = text.floor_char_boundary((at + 120).min(text.len()));
    let rest = text.get(at..to).unwrap_or_default().trim_start_matches([' ', ',']);
    rest.split(STOPS).next().unwrap_or_default().to_lowercase()
}
