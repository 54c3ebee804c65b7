//! The attributes of a piece of text, each read by the reader of its kind, in the order of the text.

use std::ops::Range;
use std::sync::LazyLock;

use super::dose::quantities;
use super::reason::{Due, goes_on, reason};
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
    /// Whether it is how the drug was taken before: "from 20 mg".
    pub(super) former: bool,
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
            former: false,
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
    /// Whether its strengths have numbers: "Tylenol #3".
    pub(super) numbered: bool,
}

/// The attributes of a piece, which starts right after a drug or is no drug's.
pub(super) fn scan(tokens: &[Token], drug: Option<Drug>, problems: &[Range<usize>]) -> Vec<Item> {
    let mut scan = Scan { tokens, drug, problems, items: Vec::new(), then: false, former: false };
    let mut at = 0;
    while at < tokens.len() && !scan.ends(at) {
        if let Some(next) = scan.turn(at) {
            (at, scan.then, scan.former) = (next, true, false);
        } else if let Some(next) = scan.before(at) {
            (at, scan.then, scan.former) = (next, true, true);
        } else if let Some(next) = scan.denied(at) {
            at = next;
        } else if let Some(next) = form(tokens, at, "other") {
            at = next;
        } else {
            let found = scan.read(at);
            scan.former &= ![")", ";"].contains(&tokens[at].word.as_str());
            at = found.last().map_or(at + 1, |item| item.tokens.end.max(at + 1));
            for item in found {
                scan.add(item);
            }
        }
    }
    scan.items
}

/// A walk through a piece.
struct Scan<'a> {
    tokens: &'a [Token],
    drug: Option<Drug>,
    problems: &'a [Range<usize>],
    items: Vec<Item>,
    /// Whether "then" was read since the last item.
    then: bool,
    /// Whether what comes was so before, up to a turn or a bracket.
    former: bool,
}

impl Scan<'_> {
    /// How many tokens stand between the last item, or the drug, and a token.
    fn gap(&self, at: usize) -> usize {
        at.saturating_sub(self.items.last().map_or(0, |item| item.tokens.end))
    }

    /// Whether what comes speaks of something else.
    fn ends(&self, at: usize) -> bool {
        let apart = self.tokens[at].is(";") && !continues(self.tokens, at + 1);
        let presents = self.drug.is_some() && word(self.tokens, at, "presents").is_some();
        apart || presents || self.drug.is_some() && self.gap(at) > FAR
    }

    /// The token after a word such as "then".
    fn turn(&self, at: usize) -> Option<usize> {
        // "40 to 20" is a change, and so is "BID to TID"; "4 to 6" has been read as a range.
        let last = self.items.last().filter(|item| item.tokens.end == at);
        let changes = self.tokens[at].is("to")
            && last.is_some_and(|item| {
                matches!(item.attribute.kind, AttributeKind::Dose | AttributeKind::Frequency)
            })
            && (amount(self.tokens, at + 1).is_some() || frequency(self.tokens, at + 1).is_some());
        if changes { Some(at + 1) } else { word(self.tokens, at, "then") }
    }

    /// The token after what leads to the dose before.
    fn before(&self, at: usize) -> Option<usize> {
        let next = word(self.tokens, at, "former")?;
        let timed = named_item(self.tokens, next)
            .is_some_and(|item| item.attribute.kind == AttributeKind::Frequency);
        (timed || amount(self.tokens, next).is_some()).then_some(next)
    }

    /// The token after what is not to be: "not daily".
    fn denied(&self, at: usize) -> Option<usize> {
        let start = word(self.tokens, at, "not").filter(|_| self.drug.is_some())?;
        // "not to exceed 3 g" is a limit.
        if amount(self.tokens, at).is_some() {
            return None;
        }
        self.read(start).last().map(|item| item.tokens.end)
    }

    /// What starts at a token: an attribute, the strengths of a combination, or nothing.
    fn read(&self, at: usize) -> Vec<Item> {
        let tokens = self.tokens;
        let far = |item: &Item| {
            self.drug.is_some() && self.gap(at) > nearest(tokens, item) || self.of_problem(at, item)
        };
        if let Some(item) = named_item(tokens, at).filter(|item| !far(item)) {
            return vec![item];
        }
        let numbered = self.drug.is_some_and(|drug| drug.numbered) && at == 0;
        if numbered && tokens[at].is("#") && tokens.get(at + 1).is_some_and(|token| token.glued) {
            let place = span(tokens, at, at + 2);
            return vec![Item::new(unread(AttributeKind::Strength, place), at..at + 2)];
        }
        let combined = self.drug.is_some_and(|drug| drug.combined);
        let amounts = quantities(tokens, at, self.bare(at), combined);
        if !amounts.is_empty() {
            return amounts;
        }
        let ends = |at| named_item(tokens, at).is_some();
        let found = reason(tokens, at, self.due(at), self.problems, ends);
        found.map(|(attribute, next)| Item::new(attribute, at..next)).into_iter().collect()
    }

    /// Whether a duration is that of the problem that it stands right after: "SOB x3d". A reason is the drug's.
    fn of_problem(&self, at: usize, item: &Item) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|before| self.tokens.get(before)) else {
            return false;
        };
        let end = before.place.end;
        let first = self.problems.partition_point(|problem| problem.end < end);
        let problem = self.problems.get(first).is_some_and(|problem| problem.end == end);
        item.attribute.kind == AttributeKind::Duration && self.gap(at) > 0 && problem
    }

    /// Whether a number without a unit is a dose here.
    fn bare(&self, at: usize) -> bool {
        let first = self.items.is_empty() && at <= connected(self.tokens);
        let dosed = self.items.iter().any(|item| item.attribute.kind == AttributeKind::Dose);
        let from = at.checked_sub(1).is_some_and(|before| self.tokens[before].is("from"));
        first && self.drug.is_some_and(|drug| drug.bare) || self.then && (dosed || from)
    }

    /// Whether a reason may start here.
    fn due(&self, at: usize) -> Due {
        if self.gap(at) > NEAR {
            return Due::Closed;
        }
        let Some(last) = self.items.last() else {
            return if self.drug.is_some() && at == 0 { Due::Led } else { Due::Never };
        };
        let light = |token: &Token| [":", "(", ",", "-"].contains(&token.word.as_str());
        let gap = &self.tokens[last.tokens.end.min(at)..at];
        match gap.len() <= 1 && gap.iter().all(light) {
            true if last.attribute.kind == AttributeKind::AsNeeded => Due::Now,
            true => Due::Led,
            false => Due::Never,
        }
    }

    fn add(&mut self, item: Item) {
        let then = std::mem::take(&mut self.then);
        let item = Item { then, former: self.former, ..item };
        if limited(self.tokens, &mut self.items, &item) {
            return;
        }
        if let Some(item) = merged(&mut self.items, item) {
            self.items.push(item);
        }
    }
}

