//! A note on a page: its text with the findings marked, then the findings by what is said of them.
//! Nothing is said by colour alone, and no script runs.

use std::collections::BTreeSet;
use std::io::Write;

use biobert::ExtractedRelation;
use biobert::document::{Assertion, AssertionValue};

use super::{TITLES, escape};
use crate::failure::Result;
use crate::highlight::{Stretch, colour, stretches};
use crate::note::{Finding, Heading, Mark, Note, What, detail, flat};
use crate::output::LEFT_OUT;
use crate::standing::{Standing, tag, words};

pub fn write(out: &mut impl Write, note: &Note<'_>) -> Result<()> {
    writeln!(out, "<section>\n<h2>{}</h2>", escape(&note.name()))?;
    legend(out, note)?;
    write!(out, "<div class=\"note\">")?;
    for stretch in stretches(note.text, &note.marks()) {
        write_stretch(out, note, &stretch)?;
    }
    writeln!(out, "</div>")?;
    if note.extract.is_none() {
        outline(out, note)?;
    }
    findings(out, note)?;
    relations(out, note)?;
    if note.truncated {
        writeln!(out, "<p class=\"error\">{LEFT_OUT}</p>")?;
    }
    writeln!(out, "</section>")?;
    Ok(())
}

/// Classes of a finding: its kind's colour, and how what is said of it looks.
fn class(finding: &Finding<'_>) -> String {
    format!("c{} {}", colour(&finding.entity.label), finding.standing.class())
}

/// What the colours and the marks mean, as far as they occur.
fn legend(out: &mut impl Write, note: &Note<'_>) -> Result<()> {
    let findings = note.findings();
    if findings.is_empty() {
        return Ok(());
    }
    let kinds: BTreeSet<&str> = findings.iter().map(|finding| &*finding.entity.label).collect();
    write!(out, "<p class=\"legend\">")?;
    for kind in kinds {
        write!(out, "<mark class=\"c{}\">{}</mark> ", colour(kind), escape(kind))?;
    }
    for (standing, _) in note.groups().filter(|(standing, _)| *standing != Standing::Present) {
        let (class, title) = (standing.class(), standing.title());
        let short = title.split(':').next().unwrap_or(title);
        write!(out, "<mark class=\"c7 {class}\">{short}</mark> ")?;
    }
    if findings.iter().any(|finding| finding.cue.is_some()) {
        write!(out, "<span class=\"cue\">the words that say so</span> ")?;
    }
    if findings.iter().any(|finding| !finding.attributes.is_empty()) {
        write!(out, "<span class=\"attribute\">dose, frequency, result</span>")?;
    }
    writeln!(out, "</p>")?;
    Ok(())
}

/// A heading may hold several stretches; all else is closed in each.
fn write_stretch(
    out: &mut impl Write,
    note: &Note<'_>,
    stretch: &Stretch<'_, '_, Mark>,
) -> Result<()> {
    for mark in &stretch.starts {
        if let What::Heading(index) = mark.what {
            write!(out, "{}", heading(&note.headings[index]))?;
        }
    }
    let (mut cue, mut attribute, mut inside) = (None, None, Vec::new());
    for mark in &stretch.inside {
        match &mark.what {
            What::Cue(of) => cue = Some(of),
            What::Attribute(finding, index) => attribute = Some((*finding, *index)),
            What::Finding(index) => inside.push(&note.findings()[*index]),
            What::Heading(_) => {}
        }
    }
    if let Some(of) = cue {
        write!(out, "<em class=\"cue\" title=\"{}\">", escape(&told(note, of)))?;
    }
    if let Some((finding, index)) = attribute {
        let title = attribute_title(&note.findings()[finding], index);
        write!(out, "<span class=\"attribute\" title=\"{}\">", escape(&title))?;
    }
    match inside.first() {
        Some(first) => write_mark(out, note, stretch, first, &inside)?,
        None => write!(out, "{}", escape(stretch.text))?,
    }
    let closing = [(attribute.is_some(), "</span>"), (cue.is_some(), "</em>")];
    for (_, tag) in closing.into_iter().filter(|(open, _)| *open) {
        write!(out, "{tag}")?;
    }
    for mark in &stretch.ends {
        if let What::Heading(index) = mark.what {
            let heading = &note.headings[index];
            let name = words(heading.section.name);
            write!(out, "</span>")?;
            if !name.eq_ignore_ascii_case(heading.title) {
                write!(out, "<small class=\"name\">{}</small>", escape(&name))?;
            }
        }
    }
    Ok(())
}

