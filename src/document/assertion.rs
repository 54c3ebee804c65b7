//! What a note says of an entity: whether the patient has it, and why one thinks so.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Whether the patient has what an entity names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AssertionValue {
    /// The patient has it or takes it; it was done or ordered.
    Present,
    /// Denied, ruled out, resolved or stopped; of a drug also an allergy to it.
    Absent,
    /// Suspected, conditional, planned only if, a risk.
    Possible,
    /// Past and over, or listed as history.
    Historical,
    /// Somebody else has it, such as the mother.
    OtherPerson,
}

impl AssertionValue {
    /// All of them, in the order of an assertion head's labels.
    pub const ALL: [AssertionValue; 5] = [
        AssertionValue::Present,
        AssertionValue::Absent,
        AssertionValue::Possible,
        AssertionValue::Historical,
        AssertionValue::OtherPerson,
    ];

    /// Its name, such as `other-person`.
    pub fn name(self) -> &'static str {
        match self {
            AssertionValue::Present => "present",
            AssertionValue::Absent => "absent",
            AssertionValue::Possible => "possible",
            AssertionValue::Historical => "historical",
            AssertionValue::OtherPerson => "other-person",
        }
    }

    /// The value of a name.
    pub fn parse(name: &str) -> Option<AssertionValue> {
        AssertionValue::ALL.into_iter().find(|value| value.name() == name)
    }
}

/// Why an assertion has its value: what kind of cue a rule found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AssertionCategory {
    /// The note says that it is not there: "no", "denies".
    Denied,
    /// It was looked for and not found: "ruled out".
    RuledOut,
    /// It was there and is gone: "resolved".
    Resolved,
    /// A drug or therapy was ended: "discontinued".
    Stopped,
    /// What the patient does not bear, or with `OtherPerson` somebody else, and with `Historical` no more.
    Allergy,
    /// A relative's.
    Family,
    /// Suspected: "possible", "?".
    Uncertain,
    /// Only if something happens: "if", "return for".
    Conditional,
    /// Intended: "will start".
    Planned,
    /// Of the past: "history of", "in 2015".
    Past,
    /// A list says it, such as the past medical history: its heading, or "PMH" within a line.
    Section,
}

impl AssertionCategory {
    /// All of them, in the order of their numbers in the C header.
    pub const ALL: [AssertionCategory; 11] = [
        AssertionCategory::Denied,
        AssertionCategory::RuledOut,
        AssertionCategory::Resolved,
        AssertionCategory::Stopped,
        AssertionCategory::Allergy,
        AssertionCategory::Family,
        AssertionCategory::Uncertain,
        AssertionCategory::Conditional,
        AssertionCategory::Planned,
        AssertionCategory::Past,
        AssertionCategory::Section,
    ];

    /// Its name, such as `ruled-out`.
    pub fn name(self) -> &'static str {
        match self {
            AssertionCategory::Denied => "denied",
            AssertionCategory::RuledOut => "ruled-out",
            AssertionCategory::Resolved => "resolved",
            AssertionCategory::Stopped => "stopped",
            AssertionCategory::Allergy => "allergy",
            AssertionCategory::Family => "family",
            AssertionCategory::Uncertain => "uncertain",
            AssertionCategory::Conditional => "conditional",
            AssertionCategory::Planned => "planned",
            AssertionCategory::Past => "past",
            AssertionCategory::Section => "section",
        }
    }

    /// The category of a name.
    pub fn parse(name: &str) -> Option<AssertionCategory> {
        AssertionCategory::ALL.into_iter().find(|category| category.name() == name)
    }
}

/// What a note says of an entity. `P` is how places are given: bytes of the text, or a range in the
/// caller's unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Assertion<P = Range<usize>> {
    /// Whether the patient has it.
    pub value: AssertionValue,
    /// What kind of cue decided; `None` where the head alone did.
    pub category: Option<AssertionCategory>,
    /// Probability of the value, 0 to 1.
    pub score: f32,
    /// The words that say so, where a rule found them.
    pub cue: Option<P>,
}

impl<P> Assertion<P> {
    /// A value of which no more is known: somebody said so.
    pub fn new(value: AssertionValue) -> Assertion<P> {
        Assertion { value, category: None, score: 1.0, cue: None }
    }

    /// The same with other places.
    pub(crate) fn map<Q>(self, place: impl FnOnce(P) -> Q) -> Assertion<Q> {
        let Assertion { value, category, score, cue } = self;
        Assertion { value, category, score, cue: cue.map(place) }
    }
}
