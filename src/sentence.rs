//! Divides English biomedical abstracts and clinical notes into sentences.
//!
//! A sentence is what a reader takes in at once: a sentence of running text, or the heading, list
//! item or one-line statement that notes are made of. The rules look at each stretch of white
//! space, at a few characters around it, and at the lengths of the lines of a paragraph, so the
//! work grows with the length of the text only. `benches/sentences.md` has the measurements.

use std::ops::Range;

/// Words before a period that ask for something after it.
const LEADS: [&str; 18] = [
    "approx", "cf", "dr", "drs", "e.g", "eg", "eq", "fig", "figs", "i.e", "ie", "mr", "mrs", "ms",
    "prof", "st", "viz", "vs",
];

/// Abbreviations that may end a sentence, but not before a number or a small letter. Those with
/// periods inside ("p.o.") are recognised by their shape.
const ABBREVIATIONS: [&str; 73] = [
    "al", "apr", "aug", "ave", "ca", "cap", "caps", "cc", "ch", "cm", "co", "cont", "corp", "dec",
    "dept", "diff", "ed", "eds", "etc", "ext", "feb", "freq", "ft", "gm", "gtt", "hosp", "hr",
    "hrs", "ht", "inc", "incl", "jan", "jr", "jul", "jun", "kg", "lb", "lbs", "ltd", "mar", "max",
    "mcg", "mg", "min", "mins", "ml", "mm", "mo", "no", "nos", "nov", "oct", "oz", "pp", "ref",
    "refs", "resp", "sat", "sec", "sect", "sept", "sp", "spp", "ssp", "subsp", "tab", "tabs",
    "temp", "vol", "wk", "wks", "wt", "yrs",
];

/// Words that, with a capital, are far more often the start of a sentence than a name.
#[rustfmt::skip]
const STARTERS: [&str; 76] = [
    "a", "additionally", "after", "all", "although", "an", "and", "as", "at", "because", "before",
    "both", "but", "by", "conclusion", "conclusions", "continue", "currently", "denies", "during",
    "each", "for", "from", "furthermore", "has", "he", "her", "here", "his", "however", "i", "if",
    "in", "is", "it", "its", "methods", "moreover", "most", "my", "no", "none", "not", "of", "on",
    "one", "other", "our", "overall", "patient", "patients", "pt", "reports", "results", "several",
    "she", "since", "so", "some", "that", "the", "their", "then", "there", "therefore", "these",
    "they", "this", "those", "thus", "to", "two", "unfortunately", "we", "when", "with",
];

/// Words that a single letter completes without being a person's initial ("hepatitis C.").
#[rustfmt::skip]
const LETTERED: [&str; 14] = [
    "arm", "class", "factor", "grade", "group", "hepatitis", "influenza", "lamin", "part", "phase",
    "stage", "table", "type", "vitamin",
];

/// Bullets wherever they stand: lists are often flattened to one line.
const BULLETS: [char; 10] = ['•', '●', '○', '▪', '■', '◦', '‣', '➢', '\u{f0b7}', '∙'];
/// Bullets at the start of a line only.
const DASHES: [char; 5] = ['-', '*', '–', '—', '#'];
const OPENERS: [char; 11] = ['(', '[', '{', '"', '\'', '“', '‘', '«', '„', '「', '（'];
const CLOSERS: [char; 12] = [')', ']', '}', '"', '\'', '”', '’', '»', '」', '』', '）', '*'];

/// Marks that end a sentence even where no blank follows, as in Chinese and Japanese.
const WIDE_STOPS: [char; 4] = ['。', '！', '？', '｡'];

/// A shorter line is not full: nobody wraps text at so few columns.
const FULL_LINE: usize = 60;
/// A longer line is not wrapped: its paragraph is one line.
const WIDEST_LINE: usize = 140;
/// A shorter line is a statement of its own, whatever the next one starts with.
const SHORT_LINE: usize = 40;
/// How far to look for the ends of a word or label; no word of interest is longer.
const WORD: usize = 48;

