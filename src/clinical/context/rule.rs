//! What a rule is, and how a line of `rules.tsv` says it.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::allergy::leads_to;
use crate::document::{AssertionCategory, AssertionValue};

/// What it means that a pattern stands in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// Nothing, although it holds the words of a cue: "no increase in".
    Nothing,
    /// What came before it does not reach beyond: "but".
    Ends(Set),
    /// A value of what it reaches; the category is none where the value is a plain "present".
    Value(AssertionValue, Option<AssertionCategory>),
}

/// Where the entities stand that a cue speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
    Both,
    /// Backward, and only the nearest: "aspirin, warfarin, stopped 2019".
    Last,
    /// Forward, and only the nearest: "outgrew penicillin allergy, sulfa allergy".
    First,
    /// An entity whose words are some of the cue's: "no known [allergies]".
    Within,
}

/// Some of the categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Set(u16);

impl Set {
    pub(super) const ALL: Set = Set(u16::MAX);

    pub(super) fn with(self, member: usize) -> Set {
        Set(self.0 | 1 << member)
    }

    pub(super) fn has(self, member: usize) -> bool {
        self.0 >> member & 1 == 1
    }
}

/// A line of `rules.tsv` but for its pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) says: Says,
    pub(super) direction: Direction,
    /// Whether it leaves no doubt, whatever a head thinks.
    pub(super) certain: bool,
    /// How many words it reaches for an entity of each [`Kind`]; none of which it does not speak.
    pub(super) reach: [Option<usize>; KINDS],
    /// Whether it speaks of a problem only in the first item that it reaches: "s/p CABG, diabetes".
    pub(super) one_problem: bool,
}

/// The kinds of entities that rules tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Problem,
    Drug,
    Test,
    Procedure,
    /// What one may be allergic to and is no drug, such as latex.
    Allergen,
    /// A problem that is called an allergy: "latex allergy".
    Allergy,
}

const KINDS: usize = 6;

/// Allergens that are no drugs, in small letters.
static ALLERGENS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("allergens.txt").lines().collect());

/// The last words of what is called an allergy.
const ALLERGIES: [&str; 5] =
    ["allergy", "allergies", "intolerance", "hypersensitivity", "sensitivity"];

/// Diseases by whose names tests for them are called.
const DISEASES: [&str; 12] = [
    "hiv",
    "hepatitis a",
    "hepatitis b",
    "hepatitis c",
    "hep a",
    "hep b",
    "hep c",
    "covid",
    "covid-19",
    "tuberculosis",
    "syphilis",
    "malaria",
];

/// Drugs that are known by a name which a head may take for a problem, as in a list of allergies.
const DRUGS: [&str; 9] =
    ["pcn", "penicillin", "penicillins", "sulfa", "sulfas", "asa", "nsaid", "nsaids", "codeine"];

impl Kind {
    /// The kind of an entity; of a label that is not known, a problem's rules hold, and of a test that is
    /// called by the disease that it looks for: "HIV negative" says that the patient has none.
    pub(super) fn of(label: &str, words: &str) -> Kind {
        let is_in = |names: &[&str]| names.iter().any(|name| words.eq_ignore_ascii_case(name));
        let is_allergen = || ALLERGENS.contains(words.to_ascii_lowercase().as_str());
        let last = || words.rsplit(char::is_whitespace).next().unwrap_or_default();
        let is_allergy = || {
            leads_to(words).is_some()
                || ALLERGIES.iter().any(|name| last().eq_ignore_ascii_case(name))
        };
        match label {
            "Drug" | "Chemical" => Kind::Drug,
            "Problem" | "Disease" if is_in(&DRUGS) => Kind::Drug,
            "Test" if is_in(&DISEASES) => Kind::Problem,
            "Test" => Kind::Test,
            "Procedure" => Kind::Procedure,
            _ if is_allergen() => Kind::Allergen,
            _ if is_allergy() => Kind::Allergy,
            _ => Kind::Problem,
        }
    }
}

