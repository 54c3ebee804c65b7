//! Divides English biomedical abstracts and clinical notes into sentences.
//!
//! A sentence is what a reader takes in at once: a sentence of running text, or the heading, list
//! item or one-line statement that notes are made of. The rules look at each stretch of white
//! space, at a few characters around it, and at the lines of a paragraph (`block.rs`), so the
//! work grows with the length of the text only. The abbreviations and other words that they know
//! are in `words.rs`; `benches/sentences.md` has the measurements.

mod block;
mod lines;
mod shape;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;

use block::Block;
pub(crate) use lines::{BREAKS, leads_on, lines};
use shape::{
    First, first_of, in_capitals, is_bulleted, is_checkbox, is_dotted, is_stop, item_number,
    last_word, line_breaks, names, starter,
};
use words::{ABBREVIATIONS, BULLETS, CLOSERS, LEADS, OPENERS, WIDE_STOPS, listed};

/// The byte ranges of the sentences of a text, in order and without white space around them.
///
/// Every character other than white space is in exactly one of them.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let start = text.len() - text.trim_start().len();
    let line = after_break(&text[..start]).unwrap_or(0);
    let mut splitter = Splitter { text, start, line, ..Splitter::default() };
    let mut found = Vec::new();
    splitter.begin(start);
    let mut at = start;
    while let Some(next) = text[at..].find(|c: char| c.is_whitespace() || is_stop(c)) {
        let here = at + next;
        let rest = &text[here..];
        let unspaced = rest.trim_start();
        let (end, ends) = if unspaced.len() < rest.len() {
            at = text.len() - unspaced.len();
            (here, !unspaced.is_empty() && splitter.gap_ends(here..at))
        } else {
            at = text.len() - rest.trim_start_matches(is_stop).trim_start_matches(CLOSERS).len();
            (at, splitter.stop_ends(here..at))
        };
        if ends {
            found.push(splitter.start..end);
            splitter.begin(at);
        }
    }
    let end = text.trim_end().len();
    if splitter.start < end {
        found.push(splitter.start..end);
    }
    found
}

/// Where the last line of a stretch of text starts; `None` if it has one only.
fn after_break(text: &str) -> Option<usize> {
    text.rmatch_indices(BREAKS).next().map(|(at, found)| at + found.len())
}

/// Where the walk through the text stands.
#[derive(Default)]
struct Splitter<'a> {
    text: &'a str,
    /// Where the current sentence starts.
    start: usize,
    /// Where the current line starts.
    line: usize,
    /// The lines that the current one may be a paragraph with.
    block: Block,
    /// The number of the current list item, and where it is written.
    item: Option<usize>,
    item_at: usize,
}

