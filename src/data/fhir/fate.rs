//! What comes out as what: the one place that decides which resource an entity becomes, and with which
//! status. What is denied, doubted, past or another person's never comes out as an active condition.

use super::kind::Kind;
use crate::document::{AssertionCategory as Why, AssertionValue as Value};

/// What becomes of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Condition, with `clinicalStatus` and `verificationStatus`.
    Condition(Option<&'static str>, &'static str),
    /// FamilyMemberHistory.
    Family,
    /// MedicationStatement, with its status.
    Medication(&'static str),
    /// AllergyIntolerance, with `clinicalStatus` and `verificationStatus`.
    Allergy(&'static str, &'static str),
    /// Observation, with its status.
    Observation(&'static str),
    /// Procedure, with its status.
    Procedure(&'static str),
    /// No resource; by the name under which it is counted.
    Lost(&'static str),
}

/// What becomes of an entity of a kind, of which the text says `said`; `measured`: it has a result.
pub(super) fn fate(kind: Kind, said: Option<(Value, Option<Why>)>, measured: bool) -> Fate {
    let value = said.map(|(value, _)| value);
    let why = said.and_then(|(_, why)| why);
    if let Kind::Other(name) = kind {
        return Fate::Lost(name);
    }
    if value == Some(Value::OtherPerson) {
        return match (kind, why) {
            (_, Some(Why::Allergy)) => Fate::Lost("other people's allergies"),
            (Kind::Problem, why) => family(why),
            _ => Fate::Lost("other people's drugs, tests and procedures"),
        };
    }
    let denies = [Why::Denied, Why::RuledOut, Why::Resolved, Why::Stopped];
    if value == Some(Value::Present) && why.is_some_and(|why| denies.contains(&why)) {
        return Fate::Lost("assertions that contradict themselves");
    }
    if let (Some(value), Some(Why::Allergy)) = (value, why) {
        return allergy(value);
    }
    match kind {
        Kind::Problem => condition(value, why),
        Kind::Drug => medication(value, why),
        Kind::Procedure => procedure(value, why),
        Kind::Test if measured => observation(value, why),
        Kind::Test => Fate::Lost("tests without a result"),
        Kind::Other(name) => Fate::Lost(name),
    }
}

/// To say of a drug that it is absent because of an allergy is to affirm the allergy. An allergy always has a
/// `clinicalStatus` (ait-1): one that is suspected is active and unconfirmed, so that nobody overlooks it.
fn allergy(value: Value) -> Fate {
    match value {
        Value::Possible => Fate::Allergy("active", "unconfirmed"),
        Value::Historical => Fate::Allergy("inactive", "confirmed"),
        _ => Fate::Allergy("active", "confirmed"),
    }
}

fn condition(value: Option<Value>, why: Option<Why>) -> Fate {
    match (value, why) {
        (Some(Value::Present), _) => Fate::Condition(Some("active"), "confirmed"),
        (Some(Value::Possible), _) => Fate::Condition(None, "provisional"),
        (Some(Value::Absent | Value::Historical), Some(Why::Resolved)) => {
            Fate::Condition(Some("resolved"), "confirmed")
        }
        // A history lists what is chronic, too: only words may say that something is over.
        (Some(Value::Historical), Some(Why::Past | Why::Stopped))
        | (Some(Value::Absent), Some(Why::Stopped)) => {
            Fate::Condition(Some("inactive"), "confirmed")
        }
        (Some(Value::Historical), _) => Fate::Condition(None, "confirmed"),
        (Some(Value::Absent), Some(Why::Denied | Why::RuledOut)) => {
            Fate::Condition(None, "refuted")
        }
        (Some(Value::Absent), Some(Why::Family)) => Fate::Lost("what the family has not"),
        (Some(Value::Absent), _) => Fate::Lost("absent problems, the text not saying why"),
        (Some(Value::OtherPerson), why) => family(why),
        (None, _) => Fate::Condition(None, "unconfirmed"),
    }
}

/// A family history has no place for doubt or denial.
fn family(why: Option<Why>) -> Fate {
    match why {
        Some(Why::Denied | Why::RuledOut) => Fate::Lost("what the family has not"),
        Some(Why::Uncertain | Why::Conditional | Why::Planned) => {
            Fate::Lost("what the family may have")
        }
        _ => Fate::Family,
    }
}

fn medication(value: Option<Value>, why: Option<Why>) -> Fate {
    match (value, why) {
        (None, _) => Fate::Medication("unknown"),
        (Some(Value::Possible), Some(Why::Stopped)) => Fate::Medication("unknown"),
        (_, Some(Why::Stopped)) => Fate::Medication("stopped"),
        (Some(Value::Absent), Some(Why::Resolved)) => Fate::Medication("completed"),
        (Some(Value::Absent), Some(Why::Family)) => Fate::Lost("what the family has not"),
        (Some(Value::Absent), _) => Fate::Medication("not-taken"),
        (Some(Value::Historical), _) => Fate::Medication("completed"),
        (Some(_), Some(Why::Planned | Why::Conditional)) => Fate::Medication("intended"),
        (Some(Value::Present), _) => Fate::Medication("active"),
        (Some(_), _) => Fate::Medication("unknown"),
    }
}

fn procedure(value: Option<Value>, why: Option<Why>) -> Fate {
    match (value, why) {
        (None, _) => Fate::Procedure("unknown"),
        (Some(Value::Possible), Some(Why::Stopped)) => Fate::Procedure("unknown"),
        (_, Some(Why::Stopped)) => Fate::Procedure("stopped"),
        (Some(Value::Absent), Some(Why::Resolved)) => Fate::Procedure("completed"),
        (Some(Value::Absent), Some(Why::Family)) => Fate::Lost("what the family has not"),
        (Some(Value::Absent), _) => Fate::Procedure("not-done"),
        (Some(Value::Historical), _) => Fate::Procedure("completed"),
        (Some(_), Some(Why::Planned | Why::Conditional)) => Fate::Procedure("preparation"),
        (Some(Value::Present), _) => Fate::Procedure("completed"),
        (Some(_), Some(Why::Uncertain)) => Fate::Procedure("unknown"),
        (Some(_), _) => Fate::Procedure("preparation"),
    }
}

/// A result that is only possible is a threshold or a goal, no result.
fn observation(value: Option<Value>, why: Option<Why>) -> Fate {
    match (value, why) {
        (None, _) => Fate::Observation("unknown"),
        (Some(Value::Present | Value::Historical), Some(Why::Planned | Why::Conditional))
        | (Some(Value::Possible), _) => Fate::Lost("results that are only possible"),
        (Some(Value::Present | Value::Historical), _) => Fate::Observation("final"),
        (Some(_), _) => Fate::Lost("results of tests that were not done"),
    }
}
