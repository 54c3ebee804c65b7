//! How often and for how long.
//!
//! A frequency counts times in a period (`/d`, `/wk`) or gives the time from one dose to the next (`min`, `h`,
//! `wk`, `mo`); intervals of several days are in hours, so that "every other day" is 48 h wherever it
//! stands. "x3" alone says how often (3 doses in all); after a frequency it says for how long.

use std::sync::LazyLock;

use crate::clinical::quantity::{
    Amount, Class, Kind, Phrases, Token, amount, named, ranged, span, unit, unread,
};
use crate::document::{Attribute, AttributeKind};

static LISTED: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("frequencies.tsv")));
static PERIODS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::read(
        "daily|day|days|d|night|morning\t/d\nweekly|week|wk\t/wk\nmonthly|month\t/mo\nhour|hourly\t/h",
    )
});
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The frequency that starts at a token, and the token after it.
pub(super) fn frequency(tokens: &[Token], at: usize) -> Option<(Attribute, usize)> {
    interval(tokens, at)
        .or_else(|| times(tokens, at))
        .or_else(|| weekdays(tokens, at))
        .or_else(|| between(tokens, at))
}

/// One of the table, or two with what joins them: "BID-TID".
fn between(tokens: &[Token], at: usize) -> Option<(Attribute, usize)> {
    let (mut found, next) = listed(tokens, at)?;
    // "from BID to TID" is a change.
    let changes = at > 0 && tokens[at - 1].is("from");
    if !changes
        && let Some((upper, after)) = ranged(tokens, next, |at| listed(tokens, at))
        && upper.unit == found.unit
        && upper.high > found.high
    {
        found.high = upper.high;
        found.place.end = upper.place.end;
        return Some((found, after));
    }
    Some((found, next))
}

fn listed(tokens: &[Token], at: usize) -> Option<(Attribute, usize)> {
    let (columns, next) = LISTED.at(tokens, at)?;
    // "in about a month" is a time to come.
    let coming = at > 0
        && ["about", "in", "within", "for", "over", "than", "after"]
            .contains(&tokens[at - 1].word.as_str());
    if coming && tokens[at].is("a") {
        return None;
    }
    // "once the calcium is back" is a condition.
    let after = tokens.get(next).filter(|_| tokens[at].is("once") && next == at + 1);
    if after.is_some_and(|token| {
        token.kind == Kind::Word
            && !["then", "and", "now", "in", "at", "on", "by", "iv", "po", "im"]
                .contains(&token.word.as_str())
    }) {
        return None;
    }
    let place = span(tokens, at, next);
    let mut found = named(AttributeKind::Frequency, place.clone());
    match columns.first().copied().unwrap_or_default() {
        "" => {}
        "?" => return Some((unread(AttributeKind::Frequency, place), next)),
        number => {
            found.low = number.parse().ok();
            found.high = found.low;
            found.unit = columns.get(1).map(|unit| (*unit).into());
        }
    }
    Some((found, next))
}

/// "q4-6h", "every 8 hours", "every other week", "q6", "8 hourly".
fn interval(tokens: &[Token], at: usize) -> Option<(Attribute, usize)> {
    let lead = tokens.get(at)?;
    let short = lead.is("q");
    if !short && !lead.is("every") && !lead.is("each") {
        let (found, next) = amount(tokens, at)?;
        let hourly = tokens.get(next).is_some_and(|token| token.is("hourly"));
        return hourly.then(|| every(found, "h", span(tokens, at, next + 1), next + 1));
    }
    let mut start = at + 1;
    while tokens.get(start).is_some_and(|token| token.is(".") || token.is("-")) {
        start += 1;
    }
    let (found, next) = amount(tokens, start)?;
    let dashed = tokens.get(next).is_some_and(|token| token.is("-"));
    if let Some((time, after)) = unit(tokens, if dashed { next + 1 } else { next })
        && (time.class == Class::Time || short && time.code == "deg")
    {
        let code = if time.code == "deg" { "h" } else { &time.code };
        return Some(every(found, code, span(tokens, at, after), after));
    }
    if !short || !found.digits {
        return None;
    }
    // "q6" is every six hours, "q3w" every three weeks; other letters are clear to a reader only.
    match tokens.get(next).filter(|token| token.glued && token.kind == Kind::Word) {
        Some(week) if week.is("w") => {
            Some(every(found, "wk", span(tokens, at, next + 1), next + 1))
        }
        Some(letters) if !letters.is("prn") && !letters.is("hprn") => {
            Some((unread(AttributeKind::Frequency, span(tokens, at, next + 1)), next + 1))
        }
        _ => Some(every(found, "h", span(tokens, at, next), next)),
    }
}

