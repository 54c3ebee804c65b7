//! Text with what was found in it, for a terminal; without colours where there is no terminal.

mod note;

use std::io::Write;
use std::ops::Range;

use anstyle::{AnsiColor, Style};
use biobert::{Class, Error, Mask, Relation};
use serde_json::Value;

use crate::failure::Result;
use crate::highlight::{COLOURS, Found, Stretch, colour, stretches};
use crate::note::Note;
use crate::output::{Answered, Document, LEFT_OUT, Output};

pub struct Terminal<W> {
    out: W,
}

const PALETTE: [AnsiColor; COLOURS] = [
    AnsiColor::Red,
    AnsiColor::Green,
    AnsiColor::Blue,
    AnsiColor::Yellow,
    AnsiColor::Magenta,
    AnsiColor::Cyan,
    AnsiColor::BrightMagenta,
    AnsiColor::BrightCyan,
];

fn style(label: &str) -> Style {
    Style::new().bold().fg_color(Some(PALETTE[colour(label)].into()))
}

impl<W: Write> Terminal<W> {
    pub fn new(out: W) -> Self {
        Terminal { out }
    }

    /// `[metformin Chemical]`: the brackets stay where colours cannot be shown.
    fn stretch(&mut self, stretch: &Stretch<'_, '_, Found<'_>>) -> Result<()> {
        let Some(first) = stretch.inside.first() else {
            write!(self.out, "{}", printable(stretch.text))?;
            return Ok(());
        };
        let style = style(&first.entity.label).underline();
        write!(self.out, "{style}{}{style:#}", printable(stretch.text))?;
        for found in &stretch.ends {
            let style = self::style(&found.entity.label);
            write!(self.out, "{style}[{}]{style:#}", printable(&found.entity.label))?;
        }
        Ok(())
    }
}

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

/// A text in one line.
fn flat(text: &str) -> String {
    printable(&crate::note::flat(text))
}

