//! `biobert eval`: a head on an annotated file.

use std::io::Write;
use std::path::Path;

use biobert::eval::{
    bioasq, conlleval, evaluate_factoid, evaluate_labelled, evaluate_ner, evaluate_yes_no,
    labelled, yesno,
};
#[cfg(feature = "train")]
use biobert::train::{DataOptions, evaluate, parse};
use biobert::{Cancel, HeadSpec, Kind, Model, Task};
use serde::Serialize;

use crate::args::{EvalArgs, Measure};
use crate::failure::{Failure, Result};
use crate::{models, progress};

pub fn run(measure: Measure) -> Result<()> {
    let (task, args) = match measure {
        Measure::Ner(args) => (Task::Ner, args),
        Measure::Re(args) => (Task::Re, args),
        Measure::Classify(args) => (Task::Classify, args),
        Measure::Qa(args) => (Task::Qa, args),
    };
    let text =
        std::fs::read_to_string(&args.data).map_err(|error| Failure::file(&args.data, error))?;
    #[cfg(feature = "train")]
    if is_of_training(task, &args, &text) {
        return trained(task, &args, &text);
    }
    let data = Data::open(args, text, task)?;
    match task {
        Task::Ner => {
            let sentences = conlleval::parse(&data.name, &data.text)?;
            data.measure("sentences", sentences.len(), |model, head, cancel, progress| {
                evaluate_ner(model, head, &sentences, cancel, progress)
            })
        }
        Task::Re | Task::Classify => {
            let examples = labelled::parse(&data.name, &data.text, &data.spec()?.labels)?;
            data.measure("sentences", examples.len(), |model, head, cancel, progress| {
                evaluate_labelled(model, head, &examples, cancel, progress)
            })
        }
        Task::Qa if data.spec()?.kind == Kind::Cls => {
            let questions = yesno::parse(&data.name, &data.text, &data.spec()?.labels)?;
            data.measure("questions", questions.len(), |model, head, cancel, progress| {
                evaluate_yes_no(model, head, &questions, cancel, progress)
            })
        }
        Task::Qa => {
            let questions = bioasq::parse(&data.name, &data.text)?;
            data.measure("questions", questions.len(), |model, head, cancel, progress| {
                evaluate_factoid(model, head, &questions, cancel, progress)
            })
        }
    }
}

#[cfg(feature = "train")]
/// Whether the file has a form that only training knows, JSON with places in texts, and the head is a
/// directory's.
fn is_of_training(task: Task, args: &EvalArgs, text: &str) -> bool {
    if !Path::new(&args.head).join("head.json").is_file() {
        return false;
    }
    // BioASQ's lines have contexts.
    let asks = || text.lines().next().is_some_and(|line| line.contains("\"passage\""));
    match args.data.extension().unwrap_or_default().to_ascii_lowercase().to_str() {
        Some("json") => true,
        Some("jsonl") => task != Task::Qa || asks(),
        _ => false,
    }
}

#[cfg(feature = "train")]
/// A head that was trained, on examples as it was trained with.
fn trained(task: Task, args: &EvalArgs, text: &str) -> Result<()> {
    let directory = Path::new(&args.head);
    let head =
        biobert::HeadFile::open(directory).map_err(|error| Failure::file(directory, error))?;
    let masks = head.spec().mask().cloned();
    let labels = Some(head.spec().labels.clone());
    let options = DataOptions { masks, labels, ..DataOptions::new(args.unit.into()) };
    let examples = parse(task, &base_name(&args.data), text, &options)?;
    let model = models::open(args.model.as_deref(), &args.engine)?;
    let spinner = progress::spinner("reading");
    let found = evaluate(&model, &head, &examples, &progress::cancel_on_interrupt()?)?;
    spinner.finish_and_clear();
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&found)?)?;
    Ok(())
}

fn base_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// An annotated file, and the head to measure on it.
struct Data {
    model: Model,
    head: String,
    name: String,
    text: String,
}

impl Data {
    fn open(args: EvalArgs, text: String, task: Task) -> Result<Data> {
        let name = base_name(&args.data);
        let (model, head) = head(args, task)?;
        Ok(Data { model, head, name, text })
    }

    fn spec(&self) -> Result<&HeadSpec> {
        let mut heads = self.model.heads();
        let found = heads.find(|(name, _)| *name == self.head).map(|(_, spec)| spec);
        found.ok_or_else(|| {
            let names: Vec<&str> = self.model.heads().map(|(name, _)| name).collect();
            Failure::Message(format!("no head {}; the model has {}", self.head, names.join(", ")))
        })
    }

    /// Measures with a progress bar, and prints the score as one JSON object.
    fn measure<Score: Serialize>(
        &self,
        unit: &str,
        total: usize,
        work: impl FnOnce(&Model, &str, &Cancel, &mut dyn FnMut(usize)) -> biobert::Result<Score>,
    ) -> Result<()> {
        let cancel = progress::cancel_on_interrupt()?;
        let bar = progress::bar(total as u64, unit);
        let mut progress = |done: usize| bar.set_position(done as u64);
        let score = work(&self.model, &self.head, &cancel, &mut progress)?;
        bar.finish_and_clear();
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&score)?)?;
        Ok(())
    }
}

/// The model and the head that `--head` means: a name of the model's, else a directory.
fn head(args: EvalArgs, task: Task) -> Result<(Model, String)> {
    let directory = Path::new(&args.head);
    if directory.join("head.json").is_file() {
        let model = models::open(args.model.as_deref(), &args.engine)?;
        let mut heads = vec![args.head];
        let model = models::taught(model, &mut heads, task)?;
        let head = heads.pop();
        let other = || Failure::Message("the head is for another task".into());
        return Ok((model, head.ok_or_else(other)?));
    }
    if args.model.is_some() || !directory.is_dir() {
        let model = models::open(args.model.as_deref(), &args.engine)?;
        return Ok((model, args.head));
    }
    let model = models::open(Some(&args.head), &args.engine)?;
    let heads = model.heads().filter(|(_, spec)| spec.task() == task);
    let names: Vec<String> = heads.map(|(name, _)| name.to_string()).collect();
    match names.as_slice() {
        [name] => Ok((model, name.clone())),
        _ => {
            let reason = format!(
                "holds {} heads for this task; name one with --model and --head",
                names.len()
            );
            Err(Failure::file(directory, reason))
        }
    }
}
