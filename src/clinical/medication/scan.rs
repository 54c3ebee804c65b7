//! The attributes of a piece of text, each read by the reader of its kind, in the order of the text.

use std::ops::Range;
use std::sync::LazyLock;

use super::dose::quantities;
use super::reason::{Due, reason};
use super::schedule::{duration, frequency};
use crate::clinical::quantity::{Class, Kind, Phrases, Token, amount, named, span, unit, unread};
use crate::document::{Attribute, AttributeKind};

static WORDS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("words.tsv")));
static FORMS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("forms.tsv")));
static ROUTES: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("routes.tsv")));

/// An attribute with the tokens that it took.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) attribute: Attribute,
    pub(super) tokens: Range<usize>,
    /// What its unit measures, if it is an amount with a unit.
    pub(super) class: Option<Class>,
    /// Whether it can be nothing but a strength: "875 mg/125 mg", "5 %".
    pub(super) strength: bool,
    /// Of a form: whether an amount before it is the strength of a piece.
    pub(super) piece: bool,
    /// Whether a word such as "then" stands before it.
    pub(super) then: bool,
    /// Whether "of" joins it to the drug after it.
    pub(super) of: bool,
}

impl Item {
    pub(super) fn new(attribute: Attribute, tokens: Range<usize>) -> Item {
        Item {
            attribute,
            tokens,
            class: None,
            strength: false,
            piece: false,
            then: false,
            of: false,
        }
    }
}

/// The drug that a piece of text stands right after.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drug {
    /// Whether it is a combination of several.
    pub(super) combined: bool,
    /// Whether a number without a unit may be its dose.
    pub(super) bare: bool,
}

/// The attributes of a piece, which starts right after a drug or is no drug's.
pub(super) fn scan(tokens: &[Token], drug: Option<Drug>, problems: &[Range<usize>]) -> Vec<Item> {
    let after = drug.is_some();
    let combined = drug.is_some_and(|drug| drug.combined);
    let dosed =
        |items: &[Item]| items.iter().any(|item| item.attribute.kind == AttributeKind::Dose);
    let mut items: Vec<Item> = Vec::new();
    let (mut at, mut then) = (0, false);
    while at < tokens.len() {
        if let Some(next) = word(tokens, at, "then") {
            (at, then) = (next, true);
            continue;
        }
        // "40 to 20" is a change; "4 to 6" has been read as a range.
        let last = items.last().filter(|item| item.tokens.end == at);
        if tokens[at].is("to")
            && amount(tokens, at + 1).is_some()
            && last.is_some_and(|item| item.attribute.kind == AttributeKind::Dose)
        {
            (at, then) = (at + 1, true);
            continue;
        }
        if tokens[at].is(";") && !continues(tokens, at + 1) {
            break;
        }
        let bare =
            drug.is_some_and(|drug| drug.bare) && items.is_empty() && at <= connected(tokens)
                || then && (dosed(&items) || tokens[at - 1].is("from"));
        let due = due(tokens, at, &items, after);
        // What stands far from the drug speaks of something else.
        let gap = at - items.last().map_or(0, |item| item.tokens.end.min(at));
        if after && gap > FAR {
            break;
        }
        if let Some(next) = FORMS
            .at(tokens, at)
            .filter(|(columns, _)| columns.contains(&"other"))
            .map(|(_, next)| next)
        {
            at = next;
            continue;
        }
        let named = named_item(tokens, at).filter(|item| !after || gap <= nearest(tokens, item));
        let due = if gap <= NEAR { due } else { Due::Closed };
        let found = match named {
            Some(item) => vec![item],
            None => quantities(tokens, at, bare, combined),
        };
        let found = match found.is_empty() {
            true => reason(tokens, at, due, problems, |at| named_item(tokens, at).is_some())
                .map(|(attribute, next)| vec![Item::new(attribute, at..next)])
                .unwrap_or_default(),
            false => found,
        };
        let Some(end) = found.last().map(|item| item.tokens.end) else {
            at += 1;
            continue;
        };
        for mut item in found {
            item.then = then;
            if let Some(item) = merged(&mut items, item) {
                items.push(item);
            }
        }
        (at, then) = (end.max(at + 1), false);
    }
    items
}

/// How many other tokens may stand before an attribute; and before one that often speaks of other things.
const FAR: usize = 14;
const NEAR: usize = 4;

/// How many other tokens may stand before an item.
fn nearest(tokens: &[Token], item: &Item) -> usize {
    let first = tokens.get(item.tokens.start);
    let number = first.is_some_and(|token| token.number().is_some());
    let loose = first.is_some_and(|token| {
        LOOSE.contains(&token.word.as_str())
            || ALONE.contains(&token.word.as_str()) && item.tokens.len() == 1
    });
    match item.attribute.kind {
        AttributeKind::Form | AttributeKind::Route => NEAR,
        // "am" is a verb too.
        AttributeKind::Frequency if first.is_some_and(|token| token.is("am") || token.is("pm")) => {
            0
        }
        AttributeKind::Frequency if loose => NEAR,
        AttributeKind::Duration
            if number && !tokens[item.tokens.clone()].iter().any(|token| token.is("-")) =>
        {
            1
        }
        AttributeKind::Duration if !item.attribute.parsed => NEAR,
        _ => FAR,
    }
}

