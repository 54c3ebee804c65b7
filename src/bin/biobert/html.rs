//! A page that a clinician can read: marked text, a legend, a list; nothing loaded from anywhere.

use std::io::Write;

use biobert::{Error, Model};

use crate::failure::Result;
use crate::highlight::{Found, Stretch, colour, stretches};
use crate::output::Output;

pub struct Page<W> {
    out: W,
}

const STYLE: &str = "
:root { color-scheme: light; font: 16px/1.6 system-ui, sans-serif; color: #1d2733; background: #f4f6f8 }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
header { margin-bottom: 1.5rem } h1 { font-size: 1.3rem; margin: 0 } header p, footer { color: #5b6b7b; font-size: .85rem }
section { background: #fff; border: 1px solid #dde3ea; border-radius: .6rem; padding: 1.2rem 1.5rem; margin-bottom: 1.2rem }
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

impl<W: Write> Page<W> {
    pub fn new(mut out: W, model: &Model) -> Result<Self> {
        let info = model.info();
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>Entities</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<header><h1>Entities</h1>\n\
             <p>Found by the model {}. A machine made these marks: some are wrong, some are missing.</p></header>\n",
            escape(&info.name),
        )?;
        Ok(Page { out })
    }

    fn stretch(&mut self, stretch: &Stretch<'_, '_>) -> Result<()> {
        let Some(first) = stretch.inside.first() else {
            write!(self.out, "{}", escape(stretch.text))?;
            return Ok(());
        };
        let title: Vec<String> = stretch.inside.iter().map(|found| title(found)).collect();
        let two = if stretch.inside.len() > 1 { " two" } else { "" };
        write!(
            self.out,
            "<mark class=\"c{}{two}\" title=\"{}\">{}",
            colour(&first.entity.label),
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

impl<W: Write> Output for Page<W> {
    fn document(&mut self, _: usize, text: &str, found: &[Found<'_>]) -> Result<()> {
        write!(self.out, "<section>\n<p class=\"note\">")?;
        for stretch in stretches(text, found) {
            self.stretch(&stretch)?;
        }
        writeln!(self.out, "</p>")?;
        if !found.is_empty() {
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
