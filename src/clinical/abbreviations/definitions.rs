//! Short forms that the document itself defines: the algorithm of Schwartz and Hearst (2003), for both orders,
//! "congestive heart failure (CHF)" and "CHF (congestive heart failure)".

use std::collections::HashMap;

use crate::error::Result;

/// The longest content of parentheses that is looked at, and how far back its partner may reach, in bytes.
const REACH: usize = 200;
/// How many parentheses are looked at between two checks.
const BATCH: usize = 256;

/// The definitions of a document, by short form.
pub(super) struct Definitions<'a> {
    /// Where each short form is defined, in the order of the text, and as what.
    by_form: HashMap<&'a str, Vec<(usize, &'a str)>>,
}

impl<'a> Definitions<'a> {
    /// Finds the definitions of a text.
    pub(super) fn read(text: &'a str, check: &dyn Fn() -> Result<()>) -> Result<Self> {
        let mut by_form: HashMap<_, Vec<_>> = HashMap::new();
        for (index, (open, _)) in text.match_indices('(').enumerate() {
            if index.is_multiple_of(BATCH) {
                check()?;
            }
            if let Some((at, short, long)) = definition(text, open) {
                by_form.entry(singular(short)).or_default().push((at, long));
            }
        }
        Ok(Definitions { by_form })
    }

    /// What a form stands for at a place: the nearest definition before it counts, and the short form in the
    /// definition itself belongs to it.
    pub(super) fn long(&self, form: &str, at: usize) -> Option<&'a str> {
        let definitions = self.by_form.get(singular(form))?;
        let before = definitions.partition_point(|&(defined, _)| defined <= at);
        definitions.get(before.checked_sub(1)?).map(|&(_, long)| long)
    }
}

/// Without the small s of a plural: "TIAs" is "TIA".
pub(super) fn singular(form: &str) -> &str {
    let stem = form.strip_suffix('s').unwrap_or(form);
    if stem.len() > 1 && stem.ends_with(|char: char| char.is_ascii_uppercase()) {
        stem
    } else {
        form
    }
}

/// The definition at an opening parenthesis: where the short form stands, the short and the long form.
fn definition(text: &str, open: usize) -> Option<(usize, &str, &str)> {
    let inside = text.get(open + 1..text.floor_char_boundary(open + 1 + REACH))?;
    let inside =
        &inside[..inside.find(['(', ')']).filter(|&end| inside[end..].starts_with(')'))?];
    let before = text[text.ceil_char_boundary(open.saturating_sub(REACH))..open].trim_end();
    // What follows a comma or semicolon is an aside: "(CHF; EF 25 %)".
    let content = inside.split([';', ',']).next()?.trim();
    if is_short(content) {
        let at = open + 1 + inside.find(content)?;
        return Some((at, content, long_form(content, preceding(before, content))?));
    }
    let short = before.rsplit(|char: char| !char.is_alphanumeric() && char != '-').next()?;
    let at = open - (text[..open].len() - text[..open].trim_end().len()) - short.len();
    let long = long_form(short, inside.trim()).filter(|long| long.len() == inside.trim().len())?;
    is_short(short).then_some((at, short, long))
}

/// Whether this may be a short form: 2 to 10 characters, at most two words, a capital among them.
fn is_short(form: &str) -> bool {
    let count = form.chars().take(11).count();
    (2..=10).contains(&count)
        && form.split_whitespace().count() <= 2
        && form.starts_with(|char: char| char.is_alphanumeric())
        && form.chars().any(char::is_uppercase)
}

/// The words before the parenthesis that may be the long form: as many as the short form has characters and
/// five more, or twice as many, whichever is less; not over an empty line, a column's or a sentence's end.
fn preceding<'a>(before: &'a str, short: &str) -> &'a str {
    let characters = short.chars().count();
    let most = (characters + 5).min(2 * characters);
    const ENDS: [&str; 8] = ["\n\n", "\r\n\r\n", "\t", "|", ". ", ".\n", "; ", ": "];
    let from = ENDS.iter().filter_map(|end| Some(before.rfind(end)? + end.len())).max();
    let before = &before[from.unwrap_or(0)..];
    let starts = before.char_indices().filter(|&(at, char)| {
        !char.is_whitespace() && before[..at].chars().next_back().is_none_or(char::is_whitespace)
    });
    let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
    let first = starts.len().saturating_sub(most);
    &before[starts.get(first).copied().unwrap_or(0)..]
}

/// The shortest end of `text` that has the characters of the short form in order, the first of them at the start
/// of a word.
fn long_form<'a>(short: &str, text: &'a str) -> Option<&'a str> {
    let mut rest = text.char_indices().rev();
    let mut letters = short.chars().rev().filter(|char| char.is_alphanumeric()).peekable();
    let mut start = None;
    while let Some(letter) = letters.next() {
        let is_first = letters.peek().is_none();
        start = rest.find(|&(at, char)| {
            let starts_word = || !text[..at].ends_with(char::is_alphanumeric);
            same(char, letter) && (!is_first || starts_word())
        });
        start?;
    }
    // A hyphenated word is taken whole.
    let (at, _) = start?;
    let before = text[..at].trim_end_matches(|c: char| !c.is_whitespace());
    let word = before.len();
    let at = if text[word..at].ends_with('-') { word } else { at };
    let long = text[at..].trim_end();
    (long.len() > short.len() && !long.contains(short)).then_some(long)
}

fn same(one: char, other: char) -> bool {
    one == other || one.to_lowercase().eq(other.to_lowercase())
}