/// Words that start times of anything: "at night", "in the morning".
const LOOSE: [&str; 6] = ["at", "in", "before", "after", "with", "hs"];
/// The same where they are all of it.
const ALONE: [&str; 3] = ["now", "once", "stat"];

/// How many tokens may stand between a drug and a number without a unit: "aspirin (81", "Lasix at 40".
fn connected(tokens: &[Token]) -> usize {
    let light =
        |token: &&Token| ["(", ":", "-", "–", "|", "at", "of", "="].contains(&token.word.as_str());
    tokens.iter().take_while(light).count().min(2)
}

/// After a semicolon only amounts and times still speak of the drug.
fn continues(tokens: &[Token], at: usize) -> bool {
    word(tokens, at, "then").is_some()
        || named_item(tokens, at).is_some()
        || SIG.has(tokens, at)
        || !quantities(tokens, at, false, false).is_empty()
}

/// What starts a statement that goes on about the drug before it.
pub(super) static SIG: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::read(
        "take|takes|inhale|inject|apply|sig|give|instill|insert|dissolve|chew|use|place|spray|1 tab|1 tablet|one tablet|1 cap",
    )
});

fn word(tokens: &[Token], at: usize, role: &str) -> Option<usize> {
    WORDS.at(tokens, at).filter(|(columns, _)| columns.contains(&role)).map(|(_, next)| next)
}

/// The attribute that starts at a token, if it is no amount and no reason.
fn named_item(tokens: &[Token], at: usize) -> Option<Item> {
    use AttributeKind::{AsNeeded, Dose, Duration, Form, Route};
    let item = |kind, next| Item::new(named(kind, span(tokens, at, next)), at..next);
    let vague = |kind, next| Item::new(unread(kind, span(tokens, at, next)), at..next);
    if let Some(next) = word(tokens, at, "as_needed") {
        return Some(item(AsNeeded, next));
    }
    if let Some((attribute, next)) = frequency(tokens, at) {
        return Some(Item::new(attribute, at..next));
    }
    if let Some(next) = word(tokens, at, "duration") {
        return Some(vague(Duration, next));
    }
    if let Some((attribute, next)) = duration(tokens, at) {
        return Some(Item::new(attribute, at..next));
    }
    if let Some(next) = word(tokens, at, "dose") {
        return Some(vague(Dose, next));
    }
    let form = FORMS.at(tokens, at);
    let route = ROUTES.at(tokens, at);
    let counted = |columns: &[&str]| {
        !columns.contains(&"counted")
            || at > 0 && tokens[at - 1].kind != Kind::Mark && unit(tokens, at - 1).is_some()
    };
    if let Some((columns, next)) = form
        .filter(|(columns, _)| counted(columns))
        .filter(|(_, next)| route.is_none_or(|(_, end)| end <= *next))
    {
        return Some(Item { piece: columns.contains(&"piece"), ..item(Form, next) });
    }
    let (columns, next) = route?;
    // "vaginal irritation" tells no way in.
    let describes = columns.contains(&"adjective")
        && tokens.get(next).is_some_and(|token| token.kind == Kind::Word)
        && named_item(tokens, next).is_none();
    (!describes).then(|| item(Route, next))
}

/// Whether a reason may start here.
fn due(tokens: &[Token], at: usize, items: &[Item], after: bool) -> Due {
    let Some(last) = items.last() else {
        return if after && at == 0 { Due::Led } else { Due::Never };
    };
    let light = |token: &Token| [":", "(", ",", "-"].contains(&token.word.as_str());
    let gap = &tokens[last.tokens.end.min(at)..at];
    let needed = last.attribute.kind == AttributeKind::AsNeeded && gap.len() <= 1;
    match gap {
        [] if needed => Due::Now,
        [mark] if needed && light(mark) => Due::Now,
        [] => Due::Led,
        [mark] if light(mark) => Due::Led,
        _ => Due::Never,
    }
}

/// "BID" and "AC" beside each other are one frequency. The item, if it stays one of its own.
fn merged(items: &mut [Item], item: Item) -> Option<Item> {
    let Some(last) = items.last_mut() else { return Some(item) };
    let (before, new) = (&mut last.attribute, &item.attribute);
    let both = before.kind == AttributeKind::Frequency && new.kind == AttributeKind::Frequency;
    let same = before.low == new.low && before.high == new.high && before.unit == new.unit;
    let vague = before.low.is_none() || new.low.is_none();
    let joined = last.tokens.end == item.tokens.start && !item.then;
    if !(both && joined && (same || vague) && before.parsed == new.parsed) {
        return Some(item);
    }
    before.place.end = new.place.end;
    if before.low.is_none() {
        (before.low, before.high, before.unit) = (new.low, new.high, new.unit.clone());
    }
    last.tokens.end = item.tokens.end;
    None
}
