//! Where results go: to standard output, or into a file that is there whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use biobert::{Model, OffsetUnit};

use crate::args::{Format, ShownArgs, WrittenArgs, WrittenFormat};
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::staged::Staged;
use crate::written::Written;
use crate::{html, jsonl, terminal};

/// Results in one of the three forms for people and scripts.
pub struct Shown {
    pub output: Box<dyn Output>,
    staged: Option<Staged>,
}

/// Results in one of those forms, or as annotated documents in a format.
pub enum Sink {
    Shown(Shown),
    Written(Written, Option<Staged>),
}

impl Shown {
    /// `inputs`: what is read, which is no place for the output.
    pub fn open(
        args: &ShownArgs,
        inputs: &[PathBuf],
        title: &'static str,
        model: Option<&Model>,
    ) -> Result<Shown> {
        Shown::new(args.format, args.out.as_deref(), inputs, title, model)
    }

    fn new(
        format: Format,
        out: Option<&Path>,
        inputs: &[PathBuf],
        title: &'static str,
        model: Option<&Model>,
    ) -> Result<Shown> {
        let staged = out.map(|out| Staged::file(out, inputs)).transpose()?;
        let output: Box<dyn Output> = match staged.as_ref().and_then(Staged::out) {
            // No colours in a file.
            Some(file) if format == Format::Text => {
                let file: Box<dyn Write> = Box::new(file);
                Box::new(terminal::Terminal::new(anstream::StripStream::new(file)))
            }
            Some(file) => of(format, file, title, model)?,
            None if format == Format::Text => {
                Box::new(terminal::Terminal::new(anstream::stdout().lock()))
            }
            None => of(format, std::io::stdout().lock(), title, model)?,
        };
        Ok(Shown { output, staged })
    }

    /// Gives the file its name, unless something went wrong that hit more than single documents.
    pub fn close(self, done: Result<()>) -> Result<()> {
        close(self.staged, done)
    }
}

fn of<W: Write + 'static>(
    format: Format,
    out: W,
    title: &'static str,
    model: Option<&Model>,
) -> Result<Box<dyn Output>> {
    Ok(match format {
        Format::Jsonl => Box::new(jsonl::Jsonl::new(out, model.map(Model::provenance))),
        Format::Text => Box::new(terminal::Terminal::new(out)),
        Format::Html => Box::new(html::Page::new(out, title, model)?),
    })
}

impl Sink {
    /// `inputs`: what is read, which is no place for the output.
    pub fn open(
        args: &WrittenArgs,
        inputs: &[PathBuf],
        title: &'static str,
        model: Option<&Model>,
        unit: OffsetUnit,
    ) -> Result<Sink> {
        match args.format {
            WrittenFormat::Shown(format) => {
                args.options.check(None)?;
                Ok(Sink::Shown(Shown::new(format, args.out.as_deref(), inputs, title, model)?))
            }
            WrittenFormat::Documents(format) => {
                let options = args.options.of(format, unit)?;
                let staged = staged(format, args.out.as_deref(), inputs)?;
                let provenance = model.map(Model::provenance);
                let written = Written::new(format, options, provenance, staged.as_ref())?;
                Ok(Sink::Written(written, staged))
            }
        }
    }
}

/// What a file or a directory of a format is written into.
pub fn staged(
    format: biobert::data::Format,
    out: Option<&Path>,
    inputs: &[PathBuf],
) -> Result<Option<Staged>> {
    let new = |out| match format.is_directory() {
        true => Staged::directory(out),
        false => Staged::file(out, inputs),
    };
    out.map(new).transpose()
}

/// As [`Shown::close`].
pub fn close(staged: Option<Staged>, done: Result<()>) -> Result<()> {
    let single = matches!(
        done,
        Ok(()) | Err(Failure::Documents(_) | Failure::LeftOut(_) | Failure::Passages(_))
    );
    if let Some(staged) = staged.filter(|_| single) {
        staged.finish()?;
    }
    done
}
