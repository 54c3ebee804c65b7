//! Numbers, with what stands before them and ranges of them.

use std::ops::Range;
use std::sync::LazyLock;

use super::lexer::{Kind, Token};
use super::phrases::Phrases;

static COMPARATORS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(include_str!("comparators.tsv")));
static NUMBERS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("numbers.tsv")));

/// What stands between the ends of a range.
const BETWEEN: [&str; 6] = ["-", "–", "—", "‐", "to", "or"];

/// A number, a range or a limit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Amount {
    pub(crate) place: Range<usize>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) comparator: Option<&'static str>,
    /// Whether its low end is written with digits.
    pub(crate) digits: bool,
}

impl Amount {
    /// The number, where there is one only.
    pub(crate) fn single(&self) -> Option<f64> {
        self.low.filter(|low| self.high == Some(*low) && self.comparator.is_none())
    }
}

/// The amount that starts at a token, and the token after it.
pub(crate) fn amount(tokens: &[Token], at: usize) -> Option<(Amount, usize)> {
    let (comparator, start) = match COMPARATORS.at(tokens, at) {
        Some((columns, next)) => (columns.first().copied(), next),
        None => (None, at),
    };
    let (low, next) = number(tokens, start)?;
    let digits = matches!(tokens.get(start)?.kind, Kind::Number(_));
    // "110s", "120s-130s"
    let (top, next) = decade(tokens, next, low).unwrap_or((low, next));
    let (high, next) = upper(tokens, next, low).unwrap_or((top, next));
    let (high, next) = decade(tokens, next, high).unwrap_or((high, next));
    let place = tokens.get(at)?.place.start..tokens.get(next - 1)?.place.end;
    let (low, high) = match comparator {
        Some("<" | "<=") => (None, Some(high)),
        Some(">" | ">=") => (Some(low), None),
        _ => (Some(low), Some(high)),
    };
    Some((Amount { place, low, high, comparator, digits }, next))
}

/// The upper end of a range whose lower end stands before `at`.
fn upper(tokens: &[Token], at: usize, low: f64) -> Option<(f64, usize)> {
    ranged(tokens, at, |at| number(tokens, at)).filter(|(high, _)| *high > low)
}

/// What `read` finds after the sign or word that makes a range.
pub(crate) fn ranged<T>(
    tokens: &[Token],
    at: usize,
    read: impl Fn(usize) -> Option<(T, usize)>,
) -> Option<(T, usize)> {
    let between = tokens.get(at)?;
    if BETWEEN.iter().any(|word| between.is(word)) { read(at + 1) } else { None }
}

/// "110s" is 110 to 119.
fn decade(tokens: &[Token], at: usize, tens: f64) -> Option<(f64, usize)> {
    let suffix = tokens.get(at).filter(|token| token.is("s") || token.is("'s"))?;
    let whole = tens >= 10.0 && tens % 10.0 == 0.0;
    (suffix.glued && whole).then_some((tens + 9.0, at + 1))
}

/// A number in digits or words, with its fraction: "2", "two", "1 1/2", "one and a half".
fn number(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    if let Some(value) = tokens.get(at)?.number() {
        if let Some(part) = fraction(tokens, at) {
            return Some((part, at + 3));
        }
        let next =
            if tokens.get(at + 1).is_some_and(|token| token.is("and")) { at + 2 } else { at + 1 };
        return match fraction(tokens, next) {
            Some(part) if value.fract() == 0.0 => Some((value + part, next + 3)),
            _ => Some((value, at + 1)),
        };
    }
    let (mut value, mut next) = word(tokens, at)?;
    while let Some((more, after)) = word(tokens, next) {
        // "two hundred", "twenty five", "one half": larger words multiply, smaller ones add.
        match more {
            100.0 | 1000.0 if value < more => value *= more,
            0.5 if value == 1.0 => value = more,
            _ if value >= 20.0 && more < 10.0 || value >= 100.0 && more < 100.0 => value += more,
            _ => break,
        }
        next = after;
    }
    if tokens.get(next).is_some_and(|token| token.is("and"))
        && let Some((part, after)) = word(tokens, next + 1).filter(|(part, _)| *part < 1.0)
    {
        (value, next) = (value + part, after);
    }
    Some((value, next))
}

fn word(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    let (columns, next) = NUMBERS.at(tokens, at)?;
    Some((columns.first()?.parse().ok()?, next))
}

/// "1/2", "1/4", "3/4" and the like: of other numbers a slash makes no fraction.
fn fraction(tokens: &[Token], at: usize) -> Option<f64> {
    let [above, slash, below] = tokens.get(at..at + 3)? else { return None };
    let (above, below) = (above.number()?, below.number()?);
    let usual = matches!((above as u32, below as u32), (1, 2..=4) | (2, 3) | (3, 4));
    let whole = above.fract() == 0.0 && below.fract() == 0.0;
    (slash.is("/") && slash.glued && usual && whole).then(|| above / below)
}
