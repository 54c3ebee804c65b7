//! Amounts of a drug, and which of them are doses and which strengths, as a pharmacist reads them:
//!
//! 1. A concentration or a percentage is a strength: "400 mg/5 mL", "2.5 %".
//! 2. Amounts joined by a stroke are the strengths of a combination: "875 mg/125 mg", "20/25 mg". So are
//!    numbers joined by a hyphen of which one is ten times the other, or more: "5-325".
//! 3. An amount right before a form is the strength of a piece: "10 mg tablet".
//! 4. An amount of substance before a count of pieces, or after it and "of", is the strength of a piece: "90
//!    mcg 2 puffs", "2 tablets of 500 mg". The count is the dose.
//! 5. Every other amount is the dose: "metformin 500 mg BID".
//!
//! A number without a unit right after the drug is a dose whose unit nobody wrote: "ASA 81". Doses
//! above one are whole, halves, quarters or eighths; another one needs a word of how to take it after it, as
//! the number of "procalcitonin 12.3" is a result.

use std::sync::LazyLock;

use super::scan::{Item, named_item};
use crate::clinical::quantity::{
    Amount, Class, Kind, Phrases, Token, Unit, amount, ranged, span, tokens, unit,
};
use crate::document::AttributeKind::{self, Dose, Duration, Frequency, Strength};

/// The amounts that start at a token: none, one, or the strengths of a combination. `bare` allows numbers
/// without a unit.
pub(super) fn quantities(tokens: &[Token], at: usize, bare: bool, combined: bool) -> Vec<Item> {
    quantity(tokens, at, bare, combined).unwrap_or_default()
}

fn quantity(tokens: &[Token], at: usize, bare: bool, combined: bool) -> Option<Vec<Item>> {
    // The 12 of "B12" counts nothing.
    let glued = tokens.get(at)?.glued
        && at.checked_sub(1).is_some_and(|before| {
            tokens[before].kind == Kind::Word
                || matches!(tokens[before].word.as_str(), "#" | "$" | "/" | ":" | "-" | "<" | ">")
        });
    if glued {
        return None;
    }
    // "from 20 to 40 mg" is a change, no range.
    let changes = at > 0 && tokens[at - 1].is("from");
    let to = tokens[at..].iter().take(4).position(|token| changes && token.is("to"));
    let tokens = &tokens[..to.map_or(tokens.len(), |to| at + to)];
    let (first, next) = article(tokens, at).or_else(|| amount(tokens, at))?;
    if first.digits
        && let Some(pair) = hyphened(tokens, at, &first, bare)
    {
        return Some(pair);
    }
    let (unit, next) = match measured(tokens, next) {
        Some((unit, after)) => (Some(unit), after),
        None => (None, next),
    };
    if let Some(strengths) = stroke(tokens, at, &first, unit.as_ref(), next, bare, combined) {
        return Some(strengths);
    }
    single(tokens, at, first, unit, next, bare)
}

/// "a tablet" is one.
fn article(tokens: &[Token], at: usize) -> Option<(Amount, usize)> {
    let article = tokens.get(at).filter(|token| token.is("a") || token.is("an"))?;
    unit(tokens, at + 1).filter(|(unit, _)| unit.class == Class::Count)?;
    let place = article.place.clone();
    Some((
        Amount { place, low: Some(1.0), high: Some(1.0), comparator: None, digits: true },
        at + 1,
    ))
}

/// The unit at a token, perhaps after a hyphen: "10-mg". The "d" of "40 d2/5" is none.
fn measured(tokens: &[Token], at: usize) -> Option<(Unit, usize)> {
    let hyphen = tokens.get(at).is_some_and(|token| token.is("-") && token.glued);
    let whole = |next: usize| {
        !tokens.get(next).is_some_and(|token| token.glued && token.number().is_some())
    };
    unit(tokens, if hyphen { at + 1 } else { at }).filter(|(_, next)| whole(*next))
}

/// "5-325": two strengths, no range.
fn hyphened(tokens: &[Token], at: usize, first: &Amount, bare: bool) -> Option<Vec<Item>> {
    let (low, high) = (first.low?, first.high?);
    let upper = tokens.get(at + 2)?;
    if !bare || high < 10.0 * low || high == low || upper.number() != Some(high) {
        return None;
    }
    let (unit, next) = match unit(tokens, at + 3) {
        Some((unit, next)) if unit.class == Class::Mass => (Some(unit), next),
        Some(_) => (None, at + 3),
        None => (None, at + 3),
    };
    let one = amount(&tokens[..at + 1], at)?.0;
    let other = amount(tokens, at + 2)?.0;
    Some(vec![
        strength(one, unit.as_ref(), at..at + 1),
        strength(other, unit.as_ref(), at + 2..next),
    ])
}

