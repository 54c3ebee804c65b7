//! Assertions: what a note says of an entity.

use crate::document::{AssertionCategory, AssertionValue};
use crate::error::{Error, Result};

/// Whether the patient has what an entity names.
pub type biobert_assertion = i32;

/// Not assessed.
pub const BIOBERT_ASSERTION_NONE: biobert_assertion = 0;
/// The patient has it or takes it; it was done or ordered.
pub const BIOBERT_ASSERTION_PRESENT: biobert_assertion = 1;
/// Denied, ruled out, resolved or stopped; of a drug also an allergy to it.
pub const BIOBERT_ASSERTION_ABSENT: biobert_assertion = 2;
/// Suspected, conditional, planned only if, a risk.
pub const BIOBERT_ASSERTION_POSSIBLE: biobert_assertion = 3;
/// Past and over, or listed as history.
pub const BIOBERT_ASSERTION_HISTORICAL: biobert_assertion = 4;
/// Somebody else has it, such as the mother.
pub const BIOBERT_ASSERTION_OTHER_PERSON: biobert_assertion = 5;

/// Why an assertion has its value.
pub type biobert_category = i32;

/// No rule found a cue: the head alone decided, or nothing speaks against the patient having it.
pub const BIOBERT_CATEGORY_NONE: biobert_category = 0;
/// The note says that it is not there: "no", "denies".
pub const BIOBERT_CATEGORY_DENIED: biobert_category = 1;
/// It was looked for and not found.
pub const BIOBERT_CATEGORY_RULED_OUT: biobert_category = 2;
/// It was there and is gone.
pub const BIOBERT_CATEGORY_RESOLVED: biobert_category = 3;
/// A drug or therapy was ended.
pub const BIOBERT_CATEGORY_STOPPED: biobert_category = 4;
/// A drug that the patient does not bear.
pub const BIOBERT_CATEGORY_ALLERGY: biobert_category = 5;
/// A relative's.
pub const BIOBERT_CATEGORY_FAMILY: biobert_category = 6;
/// Suspected.
pub const BIOBERT_CATEGORY_UNCERTAIN: biobert_category = 7;
/// Only if something happens.
pub const BIOBERT_CATEGORY_CONDITIONAL: biobert_category = 8;
/// Intended.
pub const BIOBERT_CATEGORY_PLANNED: biobert_category = 9;
/// Of the past.
pub const BIOBERT_CATEGORY_PAST: biobert_category = 10;
/// A list says it, such as the past medical history: its heading, or "PMH" within a line.
pub const BIOBERT_CATEGORY_SECTION: biobert_category = 11;

/// The number of a value.
pub(crate) fn assertion(value: Option<AssertionValue>) -> biobert_assertion {
    match value {
        None => BIOBERT_ASSERTION_NONE,
        Some(AssertionValue::Present) => BIOBERT_ASSERTION_PRESENT,
        Some(AssertionValue::Absent) => BIOBERT_ASSERTION_ABSENT,
        Some(AssertionValue::Possible) => BIOBERT_ASSERTION_POSSIBLE,
        Some(AssertionValue::Historical) => BIOBERT_ASSERTION_HISTORICAL,
        Some(AssertionValue::OtherPerson) => BIOBERT_ASSERTION_OTHER_PERSON,
    }
}

/// The value of a number; `None` of `BIOBERT_ASSERTION_NONE`.
pub(crate) fn assertion_value(number: biobert_assertion) -> Result<Option<AssertionValue>> {
    let all = std::iter::once(None).chain(AssertionValue::ALL.map(Some));
    let value = all.into_iter().find(|&value| assertion(value) == number);
    value.ok_or_else(|| Error::Argument("an assertion is not one of the five".into()))
}

/// The number of a category.
pub(crate) fn category(category: Option<AssertionCategory>) -> biobert_category {
    match category {
        None => BIOBERT_CATEGORY_NONE,
        Some(AssertionCategory::Denied) => BIOBERT_CATEGORY_DENIED,
        Some(AssertionCategory::RuledOut) => BIOBERT_CATEGORY_RULED_OUT,
        Some(AssertionCategory::Resolved) => BIOBERT_CATEGORY_RESOLVED,
        Some(AssertionCategory::Stopped) => BIOBERT_CATEGORY_STOPPED,
        Some(AssertionCategory::Allergy) => BIOBERT_CATEGORY_ALLERGY,
        Some(AssertionCategory::Family) => BIOBERT_CATEGORY_FAMILY,
        Some(AssertionCategory::Uncertain) => BIOBERT_CATEGORY_UNCERTAIN,
        Some(AssertionCategory::Conditional) => BIOBERT_CATEGORY_CONDITIONAL,
        Some(AssertionCategory::Planned) => BIOBERT_CATEGORY_PLANNED,
        Some(AssertionCategory::Past) => BIOBERT_CATEGORY_PAST,
        Some(AssertionCategory::Section) => BIOBERT_CATEGORY_SECTION,
    }
}