/// The byte ranges of the sentences of a text, in order and without white space around them.
///
/// Every character other than white space is in exactly one of them.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let start = text.len() - text.trim_start().len();
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
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

/// Where the walk through the text stands.
#[derive(Default)]
struct Splitter<'a> {
    text: &'a str,
    /// Where the current sentence starts.
    start: usize,
    /// Where the current line starts.
    line: usize,
    /// Where the current paragraph ends, and how long its longest line is.
    paragraph: usize,
    width: usize,
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
            self.line = gap.start + space.rfind('\n').map_or(space.len(), |at| at + 1);
            if !wraps {
                return true;
            }
        }
        if is_bulleted(next, &BULLETS) {
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

    /// Whether the period behind `before` ends a sentence, white space and `next` following it.
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
        if listed(&LEADS, word) && (!shouts || in_capitals(next) && !starter(next)) {
            return false;
        }
        let dotted = is_dotted(word);
        let abbreviated = dotted || listed(&ABBREVIATIONS, word);
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
            && !listed(&LEADS, word)
            && !listed(&ABBREVIATIONS, word)
    }

    /// Whether the line that ends at `end` goes on in the next one, which starts with `next`.
    fn wraps(&mut self, end: usize, next: &str) -> bool {
        if end >= self.paragraph {
            (self.paragraph, self.width) = paragraph(self.text, self.line);
        }
        let line = &self.text[self.line..end];
        let word = next.chars().take(WORD).take_while(|c| !c.is_whitespace()).count();
        let length = line.chars().count();
        let needed = length + 1 + word;
        // Whoever wrapped the paragraph had no room for the next word on this line.
        let full = length >= FULL_LINE && needed > self.width && self.width <= WIDEST_LINE;
        if let Some((number, _)) = item_number(next) {
            // "at weeks 4, 8 and 20. At" may wrap before its last number.
            return full && number != 1 && self.item.is_none_or(|item| item + 1 != number);
        }
        if is_bulleted(next, &BULLETS) || is_bulleted(next, &DASHES) || is_label(next) {
            return false;
        }
        // Ragged lines: a small letter goes on with a line that is long, if not quite full.
        let long = length >= SHORT_LINE && 4 * needed > 3 * self.width;
        full || first_of(next) == First::Small && (long || line.ends_with(','))
    }
}

/// What the text behind a stop starts with, apart from opening brackets and quotes.
#[derive(Clone, Copy, PartialEq)]
enum First {
    /// What may start a sentence: a capital, a word such as "mRNA", a blank to fill in.
    Capital,
    Small,
    Digit,
    Other,
}

fn first_of(text: &str) -> First {
    let text = text.trim_start_matches(OPENERS);
    let mut word = text.chars().take(WORD).take_while(|c| c.is_alphanumeric());
    let mut chars = text.chars();
    match chars.next() {
        // A gene, a chemical or an assay keeps its small letter: "mRNA", "p53".
        Some('a'..='z') if word.all(char::is_lowercase) => First::Small,
        Some(c) if c.is_numeric() => First::Digit,
        Some(c) if c.is_alphabetic() || c == '_' || DASHES[1..].contains(&c) => First::Capital,
        Some('-') if is_bulleted(text, &DASHES) => First::Capital,
        // A sign: "-5", "<5%".
        Some(_) if chars.next().is_some_and(char::is_numeric) => First::Digit,
        _ => First::Other,
    }
}

/// The number of a list item that the text starts with, "2." or "2)", and what follows it.
fn item_number(text: &str) -> Option<(usize, &str)> {
    let digits = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let number = text[..digits].parse().ok().filter(|_| digits < 4)?;
    let after = text[digits..].strip_prefix(['.', ')'])?;
    after.starts_with(char::is_whitespace).then(|| (number, after.trim_start()))
}

