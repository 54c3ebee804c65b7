//! A note on a terminal: its text with the findings marked, then the findings by what is said of them.

use std::io::Write;

use anstyle::Style;
use biobert::ExtractedRelation;
use biobert::document::AssertionValue;

use super::{BOLD, DIM, PALETTE, flat, printable};
use crate::failure::Result;
use crate::highlight::{Stretch, colour, stretches};
use crate::note::{Finding, Mark, Note, What};
use crate::output::LEFT_OUT;
use crate::standing::{Standing, tag, words};

/// Columns of a line of a list.
const WIDTH: usize = 80;

pub fn write(out: &mut impl Write, note: &Note<'_>) -> Result<()> {
    if note.source.id.is_some() {
        writeln!(out, "{BOLD}{}{BOLD:#}\n", flat(&note.name()))?;
    }
    for stretch in stretches(note.text, &note.marks()) {
        write_stretch(out, note, &stretch)?;
    }
    if !note.text.ends_with('\n') {
        writeln!(out)?;
    }
    if note.extract.is_none() {
        outline(out, note)?;
    }
    for (standing, group) in note.groups() {
        writeln!(out, "\n{BOLD}{}{BOLD:#}", standing.title())?;
        for (_, finding) in group {
            let style = style(finding);
            let pieces = row(note, finding);
            list_item(out, &named(finding), style, &pieces)?;
        }
    }
    relations(out, note)?;
    if note.truncated {
        writeln!(out, "\n{DIM}{LEFT_OUT}{DIM:#}")?;
    }
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// A finding's colour is its kind's; what the patient does not have now looks so. The words in brackets
/// say the same where nothing of it can be shown.
fn style(finding: &Finding<'_>) -> Style {
    let kind = Style::new().fg_color(Some(PALETTE[colour(&finding.entity.label)].into()));
    match finding.standing {
        Standing::Present => kind.bold().underline(),
        Standing::Allergy => kind.bold().invert(),
        Standing::Possible => kind.italic().underline(),
        Standing::Historical => kind.dimmed().underline(),
        Standing::Absent => kind.strikethrough(),
        Standing::OtherPerson => kind.dimmed().italic(),
        Standing::NotAssessed => kind,
    }
}

/// `‹Denies› chest pain[Problem: denied]`.
fn write_stretch(
    out: &mut impl Write,
    note: &Note<'_>,
    stretch: &Stretch<'_, '_, Mark>,
) -> Result<()> {
    let opening = stretch.starts.iter().filter(|mark| matches!(mark.what, What::Cue(_))).count();
    write!(out, "{}", "‹".repeat(opening))?;
    // The mark that says most comes last.
    let style = match stretch.inside.last().map(|mark| &mark.what) {
        Some(What::Finding(index)) => style(&note.findings()[*index]),
        Some(What::Cue(_) | What::Heading(_)) => BOLD,
        Some(What::Attribute(..)) => Style::new().underline(),
        None => Style::new(),
    };
    write!(out, "{style}{}{style:#}", printable(stretch.text))?;
    for mark in stretch.ends.iter().rev() {
        match &mark.what {
            What::Finding(index) => {
                let finding = &note.findings()[*index];
                write!(out, "{DIM}[{}]{DIM:#}", printable(&bracket(finding)))?;
            }
            What::Cue(_) => write!(out, "›")?,
            What::Heading(index) => {
                let name = words(note.headings[*index].section.name);
                write!(out, "{DIM}[§ {name}]{DIM:#}")?;
            }
            What::Attribute(..) => {}
        }
    }
    Ok(())
}

/// `Problem: denied; shortness of breath`.
fn bracket(finding: &Finding<'_>) -> String {
    let tag = tag(finding.entity.assertion.as_ref()).map(|tag| format!(": {tag}"));
    let long = finding.entity.expansion.as_ref().map(|long| format!("; {long}"));
    format!("{}{}{}", finding.entity.label, tag.unwrap_or_default(), long.unwrap_or_default())
}

/// `SOB (shortness of breath)`.
fn named(finding: &Finding<'_>) -> String {
    let long = finding.entity.expansion.as_ref();
    let long = long.map(|long| format!(" ({long})")).unwrap_or_default();
    flat(&format!("{}{long}", finding.text))
}

fn row(note: &Note<'_>, finding: &Finding<'_>) -> Vec<String> {
    let mut pieces = vec![format!("{} {:.0} %", finding.kinds(), finding.entity.score * 100.0)];
    pieces.extend(note.heading(finding).map(|heading| flat(heading.title)));
    pieces.extend(Some(finding.why()).filter(|why| !why.is_empty()));
    pieces.extend(finding.details());
    pieces.extend(finding.codes());
    pieces
}

/// What is said of a thing, after it and below it, within the width.
fn list_item(out: &mut impl Write, name: &str, style: Style, pieces: &[String]) -> Result<()> {
    const INDENT: usize = 34;
    let mut column = 2 + name.chars().count();
    write!(out, "  {style}{name}{style:#}")?;
    for (index, piece) in pieces.iter().map(|piece| printable(piece)).enumerate() {
        let length = piece.chars().count();
        let comma = if index > 0 { ", " } else { "" };
        let start = if index > 0 { column + 2 } else { (column + 2).max(INDENT) };
        if start + length < WIDTH {
            let blank = if index > 0 { 0 } else { start - column };
            write!(out, "{comma}{:blank$}{DIM}{piece}{DIM:#}", "")?;
            column = start + length;
        } else {
            // The rest is a sentence of its own: better broken than cut.
            write!(out, "{}\n{:INDENT$}{DIM}{piece}{DIM:#}", comma.trim_end(), "")?;
            column = INDENT + length;
        }
    }
    writeln!(out)?;
    Ok(())
}

fn relations(out: &mut impl Write, note: &Note<'_>) -> Result<()> {
    if note.relations().is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{BOLD}Relations{BOLD:#}")?;
    for relation in note.relations() {
        let ExtractedRelation { first, second, text, score, assertion, .. } = relation;
        let [first, second] = [first, second].map(|index| &note.findings()[*index]);
        let tag = match assertion {
            Some(AssertionValue::Present) | None => String::new(),
            Some(value) => format!("[{}] ", words(value.name())),
        };
        let (a, b) = (style(first), style(second));
        writeln!(
            out,
            "  {tag}{a}{}{a:#} → {} → {b}{}{b:#}  {DIM}{:.0} %{DIM:#}",
            flat(first.text),
            printable(text),
            flat(second.text),
            score * 100.0,
        )?;
    }
    Ok(())
}

/// The sections, those within others further in.
fn outline(out: &mut impl Write, note: &Note<'_>) -> Result<()> {
    if note.headings.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{BOLD}Sections{BOLD:#}")?;
    for heading in &note.headings {
        let name = format!("{:1$}{2}", "", 2 * heading.depth, flat(heading.title));
        let place = format!("{}..{}", heading.section.place.start, heading.section.place.end);
        let loinc = heading.section.loinc.map(|code| format!("LOINC {code}"));
        let pieces = [Some(words(heading.section.name)), loinc, Some(place)];
        list_item(out, &name, BOLD, &pieces.into_iter().flatten().collect::<Vec<_>>())?;
    }
    Ok(())
}
