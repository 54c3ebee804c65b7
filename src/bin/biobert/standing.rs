//! How it is said whether the patient has a finding: the words for terminal and page, in one table.

use biobert::TextRange;
use biobert::document::{Assertion, AssertionCategory, AssertionValue};

/// The groups in which findings are listed, in the order of what a reader looks for first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Present,
    Allergy,
    Possible,
    Historical,
    Absent,
    OtherPerson,
    /// Nobody judged.
    NotAssessed,
}

impl Standing {
    pub const ALL: [Standing; 7] = [
        Standing::Present,
        Standing::Allergy,
        Standing::Possible,
        Standing::Historical,
        Standing::Absent,
        Standing::OtherPerson,
        Standing::NotAssessed,
    ];

    /// The value decides. Only an allergy, whose drug is as absent as one that was stopped, is something
    /// that nobody may overlook.
    pub fn of(assertion: Option<&Assertion<TextRange>>) -> Standing {
        let Some(Assertion { value, category, .. }) = assertion else {
            return Standing::NotAssessed;
        };
        match value {
            AssertionValue::Present => Standing::Present,
            AssertionValue::Absent if *category == Some(AssertionCategory::Allergy) => {
                Standing::Allergy
            }
            AssertionValue::Absent => Standing::Absent,
            AssertionValue::Possible => Standing::Possible,
            AssertionValue::Historical => Standing::Historical,
            AssertionValue::OtherPerson => Standing::OtherPerson,
        }
    }

    /// The heading of the group.
    pub fn title(self) -> &'static str {
        match self {
            Standing::Present => "Present",
            Standing::Allergy => "Allergies",
            Standing::Possible => "Possible: suspected, conditional or planned",
            Standing::Historical => "History",
            Standing::Absent => "Absent: denied, ruled out, resolved or stopped",
            Standing::OtherPerson => "Family and other persons",
            Standing::NotAssessed => "Not assessed: the patient may not have it",
        }
    }

    /// Its class on a page.
    pub fn class(self) -> &'static str {
        match self {
            Standing::Present => "present",
            Standing::Allergy => "allergy",
            Standing::Possible => "possible",
            Standing::Historical => "historical",
            Standing::Absent => "absent",
            Standing::OtherPerson => "other-person",
            Standing::NotAssessed => "not-assessed",
        }
    }
}

/// What a category says in words, where it says more of the same value: a word must never hide the value.
/// Where head and rule differ, as on "unlikely", the category may belong to another.
fn category(assertion: &Assertion<TextRange>) -> Option<&'static str> {
    use AssertionCategory as Category;
    Some(match (assertion.value, assertion.category?) {
        (AssertionValue::Absent, Category::Denied) => "denied",
        (AssertionValue::Absent, Category::RuledOut) => "ruled out",
        (AssertionValue::Absent, Category::Resolved) => "resolved",
        (AssertionValue::Absent, Category::Stopped) => "stopped",
        (AssertionValue::Absent, Category::Allergy) => "allergy",
        (AssertionValue::Possible, Category::Conditional) => "conditional",
        (AssertionValue::Possible, Category::Planned) => "planned",
        (AssertionValue::Historical, Category::Past) => "past",
        (AssertionValue::OtherPerson, Category::Family) => "family",
        _ => return None,
    })
}

/// The word that stands beside a finding; none beside what is present.
pub fn tag(assertion: Option<&Assertion<TextRange>>) -> Option<&'static str> {
    let assertion = assertion?;
    let plain = match assertion.value {
        AssertionValue::Present => return None,
        AssertionValue::Absent => "absent",
        AssertionValue::Possible => "possible",
        AssertionValue::Historical => "history",
        AssertionValue::OtherPerson => "other person",
    };
    Some(category(assertion).unwrap_or(plain))
}

/// A name of the library's in words: `ruled-out`, `past_medical_history`.
pub fn words(name: &str) -> String {
    name.replace(['-', '_'], " ")
}