fn strength(mut amount: Amount, unit: Option<&Unit>, tokens: std::ops::Range<usize>) -> Item {
    if let Some(unit) = unit.filter(|unit| tokens.len() > 1 && unit.place.end > amount.place.end) {
        amount.place.end = unit.place.end;
    }
    let attribute = amount.attribute(Strength, unit.map(|unit| unit.code.clone()));
    Item { strength: true, class: unit.map(|unit| unit.class), ..Item::new(attribute, tokens) }
}

/// "875 mg/125 mg", "20/25 mg", "100/62.5/25".
fn stroke(
    tokens: &[Token],
    at: usize,
    first: &Amount,
    unit_of_first: Option<&Unit>,
    mut next: usize,
    bare: bool,
    combined: bool,
) -> Option<Vec<Item>> {
    let mut parts = vec![(first.clone(), unit_of_first.cloned(), at..next)];
    let joins = |at: usize| {
        let massive = unit_of_first.is_some_and(|unit| unit.class == Class::Mass);
        tokens.get(at).is_some_and(|token| {
            token.is("/") || (massive || combined) && token.glued && token.is("-")
        })
    };
    while joins(next)
        && tokens.get(next + 1).is_some_and(|token| token.number().is_some())
        && let Some((amount, after)) = amount(tokens, next + 1)
    {
        let (unit, end) = match unit(tokens, after).filter(|(unit, _)| unit.class != Class::Count) {
            Some((unit, end)) => (Some(unit), end),
            None => (None, after),
        };
        parts.push((amount, unit, next + 1..end));
        next = end;
    }
    let last = parts.last()?.1.clone();
    let massive =
        last.as_ref().is_some_and(|unit| matches!(unit.class, Class::Mass | Class::Concentration));
    // "3/22" is a day unless the drug is a combination.
    let numbers: Vec<f64> = parts.iter().filter_map(|(amount, ..)| amount.low).collect();
    let day = matches!(numbers[..], [month, day] if month <= 12.0 && day <= 31.0 && day.fract() == 0.0 && month.fract() == 0.0);
    let single = parts.iter().all(|(amount, ..)| amount.single().is_some());
    if parts.len() < 2 || !single || !massive && (last.is_some() || !bare || day && !combined) {
        return None;
    }
    let item = |(amount, unit, tokens): (Amount, Option<Unit>, std::ops::Range<usize>)| {
        let unit = unit.or(last.clone());
        strength(amount, unit.as_ref(), tokens)
    };
    Some(parts.into_iter().map(item).collect())
}

fn single(
    tokens: &[Token],
    at: usize,
    first: Amount,
    unit_found: Option<Unit>,
    next: usize,
    bare: bool,
) -> Option<Vec<Item>> {
    let Some(found) = unit_found else {
        if let Some(piece) = pieces(tokens, next) {
            let dose = Item::new(first.attribute(Dose, Some(piece)), at..next);
            return Some(vec![Item { class: Some(Class::Count), ..dose }]);
        }
        let usual = first.low.is_none_or(|low| low < 1.0 || (low * 8.0).fract() == 0.0)
            || named_item(tokens, next).is_some();
        return (bare && usual && counts(tokens, &first, next))
            .then(|| vec![Item::new(first.attribute(Dose, None), at..next)]);
    };
    use Class::{Concentration, Count, Mass, Volume};
    if !matches!(found.class, Mass | Volume | Count | Concentration) {
        return None;
    }
    let (mut first, mut end) = (first, next);
    // "0.5 mg to 1 mg"
    if let (Some(low), Some(((upper, unit), after))) = (first.single(), upper(tokens, next))
        && unit.code == found.code
        && upper.single().is_some_and(|high| high > low)
    {
        (first.high, end) = (upper.high, after);
    }
    first.place = span(tokens, at, end);
    let class = Some(found.class);
    let strength = found.class == Concentration;
    let attribute = first.attribute(if strength { Strength } else { Dose }, Some(found.code));
    Some(vec![Item { class, strength, ..Item::new(attribute, at..end) }])
}

fn upper(tokens: &[Token], at: usize) -> Option<((Amount, Unit), usize)> {
    ranged(tokens, at, |at| {
        let (amount, next) = amount(tokens, at)?;
        let (unit, next) = unit(tokens, next)?;
        Some(((amount, unit), next))
    })
}

/// The pieces in "two 10 mg tablets", where `at` is at "10".
fn pieces(tokens: &[Token], at: usize) -> Option<String> {
    let (_, next) = amount(tokens, at).filter(|(amount, _)| amount.digits)?;
    let (_, next) = unit(tokens, next).filter(|(unit, _)| unit.class == Class::Mass)?;
    let (piece, _) = unit(tokens, next).filter(|(unit, _)| unit.class == Class::Count)?;
    Some(piece.code)
}

