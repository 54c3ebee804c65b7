//! Whose an allergy is, and whether it still is one: "mother is allergic to penicillin", "outgrew penicillin
//! allergy". A drug of which this is said was not taken before, nor by anybody.

use super::scope::{Evidence, Said};
use crate::document::{Assertion, AssertionCategory, AssertionValue};

/// Whether a cue says that there is an allergy.
fn affirms(said: &Evidence) -> bool {
    said.category == Some(AssertionCategory::Allergy) && said.value == AssertionValue::Absent
}

/// Whether a cue says of an allergy that it is over. It says nothing where nobody speaks of one.
pub(super) fn is_over(said: &Evidence) -> bool {
    said.category == Some(AssertionCategory::Allergy) && said.value == AssertionValue::Historical
}

/// Whether a cue says that there is none.
fn denies(said: &Evidence) -> bool {
    use AssertionCategory::{Denied, RuledOut};
    said.value == AssertionValue::Absent && matches!(said.category, Some(Denied | RuledOut))
}

/// What is said of an allergy that is denied, somebody else's or over, in this order; `None` of any other,
/// and where the statement and the section speak of none. "History of penicillin allergy" is one that the
/// patient has. It leaves no doubt: whoever has once been allergic should not be treated by a guess.
pub(super) fn allergy(text: &str, said: &Said, prior: Option<&Evidence>) -> Option<Evidence> {
    let cue = said.evidence.iter().rfind(|cue| affirms(cue));
    // "Allergies: uses Flonase": what is surely taken is not listed there.
    let taken = |said: &Evidence| said.certain && said.value == AssertionValue::Present;
    let listed = prior.filter(|prior| affirms(prior) && !said.evidence.iter().any(taken));
    let affirmed = cue.or(listed)?;
    // "No penicillin allergy"; but "no fever, penicillin allergy".
    let denied = |no: &&Evidence| {
        let between = text.get(no.cue.end..affirmed.cue.start);
        denies(no) && between.is_some_and(|between| !between.contains([',', ';', '.', ':', '\n']))
    };
    if let Some(denied) = said.evidence.iter().rfind(denied) {
        return Some(Evidence { certain: true, ..denied.clone() });
    }
    let other = |cue: &&Evidence| cue.value == AssertionValue::OtherPerson;
    let theirs = said.evidence.iter().rfind(other);
    let theirs = theirs.or(prior.filter(other).filter(|_| !said.of_patient));
    let over = said.evidence.iter().rfind(|cue| is_over(cue));
    theirs.or(over).map(|why| Evidence {
        category: Some(AssertionCategory::Allergy),
        near: true,
        certain: true,
        ..why.clone()
    })
}

/// Words before "allergy" that name no allergen.
const UNNAMED: [&str; 12] = [
    "any",
    "drug",
    "drugs",
    "environmental",
    "food",
    "known",
    "medication",
    "multiple",
    "no",
    "other",
    "seasonal",
    "severe",
];

/// Where it stands to what there is an allergy, in a finding that is called so: "allergy to morphine".
pub(super) fn leads_to(words: &str) -> Option<usize> {
    let (first, rest) = words.split_once(' ')?;
    let is_allergy = ["allergy", "allergies", "hypersensitivity"];
    let is_allergy = is_allergy.iter().any(|name| first.eq_ignore_ascii_case(name));
    let what = rest.strip_prefix("to ").filter(|what| is_allergy && !what.is_empty())?;
    Some(words.len() - what.len())
}

/// Whether a finding is called an allergy, and to what: "peanut allergy".
pub(super) fn names(words: &str) -> bool {
    if leads_to(words).is_some() {
        return true;
    }
    let is_in =
        |word: &str, names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    let mut words = words.split_whitespace();
    let last = words.next_back().unwrap_or_default();
    is_in(last, &["allergy", "allergies"])
        && words.next().is_some_and(|first| !is_in(first, &UNNAMED))
}

/// What is said of a finding that is called an allergy. One that was there once is still one, as long as nobody
/// says that it is over.
pub(super) fn of_name(said: Assertion) -> Assertion {
    use AssertionCategory::{Allergy, Past, Section};
    use AssertionValue::{Absent, Historical, Present};
    match (said.value, said.category) {
        (Historical, None | Some(Past | Section)) => {
            Assertion { value: Present, category: Some(Allergy), ..said }
        }
        (Absent, category) if category != Some(Allergy) => said,
        // "Allergy to morphine" affirms of itself what it says of the drug.
        (Absent, _) => Assertion { value: Present, ..said },
        _ => Assertion { category: Some(Allergy), ..said },
    }
}
