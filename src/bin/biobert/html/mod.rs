//! A page that a clinician can read: marked text, a legend, a list; nothing loaded from anywhere.

mod note;

use std::io::Write;
use std::ops::Range;

use biobert::{Class, Error, Mask, Model, Relation};
use serde_json::{Value, json};

use crate::failure::Result;
use crate::highlight::{Found, Stretch, colour, stretches};
use crate::note::Note;
use crate::output::{Answered, Document, LEFT_OUT, Output};

/// Entities that a mark tells of, if many lie in one another.
const TITLES: usize = 4;

pub struct Page<W> {
    out: W,
    /// Whether there are relations to draw.
    arcs: bool,
}

/// How all pages look, in light, in the dark and on paper.
const STYLE: &str = include_str!("style.css");

/// Draws the relations of a page as arcs between their marks, again whenever the lines break anew.
/// Without scripts the table below the text says the same.
const SCRIPT: &str = include_str!("arcs.js");

impl<W: Write> Page<W> {
    pub fn new(mut out: W, title: &str, model: Option<&Model>) -> Result<Self> {
        let source = model.map_or(String::new(), |model| {
            let name = escape(&model.info().name);
            format!("<p>Found by the model {name}. A machine made these marks: some are wrong, some are missing.</p>")
        });
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<header><h1>{title}</h1>\n{source}</header>\n",
        )?;
        Ok(Page { out, arcs: false })
    }

    fn stretch(&mut self, stretch: &Stretch<'_, '_, Found<'_>>) -> Result<()> {
        let Some(first) = stretch.inside.first() else {
            write!(self.out, "{}", escape(stretch.text))?;
            return Ok(());
        };
        let title: Vec<String> = stretch.inside.iter().take(TITLES).map(|f| title(f)).collect();
        let entities: Vec<String> =
            stretch.starts.iter().map(|found| found.index.to_string()).collect();
        let two = if stretch.inside.len() > 1 { " two" } else { "" };
        write!(
            self.out,
            "<mark class=\"c{}{two}\" data-entities=\"{}\" title=\"{}\">{}",
            colour(&first.entity.label),
            entities.join(" "),
            escape(&title.join("; ")),
            escape(stretch.text),
        )?;
        for found in &stretch.ends {
            write!(self.out, "<small>{}</small>", escape(&found.entity.label))?;
        }
        write!(self.out, "</mark>")?;
        Ok(())
    }
}

fn title(found: &Found<'_>) -> String {
    format!("{}, {:.0} %", found.entity.label, found.entity.score * 100.0)
}

impl<W: Write> Page<W> {
    fn entities(&mut self, found: &[Found<'_>]) -> Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "<table>\n<tr><th>Kind<th>Text<th>Place<th>Certainty</tr>")?;
        for Found { entity, text, .. } in found {
            writeln!(
                self.out,
                "<tr><td><span class=\"c{}\">{}</span><td>{}<td>{}–{}<td>{:.0} %</tr>",
                colour(&entity.label),
                escape(&entity.label),
                escape(text),
                entity.start,
                entity.end,
                entity.score * 100.0,
            )?;
        }
        writeln!(self.out, "</table>")?;
        Ok(())
    }

    fn relations(&mut self, relations: &[Relation], found: &[Found<'_>]) -> Result<()> {
        if relations.is_empty() {
            return Ok(());
        }
        writeln!(
            self.out,
            "<table>\n<tr><th>First<th>Relation<th>Second<th>Head<th>Certainty</tr>"
        )?;
        for relation in relations {
            let cell = |found: &Found<'_>| {
                let colour = colour(&found.entity.label);
                format!("<span class=\"c{colour}\">{}</span>", escape(found.text))
            };
            writeln!(
                self.out,
                "<tr><td>{}<td>{}<td>{}<td>{}<td>{:.0} %</tr>",
                cell(&found[relation.first]),
                escape(&relation.text),
                cell(&found[relation.second]),
                escape(&relation.head),
                relation.score * 100.0,
            )?;
        }
        writeln!(self.out, "</table>")?;
        Ok(())
    }

    fn classes(&mut self, classes: &[Class]) -> Result<()> {
        if classes.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "<table>\n<tr><th>Head<th>Class<th>Certainty</tr>")?;
        for class in classes {
            let strong = if class.holds { " class=\"holds\"" } else { "" };
            let (head, text) = (escape(&class.head), escape(&class.text));
            let score = class.score * 100.0;
            writeln!(self.out, "<tr{strong}><td>{head}<td>{text}<td>{score:.0} %</tr>")?;
        }
        writeln!(self.out, "</table>")?;
        Ok(())
    }

    fn masks(&mut self, masks: &[Mask]) -> Result<()> {
        if masks.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "<table>\n<tr><th>Mask<th>Piece<th>Probability</tr>")?;
        for mask in masks {
            for candidate in &mask.candidates {
                let (token, score) = (escape(&candidate.token), candidate.score * 100.0);
                let (start, end) = (mask.start, mask.end);
                writeln!(self.out, "<tr><td>{start}–{end}<td>{token}<td>{score:.1} %</tr>")?;
            }
        }
        writeln!(self.out, "</table>")?;
        Ok(())
    }

    fn left_out(&mut self, truncated: bool) -> Result<()> {
        if truncated {
            writeln!(self.out, "<p class=\"error\">{LEFT_OUT}</p>")?;
        }
        Ok(())
    }
}