fn every(
    found: Amount,
    unit: &str,
    place: std::ops::Range<usize>,
    next: usize,
) -> (Attribute, usize) {
    let one = found.single() == Some(1.0);
    let mut frequency = Amount { place, ..found }.attribute(AttributeKind::Frequency, None);
    frequency.unit = Some(match unit {
        "d" if !one => {
            frequency.low = frequency.low.map(|days| days * 24.0);
            frequency.high = frequency.high.map(|days| days * 24.0);
            "h".into()
        }
        "d" | "wk" | "mo" | "a" if one => format!("/{unit}"),
        unit => unit.into(),
    });
    (frequency, next)
}

/// "twice a day", "3 times per week", "2-3x/day", "3/d".
fn times(tokens: &[Token], at: usize) -> Option<(Attribute, usize)> {
    let is = |at: usize, words: &[&str]| {
        tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)))
    };
    let (found, mut next) = count(tokens, at)?;
    let mut said = !found.digits && found.low.is_some() && is(at, &ADVERBS);
    if is(next, &["times", "time", "x"]) {
        (said, next) = (true, next + 1);
    }
    if is(next, &["a", "per", "each", "every", "in"]) && is(next + 1, &["a"]) {
        next += 2;
    } else if is(next, &["a", "per", "each", "every", "/"]) {
        said |= is(next, &["/"]);
        next += 1;
    }
    let (columns, next) = PERIODS.at(tokens, next).filter(|_| said)?;
    let place = span(tokens, at, next);
    let unit = columns.first().map(|unit| (*unit).into());
    Some((Amount { place, ..found }.attribute(AttributeKind::Frequency, unit), next))
}

const ADVERBS: [&str; 3] = ["once", "twice", "thrice"];

/// How many times: "twice", "3", "2 or 3".
fn count(tokens: &[Token], at: usize) -> Option<(Amount, usize)> {
    let Some(index) =
        ADVERBS.iter().position(|word| tokens[at..].first().is_some_and(|token| token.is(word)))
    else {
        return amount(tokens, at);
    };
    let number = Some(index as f64 + 1.0);
    let place = span(tokens, at, at + 1);
    Some((Amount { place, low: number, high: number, comparator: None, digits: false }, at + 1))
}

/// "Mon/Wed/Fri", "every Monday", "on Tuesdays and Thursdays"; a single "on Monday" is a date.
fn weekdays(tokens: &[Token], at: usize) -> Option<(Attribute, usize)> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.word.as_str());
    let led = matches!(word(at), "every" | "each" | "q");
    let mut next = if led || word(at) == "on" { at + 1 } else { at };
    let (mut days, mut plural, mut end) = (0, false, next);
    while let Some(day) = WEEKDAYS.iter().find(|day| word(next).starts_with(**day)) {
        let rest = word(next).strip_prefix(*day).unwrap_or_default();
        if !matches!(
            rest.trim_end_matches('s'),
            "" | "day" | "nday" | "nesday" | "rday" | "r" | "rs" | "urday"
        ) {
            break;
        }
        (days, plural, end) = (days + 1, plural || rest.ends_with("days"), next + 1);
        next = end;
        while matches!(word(next), "," | "/" | "-" | "and" | "&") {
            next += 1;
        }
    }
    if days == 0 || !(led || plural || days > 1) {
        return None;
    }
    let mut found = named(AttributeKind::Frequency, span(tokens, at, end));
    found.low = Some(f64::from(days));
    found.high = found.low;
    found.unit = Some("/wk".into());
    Some((found, end))
}