impl Splitter<'_> {
    fn begin(&mut self, start: usize) {
        self.start = start;
        if let Some((number, _)) = item_number(&self.text[start..]) {
            (self.item, self.item_at) = (Some(number), start);
        }
    }

    /// Whether a sentence ends at this white space.
    fn gap_ends(&mut self, gap: Range<usize>) -> bool {
        let (before, next) = (&self.text[..gap.start], &self.text[gap.end..]);
        let space = &self.text[gap.clone()];
        let breaks = line_breaks(space);
        if breaks > 0 {
            let wraps = breaks == 1 && self.wraps(gap.start, next);
            self.line = gap.start + after_break(space).unwrap_or(space.len());
            if !wraps {
                return true;
            }
        }
        if is_bulleted(next, BULLETS) || is_checkbox(next) {
            return true;
        }
        // Items within a line count up: "1. Aspirin 81 mg p.o. 2. Metoprolol 25 mg b.i.d."
        if let Some((number, after)) = item_number(next) {
            let first = number == 1 && before.ends_with(':');
            let listed = matches!(first_of(after), First::Capital | First::Digit);
            let counts = self.item.is_some_and(|item| item + 1 == number);
            if first || counts && listed && !starter(after) {
                (self.item, self.item_at) = (Some(number), gap.end);
                return !first;
            }
        }
        let closed = before.trim_end_matches(CLOSERS);
        let stopped = closed.trim_end_matches(is_stop);
        let stops = &closed[stopped.len()..];
        match first_of(next) {
            _ if stops.is_empty() => false,
            _ if stops.contains(WIDE_STOPS) => true,
            First::Other => false,
            first if stops == "." => {
                let bracketed = closed.len() < before.len() || next.starts_with(['(', '[']);
                self.period_ends(stopped, first, next, bracketed)
            }
            // "Why?" she asked; pain ... none today.
            first => first != First::Small,
        }
    }

    /// Whether the period after `before` ends a sentence, white space and `next` following it.
    fn period_ends(&self, before: &str, first: First, next: &str, bracketed: bool) -> bool {
        let word_at = last_word(before);
        let word = before[word_at..].trim_start_matches(OPENERS);
        let single = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
        // The number of a list item belongs to it: "1. Aspirin", "b. Heparin", "IV. Results".
        let leads = word_at == self.start || self.item.is_some() && word_at == self.item_at;
        let number = |b: &u8| b".0123456789".contains(b);
        let roman = |b: &u8| b"IVXivx".contains(b);
        let counts = word.as_bytes().iter().all(number) || word.as_bytes().iter().all(roman);
        if leads && (single || word.len() < 4 && counts) {
            return false;
        }
        // "MS. Patients" is a disease, "MS. SMITH" a person.
        let shouts = word.len() > 1 && in_capitals(word);
        if listed(LEADS, word) && (!shouts || in_capitals(next) && !starter(next)) {
            return false;
        }
        let dotted = is_dotted(word);
        let abbreviated = dotted || listed(ABBREVIATIONS, word);
        match first {
            First::Digit => !(abbreviated || single),
            // Notes neglect capitals; but a short word is more likely an unknown abbreviation.
            First::Small => {
                !abbreviated && word.len() > 3 && word.bytes().all(|b| b.is_ascii_lowercase())
            }
            // "(about 2.5 mg i.v.) Propofol", "et al. (2019)".
            _ if abbreviated && bracketed => starter(next) && !next.starts_with(OPENERS),
            // "J. Smith" or "hepatitis C. Blood"; "U.S. Army" or "in the U.S. They".
            _ if single && word.starts_with(char::is_uppercase) => {
                starter(next) || !names(&before[..word_at])
            }
            _ if dotted && word.bytes().all(|b| b == b'.' || b.is_ascii_uppercase()) => {
                starter(next)
            }
            _ => true,
        }
    }

    /// Whether a sentence ends at these stops, with closing marks, where no white space follows.
    fn stop_ends(&self, stops: Range<usize>) -> bool {
        let next = &self.text[stops.end..];
        let marks = &self.text[stops.clone()];
        if next.is_empty() || next.starts_with(char::is_whitespace) {
            return false;
        }
        if marks.contains(WIDE_STOPS) {
            return true;
        }
        // "end.Next" is two sentences; "U.S.", "www.Example.org", "p.Leu68Pro" are not.
        let mut chars = next.trim_start_matches(OPENERS).chars();
        let (capital, second) = (chars.next(), chars.next());
        if !capital.is_some_and(char::is_uppercase) {
            return false;
        }
        let before = &self.text[..stops.start];
        let word = &before[last_word(before)..];
        if next.starts_with(['(', '[']) {
            // "(p < 0.01).(ABSTRACT TRUNCATED)"
            return word.len() > 1 && second.is_some_and(char::is_uppercase);
        }
        word.len() > 2
            && second.is_some_and(char::is_lowercase)
            && word.contains(char::is_alphabetic)
            && !word.contains(['.', '@', ':', '\\'])
            && !listed(LEADS, word)
            && !listed(ABBREVIATIONS, word)
    }

    /// Whether the line that ends at `end` goes on in the next one, which starts with `next`.
    fn wraps(&mut self, end: usize, next: &str) -> bool {
        if end >= self.block.end {
            self.block = Block::at(self.text, self.line);
        }
        let next = &next[..next.find(BREAKS).unwrap_or(next.len())];
        if let Some((number, _)) = item_number(next) {
            // "at weeks 4, 8 and 20. At" may wrap before its last number.
            if number == 1 || self.item.is_some_and(|item| item + 1 == number) {
                return false;
            }
        }
        self.block.goes_on(self.text, self.line, self.text[self.line..end].trim(), next.trim_end())
    }
}
