//! A model or an engine at work on documents: read in groups, run, written as they come.

use biobert::{Engine, EngineOptions, Input, Model, Results, RunOptions, Task, Text};
use indicatif::ProgressBar;

use crate::args::{EngineArgs, Format, InputArgs, TextArgs};
use crate::documents::{Documents, Form, Original};
use crate::failure::{Failure, Result};
use crate::output::{Output, Source};
use crate::{html, jsonl, models, progress, terminal};

/// What a command on documents works with.
pub struct Session<W = Model> {
    /// What works on them.
    pub worker: W,
    pub options: RunOptions,
    pub documents: Documents,
    /// Documents read so far.
    pub count: usize,
}

impl Session {
    pub fn open(args: &TextArgs) -> Result<Session> {
        let form = if args.whole { Form::Whole } else { Form::Line };
        Session::with_model(args.model.as_deref(), &args.engine, &args.input, form)
    }

    pub fn with_model(
        model: Option<&str>,
        engine: &EngineArgs,
        input: &InputArgs,
        form: Form,
    ) -> Result<Session> {
        Session::new(input, form, || models::open(model, engine))
    }

    /// With those heads that are named by their directories, which become names if they are `wanted`.
    pub fn teach(
        mut self,
        heads: &mut Vec<String>,
        wanted: impl Fn(Task) -> bool,
    ) -> Result<Session> {
        self.worker = models::taught(self.worker, heads, wanted)?;
        Ok(self)
    }
}

impl Session<Engine> {
    /// For what needs no model.
    pub fn without_model(input: &InputArgs, form: Form) -> Result<Session<Engine>> {
        Session::new(input, form, || Ok(Engine::new(EngineOptions::default())?))
    }
}

impl<W> Session<W> {
    fn new(input: &InputArgs, form: Form, worker: impl FnOnce() -> Result<W>) -> Result<Self> {
        let documents = Documents::open(&input.files, form)?;
        let worker = worker()?;
        let options = RunOptions {
            invalid_text: input.invalid.into(),
            markup: input.markup.into(),
            cancel: Some(progress::cancel_on_interrupt()?),
            ..RunOptions::new(input.unit.into())
        };
        Ok(Session { worker, options, documents, count: 0 })
    }

    /// Runs `find` on groups of documents, which it is told the first index of, and hands each
    /// document with what was found, or why nothing was, to `show`.
    pub fn run<T>(
        &mut self,
        mut find: impl FnMut(&W, usize, &[Input<'_>], &RunOptions) -> biobert::Result<Results<T>>,
        mut show: impl FnMut(usize, &Original, &biobert::Result<T>) -> Result<()>,
    ) -> Result<()> {
        // Unknown heads are found out before anything is read.
        find(&self.worker, 0, &[], &self.options)?;
        let bar = bar(&self.documents);
        let mut failed = 0;
        loop {
            let group = progress::waiting(|| self.documents.next_group())?;
            if group.is_empty() {
                break;
            }
            let inputs: Vec<Input<'_>> = group.iter().map(|one| Input::Utf8(&one.bytes)).collect();
            let found = find(&self.worker, self.count, &inputs, &self.options)?;
            // Only what is written has to share the terminal with the bar.
            bar.suspend(|| {
                for (original, document) in group.iter().zip(&found.documents) {
                    failed += usize::from(document.is_err());
                    show(self.count, original, document)?;
                    self.count += 1;
                }
                Ok::<_, Failure>(())
            })?;
            bar.set_position(self.documents.read());
        }
        bar.finish_and_clear();
        if failed > 0 { Err(Failure::Documents(failed)) } else { Ok(()) }
    }

    /// As [`run`](Session::run), with documents shown by `show` in one of the three forms.
    pub fn write<T>(
        &mut self,
        output: &mut dyn Output,
        find: impl FnMut(&W, usize, &[Input<'_>], &RunOptions) -> biobert::Result<Results<T>>,
        show: impl Fn(&mut dyn Output, Source<'_>, &T) -> Result<()>,
    ) -> Result<()> {
        let (unit, invalid) = (self.options.unit, self.options.invalid_text);
        let done = self.run(find, |index, original, document| match document {
            Ok(found) => {
                // With its markup, as offsets count it.
                let text = Text::new(Input::Utf8(&original.bytes), invalid)?;
                show(output, Source { index, id: original.id.as_ref(), text: &text, unit }, found)
            }
            Err(error) => output.failed(index, original.id.as_ref(), error),
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