/// Whether a number without a unit can be a dose: no year, no time of day, no ordinal, no day of a month.
fn counts(tokens: &[Token], amount: &Amount, next: usize) -> bool {
    let year =
        amount.low.is_some_and(|year| (1900.0..2100.0).contains(&year) && year.fract() == 0.0);
    let Some(after) = tokens.get(next) else { return !year };
    let marked = matches!(after.word.as_str(), ":" | "/" | "°" | "." | "'")
        && after.glued
        && tokens.get(next + 1).is_some_and(|token| token.glued);
    let ordinal = after.glued
        && after.kind == Kind::Word
        && ["st", "nd", "rd", "th"].contains(&after.word.as_str());
    let measured = measured(tokens, next).is_some();
    amount.digits && !year && !marked && !ordinal && !measured
}

/// Whose units are not international: bags of blood, and what its maker gives units of its own.
static UNITS_OF_THEIR_OWN: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::read(
        "prbc|prbcs|rbc|rbcs|ffp|platelet|platelets|plts|plasma|cryo|cryoprecipitate|blood|red cells|red blood cells|botox|botulinum|dysport|xeomin|onabotulinumtoxina|collagenase|xiaflex",
    )
});

/// Tells doses from strengths, by the rules above, and the parts of a taper.
pub(super) fn settle(text: &str, name: &str, items: &mut [Item]) {
    for index in 0..items.len() {
        let item = &items[index];
        let amount = item.attribute.kind == Dose && item.attribute.parsed;
        if amount && (item.strength || holds(text, items, index)) {
            items[index].attribute.kind = Strength;
        }
    }
    steps(items);
    let name = tokens(name, 0..name.len());
    if (0..name.len()).any(|at| UNITS_OF_THEIR_OWN.has(&name, at)) {
        for unit in items.iter_mut().filter_map(|item| item.attribute.unit.as_mut()) {
            *unit = unit.replace("[iU]", "{unit}");
        }
    }
}

/// Whether the amount at an index is what a piece holds.
fn holds(text: &str, items: &[Item], index: usize) -> bool {
    let item = &items[index];
    if item.class != Some(Class::Mass) {
        return false;
    }
    let words = |before: &Item, after: &Item| {
        let between = text.get(before.attribute.place.end..after.attribute.place.start);
        between.unwrap_or_default().split_whitespace().map(str::to_string).collect::<Vec<_>>()
    };
    let formed = items.get(index + 1).is_some_and(|next| {
        next.attribute.kind == AttributeKind::Form && next.piece && words(item, next).len() <= 2
    });
    let counted = items[index + 1..]
        .iter()
        .take_while(|next| !matches!(next.attribute.kind, Frequency | Duration))
        .find(|next| next.class.is_some())
        .is_some_and(|next| next.class == Some(Class::Count) && !next.then);
    let of = index.checked_sub(1).and_then(|before| items.get(before)).is_some_and(|before| {
        before.class == Some(Class::Count)
            && words(before, item).first().is_some_and(|word| word == "of")
    });
    formed || counted || of
}

/// A new part starts at a dose after "then", or after one whose times are said; at any other attribute
/// after "then" if the part has one of its kind. The parts are in the order of time: what was taken before
/// comes a step before what is taken now, wherever it stands.
fn steps(items: &mut [Item]) {
    let mut parts = Parts::default();
    for index in 0..items.len() {
        let item = &mut items[index];
        let kind = item.attribute.kind;
        let once = item.attribute.unit.as_deref() == Some("{dose}") && kind == Duration;
        let (part, fresh) = parts.part(item);
        if once && !parts.seen.contains(&Frequency) {
            item.attribute.kind = Frequency;
        }
        item.attribute.step = part;
        if fresh && item.former {
            for before in items[..index].iter_mut().filter(|before| before.attribute.step == part) {
                before.attribute.step += 1;
            }
        }
    }
}

/// The parts of a taper so far.
#[derive(Default)]
struct Parts {
    step: u32,
    /// The kinds of attributes that the part has.
    seen: Vec<AttributeKind>,
    then: bool,
    /// The step of what was taken before, while it is read.
    former: Option<u32>,
}

impl Parts {
    /// The part of an item, and whether it is new.
    fn part(&mut self, item: &Item) -> (u32, bool) {
        let kind = item.attribute.kind;
        self.then |= item.then;
        self.former = self.former.filter(|_| item.former);
        if let Some(step) = self.former {
            return (step, false);
        }
        let timed = self.seen.contains(&Frequency) || self.seen.contains(&Duration);
        // "max 3 g/day" is a limit to the part, no part of its own.
        let limit = item.attribute.comparator == Some("<=");
        let counted = matches!(kind, Dose | Frequency | Duration) && !limit;
        let again = counted && self.seen.contains(&kind) && (self.then || kind == Dose && timed);
        if again {
            (self.step, self.then) = (self.step + 1, false);
        }
        if again && item.former {
            self.former = Some(self.step - 1);
            return (self.step - 1, true);
        }
        if again {
            self.seen.clear();
        }
        if counted {
            self.seen.push(kind);
        }
        (self.step, again)
    }
}