impl<W: Write> Output for Page<W> {
    fn document(&mut self, document: &Document<'_>) -> Result<()> {
        let Document { text, content, found, sentences, .. } = document;
        let relations = content.relations.unwrap_or_default();
        if relations.is_empty() {
            writeln!(self.out, "<section>")?;
        } else {
            self.arcs = true;
            let arc = |r: &Relation| json!([r.first, r.second, &*r.text]);
            let arcs = Value::from(relations.iter().map(arc).collect::<Vec<_>>()).to_string();
            writeln!(self.out, "<section class=\"arcs\" data-relations=\"{}\">", escape(&arcs))?;
        }
        if content.sentences.is_some() {
            writeln!(self.out, "<ol>")?;
            for sentence in sentences {
                writeln!(self.out, "<li>{}", escape(sentence))?;
            }
            writeln!(self.out, "</ol>")?;
        } else {
            write!(self.out, "<p class=\"note\">")?;
            for stretch in stretches(text, found) {
                self.stretch(&stretch)?;
            }
            writeln!(self.out, "</p>")?;
        }
        self.relations(relations, found)?;
        self.entities(found)?;
        self.classes(content.classes.unwrap_or_default())?;
        self.masks(content.masks.unwrap_or_default())?;
        self.left_out(content.flags.truncated)?;
        writeln!(self.out, "</section>")?;
        Ok(())
    }

    fn answers(&mut self, answered: &Answered<'_>) -> Result<()> {
        writeln!(self.out, "<section>\n<h2>{}</h2>", escape(answered.question))?;
        let (found, places) = (answered.found, answered.places());
        if !found.answers.is_empty() {
            let pooled = found.answers.iter().any(|answer| answer.probability.is_some());
            let title = if pooled { "Probability" } else { "Score" };
            writeln!(self.out, "<table>\n<tr><th>Rank<th>Answer<th>Passage<th>{title}</tr>")?;
            for (rank, (answer, place)) in found.answers.iter().zip(&places).enumerate() {
                let text = escape(&answered.passages[answer.passage].as_str()[place.clone()]);
                let (rank, measure) = (rank + 1, Answered::measure(answer));
                let passage = escape(&answered.called(answer.passage));
                writeln!(self.out, "<tr><td>{rank}<td>{text}<td>{passage}<td>{measure}</tr>")?;
            }
            writeln!(self.out, "</table>")?;
        }
        if let Some(doubt) = answered.doubt() {
            let (first, rest) = doubt.split_at(1);
            writeln!(self.out, "<p>{}{rest}.</p>", first.to_uppercase())?;
        }
        self.classes(&found.classes)?;
        self.left_out(found.flags.truncated)?;
        for (number, passage) in answered.passages.iter().enumerate() {
            let of_passage = found.answers.iter().zip(&places).enumerate();
            let mut marks: Vec<(&Range<usize>, usize)> = of_passage
                .filter(|(_, (answer, _))| answer.passage == number)
                .map(|(rank, (_, place))| (place, rank + 1))
                .collect();
            if marks.is_empty() {
                continue;
            }
            // The better of two answers that overlap is the one to see.
            marks.sort_by_key(|(_, rank)| *rank);
            let mut shown: Vec<(&Range<usize>, usize)> = Vec::new();
            for mark in marks {
                let apart = |other: &(&Range<usize>, usize)| {
                    mark.0.end <= other.0.start || other.0.end <= mark.0.start
                };
                if shown.iter().all(apart) {
                    shown.push(mark);
                }
            }
            shown.sort_by_key(|(place, _)| place.start);
            let called = escape(&answered.called(number));
            write!(self.out, "<p class=\"note passage\"><b>{called}</b> ")?;
            let (text, mut at) = (passage.as_str(), 0);
            for (place, rank) in shown {
                let class = if rank == 1 { "c1" } else { "c7" };
                write!(
                    self.out,
                    "{}<mark class=\"{class}\">{}<small>{rank}</small></mark>",
                    escape(&text[at..place.start]),
                    escape(&text[place.clone()]),
                )?;
                at = place.end;
            }
            writeln!(self.out, "{}</p>", escape(&text[at..]))?;
        }
        writeln!(self.out, "</section>")?;
        Ok(())
    }

    fn note(&mut self, note: &Note<'_>) -> Result<()> {
        note::write(&mut self.out, note)
    }

    fn failed(&mut self, index: usize, id: Option<&Value>, error: &Error) -> Result<()> {
        let id = id.map(|id| format!(" ({})", escape(&id.to_string()))).unwrap_or_default();
        let error = escape(&error.to_string());
        writeln!(self.out, "<section class=\"error\">Document {index}{id}: {error}</section>")?;
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        if self.arcs {
            writeln!(self.out, "<script>{SCRIPT}</script>")?;
        }
        writeln!(
            self.out,
            "<footer>Made by biobert {}. Not for direct patient care without validation and clearance.</footer>\n</body>\n</html>",
            env!("CARGO_PKG_VERSION"),
        )?;
        self.out.flush()?;
        Ok(())
    }
}

/// Text as HTML shows it; control characters that HTML forbids become U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(c),
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_in_a_note_becomes_markup() {
        assert_eq!(escape("p<0.05 & \"x\">\0\n"), "p&lt;0.05 &amp; &quot;x&quot;&gt;\u{FFFD}\n");
    }
}
