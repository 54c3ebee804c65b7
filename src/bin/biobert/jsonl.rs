//! One JSON object per document.

use std::io::Write;

use biobert::Error;
use serde::Serialize;

use crate::failure::Result;
use crate::highlight::Found;
use crate::output::Output;

pub struct Jsonl<W> {
    out: W,
}

impl<W: Write> Jsonl<W> {
    pub fn new(out: W) -> Self {
        Jsonl { out }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    doc: usize,
    text: &'a str,
    entities: Vec<Entity<'a>>,
}

#[derive(Serialize)]
struct Entity<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    label: &'a str,
    score: f32,
    head: &'a str,
}

#[derive(Serialize)]
struct Failed {
    doc: usize,
    error: String,
}

impl<W: Write> Output for Jsonl<W> {
    fn document(&mut self, doc: usize, text: &str, found: &[Found<'_>]) -> Result<()> {
        let entities = found.iter().map(|Found { entity, text, .. }| Entity {
            start: entity.start,
            end: entity.end,
            text,
            label: &entity.label,
            score: entity.score,
            head: &entity.head,
        });
        let entities = entities.collect();
        line(&mut self.out, &serde_json::to_string(&Document { doc, text, entities })?)
    }

    fn failed(&mut self, doc: usize, error: &Error) -> Result<()> {
        line(&mut self.out, &serde_json::to_string(&Failed { doc, error: error.to_string() })?)
    }

    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Writes a line and flushes: results are seen as they come.
pub fn line(out: &mut impl Write, text: &str) -> Result<()> {
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(())
}
