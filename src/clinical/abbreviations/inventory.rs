//! Short forms as notes in general use them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::document::Entity;

use super::definitions::singular;
use super::words;

/// How far the words beside a short form that choose among its readings may be, in bytes.
const BESIDE: usize = 80;

/// What stands between a form and a value that it is compared with, and what between it and its own.
const COMPARATORS: [&str; 18] = [
    "<",
    ">",
    "≤",
    "≥",
    "less than",
    "lower than",
    "greater than",
    "more than",
    "higher than",
    "at least",
    "at most",
    "up to",
    "below",
    "under",
    "above",
    "over",
    "drops to",
    "dropped to",
];
const LINKS: [&str; 9] =
    ["of ", "is ", "was ", "at ", "in the ", "in ", "to ", "down to ", "around "];
/// Units of what is no measurement.
const OTHERWISE: [&str; 22] = [
    "year", "years", "yr", "yrs", "month", "months", "mo", "week", "weeks", "wk", "day", "days",
    "d", "h", "hours", "times", "x", "st", "nd", "rd", "th", "episodes",
];

/// The inventory, read once.
pub(super) fn inventory() -> &'static Inventory {
    static INVENTORY: LazyLock<Inventory> =
        LazyLock::new(|| Inventory::read(include_str!("inventory.tsv"), include_str!("words.txt")));
    &INVENTORY
}

/// Short forms and their readings.
pub(super) struct Inventory {
    /// The readings of a form as the inventory writes it.
    exact: HashMap<&'static str, Vec<Reading>>,
    /// The same for forms of three letters and more, in small letters.
    folded: HashMap<String, Vec<Reading>>,
    /// Short forms that are words in small letters.
    words: Vec<&'static str>,
}

/// What a form may stand for.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    long: &'static str,
    /// The kinds of entity that it names, between blanks.
    kinds: &'static str,
    /// The words beside it that it asks for; empty if none.
    beside: &'static str,
}

/// Where a short form stands.
pub(super) struct Context {
    /// The kind of the entity; `None` if its label is not known.
    kind: Option<&'static str>,
    /// Whether the form is the whole entity.
    alone: bool,
    /// The words before and after it on the line, in small letters.
    beside: Vec<String>,
}

impl Inventory {
    fn read(table: &'static str, words: &'static str) -> Inventory {
        let mut exact: HashMap<_, Vec<_>> = HashMap::new();
        let mut folded: HashMap<_, Vec<_>> = HashMap::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let mut column = || columns.next().unwrap_or_default();
            let (forms, long, kinds, beside) = (column(), column(), column(), column());
            let reading = Reading { long, kinds, beside };
            for form in forms.split('|') {
                exact.entry(form).or_default().push(reading);
                if form.chars().filter(|char| char.is_alphabetic()).count() >= 3 {
                    folded.entry(form.to_lowercase()).or_default().push(reading);
                }
            }
        }
        Inventory { exact, folded, words: words.split_whitespace().collect() }
    }

    /// What a form stands for, if one reading fits.
    pub(super) fn long(
        &self,
        form: &str,
        context: impl FnOnce() -> Context,
    ) -> Option<&'static str> {
        let readings = self.readings(form).or_else(|| self.readings(singular(form)))?;
        choose(readings, form, &context())
    }

    /// The readings of a form; its case may differ where it is no word.
    fn readings(&self, form: &str) -> Option<&[Reading]> {
        if let Some(readings) = self.exact.get(form) {
            return Some(readings);
        }
        let small = form.to_lowercase();
        let is_word = form != form.to_uppercase() && self.words.contains(&small.as_str());
        self.folded.get(&small).filter(|_| !is_word).map(Vec::as_slice)
    }
}

impl Context {
    /// The context of the form at `at`, within an entity and a section.
    pub(super) fn new(
        text: &str,
        at: Range<usize>,
        entity: &Entity,
        section: Option<&str>,
    ) -> Context {
        let before = &text[text.ceil_char_boundary(at.start.saturating_sub(BESIDE))..at.start];
        let after = &text[at.end..text.floor_char_boundary(at.end + BESIDE)];
        let before = before.rsplit(['\n', '\r']).next().unwrap_or_default();
        let after = after.split(['\n', '\r']).next().unwrap_or_default();
        let marks = [before, after].into_iter().flat_map(|side| side.matches('%'));
        let words = [before, after].into_iter().flat_map(|side| {
            words(side).into_iter().map(|(start, end)| side[start..end].to_lowercase())
        });
        let section = section.map(|name| format!("@{name}"));
        let number = number(after).into_iter().chain(value(after)).map(str::to_owned);
        let next = after.trim_start_matches([' ', '-']).split(|char: char| !char.is_alphanumeric());
        let next = next.take(1).map(|word| format!("+{}", word.to_lowercase()));
        Context {
            kind: kind(&entity.label),
            alone: at == entity.bytes,
            beside: words
                .chain(marks.map(str::to_owned))
                .chain(section)
                .chain(number)
                .chain(next)
                .collect(),
        }
    }
}

