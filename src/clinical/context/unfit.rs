//! Cues that the rest of a statement shows to say nothing: "changed lisinopril to 20 mg" stops no drug, and
//! an organism's "sensitivity to ciprofloxacin" is nobody's allergy.

use super::lexicon::Cue;
use super::rule::{Kind, Rule};
use super::scope::Target;
use super::words::Word;

/// Words of what grows in a dish.
#[rustfmt::skip]
const ORGANISMS: [&str; 14] = [
    "antibiogram", "bacteria", "culture", "cultures", "grew", "growth", "isolate", "isolates", "mic", "organism",
    "organisms", "resistant", "strain", "susceptible",
];

/// The first words of cues that say a drug takes another's place.
#[rustfmt::skip]
const CHANGES: [&str; 8] = [
    "change", "changed", "changing", "converted", "switch", "switched", "switching", "transitioned",
];

/// A drug stands so many words after the "to" of a change, and that so many after the drug before it.
const SOON: usize = 3;
const LATER: usize = 8;

/// Leaves out the cues that say nothing here.
pub(super) fn drop_unfit(
    rules: &[Rule],
    text: &str,
    words: &[Word],
    targets: &[Target],
    cues: &mut Vec<Cue>,
) {
    let of = |at: usize| words.get(at).and_then(|word| text.get(word.place.clone()));
    let is_in = |at: usize, list: &[&str]| {
        of(at).is_some_and(|word| list.iter().any(|it| word.eq_ignore_ascii_case(it)))
    };
    let drug = |from: usize, within: usize| {
        let ahead = targets.get(targets.partition_point(|target| target.words.start < from));
        ahead.filter(|target| target.kind == Kind::Drug && target.words.start <= from + within)
    };
    // "Codeine makes her nauseous", but not "makes her pain better".
    let suffers = |from: usize| {
        let ahead = targets.get(targets.partition_point(|target| target.words.start < from));
        ahead.is_some_and(|target| {
            let ends = |word: &str| matches!(word, "." | "," | ";" | ")" | "and" | "or" | "so");
            let (near, kind) = (target.words.start <= from + 1, target.kind == Kind::Problem);
            near && kind && of(target.words.end).is_none_or(ends)
        })
    };
    // A statement may be long, and is looked through once.
    let grown = (0..words.len()).any(|at| is_in(at, &ORGANISMS));
    cues.retain(|cue| {
        let (first, last) = (cue.words.start, cue.words.end - 1);
        if grown && is_in(first, &["sensitivity"]) {
            return false;
        }
        if is_in(last, &["him", "her", "me", "them"]) && rules[cue.rule].is_allergy() {
            return suffers(cue.words.end);
        }
        let changes = cue.words.clone().any(|at| is_in(at, &CHANGES));
        if !changes || !rules[cue.rule].stops() || is_in(last, &["from"]) {
            return true;
        }
        if is_in(last, &["to"]) {
            return drug(cue.words.end, SOON).is_some();
        }
        let Some(before) = drug(cue.words.end, SOON) else { return false };
        let ahead = before.words.end..before.words.end + LATER;
        let link = ahead.into_iter().find(|&at| is_in(at, &["to", "for", "with"]));
        link.is_some_and(|link| drug(link + 1, SOON).is_some())
    });
}