impl<W: Write> Terminal<W> {
    fn entities(&mut self, found: &[Found<'_>]) -> Result<()> {
        for Found { entity, text, .. } in found {
            let style = style(&entity.label);
            writeln!(
                self.out,
                "  {style}{:<10}{style:#} {}  {DIM}{}..{} {:.0} %{DIM:#}",
                printable(&entity.label),
                flat(text),
                entity.start,
                entity.end,
                entity.score * 100.0,
            )?;
        }
        Ok(())
    }

    fn relations(&mut self, relations: &[Relation], found: &[Found<'_>]) -> Result<()> {
        for relation in relations {
            let (first, second) = (&found[relation.first], &found[relation.second]);
            let (a, b) = (style(&first.entity.label), style(&second.entity.label));
            writeln!(
                self.out,
                "  {a}{}{a:#} → {} → {b}{}{b:#}  {DIM}{} {:.0} %{DIM:#}",
                flat(first.text),
                printable(&relation.text),
                flat(second.text),
                printable(&relation.head),
                relation.score * 100.0,
            )?;
        }
        Ok(())
    }

    fn classes(&mut self, classes: &[Class]) -> Result<()> {
        for class in classes {
            let (sign, style) = if class.holds { ("*", BOLD) } else { (" ", DIM) };
            let (text, head) = (printable(&class.text), printable(&class.head));
            let score = class.score * 100.0;
            writeln!(self.out, "{sign} {style}{head:<12} {score:>3.0} %  {text}{style:#}")?;
        }
        Ok(())
    }

    fn masks(&mut self, masks: &[Mask]) -> Result<()> {
        for mask in masks {
            writeln!(self.out, "  {DIM}{}..{}{DIM:#}", mask.start, mask.end)?;
            for candidate in &mask.candidates {
                let score = candidate.score * 100.0;
                writeln!(self.out, "{score:>8.1} %  {BOLD}{}{BOLD:#}", flat(&candidate.token))?;
            }
        }
        Ok(())
    }
}

impl<W: Write> Output for Terminal<W> {
    fn document(&mut self, document: &Document<'_>) -> Result<()> {
        let Document { text, content, found, sentences, .. } = document;
        if content.sentences.is_some() {
            for (number, sentence) in sentences.iter().enumerate() {
                writeln!(self.out, "{DIM}{:>4}{DIM:#}  {}", number + 1, flat(sentence))?;
            }
        } else {
            for stretch in stretches(text, found) {
                self.stretch(&stretch)?;
            }
            writeln!(self.out)?;
        }
        // Entities are in the text; relations say which of them matter.
        let blocks = [
            content.relations.is_some_and(|relations| !relations.is_empty()),
            content.relations.is_none() && !found.is_empty(),
            content.classes.is_some_and(|classes| !classes.is_empty()),
            content.masks.is_some(),
        ];
        if blocks.contains(&true) {
            writeln!(self.out)?;
        }
        match content.relations {
            Some(relations) => self.relations(relations, found)?,
            None => self.entities(found)?,
        }
        self.classes(content.classes.unwrap_or_default())?;
        self.masks(content.masks.unwrap_or_default())?;
        if content.flags.truncated {
            writeln!(self.out, "{DIM}{LEFT_OUT}{DIM:#}")?;
        }
        writeln!(self.out)?;
        self.out.flush()?;
        Ok(())
    }

    fn answers(&mut self, answered: &Answered<'_>) -> Result<()> {
        writeln!(self.out, "{BOLD}{}{BOLD:#}", printable(answered.question))?;
        for (answer, place) in answered.found.answers.iter().zip(answered.places()) {
            let passage = answered.passages[answer.passage].as_str();
            let (before, after) = surroundings(passage, &place);
            let range = answered.range(answer);
            let text = flat(&passage[place]);
            // By itself: where there are no colours, nothing marks it among other words.
            writeln!(
                self.out,
                "  {:>5}  {BOLD}{text}{BOLD:#}  {DIM}{}, {}..{}{DIM:#}",
                Answered::measure(answer),
                flat(&answered.called(answer.passage)),
                range.start,
                range.end,
            )?;
            writeln!(self.out, "         {DIM}{before}{DIM:#}{text}{DIM}{after}{DIM:#}")?;
        }
        if let Some(doubt) = answered.doubt() {
            writeln!(self.out, "  {DIM}{doubt}{DIM:#}")?;
        }
        self.classes(&answered.found.classes)?;
        if answered.found.flags.truncated {
            writeln!(self.out, "{DIM}{LEFT_OUT}{DIM:#}")?;
        }
        writeln!(self.out)?;
        self.out.flush()?;
        Ok(())
    }

    fn note(&mut self, note: &Note<'_>) -> Result<()> {
        note::write(&mut self.out, note)
    }

    fn failed(&mut self, index: usize, id: Option<&Value>, error: &Error) -> Result<()> {
        let id = id.map(|id| format!(" ({})", flat(&id.to_string()))).unwrap_or_default();
        writeln!(self.out, "document {index}{id}: {error}\n")?;
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.out.flush()?;
        Ok(())
    }
}

/// Up to forty characters before and after a place, in one line; "…" where there are more.
fn surroundings(text: &str, place: &Range<usize>) -> (String, String) {
    const WIDTH: usize = 40;
    let before: Vec<char> = text[..place.start].chars().rev().take(WIDTH).collect();
    let before: String = before.into_iter().rev().collect();
    let after: String = text[place.end..].chars().take(WIDTH).collect();
    let blank = |text: &str, at: Option<char>| match at {
        Some(c) if c.is_whitespace() && !text.is_empty() => " ",
        _ => "",
    };
    let (left, right) = (flat(&before), flat(&after));
    let more = |all: &str, part: &str| if part.len() < all.len() { "…" } else { "" };
    let (first, last) = (more(&text[..place.start], &before), more(&text[place.end..], &after));
    let left = format!("{first}{left}{}", blank(&left, before.chars().last()));
    let right = format!("{}{right}{last}", blank(&right, after.chars().next()));
    (left, right)
}

/// A text without what a terminal would obey. A carriage return alone would let what follows
/// overwrite what was there: it breaks the line.
fn printable(text: &str) -> String {
    let keep = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().map(|c| if keep(c) { c } else { '\u{FFFD}' }).collect()
}
