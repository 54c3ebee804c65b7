//! The way from a test to its results, and from one to the next.

use std::sync::LazyLock;

use super::value::{Shape, clock, day, reference, value};
use crate::clinical::quantity::{Kind, Phrases, Token, named, span};
use crate::document::{Attribute, AttributeKind};

static WORDS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("results.tsv")));

/// How many words that say nothing of the result may stand before it.
const FAR: usize = 7;
/// How many tokens may stand between a word for a goal and the test: "aim for a MAP > 65".
const LEAD: usize = 4;

/// After a goal they bring the result.
const NOW: [&str; 3] = ["today", "now", "currently"];

/// Whether what follows a test says that its goal was met: "target INR reached: 2.5".
pub(super) fn is_met(after: &[Token]) -> bool {
    let met = ["reached", "achieved", "met", "attained"];
    after.first().is_some_and(|token| met.iter().any(|met| token.is(met)))
}

fn word(tokens: &[Token], at: usize, role: &str) -> Option<usize> {
    WORDS.at(tokens, at).filter(|(columns, _)| columns.contains(&role)).map(|(_, next)| next)
}

/// Whether a word says where a result stands to a goal: "not at goal, LDL 130".
fn is_level(tokens: &[Token], at: usize) -> bool {
    word(tokens, at, "level").is_some()
}

/// Whether what stands before a test, or its name, says that its number is a goal: "aim for MAP > 65".
pub(super) fn is_goal(name: &[Token], before: &[Token]) -> bool {
    let clause = before.iter().rposition(|token| [",", ";", "."].iter().any(|end| token.is(end)));
    let first = clause.map_or(0, |at| at + 1).max(before.len().saturating_sub(LEAD + 1));
    let says = |tokens: &[Token], at: usize| {
        let compared = at.checked_sub(1).is_some_and(|before| is_level(tokens, before));
        word(tokens, at, "goal").is_some() && !compared
    };
    (first..before.len()).any(|at| says(before, at)) || (0..name.len()).any(|at| says(name, at))
}

/// The results of a test by the tokens of its name, of what stands before it and of what follows.
pub(super) fn results(
    text: &str,
    name: &[Token],
    before: &[Token],
    after: &[Token],
) -> Vec<Attribute> {
    let shape = Shape::of(name);
    let mut found: Vec<Attribute> = touching(before).into_iter().collect();
    let last = before.len().saturating_sub(2)..before.len();
    if last.into_iter().any(|at| word(before, at, "condition").is_some()) {
        return Vec::new();
    }
    let Some(start) = start(text, &shape, after, &mut found) else { return found };
    let (mut at, mut step) = (start, 0);
    while let Some((values, next)) = value(text, &shape, after, at) {
        if is_wished(text, &shape, after, next) {
            return Vec::new();
        }
        found.extend(values.into_iter().map(|value| Attribute { step, ..value }));
        at = remarks(text, &shape, after, next, step, &mut found);
        let Some(next) = series(text, &shape, after, at) else { break };
        (at, step) = (next, step + 1);
    }
    found
}

/// Whether a number is a goal by the words after it: "LDL < 70 desired"; but "BP 128/78 goal < 130/80".
fn is_wished(text: &str, shape: &Shape, tokens: &[Token], at: usize) -> bool {
    let Some(next) = word(tokens, at, "wished") else { return false };
    let next = word(tokens, next, "is").unwrap_or(next);
    value(text, shape, tokens, next).is_none()
}

/// The word that touches a test from the left: "positive straight leg raise".
fn touching(before: &[Token]) -> Option<Attribute> {
    let first = before.len().saturating_sub(3);
    let at = (first..before.len()).find(|at| {
        let next = word(before, *at, "value").or_else(|| word(before, *at, "flag"));
        next == Some(before.len()) && before[*at].kind == Kind::Word
    })?;
    let denied = |token: &Token| ["no", "not", "without", "non"].contains(&token.word.as_str());
    if at > 0 && denied(&before[at - 1]) {
        return None;
    }
    let kind = if word(before, at, "value").is_some() {
        AttributeKind::Value
    } else {
        AttributeKind::Flag
    };
    Some(named(kind, span(before, at, before.len())))
}

