//! A page that a clinician can read: marked text, a legend, a list; nothing loaded from anywhere.

use std::io::Write;
use std::ops::Range;

use biobert::{Class, Error, Model, Relation};
use serde_json::{Value, json};

use crate::failure::Result;
use crate::highlight::{Found, Stretch, colour, stretches};
use crate::output::{Answered, Document, LEFT_OUT, Output};

/// Entities that a mark tells of, if many lie in one another.
const TITLES: usize = 4;

pub struct Page<W> {
    out: W,
    /// Whether there are relations to draw.
    arcs: bool,
}

const STYLE: &str = "
:root { color-scheme: light; font: 16px/1.6 system-ui, sans-serif; color: #1d2733; background: #f4f6f8 }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
header { margin-bottom: 1.5rem } h1 { font-size: 1.3rem; margin: 0 } header p, footer { color: #5b6b7b; font-size: .85rem }
section { background: #fff; border: 1px solid #dde3ea; border-radius: .6rem; padding: 1.2rem 1.5rem; margin-bottom: 1.2rem }
section { position: relative } section > svg { position: absolute; inset: 0; pointer-events: none; overflow: visible }
svg path { fill: none; stroke: #66788a; stroke-width: 1.2 } svg circle { fill: #66788a }
svg text { font: 600 .62rem system-ui, sans-serif; fill: #44525f; text-anchor: middle; paint-order: stroke; stroke: #fff; stroke-width: 3px }
section.arcs > p.note { line-height: 3.4 } h2 { font-size: 1.05rem; margin: 0 } .passage { margin-top: 1rem !important } .holds { font-weight: 700 }
section > p.note { white-space: pre-wrap; margin: 0; line-height: 2.1 }
mark { color: inherit; border-radius: .25rem; padding: .1rem .2rem; border-bottom: 2px solid }
mark.two { border-bottom-style: double; border-bottom-width: 4px }
mark small, td small { font-size: .65rem; font-weight: 700; letter-spacing: .02em; margin-left: .3rem; text-transform: uppercase }
.c0 { background: #fde8e8; border-color: #d64545 } .c1 { background: #e3f6e8; border-color: #2f9e55 }
.c2 { background: #e4edfd; border-color: #3b73d1 } .c3 { background: #fdf3d8; border-color: #c98a11 }
.c4 { background: #f3e6fb; border-color: #9248c4 } .c5 { background: #ddf4f5; border-color: #23919a }
.c6 { background: #fde6f3; border-color: #c8438d } .c7 { background: #eceff2; border-color: #66788a }
table { border-collapse: collapse; margin-top: 1rem; width: 100%; font-size: .85rem }
td, th { text-align: left; padding: .2rem .6rem .2rem 0; border-top: 1px solid #edf0f3; font-weight: 400 } th { color: #5b6b7b; border: 0 }
td:last-child, th:last-child { text-align: right; font-variant-numeric: tabular-nums }
td span { padding: .05rem .4rem; border-radius: .25rem; border-left: 3px solid } .error { color: #b32525 }
@media print { body { margin: 0 } section { break-inside: avoid } * { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
";

/// Draws the relations of a page as arcs between their marks, again whenever the lines break anew.
/// Without scripts the table below the text says the same.
const SCRIPT: &str = "
const svg = (tag, attributes, parent) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return parent.appendChild(element);
};
function arcs() {
  for (const section of document.querySelectorAll('section[data-relations]')) {
    section.querySelector('svg')?.remove();
    const home = section.getBoundingClientRect();
    const canvas = svg('svg', { width: home.width, height: home.height }, section);
    const place = id => {
      const box = section.querySelector(`[data-entities~=\"${id}\"]`).getClientRects()[0];
      return { x: box.left + box.width / 2 - home.left, y: box.top - home.top };
    };
    for (const [first, second, text] of JSON.parse(section.dataset.relations)) {
      const a = place(first), b = place(second);
      const rise = Math.min(a.y, b.y) - 12 - Math.min(8, Math.abs(a.x - b.x) / 60);
      svg('path', { d: `M${a.x} ${a.y} C${a.x} ${rise} ${b.x} ${rise} ${b.x} ${b.y}` }, canvas);
      svg('circle', { cx: b.x, cy: b.y, r: 2.5 }, canvas);
      const label = svg('text', { x: (a.x + b.x) / 2, y: (a.y + b.y) / 8 + rise * 0.75 - 2 }, canvas);
      label.textContent = text;
    }
  }
}
addEventListener('load', arcs); addEventListener('resize', arcs); addEventListener('beforeprint', arcs);
";

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

    fn stretch(&mut self, stretch: &Stretch<'_, '_>) -> Result<()> {
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
        self.left_out(content.flags.truncated)?;
        writeln!(self.out, "</section>")?;
        Ok(())
    }

    fn answers(&mut self, answered: &Answered<'_>) -> Result<()> {
        writeln!(self.out, "<section>\n<h2>{}</h2>", escape(answered.question))?;
        let (found, places) = (answered.found, answered.places());
        if !found.answers.is_empty() {
            writeln!(self.out, "<table>\n<tr><th>Rank<th>Answer<th>Passage<th>Score</tr>")?;
            for (rank, (answer, place)) in found.answers.iter().zip(&places).enumerate() {
                let text = escape(&answered.passages[answer.passage].as_str()[place.clone()]);
                let (rank, passage, score) = (rank + 1, answer.passage + 1, answer.score);
                writeln!(self.out, "<tr><td>{rank}<td>{text}<td>{passage}<td>{score:.1}</tr>")?;
            }
            writeln!(self.out, "</table>")?;
        }
        if found.answers.is_empty() && found.classes.is_empty() {
            writeln!(self.out, "<p>No answer.</p>")?;
        } else if found.no_answer > 0.0 {
            writeln!(self.out, "<p>The passages probably do not contain the answer.</p>")?;
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
            write!(self.out, "<p class=\"note passage\"><b>{}</b> ", number + 1)?;
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

    fn failed(&mut self, index: usize, error: &Error) -> Result<()> {
        let error = escape(&error.to_string());
        writeln!(self.out, "<section class=\"error\">Document {index}: {error}</section>")?;
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