/// What the number is that follows a form at once: the dose of a drug ("MS 4 mg"), or a time ("ROM at 0400").
fn number(after: &str) -> Option<&'static str> {
    let after = after.trim_start();
    let timed = after.strip_prefix("at ").or_else(|| after.strip_prefix('@')).map(str::trim_start);
    let number = timed.unwrap_or(after);
    let unit = number.trim_start_matches(|char: char| char.is_ascii_digit() || ".:".contains(char));
    let (number, unit) = (&number[..number.len() - unit.len()], unit.trim_start().to_lowercase());
    let has_unit = |units: &[&str]| {
        let word = unit.split(|char: char| !char.is_alphabetic()).next().unwrap_or_default();
        units.contains(&word)
    };
    match (number.is_empty(), timed) {
        (true, _) => None,
        (_, None) => has_unit(&["mg", "mcg"]).then_some("@dose"),
        (_, Some(_)) => {
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            let clock = (number.contains(':') || digits == 4) && !number.contains('.');
            (clock || has_unit(&["am", "pm", "h", "hrs"])).then_some("@time")
        }
    }
}

/// Whether a value of what a form measures follows it at once: "SBP<100", "SBP less than 90", "SBP was 85". A year, a date
/// and what is counted in times or doses is none.
fn value(after: &str) -> Option<&'static str> {
    let lower = after.to_lowercase();
    let bare = lower.trim_start_matches([' ', ':', '(']);
    let compared = COMPARATORS.iter().find_map(|words| bare.strip_prefix(words));
    let linked = || LINKS.iter().find_map(|word| bare.strip_prefix(word));
    let number = compared.or_else(linked).unwrap_or(bare).trim_start_matches([' ', '=']);
    let rest = number.trim_start_matches(|char: char| char.is_ascii_digit() || char == '.');
    let digits = &number[..number.len() - rest.len()];
    if !digits.starts_with(|char: char| char.is_ascii_digit()) {
        return None;
    }
    let unit = rest.trim_start_matches([' ', '-']);
    let unit = unit.split(|char: char| !char.is_alphabetic()).next().unwrap_or_default();
    let year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    let date = rest.starts_with('/') || OTHERWISE.contains(&unit);
    (compared.is_some() || !(year || date)).then_some("@value")
}

/// What kind of entity the inventory takes a label for.
fn kind(label: &str) -> Option<&'static str> {
    match label {
        "Problem" | "Disease" | "AdverseEffect" => Some("problem"),
        "Drug" | "Chemical" => Some("drug"),
        "Test" => Some("test"),
        "Procedure" => Some("procedure"),
        "Anatomy" => Some("site"),
        // Molecular biology has short forms of its own; few are in the inventory.
        "Gene" | "Species" | "Variant" => Some("molecule"),
        _ => None,
    }
}

/// The reading that fits: one whose words stand beside the form before one that asks for none, and one of the
/// entity's kind before another. Within a longer entity a form may be of another kind: "RUQ pain", "abnormal EKG".
fn choose(readings: &[Reading], form: &str, context: &Context) -> Option<&'static str> {
    // A single letter among other words is a grade, a side or a vitamin.
    if form.len() == 1 && !context.alone {
        return None;
    }
    let of_kind = |reading: &Reading| {
        context.kind.is_none_or(|kind| reading.kinds.split(' ').any(|own| own == kind))
    };
    let pick = |asks: bool, any_kind: bool| -> Option<Result<&'static str, Ambiguous>> {
        let fits = |reading: &&Reading| {
            asks != reading.beside.is_empty()
                && (!asks || context.has_one_of(reading.beside))
                && (any_kind || of_kind(reading))
        };
        let mut longs = readings.iter().filter(fits).map(|reading| reading.long);
        let first = longs.next()?;
        Some(if longs.all(|long| long == first) { Ok(first) } else { Err(Ambiguous) })
    };
    let any_kind = if context.alone || context.kind == Some("molecule") {
        &[false][..]
    } else {
        &[false, true]
    };
    let orders = any_kind.iter().flat_map(|&any| [(true, any), (false, any)]);
    orders.filter_map(|(asks, any)| pick(asks, any)).next()?.ok()
}

/// Several readings fit.
struct Ambiguous;

impl Context {
    /// Whether one of these words stands beside the form.
    fn has_one_of(&self, words: &str) -> bool {
        words.split(' ').any(|word| match word.strip_suffix('*') {
            Some(stem) => self.beside.iter().any(|beside| beside.starts_with(stem)),
            None => self.beside.iter().any(|beside| beside == word),
        })
    }
}