fn write_mark(
    out: &mut impl Write,
    note: &Note<'_>,
    stretch: &Stretch<'_, '_, Mark>,
    first: &Finding<'_>,
    inside: &[&Finding<'_>],
) -> Result<()> {
    let title: Vec<String> =
        inside.iter().take(TITLES).map(|finding| title(note, finding)).collect();
    let two = if inside.len() > 1 { " two" } else { "" };
    let (class, title) = (class(first), escape(&title.join("\n")));
    write!(out, "<mark class=\"{class}{two}\" title=\"{title}\"")?;
    // The list below leads here.
    let mut starts = stretch.starts.iter();
    if let Some(index) = starts.find_map(|mark| mark.what.finding()) {
        write!(out, " id=\"{}\"", anchor(note, index))?;
    }
    write!(out, "><span>{}</span>", escape(stretch.text))?;
    for index in stretch.ends.iter().filter_map(|mark| mark.what.finding()) {
        write!(out, "{}", tags(&note.findings()[index]))?;
    }
    write!(out, "</mark>")?;
    Ok(())
}

fn heading(heading: &Heading<'_>) -> String {
    let level = (heading.depth + 3).min(6);
    let loinc = heading.section.loinc.map(|code| format!(", LOINC {code}")).unwrap_or_default();
    let title = escape(&format!("{}{loinc}", words(heading.section.name)));
    format!("<span class=\"heading\" role=\"heading\" aria-level=\"{level}\" title=\"{title}\">")
}

/// What stands beside a finding in the text: what is said of it, and its long form.
fn tags(finding: &Finding<'_>) -> String {
    let tag = tag(finding.entity.assertion.as_ref());
    let tag = tag.map(|tag| format!("<small>\u{a0}{tag}</small>")).unwrap_or_default();
    let long = finding.entity.expansion.as_ref();
    let long = long.map(|long| format!("<small class=\"long\"> {}</small>", escape(long)));
    format!("{}{tag}", long.unwrap_or_default())
}

/// All that is known of a finding, for whoever hovers.
fn title(note: &Note<'_>, finding: &Finding<'_>) -> String {
    let entity = finding.entity;
    let score = entity.score * 100.0;
    let mut lines = vec![format!("{}: {} ({score:.0} %)", finding.kinds(), flat(finding.text))];
    lines.extend(entity.expansion.clone());
    if let Some(Assertion { value, score, .. }) = &entity.assertion {
        let why = Some(finding.why()).filter(|why| !why.is_empty());
        let why = why.map(|why| format!(", {why}")).unwrap_or_default();
        lines.push(format!("{}{why} ({:.0} %)", words(value.name()), score * 100.0));
    }
    lines.extend(note.heading(finding).map(|heading| format!("under {}", flat(heading.title))));
    lines.extend(finding.details());
    lines.extend(finding.codes());
    lines.join("\n")
}

/// What a cue says, and of what.
fn told(note: &Note<'_>, of: &[usize]) -> String {
    let told = of.iter().take(TITLES).map(|&index| {
        let finding = &note.findings()[index];
        let tag = tag(finding.entity.assertion.as_ref()).unwrap_or("present");
        format!("{}: {tag}", flat(finding.text))
    });
    let mut told: Vec<String> = told.collect();
    if of.len() > TITLES {
        told.push(format!("and {} more", of.len() - TITLES));
    }
    told.join("\n")
}

fn attribute_title(finding: &Finding<'_>, index: usize) -> String {
    let all = finding.entity.attributes.iter().zip(&finding.attributes);
    let detail = all.map(|(attribute, piece)| detail(attribute, piece.text)).nth(index);
    format!("{} of {}", detail.unwrap_or_default(), flat(finding.text))
}

fn anchor(note: &Note<'_>, finding: usize) -> String {
    format!("n{}f{finding}", note.source.index)
}

/// A finding in a list: it looks as it does in the text.
fn cell(note: &Note<'_>, index: usize, finding: &Finding<'_>) -> String {
    format!(
        "<a href=\"#{}\"><mark class=\"{}\"><span>{}</span>{}</mark></a>",
        anchor(note, index),
        class(finding),
        escape(&flat(finding.text)),
        tags(finding),
    )
}

fn findings(out: &mut impl Write, note: &Note<'_>) -> Result<()> {
    if note.findings().is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<table class=\"findings\">\n<thead><tr><th>Finding<th>Kind<th>Because<th>Section<th>Details<th>Certainty</tr></thead>"
    )?;
    for (standing, group) in note.groups() {
        let (class, title) = (standing.class(), standing.title());
        writeln!(
            out,
            "<tbody class=\"{class}\">\n<tr class=\"group\"><th colspan=\"6\" scope=\"rowgroup\">{title}</tr>"
        )?;
        for (index, finding) in group {
            let section = note.heading(finding).map(|heading| flat(heading.title));
            writeln!(
                out,
                "<tr><td>{}<td>{}<td>{}<td>{}<td>{}<td>{:.0} %</tr>",
                cell(note, index, finding),
                escape(&finding.kinds()),
                escape(&finding.why()),
                escape(&section.unwrap_or_default()),
                escape(&[finding.details(), finding.codes()].concat().join("; ")),
                finding.entity.score * 100.0,
            )?;
        }
        writeln!(out, "</tbody>")?;
    }
    writeln!(out, "</table>")?;
    Ok(())
}

fn relations(out: &mut impl Write, note: &Note<'_>) -> Result<()> {
    if note.relations().is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<table class=\"relations\">\n<thead><tr><th>First<th>Relation<th>Second<th>The patient<th>Certainty</tr></thead>"
    )?;
    for relation in note.relations() {
        let ExtractedRelation { first, second, text, score, assertion, .. } = relation;
        let cell = |index: usize| cell(note, index, &note.findings()[index]);
        let value = assertion.map_or("not assessed", AssertionValue::name);
        writeln!(
            out,
            "<tr class=\"{value}\"><td>{}<td>{}<td>{}<td>{}<td>{:.0} %</tr>",
            cell(*first),
            escape(text),
            cell(*second),
            words(value),
            score * 100.0,
        )?;
    }
    writeln!(out, "</table>")?;
    Ok(())
}

/// The sections, those within others further in.
fn outline(out: &mut impl Write, note: &Note<'_>) -> Result<()> {
    if note.headings.is_empty() {
        return Ok(());
    }
    writeln!(out, "<table>\n<tr><th>Heading<th>Section<th>LOINC<th>Place</tr>")?;
    for heading in &note.headings {
        let section = heading.section;
        writeln!(
            out,
            "<tr><td style=\"padding-left: {}em\">{}<td>{}<td>{}<td>{}–{}</tr>",
            2 * heading.depth,
            escape(&flat(heading.title)),
            escape(&words(section.name)),
            section.loinc.unwrap_or_default(),
            section.place.start,
            section.place.end,
        )?;
    }
    writeln!(out, "</table>")?;
    Ok(())
}
