//! Which cues reach which entities: one walk through a statement each way.

use std::ops::Range;

use super::lexicon::{Cue, Lexicon};
use super::rule::{Direction, Kind, Rule, Says, Set};
use super::words::Word;
use crate::document::{AssertionCategory, AssertionValue};

/// An entity in a statement.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Its words.
    pub(super) words: Range<usize>,
    pub(super) kind: Kind,
}

/// A cue that reaches an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evidence {
    pub(super) value: AssertionValue,
    /// None of a cue that says no more than "present".
    pub(super) category: Option<AssertionCategory>,
    /// Where the cue stands in the text.
    pub(super) cue: Range<usize>,
}

/// A cue on its way.
#[derive(Debug, Clone)]
struct Active {
    rule: Rule,
    evidence: Evidence,
    /// How many words it still reaches.
    left: usize,
    /// Whether it has reached an entity yet.
    used: bool,
}

/// One place for each category and one for "present": a later cue of a category takes the earlier one's.
const SLOTS: usize = AssertionCategory::ALL.len() + 1;

fn slot(category: Option<AssertionCategory>) -> usize {
    category.map_or(SLOTS - 1, |category| category as usize)
}

/// What reaches each target, which are by start; `carried` is what a heading above the statement says.
pub(super) fn reach(
    lexicon: &Lexicon,
    text: &str,
    words: &[Word],
    cues: &[Cue],
    targets: &[Target],
    carried: Option<(Rule, Evidence)>,
) -> Vec<Vec<Evidence>> {
    let mut found = vec![Vec::new(); targets.len()];
    let mut forward = Walk::default();
    if let Some((rule, evidence)) = carried {
        let slot = slot(evidence.category);
        forward.active[slot] = Some(Active { rule, evidence, left: usize::MAX, used: false });
    }
    let (mut next_cue, mut next_target) = (0, 0);
    for (at, word) in words.iter().enumerate() {
        while let Some(target) = targets.get(next_target).filter(|target| target.words.start <= at)
        {
            forward.collect(target.kind, &mut found[next_target]);
            next_target += 1;
        }
        if let Some(cue) = cues.get(next_cue).filter(|cue| cue.words.start == at) {
            let before = at.checked_sub(1).and_then(|before| text.get(words[before].place.clone()));
            let chained = before.is_some_and(|word| matches!(word, "or" | "nor"));
            forward.meet(lexicon.rules[cue.rule], cue, words, Direction::Forward, chained);
            next_cue += 1;
        }
        forward.pass(word);
    }
    let mut backward = Walk::default();
    let mut by_end: Vec<usize> = (0..targets.len()).collect();
    by_end.sort_by_key(|&index| targets[index].words.end);
    let mut cues = cues.iter().rev().peekable();
    for (at, word) in words.iter().enumerate().rev() {
        while let Some(&index) = by_end.last().filter(|&&index| targets[index].words.end > at) {
            backward.collect(targets[index].kind, &mut found[index]);
            by_end.pop();
        }
        if let Some(cue) = cues.next_if(|cue| cue.words.end == at + 1) {
            backward.meet(lexicon.rules[cue.rule], cue, words, Direction::Backward, false);
        }
        backward.pass(word);
    }
    found
}

/// The cues on their way through a statement.
#[derive(Debug, Default)]
struct Walk {
    active: [Option<Active>; SLOTS],
}

impl Walk {
    /// A cue stands here.
    fn meet(&mut self, rule: Rule, cue: &Cue, words: &[Word], way: Direction, chained: bool) {
        if rule.direction != way && rule.direction != Direction::Both {
            return;
        }
        let (value, category) = match rule.says {
            Says::Nothing => return,
            Says::Ends(ended) => return self.end(ended),
            Says::Value(value, category) => (value, category),
        };
        if !chained {
            self.replace(value, category);
        }
        let place = words[cue.words.start].place.start..words[cue.words.end - 1].place.end;
        let length = words[cue.words.clone()].iter().filter(|word| word.counts).count();
        let evidence = Evidence { value, category, cue: place };
        self.active[slot(category)] =
            Some(Active { rule, evidence, left: rule.reach + length, used: false });
    }

    fn end(&mut self, ended: Set) {
        for (index, active) in self.active.iter_mut().enumerate() {
            if ended.has(index) {
                *active = None;
            }
        }
    }

    /// "No fever, possible pneumonia": what has reached an entity gives way to a cue that says
    /// otherwise; but a relative stays the one who is spoken of.
    fn replace(&mut self, value: AssertionValue, category: Option<AssertionCategory>) {
        for active in &mut self.active {
            let gives_way = |active: &mut Active| {
                let theirs = active.evidence.value;
                active.used
                    && theirs != value
                    && (theirs != AssertionValue::OtherPerson || category.is_none())
            };
            active.take_if(gives_way);
        }
    }

    /// An entity stands here.
    fn collect(&mut self, kind: Kind, found: &mut Vec<Evidence>) {
        for active in self.active.iter_mut().flatten() {
            if active.rule.kinds.has(kind as usize) {
                found.push(active.evidence.clone());
            }
            active.used = true;
        }
    }

    /// A word is passed.
    fn pass(&mut self, word: &Word) {
        if !word.counts || word.inside {
            return;
        }
        for active in &mut self.active {
            if let Some(still) = active {
                match still.left.checked_sub(1) {
                    Some(left) => still.left = left,
                    None => *active = None,
                }
            }
        }
    }
}
