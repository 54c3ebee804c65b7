//! The heading that a line starts with, or that stands within it.

use std::ops::Range;

use super::kinds::{Kind, LONGEST, Needs, is_inner, is_part, kind_before, kind_of, normal_form};
use super::mark::{FRAME_END, Mark, mark};
use crate::sentence::leads_on;

/// What a heading says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Says {
    /// A kind of section.
    Kind(&'static Kind),
    /// A kind of section, if it stands in the right one; its normal form.
    Inner(String),
    /// A part of a section, such as a body system.
    Part,
    /// What no table knows.
    Unknown,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// Where its line starts, white space apart; within a line, its first letter.
    pub(super) start: usize,
    pub(super) title: Range<usize>,
    /// Where its text starts.
    pub(super) end: usize,
    pub(super) says: Says,
    pub(super) mark: Mark,
    /// How much it strikes the eye; 0 does most.
    pub(super) rank: u8,
    /// Whether its text starts on its line.
    pub(super) inline: bool,
}

/// What stands between a heading and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Between {
    Colon,
    /// Much white space, or a bar.
    Wide,
    /// " - "
    Dash,
    /// The end of the line.
    Line,
    /// A blank.
    Blank,
}

/// A line of a note and what is around it.
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) at: Range<usize>,
    /// The lines before and after, as far as they count.
    pub(super) before: &'a str,
    pub(super) after: &'a str,
    /// Whether the line before starts with a heading.
    pub(super) before_heads: bool,
    /// Whether single letters are headings: the note has S, O, A and P, or two of them.
    pub(super) letters: bool,
}

/// The words of a heading, before it is known whether they are one.
struct Label {
    title: Range<usize>,
    end: usize,
    between: Between,
}

