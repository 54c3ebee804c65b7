//! Text with its entities marked, for a terminal; without colours where there is no terminal.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use biobert::Error;

use crate::failure::Result;
use crate::highlight::{COLOURS, Found, Stretch, colour, stretches};
use crate::output::Output;

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
    fn stretch(&mut self, stretch: &Stretch<'_, '_>) -> Result<()> {
        let Some(first) = stretch.inside.first() else {
            write!(self.out, "{}", printable(stretch.text))?;
            return Ok(());
        };
        let style = style(&first.entity.label).underline();
        write!(self.out, "{style}{}{style:#}", printable(stretch.text))?;
        for found in &stretch.ends {
            let style = self::style(&found.entity.label);
            write!(self.out, "{style}[{}]{style:#}", found.entity.label)?;
        }
        Ok(())
    }
}

impl<W: Write> Output for Terminal<W> {
    fn document(&mut self, _: usize, text: &str, found: &[Found<'_>]) -> Result<()> {
        for stretch in stretches(text, found) {
            self.stretch(&stretch)?;
        }
        writeln!(self.out)?;
        if !found.is_empty() {
            writeln!(self.out)?;
        }
        let dim = Style::new().dimmed();
        for Found { entity, text, .. } in found {
            let style = style(&entity.label);
            let text = printable(&text.split_whitespace().collect::<Vec<_>>().join(" "));
            writeln!(
                self.out,
                "  {style}{:<10}{style:#} {text}  {dim}{}..{} {:.0} %{dim:#}",
                entity.label,
                entity.start,
                entity.end,
                entity.score * 100.0,
            )?;
        }
        writeln!(self.out)?;
        self.out.flush()?;
        Ok(())
    }

    fn failed(&mut self, index: usize, error: &Error) -> Result<()> {
        writeln!(self.out, "document {index}: {error}\n")?;
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        self.out.flush()?;
        Ok(())
    }
}

/// A text without what a terminal would obey.
fn printable(text: &str) -> String {
    let keep = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    text.chars().map(|c| if keep(c) { c } else { '\u{FFFD}' }).collect()
}
