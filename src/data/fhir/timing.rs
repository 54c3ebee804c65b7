//! How often and for how long, as FHIR's Timing.

use serde_json::{Map, Value, json};

use super::note::Note;
use super::quantity::{Amount, amount, ends, number};
use crate::data::losses::lose;
use crate::data::write::Losses;
use crate::document::Attribute;

/// Units of time, as FHIR and UCUM write them.
const TIMES: [&str; 7] = ["s", "min", "h", "d", "wk", "mo", "a"];

/// The times at which something is taken; `None` if nothing is said of them. What the numbers cannot say is in
/// the words.
pub(super) fn timing(
    note: &Note<'_>,
    frequencies: &[&Attribute],
    durations: &[&Attribute],
    losses: &mut Losses,
) -> Option<Value> {
    let mut repeat = Map::new();
    for duration in durations {
        if !bounds(duration, &mut repeat, losses) {
            lose(losses, "durations that are only in words", 1);
        }
    }
    let mut first: Option<&Attribute> = None;
    for frequency in frequencies {
        // "daily before breakfast" says the same twice.
        let same =
            |first: &Attribute| ends(first) == ends(frequency) && first.unit == frequency.unit;
        let fits = match first {
            None => rate(frequency, &mut repeat),
            Some(first) => same(first),
        };
        if !fits {
            lose(losses, "frequencies that are only in words", 1);
        } else if first.is_none() && frequency.unit.as_deref() != Some("{dose}") {
            first = Some(frequency);
        }
    }
    let words: Vec<_> = frequencies.iter().filter_map(|own| note.words(&own.place)).collect();
    let mut timing = json!({});
    if !repeat.is_empty() {
        timing["repeat"] = Value::Object(repeat);
    }
    if !words.is_empty() {
        timing["code"] = json!({ "text": words.join(" ") });
    }
    timing.as_object().is_some_and(|fields| !fields.is_empty()).then_some(timing)
}

/// Puts how often into `repeat`; whether that could be done.
fn rate(frequency: &Attribute, repeat: &mut Map<String, Value>) -> bool {
    let (low, high) = ends(frequency);
    match frequency.unit.as_deref() {
        Some("{dose}") => doses(frequency, repeat),
        Some(unit) => match (unit.strip_prefix('/'), low, high) {
            // So many times a day.
            (Some(unit), Some(low), Some(high)) if TIMES.contains(&unit) => {
                let (Some(least), Some(most)) = (whole(low), whole(high)) else { return false };
                repeat.insert("frequency".into(), json!(least));
                if most > least {
                    repeat.insert("frequencyMax".into(), json!(most));
                }
                repeat.insert("period".into(), json!(1));
                repeat.insert("periodUnit".into(), json!(unit));
                true
            }
            (Some(unit), None, Some(high)) if TIMES.contains(&unit) => {
                let Some(most) = whole(high) else { return false };
                repeat.insert("frequencyMax".into(), json!(most));
                repeat.insert("period".into(), json!(1));
                repeat.insert("periodUnit".into(), json!(unit));
                true
            }
            // So long from one time to the next.
            (None, Some(low), Some(high)) if TIMES.contains(&unit) && 0.0 < low && low <= high => {
                repeat.insert("frequency".into(), json!(1));
                repeat.insert("period".into(), number(low));
                if high > low {
                    repeat.insert("periodMax".into(), number(high));
                }
                repeat.insert("periodUnit".into(), json!(unit));
                true
            }
            _ => false,
        },
        None => false,
    }
}

/// Puts for how long into `repeat`; whether that could be done.
fn bounds(duration: &Attribute, repeat: &mut Map<String, Value>, losses: &mut Losses) -> bool {
    let unit = duration.unit.as_deref().unwrap_or("");
    if unit == "{dose}" {
        return doses(duration, repeat);
    }
    let is_set = repeat.contains_key("boundsDuration") || repeat.contains_key("boundsRange");
    if is_set || !TIMES.contains(&unit) {
        return false;
    }
    match amount(duration, losses) {
        Some(Amount::Quantity(quantity)) => repeat.insert("boundsDuration".into(), quantity),
        Some(Amount::Range(range)) => repeat.insert("boundsRange".into(), range),
        None => return false,
    };
    true
}

/// Puts how often in all into `repeat`; whether that could be done.
fn doses(times: &Attribute, repeat: &mut Map<String, Value>) -> bool {
    let (Some(low), Some(high)) = ends(times) else { return false };
    let (Some(least), Some(most)) = (whole(low), whole(high)) else { return false };
    if repeat.contains_key("count") {
        return false;
    }
    repeat.insert("count".into(), json!(least));
    if most > least {
        repeat.insert("countMax".into(), json!(most));
    }
    true
}

/// A number of times: a whole one, one at least, as large as FHIR's `positiveInt`.
fn whole(number: f64) -> Option<i64> {
    let fits = number.fract() == 0.0 && (1.0..=f64::from(i32::MAX)).contains(&number);
    fits.then_some(number as i64)
}