impl Line<'_> {
    /// The heading that the line starts with.
    pub(super) fn heading(&self) -> Option<Heading> {
        let line = self.text.get(self.at.clone())?;
        let (mut mark, skipped) = mark(line);
        let start = self.at.start + line.len() - line.trim_start().len();
        let body = self.at.start + skipped;
        let underlined = underline(line.trim(), self.after);
        if let (Mark::Plain, Some(level)) = (mark, underlined) {
            mark = Mark::Level(level);
        }
        let levelled = matches!(mark, Mark::Level(_));
        let table = line.trim_start().starts_with('|');
        if table && is_rule(self.after) {
            // The first row of a table names its columns.
            return None;
        }
        let labels = [self.whole(body), self.to_colon(body), self.to_gap(body), self.bare(body)];
        let known = labels.into_iter().flatten().find_map(|label| {
            let says = self.says(&label, mark)?;
            Some((label, says))
        });
        let (label, says) = match known {
            // Where there is text on the line, the rule below it is a rule.
            Some((label, _))
                if label.between != Between::Line
                    && underlined.is_some()
                    && line.trim_end().len() > label.end - self.at.start =>
            {
                return self.plain(body, start);
            }
            Some(known) => known,
            None => (self.unknown(body, levelled)?, Says::Unknown),
        };
        Some(self.made(start, label, says, mark, 0))
    }

    /// Whether the line goes on with the one before: it starts in the middle of something, or is an item of
    /// a list. `item`: the line before belongs to an item itself. Nothing goes on over an empty line.
    pub(super) fn goes_on(&self, item: bool) -> bool {
        let line = &self.text[self.at.clone()];
        let listed = || matches!(mark(line).0, Mark::Item(..)) || line.starts_with([' ', '\t']);
        let goes_on =
            || leads_on(self.before) || line.starts_with(char::is_lowercase) || !item && listed();
        !self.before.is_empty() && goes_on()
    }

    /// The same for a line whose underline means nothing.
    fn plain(&self, body: usize, start: usize) -> Option<Heading> {
        let label = self.to_colon(body)?;
        let says = self.says(&label, Mark::Plain)?;
        Some(self.made(start, label, says, Mark::Plain, 0))
    }

    /// The heading that starts at a byte within the line, after the end of a sentence.
    pub(super) fn heading_within(&self, at: usize) -> Option<Heading> {
        let rest = self.text.get(at..self.at.end)?;
        let at = at + rest.len() - rest.trim_start_matches(['*', '_']).len();
        if !self.text[at..].starts_with(char::is_uppercase) {
            return None;
        }
        let labels = [self.to_colon(at), self.bare(at)];
        let (label, says) = labels.into_iter().flatten().find_map(|label| {
            let blank =
                self.text[label.end..self.at.end].chars().next().is_none_or(char::is_whitespace);
            let title = &self.text[label.title.clone()];
            let form = normal_form(title);
            let says = match kind_of(&form) {
                Some((kind, needs))
                    if label.between != Between::Blank || needs == Needs::Nothing =>
                {
                    Says::Kind(kind_before(kind, &self.text[label.end..self.at.end]))
                }
                None if label.between == Between::Colon && is_part(&form) => Says::Part,
                _ => return None,
            };
            (blank && form.len() > 1).then_some((label, says))
        })?;
        Some(self.made(label.title.start, label, says, Mark::Plain, 2))
    }

    fn made(&self, start: usize, label: Label, says: Says, mark: Mark, rank: u8) -> Heading {
        let capitals = in_capitals(&self.text[label.title.clone()]);
        let alone = self.text[label.end..self.at.end].trim_start_matches(FRAME_END).is_empty();
        let item = if matches!(mark, Mark::Item(..)) { 4 } else { 0 };
        let rank = rank + item + 2 * u8::from(!alone) + u8::from(!capitals);
        Heading { start, title: label.title, end: label.end, says, mark, rank, inline: !alone }
    }

    /// What a label says; `None` if it is no heading.
    fn says(&self, label: &Label, mark: Mark) -> Option<Says> {
        let title = &self.text[label.title.clone()];
        let capitals = in_capitals(title);
        let between = label.between;
        let named = between == Between::Colon || between == Between::Wide;
        let levelled = matches!(mark, Mark::Level(_));
        // A small letter may be a line of prose that goes on.
        if title.starts_with(char::is_lowercase) {
            let settled = self.before.is_empty()
                || self.before_heads
                || self.before.ends_with(['.', ':', ';', '!', '?']);
            if !(levelled || between == Between::Colon && settled) {
                return None;
            }
        }
        if between == Between::Line && !levelled {
            let bullet = matches!(mark, Mark::Item(super::mark::Style::Bullet, _));
            if bullet || !capitals && leads_on(self.before) {
                return None;
            }
        }
        let form = normal_form(title);
        let fits = |needs: Needs| match between {
            Between::Colon | Between::Wide => true,
            Between::Line => needs != Needs::Colon || levelled,
            Between::Dash => needs != Needs::Colon,
            Between::Blank => {
                needs == Needs::Nothing || needs == Needs::Line && capitals && title.len() > 3
            }
        };
        let says = match kind_of(&form).filter(|&(_, needs)| fits(needs)) {
            Some((kind, _)) => Says::Kind(kind_before(kind, self.text_after(label))),
            None if !named && between != Between::Line => return None,
            None if is_inner(&form) => Says::Inner(form.clone()),
            None if is_part(&form) => Says::Part,
            None => return None,
        };
        let measured = || is_measured(&self.text[label.end..self.at.end]);
        if form.len() == 1 && (!self.letters || between != Between::Colon || measured()) {
            return None;
        }
        Some(says)
    }

    /// The text that a label stands before: the rest of its line, or the next one.
    fn text_after(&self, label: &Label) -> &str {
        let rest = self.text[label.end..self.at.end].trim_matches(FRAME_END);
        if rest.is_empty() { self.after } else { rest }
    }

    /// The whole line, if it is short.
    fn whole(&self, body: usize) -> Option<Label> {
        let line = self.text.get(body..self.at.end)?.trim_end_matches(['|', ' ', '\t']);
        let bare = line.trim_end_matches(FRAME_END);
        let words = bare.trim_end_matches([':', '*', '_', ' ']);
        // "Follow up." is a sentence, "H.P.I." is not.
        if words.ends_with('.') && words.matches('.').count() == 1 {
            return None;
        }
        let between =
            if bare[words.len()..].contains(':') { Between::Colon } else { Between::Line };
        self.label(body, words.len(), line.len(), between)
    }

    /// What comes before a colon.
    fn to_colon(&self, body: usize) -> Option<Label> {
        let line = self.text.get(body..self.at.end)?;
        let colon = line.bytes().take(LONGEST + 4).position(|byte| byte == b':')?;
        let words = line.get(..colon)?.trim_end_matches(FRAME_END).len();
        let after = line[colon + 1..].trim_start_matches(['*', '_']);
        self.label(body, words, line.len() - after.len(), Between::Colon)
    }

    /// What comes before much white space, a bar or a dash.
    fn to_gap(&self, body: usize) -> Option<Label> {
        let line = self.text.get(body..self.at.end)?;
        let near = &line[..line.floor_char_boundary(LONGEST + 4)];
        let gaps = [
            ("  ", Between::Wide),
            ("\t", Between::Wide),
            (" |", Between::Wide),
            (" - ", Between::Dash),
            (" – ", Between::Dash),
            (" — ", Between::Dash),
            (" -- ", Between::Dash),
        ];
        let found =
            gaps.into_iter().filter_map(|(gap, between)| Some((near.find(gap)?, gap, between)));
        let (at, gap, between) = found.min_by_key(|&(at, ..)| at)?;
        self.label(body, line[..at].trim_end_matches(FRAME_END).len(), at + gap.len(), between)
    }

    /// Words in capitals before text that is not.
    fn bare(&self, body: usize) -> Option<Label> {
        let line = self.text.get(body..self.at.end)?;
        let near = &line[..line.floor_char_boundary(LONGEST)];
        let first = near.find(' ')?;
        let word = &near[..first];
        if kind_of(&normal_form(word)).is_some_and(|(_, needs)| needs == Needs::Nothing) {
            // "Hpi" is nobody's short form.
            let short = word.bytes().filter(u8::is_ascii_uppercase).count() > 1;
            return short.then(|| self.label(body, first, first, Between::Blank))?;
        }
        let mut end = 0;
        for word in near.split_inclusive(' ') {
            if !in_capitals(word) {
                // "IMPRESSION Acute appendicitis", but not "PLAN to discharge".
                let starts = word.starts_with(char::is_alphabetic) && !leads_on(word);
                return starts.then(|| self.label(body, end, end, Between::Blank))?;
            }
            end += word.len();
        }
        None
    }

    /// The label of a body: so many bytes of words, and of what comes before the text.
    fn label(&self, body: usize, words: usize, end: usize, between: Between) -> Option<Label> {
        let title = self.text.get(body..body + words)?.trim_end();
        let title = body..body + title.len();
        (1..=LONGEST).contains(&title.len()).then_some(Label { title, end: body + end, between })
    }

    /// A line that is a heading by its looks alone: marked with a level, or in capitals with a colon.
    fn unknown(&self, body: usize, levelled: bool) -> Option<Label> {
        let line = self.text.get(body..self.at.end)?.trim_end();
        let words =
            line.trim_end_matches(FRAME_END).trim_end_matches(':').trim_end_matches(FRAME_END);
        if levelled {
            let title = body..body + words.len();
            // "# gastroparesis? - early satiety." is a problem of a plan.
            let is = words.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
                && words.len() <= 2 * LONGEST
                && !words.ends_with(['.', '?']);
            return is.then_some(Label { title, end: body + line.len(), between: Between::Line });
        }
        let label = self.whole(body).filter(|label| label.between == Between::Colon)?;
        let title = &self.text[label.title.clone()];
        let letters = title.chars().filter(|c| c.is_alphabetic()).count();
        let plain = |c: char| c.is_alphanumeric() || " &/'-()".contains(c);
        let starts = self.text[self.at.clone()].trim_start().starts_with(title);
        let is = starts
            && letters >= 4
            && title.chars().all(plain)
            && in_capitals(title)
            && title.split(' ').count() <= 6;
        is.then_some(label)
    }
}

