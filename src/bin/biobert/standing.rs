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

/// The word that stands beside a finding in the text; none beside what is present. It names the category
/// where the category says more of the same value, and never hides the value.
pub fn tag(assertion: Option<&Assertion<TextRange>>) -> Option<&'static str> {
    use AssertionCategory as Category;
    let Assertion { value, category, .. } = assertion?;
    Some(match (value, category) {
        (AssertionValue::Present, _) => return None,
        (AssertionValue::Absent, Some(Category::Denied)) => "denied",
        (AssertionValue::Absent, Some(Category::RuledOut)) => "ruled out",
        (AssertionValue::Absent, Some(Category::Resolved)) => "resolved",
        (AssertionValue::Absent, Some(Category::Stopped)) => "stopped",
        (AssertionValue::Absent, Some(Category::Allergy)) => "allergy",
        (AssertionValue::Absent, _) => "absent",
        (AssertionValue::Possible, Some(Category::Conditional)) => "conditional",
        (AssertionValue::Possible, Some(Category::Planned)) => "planned",
        (AssertionValue::Possible, _) => "possible",
        (AssertionValue::Historical, Some(Category::Past)) => "past",
        (AssertionValue::Historical, _) => "history",
        (AssertionValue::OtherPerson, Some(Category::Family)) => "family",
        (AssertionValue::OtherPerson, _) => "other person",
    })
}

/// A name of the library's in words: `ruled-out`, `past_medical_history`.
pub fn words(name: &str) -> String {
    name.replace(['-', '_'], " ")
}