/// The token after a form that has a column.
fn form(tokens: &[Token], at: usize, column: &str) -> Option<usize> {
    FORMS.at(tokens, at).filter(|(columns, _)| columns.contains(&column)).map(|(_, next)| next)
}

/// How many other tokens may stand before an attribute; and before one that often speaks of other things.
const FAR: usize = 14;
const NEAR: usize = 4;

/// How many other tokens may stand before an item.
fn nearest(tokens: &[Token], item: &Item) -> usize {
    let first = tokens.get(item.tokens.start);
    let led = first
        .is_some_and(|token| ["x", "×", "for", "over", "total"].contains(&token.word.as_str()));
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
        AttributeKind::Frequency if describes(tokens, item) => 0,
        AttributeKind::Frequency if loose => NEAR,
        AttributeKind::Duration if !item.attribute.parsed => NEAR,
        AttributeKind::Duration
            if !led && !tokens[item.tokens.clone()].iter().any(|token| token.is("-")) =>
        {
            1
        }
        _ => FAR,
    }
}

/// Whether "daily" or the like may describe the word after it: "log his daily weights".
fn describes(tokens: &[Token], item: &Item) -> bool {
    let next = item.tokens.end;
    item.tokens.len() == 1
        && tokens.get(next).is_some_and(|token| token.kind == Kind::Word)
        && !goes_on(tokens, next)
        && named_item(tokens, next).is_none()
}

/// Words that start times of anything: "at night", "in the morning".
const LOOSE: [&str; 6] = ["at", "in", "before", "after", "with", "hs"];
/// The same where they are all of it.
const ALONE: [&str; 3] = ["now", "once", "stat"];

/// How many tokens may stand between a drug and a number without a unit: "aspirin (81", "Lasix at 40".
fn connected(tokens: &[Token]) -> usize {
    let light = |token: &&Token| {
        ["(", ":", "-", "–", "|", "at", "of", "to", "="].contains(&token.word.as_str())
    };
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
pub(super) fn named_item(tokens: &[Token], at: usize) -> Option<Item> {
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

/// Whether an item is the time of the limit before it: "max 3 g per day".
fn limited(tokens: &[Token], items: &mut [Item], item: &Item) -> bool {
    let Some(limit) = items.last_mut().filter(|last| last.tokens.end == item.tokens.start) else {
        return false;
    };
    let (amount, time) = (&mut limit.attribute, &item.attribute);
    let most = amount.kind == AttributeKind::Dose && amount.comparator == Some("<=");
    let daily = time.kind == AttributeKind::Frequency
        && time.low == Some(1.0)
        && time.unit.as_deref() == Some("/d");
    let Some(unit) = amount.unit.as_mut().filter(|unit| most && daily && !unit.contains('/'))
    else {
        return false;
    };
    // "up to 40 mg daily" may be a dose, too.
    if tokens[limit.tokens.start].is("up") && tokens[item.tokens.start].is("daily") {
        return false;
    }
    unit.push_str("/d");
    amount.place.end = time.place.end;
    limit.tokens.end = item.tokens.end;
    true
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