fn is_bulleted(text: &str, bullets: &[char]) -> bool {
    // Not the radical "•OH", nor "-5".
    text.strip_prefix(bullets).is_some_and(|after| after.starts_with(char::is_whitespace))
}

/// Whether a line starts with a label: "BP: 120/80", "Family history: none".
fn is_label(text: &str) -> bool {
    let colon = text.bytes().take(WORD).position(|b| b == b':');
    let Some(label) = colon.and_then(|colon| text.get(..colon)) else { return false };
    let after = &text[label.len() + 1..];
    let plain = |c: char| c.is_alphanumeric() || " /&-()".contains(c);
    label.starts_with(char::is_uppercase)
        && label.chars().all(plain)
        && label.split(' ').count() <= 4
        && (after.is_empty() || after.starts_with(char::is_whitespace))
}

/// Whether an abbreviation has its periods inside: "p.o", "U.S", "Ph.D".
fn is_dotted(word: &str) -> bool {
    let part = |part: &str| {
        (1..3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    word.contains('.')
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.split(['.', '/', '-']).all(part)
}

/// Whether the first word of a text has no small letter.
fn in_capitals(text: &str) -> bool {
    let mut word = text.chars().take(WORD).take_while(|c| !c.is_whitespace());
    word.all(|c| !c.is_lowercase())
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '?' | '!' | '…') || WIDE_STOPS.contains(&c)
}

/// Whether the text starts with a word that usually starts a sentence.
fn starter(text: &str) -> bool {
    let text = text.trim_start_matches(OPENERS);
    let end = text.bytes().take(WORD).position(|b| !b.is_ascii_alphabetic());
    let end = end.unwrap_or(text.len().min(WORD));
    // "J. A. Smith": the "A" is no article.
    text.get(..end).is_some_and(|word| listed(&STARTERS, word)) && !text[end..].starts_with('.')
}

/// Whether a single letter after this text is an initial: a name or title comes before it.
fn names(before: &str) -> bool {
    let before = before.trim_end();
    let word = &before[last_word(before)..];
    let joins = ["and", "by", "from", "per", "to", "with", "&"].contains(&word);
    let capital = word.starts_with(char::is_uppercase) && !listed(&LETTERED, word);
    before.is_empty() || joins || capital
}

/// Where the last word of a text starts; a very long one is cut.
fn last_word(text: &str) -> usize {
    let from = text.floor_char_boundary(text.len().saturating_sub(WORD));
    let space = text[from..].char_indices().rev().find(|(_, c)| c.is_whitespace());
    space.map_or(from, |(at, c)| from + at + c.len_utf8())
}

/// Whether a sorted table has the word, in whatever case.
fn listed(table: &[&str], word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    table.binary_search(&lower.as_str()).is_ok()
}

fn line_breaks(space: &str) -> usize {
    let breaks = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    space.matches(breaks).count() - space.matches("\r\n").count()
}

/// Where the paragraph that starts here ends, and how long its longest line is.
fn paragraph(text: &str, start: usize) -> (usize, usize) {
    let (mut end, mut width) = (start, 0);
    for line in text[start..].split_inclusive('\n') {
        let line_width = line.trim_end().chars().count();
        if line_width == 0 {
            break;
        }
        width = width.max(line_width);
        end += line.len();
    }
    (end, width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks the sentences of texts in which "¦" marks every start but the first.
    fn check(marked: &[&str]) {
        for marked in marked {
            let text = marked.replace('¦', "");
            let found: Vec<&str> = sentences(&text).into_iter().map(|range| &text[range]).collect();
            let want: Vec<&str> = marked.split('¦').map(str::trim).collect();
            assert_eq!(found, want);
        }
    }

    #[test]
    fn the_tables_are_sorted() {
        assert!(LEADS.is_sorted() && ABBREVIATIONS.is_sorted());
        assert!(STARTERS.is_sorted() && LETTERED.is_sorted());
    }

    #[test]
    fn words_that_lead_on_do_not_end_a_sentence() {
        check(&[
            "She saw Dr. Smith today. ¦He agreed.",
            "Mr. and Mrs. Doe came with Ms. Roe. ¦Prof. Poe did not.",
            "Cases vs. controls differed, cf. Fig. 2 and Eq. 3.",
            "We used a steroid (e.g. Prednisone), i.e. Deltasone, at approx. 5 mg.",
            "She went to St. Mary's Hospital.",
            "He has MS. ¦Walking is hard.",
            "MS. JANE ROE WAS SEEN. ¦SHE IS WELL.",
        ]);
    }

    #[test]
    fn abbreviations_may_end_a_sentence_before_a_capital() {
        check(&[
            "Metoprolol 25 mg p.o. b.i.d. was continued. ¦Aspirin was not.",
            "She takes it q.d. ¦The dose is 5 mg.",
            "He came at 9 a.m. on Monday and left at 5 p.m. ¦Nobody saw him.",
            "Pain, fever, etc. were denied. ¦He has no cough.",
            "Smith et al. showed this. ¦So did Jones et al. (2019) and Roe et al. [5] later.",
            "Take 5 mg. daily and 2 tabs. 3 times a week.",
            "Tylenol No. 3 was given in vol. 2. ¦No. ¦She declined.",
            "It fell in Jan. 2019 and rose in Feb. ¦Rain helped.",
            "She lost weight (from 92 kg. to 80 kg.). ¦He gained some.",
            "Propofol (2 mg/kg i.v.) Ringer lactate and saline were given.",
            "She was in the U.S. Army. ¦He was treated in the U.S. ¦They met there.",
            "Seen by Jane Roe, M.D. ¦She agreed.",
            "Glucose was 110 mg/dL. ¦Sodium was 5 mmol/L. ¦All is well.",
            "The 53 y.o. female was seen.",
        ]);
    }

    #[test]
    fn a_single_letter_is_an_initial_a_species_or_a_name_of_its_own() {
        check(&[
            "J. Smith and Mary A. Jones wrote it. ¦A. Roe read it.",
            "Seen by J. R. Smith. ¦He signed.",
            "E. coli and S. aureus grew. ¦So did C. difficile.",
            "She has hepatitis C. ¦Blood was drawn from group B. ¦Nothing grew.",
            "We cut lamin A. ¦Cells died.",
        ]);
    }

    #[test]
    fn periods_within_numbers_dates_and_names_do_not_count() {
        check(&[
            "Give 2.5 mg (p = .05), a 1.5-fold rise. ¦On 01.02.2020 at 10.30 it fell.",
            "The A1c was 7.2. ¦He takes insulin.",
            "The pH was 7.4. ¦3 samples were lost.",
            "NF.1 and p.Leu68Pro differ, as www.example.org and a@b.Example.com do.",
        ]);
    }

    #[test]
    fn the_blank_after_a_period_may_be_missing() {
        check(&[
            "It was normal.¦The rest (e.g.those) was not. ¦Fine.",
            "We measured IL-2.¦The level rose.",
            "Deaths rose (p < 0.01).¦(ABSTRACT TRUNCATED AT 250 WORDS)",
        ]);
    }

    #[test]
    fn closing_quotes_and_brackets_belong_to_the_sentence() {
        check(&[
            "She said that it \"comes and goes.\" ¦He did not.",
            "(Nobody knew why.) ¦It healed.",
            "“Is it better?” ¦“No.” ¦She left.",
            "\"Why?\" she asked.",
        ]);
    }

    #[test]
    fn other_stops_end_a_sentence_and_semicolons_and_colons_do_not() {
        check(&[
            "Any pain? ¦None! ¦Good.",
            "Pain ... none today ... ¦She left. ¦Well… ¦Maybe.",
            "Two arms; one was blinded; the other was not.",
            "RESULTS: All were well. ¦CONCLUSION: It works.",
            "痛い。¦熱はない！¦本当？¦はい",
        ]);
    }

    #[test]
    fn small_letters_start_a_sentence_behind_a_plain_word() {
        check(&[
            "She denies alcohol abuse. ¦smoked in the past. ¦mRNA was low.",
            "Transcripts fell in mice. ¦p53 did not. ¦α-Synuclein rose.",
            "Fusarium oxysporum f. sp. cubense and Aedes spp. mosquitoes.",
        ]);
    }

    #[test]
    fn list_items_keep_their_numbers() {
        check(&[
            "1. Aspirin 81 mg ¦2. Metoprolol 25 mg p.o. b.i.d. ¦3. Lasix p.r.n.",
            "Plan: 1. Aspirin daily. ¦2. Rest.",
            "We show that 1) it works and 2) it is cheap.",
            "He moved at age 2. ¦She stayed.",
            "IV. Plan\n¦b. Aspirin 81 mg\n¦2. Heparin\n¦- fever\n¦* cough\n¦• chills\n¦3) rest",
            "• fever ¦• chills",
        ]);
    }

    #[test]
    fn notes_have_one_statement_per_line() {
        check(&[
            "ASSESSMENT AND PLAN\n¦Chest pain\n¦HPI:\n¦She is well",
            "BP: 120/80\n¦HR: 72\n¦Temp: 98.6 F",
            "1. Aspirin 81 mg\r\n¦2. Heparin\r\n\r\n¦She is well\t and\tat home.\r\n",
            "lisinopril 10 mg p.o.\n¦metoprolol 25 mg b.i.d.\n¦Aspirin",
            "Family history: none\n¦Social history: smokes",
            "Page one ends\n\n\n\n¦page two starts\u{2029}¦page three\r¦Page four",
        ]);
    }

    #[test]
    fn wrapped_lines_go_on() {
        check(&[
            "She has fever, chills,\nnausea, and\tvomiting",
            "The patient is a 60 year old man with diabetes and hypertension, seen by Dr.\n\
             Smith after a fall in which he broke his left arm. ¦He was given 2 mg of\n\
             morphine i.v. and sent home. ¦He came back today and was seen in the Boston\n\
             Clinic, where he was well.\n\n\
             ¦He went home",
            "- A cough that has lasted for three weeks and is worse at night and in the\n  \
             morning\n¦- No fever",
        ]);
    }

    #[test]
    fn marks_of_de_identification_stand_for_names() {
        check(&[
            "Seen on [**2019-3-4**] by Dr. [**Last Name**] at ___. ¦___ is well. ¦[**He**] left.",
        ]);
    }

    #[test]
    fn long_runs_are_no_trouble() {
        // With work that grows with the square of the length, this would take hours.
        let much = 2_000_000;
        let runs =
            ["a", "word ", ". ", ".", ".(", ".)) ", "\"", "'. ", "1. ", " ", "- ", "a:\u{b}"];
        for run in runs {
            let text = run.repeat(much / run.len()) + "end";
            assert!(!sentences(&text).is_empty());
        }
        for line in ["A line of text.\n", "x.\r\n", "no stop\n"] {
            assert_eq!(sentences(&line.repeat(much / 16)).len(), much / 16);
        }
        assert_eq!(sentences(&"word ".repeat(much / 5)).len(), 1);
    }

    proptest! {
        #[test]
        fn sentences_cover_the_text_in_order(
            text in "([a-zA-Z0-9.?!…。()\"'•:,*#\\[_ -]|[ \n\r\t]|1\\. |Dr\\. |The |\\PC){0,120}",
        ) {
            let mut next = 0;
            for range in sentences(&text) {
                prop_assert!(next <= range.start && range.start < range.end);
                prop_assert!(text[next..range.start].trim().is_empty());
                prop_assert_eq!(text[range.clone()].trim(), &text[range.clone()]);
                next = range.end;
            }
            prop_assert!(text[next..].trim().is_empty());
        }
    }
}
