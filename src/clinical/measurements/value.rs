//! A result: a number with its unit, a pair, a score, a word.

use std::sync::LazyLock;

use crate::clinical::quantity::{
    Amount, Class, Kind, Phrases, Token, amount, named, span, unit, unread,
};
use crate::document::{Attribute, AttributeKind};

static TESTS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("tests.tsv")));
static WORDS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("results.tsv")));

/// The highest scores of scales in use: "7/10", "26/30".
const SCALES: [f64; 15] =
    [3.0, 4.0, 5.0, 10.0, 15.0, 21.0, 24.0, 27.0, 28.0, 30.0, 42.0, 52.0, 56.0, 63.0, 100.0];

/// What is known of a test beforehand.
pub(super) struct Shape {
    kind: &'static str,
    /// Whether it names two tests: "H/H".
    pair: bool,
}

impl Shape {
    /// By the name of a test.
    pub(super) fn of(name: &[Token]) -> Shape {
        let found = (0..name.len())
            .filter_map(|at| TESTS.at(name, at).map(|(columns, next)| (next - at, columns)));
        let longest = found.max_by_key(|(length, _)| *length);
        let kind = longest.and_then(|(_, columns)| columns.first().copied()).unwrap_or_default();
        Shape { kind, pair: name.iter().any(|token| token.is("/")) && kind != "pressure" }
    }

    fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }

    /// The unit where nobody writes it.
    fn usual(&self, number: f64) -> Option<String> {
        let code = match self.kind {
            "pressure" => "mm[Hg]",
            "rate" => "/min",
            "percent" => "%",
            "a1c" if number < 20.0 => "%",
            "a1c" => "mmol/mol",
            "ph" => "[pH]",
            "temperature" if (85.0..115.0).contains(&number) => "[degF]",
            "temperature" if (25.0..45.0).contains(&number) => "Cel",
            _ => return None,
        };
        Some(code.into())
    }
}

/// The values that start at a token, and the token after them.
pub(super) fn value(
    text: &str,
    shape: &Shape,
    tokens: &[Token],
    at: usize,
) -> Option<(Vec<Attribute>, usize)> {
    if let Some((_, next)) = WORDS.at(tokens, at).filter(|(columns, _)| columns.contains(&"value"))
    {
        return Some((vec![named(AttributeKind::Value, span(tokens, at, next))], next));
    }
    if shape.is("image") || tokens.get(at)?.glued && at > 0 && tokens[at - 1].kind == Kind::Word {
        return None;
    }
    if shape.is("length")
        && let Some(found) = feet(tokens, at)
    {
        return Some(found);
    }
    if clock(text, shape, tokens, at).is_some() {
        return None;
    }
    let (first, next) = signed(tokens, at)?;
    if let Some((titer, next)) = titer(tokens, at, &first, next) {
        return Some((vec![titer], next));
    }
    match stroke(shape, tokens, at, &first, next) {
        Stroke::Value(values, next) => Some((values, next)),
        Stroke::Day => None,
        Stroke::None => single(text, shape, tokens, at, first, next),
    }
}

/// The token after a time of day: "0400", "at 1430", "04:00", "4 pm".
pub(super) fn clock(text: &str, shape: &Shape, tokens: &[Token], at: usize) -> Option<usize> {
    let token = tokens.get(at)?;
    let hours = token.number()?;
    let half = |at: usize| tokens.get(at).is_some_and(|token| token.is("am") || token.is("pm"));
    if let [colon, minutes, ..] = tokens.get(at + 1..)?
        && colon.is(":")
        && colon.glued
        && minutes.glued
        && minutes.place.len() == 2
        && minutes.number().is_some_and(|minutes| minutes < 60.0)
    {
        // "1:40" is a titer.
        let titer = token.place.len() == 1 && hours == 1.0 && !half(at + 3);
        let next = if half(at + 3) { at + 4 } else { at + 3 };
        return (hours < 24.0 && !titer).then_some(next);
    }
    if half(at + 1) {
        return (hours <= 12.0).then_some(at + 2);
    }
    let digits = text.get(token.place.clone()).unwrap_or_default();
    let four = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let day = hours < 2400.0 && hours % 100.0 < 60.0 && unit(tokens, at + 1).is_none();
    let led = at > 0 && (tokens[at - 1].is("at") || tokens[at - 1].is("@"));
    let said = led && !shape.is("large") || digits.starts_with('0');
    (four && day && said).then_some(at + 1)
}

