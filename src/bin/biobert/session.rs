//! A model at work on documents: read in groups, run, written as they come.

use biobert::{Input, Model, Results, RunOptions, Task, Text};
use indicatif::ProgressBar;

use crate::args::{Format, TextArgs};
use crate::documents::Documents;
use crate::failure::{Failure, Result};
use crate::output::{Content, Document, Output};
use crate::{html, jsonl, models, progress, terminal};

/// What a command on documents works with.
pub struct Session {
    pub model: Model,
    pub options: RunOptions,
    pub documents: Documents,
    /// Documents read so far.
    pub count: usize,
}

impl Session {
    pub fn open(args: &TextArgs) -> Result<Session> {
        let documents = Documents::open(&args.input.files, args.input.whole)?;
        let model = models::open(args.model.as_deref(), &args.engine)?;
        let options = RunOptions {
            invalid_text: args.input.invalid.into(),
            cancel: Some(progress::cancel_on_interrupt()?),
            ..RunOptions::new(args.input.unit.into())
        };
        Ok(Session { model, options, documents, count: 0 })
    }

    /// With those heads that are named by their directories, which become names.
    pub fn teach(mut self, heads: &mut Vec<String>, task: Task) -> Result<Session> {
        self.model = models::taught(self.model, heads, task)?;
        Ok(self)
    }

    /// Runs `find` on groups of documents, which it is told the first index of, and hands each
    /// document with what was found, or why nothing was, to `show`.
    pub fn run<T>(
        &mut self,
        mut find: impl FnMut(&Model, usize, &[Input<'_>], &RunOptions) -> biobert::Result<Results<T>>,
        mut show: impl FnMut(usize, &[u8], &biobert::Result<T>) -> Result<()>,
    ) -> Result<()> {
        // Unknown heads are found out before anything is read.
        find(&self.model, 0, &[], &self.options)?;
        let bar = bar(&self.documents);
        let mut failed = 0;
        loop {
            let group = progress::waiting(|| self.documents.next_group())?;
            if group.is_empty() {
                break;
            }
            let inputs: Vec<Input<'_>> = group.iter().map(|bytes| Input::Utf8(bytes)).collect();
            let found = find(&self.model, self.count, &inputs, &self.options)?;
            // Only what is written has to share the terminal with the bar.
            bar.suspend(|| {
                for (bytes, document) in group.iter().zip(&found.documents) {
                    failed += usize::from(document.is_err());
                    show(self.count, bytes, document)?;
                    self.count += 1;
                }
                Ok::<_, Failure>(())
            })?;
            bar.set_position(self.documents.read);
        }
        bar.finish_and_clear();
        if failed > 0 { Err(Failure::Documents(failed)) } else { Ok(()) }
    }

    /// As [`run`](Session::run), with documents shown in one of the three forms.
    pub fn write<T>(
        &mut self,
        output: &mut dyn Output,
        find: impl FnMut(&Model, usize, &[Input<'_>], &RunOptions) -> biobert::Result<Results<T>>,
        content: impl Fn(&T) -> Content<'_>,
    ) -> Result<()> {
        let options = self.options.clone();
        let done = self.run(find, |index, bytes, document| match document {
            Ok(found) => {
                let text = Text::new(Input::Utf8(bytes), options.invalid_text)?;
                output.document(&Document::new(index, &text, options.unit, content(found)))
            }
            Err(error) => output.failed(index, error),
        });
        // What was found before a failure is whole: end the page properly, if anybody reads it.
        if !matches!(done, Err(Failure::NobodyReads)) {
            output.finish()?;
        }
        done
    }
}

fn bar(documents: &Documents) -> ProgressBar {
    match documents.length {
        Some(length) => progress::bar(length, "bytes"),
        None => progress::spinner("reading"),
    }
}

/// The form of output that was asked for.
pub fn output(
    format: Format,
    title: &'static str,
    model: Option<&Model>,
) -> Result<Box<dyn Output>> {
    Ok(match format {
        Format::Jsonl => Box::new(jsonl::Jsonl::new(std::io::stdout().lock())),
        Format::Text => Box::new(terminal::Terminal::new(anstream::stdout().lock())),
        Format::Html => Box::new(html::Page::new(std::io::stdout().lock(), title, model)?),
    })
}
