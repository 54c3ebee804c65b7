//! Sections of a note by their headings.
//!
//! A heading is one of the forms of `headings.tsv` where a line starts or a sentence within it: in
//! capitals or title case, with a colon, alone on its line, or before its text; marked as markdown,
//! numbered, underlined, in the first cell of a table's row. A line in capitals with a colon, or a level of markdown, is
//! a heading even where no table knows it; its section is named `other`, unless it stands in a section with
//! headings of its own, such as the problems of a plan. What stands in what: levels and numbers say it; without them
//! the table `holds.tsv`, by the kinds and by which heading is the more prominent. Body systems within an
//! examination are no sections. Text before the first heading belongs to none. The text of a heading that has it on its
//! line ends with that line, if it does not go on, except in kinds that are told at length ("wide").
//!
//! Of 1,701 lines in capitals in the 207 notes of ACI-Bench 1,693 are headings of a kind; the other eight are parts of
//! an examination, findings, or kinds of drugs. Of findings on the line of "FH: ..." 76 % are a relative's, on the lines
//! below it 1 % are.

mod heading;
mod kinds;
mod mark;
mod nest;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::document::Section;
use crate::error::Result;
use crate::sentence::lines;
use heading::Line;
use nest::Nest;

/// Bytes of text between two calls of `check`.
const STRETCH: usize = 1 << 16;

/// The sections of a text, by start; a section comes before those within it.
pub(crate) fn sections(text: &str, check: &dyn Fn() -> Result<()>) -> Result<Vec<Section>> {
    check()?;
    let letters = has_letters(text);
    let mut nest = Nest::new(text);
    let mut all = lines(text).peekable();
    let (mut before, mut before_heads, mut checked) = ("", false, 0);
    while let Some(at) = all.next() {
        let after = all.peek().map_or("", |next| edge(&text[next.clone()]).trim());
        let line = Line { text, at: at.clone(), before, after, before_heads, letters };
        let first = line.heading();
        before_heads = first.as_ref().is_some_and(|heading| nest.add(heading));
        if !before_heads && !text[at.clone()].trim().is_empty() {
            nest.begin_line(&line);
        }
        let mut from = first.map_or(at.start, |heading| heading.end);
        while let Some(start) = sentence_within(text, from..at.end) {
            if start >= checked + STRETCH {
                check()?;
                checked = start;
            }
            let found = line.heading_within(start);
            from = found.map_or(start, |heading| {
                nest.add(&heading);
                heading.end
            });
        }
        if at.end >= checked + STRETCH {
            check()?;
            checked = at.end;
        }
        before = text[at].trim();
    }
    Ok(nest.done())
}

/// The innermost section that a byte stands in.
pub(crate) fn home(sections: &[Section], at: usize) -> Option<usize> {
    let mut index = sections.partition_point(|section| section.place.start <= at).checked_sub(1)?;
    while sections[index].place.end <= at {
        index = sections[index].parent?;
    }
    Some(index)
}

/// Whether a place lies within the words of a heading whose kind is known.
pub(crate) fn is_title(sections: &[Section], place: &Range<usize>) -> bool {
    home(sections, place.start).and_then(|index| sections.get(index)).is_some_and(|section| {
        let title = &section.title;
        section.name != kinds::OTHER.name && title.start <= place.start && place.end <= title.end
    })
}

/// As much of a line as is looked at from the line before.
fn edge(line: &str) -> &str {
    &line[..line.floor_char_boundary(256)]
}

/// Where the next sentence, or what follows wide space, starts within a line.
fn sentence_within(text: &str, within: Range<usize>) -> Option<usize> {
    let rest = text.get(within.clone())?;
    let mut end = 0;
    let bytes = rest.as_bytes();
    while let Some(next) = bytes[end..].windows(2).position(|pair| {
        matches!(
            pair,
            [b'.' | b';' | b'!' | b'?' | b'|' | b')' | b' ' | b'\t', b' '] | [b' ', b'\t']
        )
    }) {
        let at = end + next + 2;
        let start = at + rest[at..].bytes().take_while(|byte| b" \t".contains(byte)).count();
        if rest[start..].starts_with(|c: char| c.is_uppercase() || c == '*') {
            return Some(within.start + start);
        }
        end = start.max(end + next + 1);
    }
    None
}

/// Whether single letters are headings: of S, O, A and P the text has two or more with a colon, each at
/// the start of a line.
fn has_letters(text: &str) -> bool {
    let mut seen = [false; 4];
    for line in lines(text) {
        let line = text[line].trim_start();
        if let (Some(letter), Some(b':')) =
            ("SOAP".find(|c| line.starts_with(c)), line.as_bytes().get(1))
        {
            seen[letter] = true;
        }
    }
    seen.iter().filter(|&&seen| seen).count() > 1
}
