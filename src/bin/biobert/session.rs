//! A model or an engine at work on documents: read in groups, run, written as they come.

use std::path::{Path, PathBuf};

use biobert::{Engine, EngineOptions, Input, Model, Results, RunOptions, Task, Text};
use indicatif::ProgressBar;

use crate::args::{EngineArgs, InputArgs, TextArgs};
use crate::documents::{Documents, Form, Original};
use crate::failure::{Failure, Result};
use crate::output::{Output, Source};
use crate::sink::{Shown, Sink, close};
use crate::written::{Annotated, id_text, left_out};
use crate::{files, models, progress, signals};

/// What a command on documents works with.
pub struct Session<W = Model> {
    /// What works on them.
    pub worker: W,
    pub options: RunOptions,
    pub documents: Documents,
    /// The files that the command reads, which are no place for its output.
    pub reads: Vec<PathBuf>,
    /// Documents read so far.
    pub count: usize,
}

impl Session {
    pub fn open(args: &TextArgs) -> Result<Session> {
        let form = args.form()?;
        Session::with_model(args.model.as_deref(), &args.engine, &args.input, form)
    }

    pub fn with_model(
        model: Option<&str>,
        engine: &EngineArgs,
        input: &InputArgs,
        form: Form,
    ) -> Result<Session> {
        let mut session = Session::new(input, form, || models::open(model, engine))?;
        session.reads.extend(files::within(&models::find(model)?));
        session.reads.extend(engine.labels.clone());
        Ok(session)
    }

    /// With those heads that are named by their directories, which become names if they are `wanted`.
    pub fn teach(
        mut self,
        heads: &mut Vec<String>,
        wanted: impl Fn(Task) -> bool,
    ) -> Result<Session> {
        let directories = heads.iter().map(Path::new).filter(|head| head.is_dir());
        self.reads.extend(directories.flat_map(files::within));
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
        let documents = Documents::open(&input.files, form, input.unit.into())?;
        let worker = worker()?;
        let options = RunOptions {
            invalid_text: input.invalid.into(),
            markup: input.markup.into(),
            cancel: Some(signals::cancel()),
            ..RunOptions::new(input.unit.into())
        };
        Ok(Session { worker, options, documents, reads: input.files.clone(), count: 0 })
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
            let group = signals::waiting(|| self.documents.next_group())?;
            if group.is_empty() {
                break;
            }
            let inputs: Vec<Input<'_>> = group.iter().map(|one| Input::Utf8(&one.bytes)).collect();
            let found = find(&self.worker, self.count, &inputs, &self.options)?;
            // Only what is written has to share the terminal with the bar.
            bar.suspend(|| {
                for (original, document) in group.iter().zip(&found.documents) {
                    // What could not be read at all was no more than an empty text to those who look for something.
                    let wrong = original.wrong.clone().map(Err);
                    let document = wrong.as_ref().unwrap_or(document);
                    failed += usize::from(document.is_err());
                    show(self.count, original, document)?;
                    self.count += 1;
                }
                Ok::<_, Failure>(())
            })?;
            bar.set_position(self.documents.read());
        }
        bar.finish_and_clear();
        self.documents.tell_ids();
        self.documents.tell_directories();
        if failed > 0 { Err(Failure::Documents(failed)) } else { Ok(()) }
    }

    /// As [`run`](Session::run), with documents shown by `show` in one of the three forms.
    pub fn write<T>(
        &mut self,
        mut shown: Shown,
        find: impl FnMut(&W, usize, &[Input<'_>], &RunOptions) -> biobert::Result<Results<T>>,
        show: impl Fn(&mut dyn Output, Source<'_>, &T) -> Result<()>,
    ) -> Result<()> {
        let (unit, invalid) = (self.options.unit, self.options.invalid_text);
        let output = &mut *shown.output;
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
        shown.close(done)
    }

    /// As [`write`](Session::write), or as annotated documents in a format.
    pub fn annotate<T: Annotated>(
        &mut self,
        sink: Sink,
        find: impl FnMut(&W, usize, &[Input<'_>], &RunOptions) -> biobert::Result<Results<T>>,
        show: impl Fn(&mut dyn Output, Source<'_>, &T) -> Result<()>,
    ) -> Result<()> {
        let (mut written, staged) = match sink {
            Sink::Shown(shown) => return self.write(shown, find, show),
            Sink::Written(written, staged) => (written, staged),
        };
        let (unit, invalid) = (self.options.unit, self.options.invalid_text);
        let mut unwritten = 0;
        let done = self.run(find, |_, original, found| {
            let id = original.id.as_ref().map(id_text);
            match found {
                Ok(found) => {
                    let text = Text::new(Input::Utf8(&original.bytes), invalid)?;
                    let mut document = found.document(&text, unit);
                    document.id = id;
                    document.passages.clone_from(&original.given.passages);
                    unwritten += usize::from(!written.document(document)?);
                }
                Err(error) => left_out(id.as_deref(), error),
            }
            Ok(())
        });
        let done = match done {
            Err(Failure::Documents(count)) => Err(Failure::LeftOut(count + unwritten)),
            Ok(()) if unwritten > 0 => Err(Failure::LeftOut(unwritten)),
            done => done,
        };
        if !matches!(done, Err(Failure::NobodyReads)) {
            written.finish()?;
        }
        close(staged, done)
    }
}

fn bar(documents: &Documents) -> ProgressBar {
    match documents.length {
        Some(length) => progress::bar(length, "bytes"),
        None => progress::spinner("reading"),
    }
}