/// An amount, perhaps below zero: "-2.5".
fn signed(tokens: &[Token], at: usize) -> Option<(Amount, usize)> {
    let minus = tokens.get(at).is_some_and(|token| token.is("-") || token.is("−"));
    let touches = tokens.get(at + 1).is_some_and(|token| token.glued);
    if !minus || !touches || tokens[at].glued {
        return amount(tokens, at);
    }
    let (mut found, next) = amount(tokens, at + 1)?;
    (found.low, found.high) = (found.low.map(|low| -low), found.high.map(|high| -high));
    found.place = span(tokens, at, next);
    Some((found, next))
}

/// "1:1280" is 1280.
fn titer(tokens: &[Token], at: usize, first: &Amount, next: usize) -> Option<(Attribute, usize)> {
    let colon = tokens.get(next).is_some_and(|token| token.is(":") && token.glued);
    let number = tokens.get(next + 1)?.number().filter(|_| colon && first.single() == Some(1.0))?;
    let place = span(tokens, at, next + 2);
    let found =
        Amount { place, low: Some(number), high: Some(number), comparator: None, digits: true };
    Some((found.attribute(AttributeKind::Value, Some("{titer}".into())), next + 2))
}

/// "5'6", "5 feet 4 inches" in inches.
fn feet(tokens: &[Token], at: usize) -> Option<(Vec<Attribute>, usize)> {
    let is = |at: usize, words: &[&str]| {
        tokens.get(at).is_some_and(|token| words.contains(&token.word.as_str()))
    };
    let feet =
        tokens.get(at)?.number().filter(|_| is(at + 1, &["'", "’", "′", "ft", "feet", "foot"]))?;
    let dotted = is(at + 1, &["ft"]) && is(at + 2, &["."]);
    let start = if dotted { at + 3 } else { at + 2 };
    let (inches, mut next) = match tokens.get(start).and_then(Token::number) {
        Some(inches) if inches < 12.0 => (inches, start + 1),
        _ => (0.0, at + 2),
    };
    if is(next, &["\"", "”", "″", "in", "inches", "inch", "''", "’’"]) {
        next += 1;
    }
    let length = Some(12.0 * feet + inches);
    let found = Amount {
        place: span(tokens, at, next),
        low: length,
        high: length,
        comparator: None,
        digits: true,
    };
    Some((vec![found.attribute(AttributeKind::Value, Some("[in_i]".into()))], next))
}

/// What a stroke joins.
enum Stroke {
    /// A blood pressure, a pair, a score, or what a reader alone can place; and the token after it.
    Value(Vec<Attribute>, usize),
    /// "3/22".
    Day,
    /// There is none.
    None,
}

fn stroke(shape: &Shape, tokens: &[Token], at: usize, first: &Amount, next: usize) -> Stroke {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
    let out = is(next, "out") && is(next + 1, "of");
    let over = is(next, "/") || is(next, "over") && shape.is("pressure");
    if !over && !out {
        return Stroke::None;
    }
    let Some((second, after)) = amount(tokens, if out { next + 2 } else { next + 1 }) else {
        return Stroke::None;
    };
    let mut end = after;
    while is(end, "/") && tokens.get(end + 1).is_some_and(|token| token.number().is_some()) {
        end += 2;
    }
    let whole = span(tokens, at, end);
    let vague = || Stroke::Value(vec![unread(AttributeKind::Value, whole.clone())], end);
    let (Some(low), Some(high)) = (first.high, second.low) else { return vague() };
    let pressed = low >= 60.0 && high >= 30.0 && low > high && !shape.pair;
    if end > after || shape.is("acuity") || low == 20.0 && high >= 10.0 {
        vague()
    } else if shape.is("pressure") || pressed {
        pair(tokens, first, second, after, Some("mm[Hg]"))
    } else if shape.pair {
        pair(tokens, first, second, after, None)
    } else if low <= high && (out || SCALES.contains(&high)) {
        let score = Amount { place: whole, ..first.clone() };
        let unit = Some(format!("{{of_{high}}}"));
        Stroke::Value(vec![score.attribute(AttributeKind::Value, unit)], after)
    } else if day(tokens, at).is_some() {
        Stroke::Day
    } else {
        vague()
    }
}

/// Two values side by side.
fn pair(
    tokens: &[Token],
    first: &Amount,
    second: Amount,
    at: usize,
    usual: Option<&str>,
) -> Stroke {
    let written =
        unit(tokens, at).filter(|(unit, _)| unit.class == Class::Other && unit.code != "[in_i]");
    let (code, next) = match &written {
        Some((unit, next)) => (Some(unit.code.clone()), *next),
        None => (usual.map(str::to_string), at),
    };
    let mut second = second;
    if let Some((unit, _)) = written {
        second.place.end = unit.place.end;
    }
    let first = first.clone().attribute(AttributeKind::Value, code.clone());
    Stroke::Value(vec![first, second.attribute(AttributeKind::Value, code)], next)
}

