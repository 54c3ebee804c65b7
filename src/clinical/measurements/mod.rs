//! Results of tests: value, comparator, unit, reference range, flag.
//!
//! What follows a test in its statement, up to the next test or drug, is read; of what stands before it
//! only a word ("positive", "elevated") that touches it. A blood pressure has two values, 120 and 80
//! mm[Hg]; so has a pair such as H/H. A result in words ("negative") is a value without a number, which counts
//! as read. Of "EF 35 → 60" the steps count the results. Where nobody writes the unit of a vital sign it
//! is the usual one: `tests.tsv` says which. A number that a reader alone can place ("20/40", "420/22/50
//! %") is a value that could not be read. A goal ("target INR 2-3", "LDL < 70 desired") is no result.
//!
//! Read critically on random mentions of tests in the marked notes, 100 at a time, right with all that
//! belongs to each: 92, 98, 97 and 96. What was wrong was then mended, but for series in prose ("went from
//! 11 to 3") and goals without a word that says so.

mod results;
#[cfg(test)]
mod tests;
mod value;

use std::ops::Range;

use crate::clinical::quantity::{reach, tokens};
use crate::document::{Attribute, Entity};
use crate::error::Result;

/// How far after a test its results are looked for, in bytes.
const REACH: usize = 240;
/// How far before it.
const BEFORE: usize = 40;

/// The attributes of each entity, by start; none of those that are no tests.
pub(crate) fn measurements(
    text: &str,
    sentences: &[Range<usize>],
    entities: &[Entity],
    check: &dyn Fn() -> Result<()>,
) -> Result<Vec<Vec<Attribute>>> {
    let mut found = vec![Vec::new(); entities.len()];
    let stops = entities
        .iter()
        .enumerate()
        .filter(|(_, entity)| ["Test", "Drug", "Chemical"].contains(&&*entity.label));
    let mut stops = stops.peekable();
    let mut taken = 0;
    // Where the last test ends whose number was a goal.
    let mut goal = None;
    while let Some((index, entity)) = stops.next() {
        check()?;
        let place = &entity.bytes;
        if &*entity.label != "Test" || place.start < taken {
            continue;
        }
        let sentence = sentences.partition_point(|sentence| sentence.end <= place.start);
        let sentence = sentences.get(sentence).cloned().unwrap_or(place.clone());
        let start = taken.max(sentence.start).max(place.start.saturating_sub(BEFORE));
        let start = text.ceil_char_boundary(start.min(place.start));
        let before = tokens(text, start..place.start);
        let next = stops.peek().map_or(text.len(), |(_, next)| next.bytes.start);
        let end = reach(text, place.end, sentence.end.min(next).max(place.end), REACH);
        let after = tokens(text, place.end..end);
        let name = tokens(text, place.clone());
        let results = results::results(text, &name, &before, &after);
        let listed = goal.and_then(|end| text.get(end..place.start));
        let is_goal = !results::is_met(&after)
            && (results::is_goal(&name, &before)
                || listed.is_some_and(|between| goes_on(between, &results)));
        goal = is_goal.then_some(place.end);
        found[index] = if is_goal { Vec::new() } else { results };
        taken = found[index].last().map_or(place.end, |last| last.place.end.max(place.end));
    }
    Ok(found)
}

/// Whether a test after another whose number is a goal has a goal too: "target [INR] 2-3", "goals: [LDL] < 70,
/// [A1c] < 7"; but "goal [INR] 2-3, [INR] today 1.8".
fn goes_on(between: &str, results: &[Attribute]) -> bool {
    let is_limit = |own: &Attribute| own.comparator.is_some() || own.low != own.high;
    let limits = !results.is_empty() && results.iter().all(is_limit);
    let ends = between.len() > BEFORE || between.contains([';', '\n']) || between.contains(". ");
    between.trim().is_empty() || limits && !ends
}