/// Whether words have capitals and no small letters.
fn in_capitals(words: &str) -> bool {
    words.contains(char::is_uppercase) && !words.contains(char::is_lowercase)
}

/// Whether the text of a single letter is a value: "P: 88" is a pulse, but "P: 1. rest" is a plan, and
/// "S: 52yo man" tells of somebody.
fn is_measured(text: &str) -> bool {
    let text = text.trim_start();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let age = unit.trim_start_matches([' ', '-']).starts_with(['y', 'Y', 'M', 'F', 'm', 'f']);
    unit.len() < text.len() && !age && !unit.starts_with(')') && !unit.starts_with(". ")
}

/// The level that a line under a heading gives it.
fn underline(line: &str, after: &str) -> Option<u8> {
    let plain = line.len() <= LONGEST
        && line.starts_with(|c: char| c.is_alphanumeric() || c == '*')
        && !line.ends_with(['.', ',', ';']);
    if !plain || after.len() < 3 || 2 * after.len() < line.len() {
        return None;
    }
    let all = |mark: u8| after.bytes().all(|byte| byte == mark);
    if all(b'=') { Some(1) } else { all(b'-').then_some(2) }
}

/// Whether a line is the rule below the first row of a table.
fn is_rule(line: &str) -> bool {
    line.contains("--") && line.bytes().all(|byte| b"|-: +".contains(&byte))
}