/// A number with its unit.
fn single(
    text: &str,
    shape: &Shape,
    tokens: &[Token],
    at: usize,
    first: Amount,
    next: usize,
) -> Option<(Vec<Attribute>, usize)> {
    let number = first.low.or(first.high)?;
    let (code, end) = match written(text, shape, tokens, next, number) {
        Written::Unit(code, end) => (Some(code), end),
        Written::None => (shape.usual(number), next),
        Written::Time => return None,
    };
    let counted = WORDS.at(tokens, end).is_some_and(|(columns, _)| columns.contains(&"counted"));
    let year = first.digits
        && number.fract() == 0.0
        && (1950.0..2100.0).contains(&number)
        && code.is_none();
    let dashed = end == next
        && tokens.get(next).is_some_and(|token| token.is("-") && token.glued)
        && tokens.get(next + 1).is_some_and(|token| token.glued && token.kind == Kind::Word);
    let joined = end == next
        && tokens.get(next).is_some_and(|token| token.glued && token.kind == Kind::Word);
    if year && !shape.is("large") || counted || dashed || joined || !first.digits && code.is_none()
    {
        return None;
    }
    let plus = code.is_none() && tokens.get(end).is_some_and(|token| token.is("+") && token.glued);
    if plus && tokens.get(end + 1).is_some_and(|token| token.glued && token.number().is_some()) {
        // "Gleason 3+4"
        return Some((vec![unread(AttributeKind::Value, span(tokens, at, end + 2))], end + 2));
    }
    let (code, end) = if plus { (Some("{+}".into()), end + 1) } else { (code, end) };
    let found = Amount { place: span(tokens, at, end), ..first };
    Some((vec![found.attribute(AttributeKind::Value, code)], end))
}

enum Written {
    Unit(String, usize),
    /// A time: the number says when, or how often.
    Time,
    None,
}

/// The unit that is written after a number.
fn written(text: &str, shape: &Shape, tokens: &[Token], at: usize, number: f64) -> Written {
    let Some(token) = tokens.get(at) else { return Written::None };
    if shape.is("temperature") && (token.is("c") || token.is("f")) {
        return Written::Unit(if token.is("c") { "Cel" } else { "[degF]" }.into(), at + 1);
    }
    let Some((unit, next)) = unit(tokens, at) else { return Written::None };
    let letters = text.get(unit.place.clone()).unwrap_or_default();
    let next_is_number = tokens.get(next).is_some_and(|token| token.number().is_some());
    match (unit.class, unit.code.as_str()) {
        // "3.1 L" and "14.2 H" are flags.
        (_, "L") if letters == "L" && !shape.is("litre") => Written::None,
        (_, "h") if letters == "H" => Written::None,
        (_, "10*3") if next_is_number && !token.glued => Written::None,
        (_, "[in_i]") if letters == "in" && !shape.is("length") => Written::None,
        (_, "deg") if shape.is("temperature") => match shape.usual(number) {
            Some(code) => Written::Unit(code, next),
            None => Written::None,
        },
        (Class::Time, _) if !shape.is("time") => Written::Time,
        _ => Written::Unit(unit.code, next),
    }
}

/// The reference range at a token. Without a word that leads to it, it is a range or a limit.
pub(super) fn reference(
    text: &str,
    shape: &Shape,
    tokens: &[Token],
    at: usize,
    led: bool,
) -> Option<(Attribute, usize)> {
    let (found, next) = amount(tokens, at)?;
    let ranged = found.low != found.high && !shape.is("pressure");
    if !ranged && !led || !found.digits {
        return None;
    }
    let (code, end) = match written(text, shape, tokens, next, found.low.or(found.high)?) {
        Written::Unit(code, end) => (Some(code), end),
        Written::None => (None, next),
        Written::Time => return None,
    };
    let found = Amount { place: span(tokens, at, end), ..found };
    Some((found.attribute(AttributeKind::Reference, code), end))
}

/// The token after a day such as "3/22".
pub(super) fn day(tokens: &[Token], at: usize) -> Option<usize> {
    let [month, stroke, day] = tokens.get(at..at + 3)? else { return None };
    let within = |token: &Token, most: f64| {
        token.number().is_some_and(|number| number >= 1.0 && number <= most)
    };
    (stroke.is("/") && stroke.glued && within(month, 12.0) && within(day, 31.0)).then_some(at + 3)
}