/// Where the first result starts. Remarks before it are taken: "elevated at 4".
fn start(text: &str, shape: &Shape, tokens: &[Token], found: &mut Vec<Attribute>) -> Option<usize> {
    let (mut at, mut strange, mut said) = (0, 0, true);
    let mut wished = false;
    while at < tokens.len() && strange <= FAR {
        if (said || strange == 0) && value(text, shape, tokens, at).is_some() {
            return Some(at);
        }
        if let Some(next) = flag_word(tokens, at).filter(|_| said || strange == 0) {
            found.push(named(AttributeKind::Flag, span(tokens, at, next)));
            (at, said) = (next, true);
        } else if let Some(next) = word(tokens, at, "is") {
            (at, said) = (next, true);
        } else if let Some(next) = word(tokens, at, "goal") {
            let held = at.checked_sub(1).is_some_and(|before| is_level(tokens, before));
            let light = |token: &Token| held && (token.is(",") || token.is("("));
            let leads =
                |at: usize| word(tokens, at, "is").is_some() || tokens.get(at).is_some_and(light);
            // "INR goal 2-3, today was 1.8"
            let from = (next..).find(|at| !leads(*at)).unwrap_or(next);
            let goal = value(text, shape, tokens, from);
            // "INR at target: 2.5"; but "LDL above goal of 70"
            let limits = |own: &Attribute| own.comparator.is_some() || own.low != own.high;
            let of = tokens.get(next).is_some_and(|token| token.is("of"));
            if held && !of && goal.as_ref().is_some_and(|(goal, _)| !goal.iter().any(limits)) {
                return Some(from);
            }
            (at, strange, said) = (goal.map_or(next, |(_, after)| after), strange + 1, false);
            wished = true;
        } else if let Some(next) = word(tokens, at, "link") {
            // "INR goal 2-3, today 4.5"
            said |= wished && NOW.iter().any(|now| tokens[at].is(now));
            at = next;
        } else if tokens[at].kind == Kind::Code || year(&tokens[at]) || wished && tokens[at].is(",")
        {
            at += 1;
        } else if let Some(next) = day(tokens, at).or_else(|| clock(text, shape, tokens, at)) {
            at = next;
        } else if tokens[at].kind == Kind::Word {
            // Words that say nothing of it may stand before "was 155".
            (at, strange, said) = (at + 1, strange + 1, false);
        } else {
            return None;
        }
    }
    None
}

/// Flags and reference ranges right after a value; the token after them.
fn remarks(
    text: &str,
    shape: &Shape,
    tokens: &[Token],
    mut at: usize,
    step: u32,
    found: &mut Vec<Attribute>,
) -> usize {
    loop {
        let open = tokens.get(at).is_some_and(|token| token.is("(") || token.is("["));
        let comma = tokens.get(at).is_some_and(|token| token.is(","))
            && word(tokens, at + 1, "flag").is_some();
        let start = if open || comma { at + 1 } else { at };
        let lead = word(tokens, start, "reference")
            .filter(|next| reference(text, shape, tokens, *next, true).is_some());
        let read = reference(text, shape, tokens, lead.unwrap_or(start), lead.is_some());
        let read = read.or_else(|| {
            let next = flag(text, tokens, start, open)?;
            Some((named(AttributeKind::Flag, span(tokens, start, next)), next))
        });
        let Some((attribute, next)) = read else { return at };
        let closes = tokens.get(next).is_some_and(|token| token.is(")") || token.is("]"));
        found.push(Attribute { step, ..attribute });
        at = if open && closes { next + 1 } else { next };
    }
}

/// "H", "LL" in capitals, "(low)", "elevated", "*".
fn flag(text: &str, tokens: &[Token], at: usize, open: bool) -> Option<usize> {
    let token = tokens.get(at)?;
    let letters = text.get(token.place.clone()).unwrap_or_default();
    let closed = tokens.get(at + 1).is_some_and(|token| token.is(")"));
    if ["H", "L", "HH", "LL"].contains(&letters)
        || open && closed && ["A", "N", "C", "h", "l"].contains(&letters)
    {
        let star = tokens.get(at + 1).is_some_and(|token| token.is("*"));
        return Some(if star { at + 2 } else { at + 1 });
    }
    flag_word(tokens, at)
}

/// A remark in words. The "low" of "low-salt" is none, nor is what describes the word after it.
fn flag_word(tokens: &[Token], at: usize) -> Option<usize> {
    let next = word(tokens, at, "flag")?;
    let Some(after) = tokens.get(next) else { return Some(next) };
    let joined =
        after.is("-") && after.glued && tokens.get(next + 1).is_some_and(|token| token.glued);
    let known = ["is", "link", "flag", "next", "setting", "after", "value"];
    let describes =
        after.kind == Kind::Word && known.iter().all(|role| word(tokens, next, role).is_none());
    (!joined && !describes).then_some(next)
}

/// A year that stands alone, as in "mammogram 2022 normal".
fn year(token: &Token) -> bool {
    token.number().is_some_and(|year| year.fract() == 0.0 && (1950.0..2100.0).contains(&year))
}

/// Where the next result of a series starts: "→ 8.7", "(rpt 144/84)".
fn series(text: &str, shape: &Shape, tokens: &[Token], at: usize) -> Option<usize> {
    let light = tokens.get(at).is_some_and(|token| token.is("(") || token.is(","));
    let start = if light { at + 1 } else { at };
    let start = word(tokens, start, "setting").unwrap_or(start);
    let timed = tokens.get(start).is_some_and(|token| token.is("at") || token.is("@"));
    let start = clock(text, shape, tokens, start + 1).filter(|_| timed).unwrap_or(start);
    let next = word(tokens, start, "next")?;
    Some(word(tokens, next, "is").unwrap_or(next))
}