impl Rule {
    /// Reads pattern, meaning, direction and reach, with tabs between.
    ///
    /// The meaning is `none`, `end` with the categories that end (`end:denied,family`; all without),
    /// `present`, or a category, with a value where it is not the category's own
    /// (`planned=present`); `!` after it makes it certain. The reach is a number of words for all kinds of entities, or one for each
    /// that is spoken of: `P20 D4` (problems, drugs; T is for tests, R for procedures, A for allergens that
    /// are no drugs, and L for what is called an allergy; these two are problems where they are not named;
    /// p is for a problem in the first item that the cue reaches).
    pub(super) fn parse(line: &str) -> Option<(&str, Rule)> {
        let mut fields = line.split('\t');
        let (pattern, meaning) = (fields.next()?, fields.next()?);
        let plain = meaning.trim_end_matches('!');
        let certain = plain.len() < meaning.len();
        let says = Self::meaning(plain)?;
        let direction = match fields.next().unwrap_or("both") {
            "forward" => Direction::Forward,
            "backward" => Direction::Backward,
            "both" => Direction::Both,
            "last" => Direction::Last,
            "first" => Direction::First,
            "within" => Direction::Within,
            _ => return None,
        };
        let reach = fields.next().unwrap_or("0");
        let one_problem = reach.starts_with('p');
        let reach = Self::reach(reach)?;
        Some((pattern, Rule { says, direction, certain, reach, one_problem }))
    }

    /// What says that the next problem is there, since it is a reason.
    pub(super) fn reason() -> Rule {
        let mut reach = [None; KINDS];
        reach[Kind::Problem as usize] = Some(4);
        let says = Says::Value(AssertionValue::Present, None);
        Rule { says, direction: Direction::First, certain: true, reach, one_problem: false }
    }

    /// Whether it says that something was stopped.
    pub(super) fn stops(&self) -> bool {
        matches!(self.says, Says::Value(_, Some(AssertionCategory::Stopped)))
    }

    /// Whether it says that there is an allergy.
    pub(super) fn is_allergy(&self) -> bool {
        matches!(self.says, Says::Value(AssertionValue::Absent, Some(AssertionCategory::Allergy)))
    }

    /// Whether it says that a drug is taken now: "on".
    pub(super) fn takes_now(&self) -> bool {
        let is_present = matches!(self.says, Says::Value(AssertionValue::Present, None));
        is_present && self.reach[Kind::Problem as usize].is_none()
    }

    fn meaning(meaning: &str) -> Option<Says> {
        let (meaning, detail) = meaning.split_once(['=', ':']).unwrap_or((meaning, ""));
        match meaning {
            "none" => Some(Says::Nothing),
            "end" if detail.is_empty() => Some(Says::Ends(Set::ALL)),
            "end" => {
                let mut ended = Set::default();
                for name in detail.split(',') {
                    ended = ended.with(AssertionCategory::parse(name)? as usize);
                }
                // What ends the past ends a list of it: "PMH of gout, presents with fever".
                if ended.has(AssertionCategory::Past as usize) {
                    ended = ended.with(AssertionCategory::Section as usize);
                }
                Some(Says::Ends(ended))
            }
            "present" => Some(Says::Value(AssertionValue::Present, None)),
            _ => {
                let category = AssertionCategory::parse(meaning)?;
                let value = match detail {
                    "" => value_of(category),
                    name => AssertionValue::parse(name)?,
                };
                Some(Says::Value(value, Some(category)))
            }
        }
    }

    fn reach(field: &str) -> Option<[Option<usize>; KINDS]> {
        if let Ok(words) = field.parse() {
            return Some([Some(words); KINDS]);
        }
        let mut reach = [None; KINDS];
        for part in field.split(' ') {
            let (letter, words) = part.split_at_checked(1)?;
            let kind = match letter {
                "P" | "p" => Kind::Problem,
                "D" => Kind::Drug,
                "T" => Kind::Test,
                "R" => Kind::Procedure,
                "A" => Kind::Allergen,
                "L" => Kind::Allergy,
                _ => return None,
            };
            reach[kind as usize] = Some(words.parse().ok()?);
        }
        for kind in [Kind::Allergen, Kind::Allergy] {
            reach[kind as usize] = reach[kind as usize].or(reach[Kind::Problem as usize]);
        }
        Some(reach)
    }
}

/// The value that goes with a category.
pub(super) fn value_of(category: AssertionCategory) -> AssertionValue {
    use AssertionCategory as C;
    match category {
        C::Denied | C::RuledOut | C::Resolved | C::Stopped | C::Allergy => AssertionValue::Absent,
        C::Family => AssertionValue::OtherPerson,
        C::Uncertain | C::Conditional | C::Planned => AssertionValue::Possible,
        C::Past | C::Section => AssertionValue::Historical,
    }
}
