//! Whose an allergy is, and whether it still is one: "mother is allergic to penicillin", "outgrew penicillin
//! allergy". A drug of which this is said was not taken before, nor by anybody.

use super::scope::{Evidence, Said};
use crate::document::{AssertionCategory, AssertionValue};

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
    let affirmed = cue.or(prior.filter(|prior| affirms(prior)))?;
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