/// How long: "x10d", "for 7 days", "10-day course", "over 1 hour"; "x3" after a frequency counts doses.
pub(super) fn duration(tokens: &[Token], at: usize) -> Option<(Attribute, usize)> {
    if let Some(found) = until(tokens, at) {
        return Some(found);
    }
    let (led, start) = match LEADS.at(tokens, at) {
        Some((_, next)) => (true, next),
        None => (false, at),
    };
    let single = tokens.get(start).filter(|token| led && token.is("a"));
    let (found, next) = match single {
        Some(_) => (one(span(tokens, start, start + 1)), start + 1),
        None => amount(tokens, start)?,
    };
    let dashed = tokens.get(next).is_some_and(|token| token.is("-"));
    let Some((time, after)) = unit(tokens, if dashed { next + 1 } else { next })
        .filter(|(time, _)| time.class == Class::Time)
    else {
        let multiplied = matches!(tokens.get(at)?.word.as_str(), "x" | "×");
        return (multiplied && found.single().is_some_and(|times| times.fract() == 0.0)).then(
            || {
                let place = span(tokens, at, next);
                let found = Amount { place, ..found };
                (found.attribute(AttributeKind::Duration, Some("{dose}".into())), next)
            },
        );
    };
    let other =
        |at: usize| tokens.get(at).is_some_and(|token| NO_DURATION.contains(&token.word.as_str()));
    if !led && matches!(found.comparator, Some("<" | ">" | "<=" | ">=")) {
        return None;
    }
    // "d2/5" is a day of a course.
    if tokens.get(after).is_some_and(|token| token.glued && token.number().is_some()) {
        return None;
    }
    let before = at.checked_sub(1).is_some_and(|before| !led && other(before));
    if before || other(after) && !led {
        return None;
    }
    let next =
        if tokens.get(after).is_some_and(|token| token.is("course")) { after + 1 } else { after };
    let place = span(tokens, at, next);
    Some((Amount { place, ..found }.attribute(AttributeKind::Duration, Some(time.code)), next))
}

fn one(place: std::ops::Range<usize>) -> Amount {
    Amount { place, low: Some(1.0), high: Some(1.0), comparator: None, digits: false }
}

static LEADS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::read(
        "x|×|for|over|for the next|for another|for a total of|total of|for the past|for the last|for at least|for up to|for about|for an additional|for approximately",
    )
});
/// Beside a time that is no duration: "3 days ago", "in 2 weeks", "80 years old".
const NO_DURATION: [&str; 22] = [
    "ago", "old", "later", "before", "prior", "back", "after", "earlier", "in", "within", "every",
    "q", "each", "since", "at", "last", "previous", "yo", "until", "per", "/", "apart",
];

/// "until Friday", "through 4/28": clear to a reader only.
fn until(tokens: &[Token], at: usize) -> Option<(Attribute, usize)> {
    let lead = tokens.get(at).filter(|token| {
        ["until", "till", "through", "thru", "til"].contains(&token.word.as_str())
    })?;
    let mut next = at + 1;
    while let Some(token) = tokens.get(next)
        && next < at + 5
        && (token.kind != Kind::Mark || token.is("/") && token.glued)
    {
        next += 1;
    }
    let named = lead.is("until") || lead.is("till") || lead.is("til");
    let dated = tokens
        .get(at + 1)
        .is_some_and(|token| token.kind != Kind::Word && token.kind != Kind::Mark);
    (next > at + 1 && (named || dated))
        .then(|| (unread(AttributeKind::Duration, span(tokens, at, next)), next))
}
