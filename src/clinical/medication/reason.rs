//! What a drug is for: the words after "for" or "prn".

use std::ops::Range;
use std::sync::LazyLock;

use crate::clinical::quantity::{Kind, Phrases, Token, named, span};
use crate::document::{Attribute, AttributeKind};

static WORDS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("reasons.tsv")));

/// A reason has no more words.
const LONGEST: usize = 8;

fn word(tokens: &[Token], at: usize, role: &str) -> Option<usize> {
    WORDS.at(tokens, at).filter(|(columns, _)| columns.contains(&role)).map(|(_, next)| next)
}

/// Whether a word goes on after what came before it, as "for" and "with" do, rather than being described
/// by it, as in "daily weights".
pub(super) fn goes_on(tokens: &[Token], at: usize) -> bool {
    ["lead", "joint", "stop"].iter().any(|role| word(tokens, at, role).is_some())
}

/// The reason that starts at a token, and the token after it. `due` where one is expected: after "prn", or
/// right after the drug and what is known of it. Elsewhere only a problem that the model found is one.
/// `ends` tells where other attributes start.
pub(super) fn reason(
    tokens: &[Token],
    at: usize,
    due: Due,
    problems: &[Range<usize>],
    ends: impl Fn(usize) -> bool,
) -> Option<(Attribute, usize)> {
    if due == Due::Closed {
        return None;
    }
    let led = word(tokens, at, "lead");
    // "watch for edema" speaks of something else.
    if at.checked_sub(1).is_some_and(|before| word(tokens, before, "bar").is_some()) {
        return None;
    }
    let mut start = led.or((due == Due::Now).then_some(at))?;
    while let Some(next) = word(tokens, start, "before")
        && !tokens.get(next).is_some_and(|token| token.is("-"))
    {
        start = next;
    }
    if word(tokens, start, "joint").is_some() {
        return None;
    }
    let mut next = start;
    let mut end = start;
    while let Some(token) = tokens.get(next)
        && next < start + LONGEST
    {
        let joins =
            word(tokens, next, "joint").is_some() || matches!(token.word.as_str(), "/" | "-");
        let plain = token.kind == Kind::Word && word(tokens, next, "stop").is_none();
        if !joins && (!plain || ends(next)) {
            break;
        }
        next += 1;
        if !joins {
            end = next;
        }
    }
    let place = span(tokens, start, end);
    if end == start {
        return None;
    }
    // The model knows better where a problem ends.
    let first = problems.partition_point(|problem| problem.end <= place.start);
    let inside = problems[first..].iter().take_while(|problem| problem.start < place.end);
    let known = inside.clone().next().is_some_and(|problem| problem.start <= place.start);
    if due == Due::Never && !known {
        return None;
    }
    let last = inside.last().map_or(place.end, |problem| problem.end);
    let next = start + tokens[start..].partition_point(|token| token.place.end <= last);
    if next == start {
        return None;
    }
    Some((named(AttributeKind::Reason, span(tokens, start, next)), next))
}

/// Whether a reason may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// Without a word that leads to it.
    Now,
    /// After a word that leads to it.
    Led,
    /// Only if the model found a problem there.
    Never,
    /// Not at all.
    Closed,
}
