//! `biobert eval`: a head on an annotated file.

mod code_relations;
mod retrieval;
mod terms;

use std::io::Write;
use std::path::Path;

use biobert::eval::{
    DataOptions, EvalOptions, Evaluation, Score, evaluate, evaluate_file, read, read_golden,
};
use biobert::{HeadFile, HeadSpec, Model, Task};
use serde::Serialize;

use crate::args::{EvalArgs, EvalNerArgs, EvalQaArgs, EvalReArgs, Level, Measure};
use crate::failure::{Failure, Result, tell_format};
use crate::{files, models, progress, signals};

pub fn run(measure: Measure) -> Result<()> {
    match measure {
        Measure::Ner(EvalNerArgs { kinds, common }) => {
            eval(Task::Ner, common, EvalOptions { kinds, ..EvalOptions::default() }, None)
        }
        Measure::Assertion(args) => eval(Task::Assertion, args, EvalOptions::default(), None),
        Measure::Re(args) => relations(args),
        Measure::Classify(args) => eval(Task::Classify, args, EvalOptions::default(), None),
        Measure::Qa(EvalQaArgs { scoring, threshold, golden, common }) => {
            if threshold.is_some() && scoring == crate::args::Scoring::Biobert {
                let reason =
                    "--threshold is of list questions, which --scoring biobert does not measure";
                return Err(Failure::Message(reason.into()));
            }
            let scoring = scoring.into();
            let options = EvalOptions { scoring, threshold, ..EvalOptions::default() };
            eval(Task::Qa, common, options, golden.as_deref())
        }
        Measure::Terms(args) => terms::run(args),
        Measure::Retrieval(args) => retrieval::run(&args),
    }
}

fn relations(args: EvalReArgs) -> Result<()> {
    match args.level {
        Level::Document => code_relations::run(args.common, &args.terms),
        Level::Sentence if !args.terms.is_empty() => {
            Err(Failure::Message("--terms needs --level document".into()))
        }
        Level::Sentence => eval(Task::Re, args.common, EvalOptions::default(), None),
    }
}

fn eval(task: Task, args: EvalArgs, options: EvalOptions, golden: Option<&Path>) -> Result<()> {
    let text = files::read_text(&args.data)?;
    let (model, head) = head(&args, task)?;
    let spec = head.spec(&model)?;
    if spec.task() != task {
        return Err(Failure::Message("the head is for another task".into()));
    }
    let data = {
        let format = args.form.input_format;
        let data = DataOptions { format, ..DataOptions::of_head(spec, args.form.unit.into()) };
        let data = data.score(&options.kinds);
        let name =
            |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match golden {
            None => read(task, &name(&args.data), &text, &data)?,
            Some(path) => {
                let golden = files::read_text(path)?;
                read_golden(&name(&args.data), &text, &name(path), &golden, &data)?
            }
        }
    };
    tell_format(&args.data, data.format, data.records_left_out);
    if data.examples.is_empty() {
        return Err(Failure::file(&args.data, "no example in it"));
    }
    let left_out = (!options.kinds.is_empty()).then_some(data.entities_left_out);
    let options = EvalOptions { cancel: signals::cancel(), ..options };
    let bar = progress::bar(data.examples.len() as u64, "examples");
    let mut progress = |done: usize| bar.set_position(done as u64);
    let evaluation = match &head {
        Head::Named(name) => evaluate(&model, name, &data.examples, &options, &mut progress),
        Head::File(file) => evaluate_file(&model, file, &data.examples, &options, &mut progress),
    }?;
    bar.finish_and_clear();
    let line = Line {
        score: &evaluation.score,
        left_out,
        report: match evaluation.score {
            Score::Factoid(_) | Score::YesNo(_) => None,
            Score::Ner(_) | Score::Assertions(_) | Score::Classes(_) | Score::Answers(_) => {
                Some(&evaluation)
            }
        },
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&line)?)?;
    Ok(())
}

/// The output: the score, and the report as trainings have it.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    score: &'a Score,
    /// Entities of kinds that were not to be scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<usize>,
    #[serde(flatten)]
    report: Option<&'a Evaluation>,
}

/// A head of the model, or one by itself.
enum Head {
    Named(String),
    File(HeadFile),
}

impl Head {
    fn spec<'a>(&'a self, model: &'a Model) -> Result<&'a HeadSpec> {
        let name = match self {
            Head::File(file) => return Ok(file.spec()),
            Head::Named(name) => name,
        };
        let mut heads = model.heads();
        heads.find(|(own, _)| own == name).map(|(_, spec)| spec).ok_or_else(|| {
            let names: Vec<&str> = model.heads().map(|(name, _)| name).collect();
            Failure::Message(format!("no head {name}; the model has {}", names.join(", ")))
        })
    }
}

/// The model and the head that `--head` means: a head's directory, a name of the model's, or a model
/// directory with one head for the task.
fn head(args: &EvalArgs, task: Task) -> Result<(Model, Head)> {
    let directory = Path::new(&args.head);
    if directory.join("head.json").is_file() {
        let file = HeadFile::open(directory).map_err(|error| Failure::file(directory, error))?;
        return Ok((models::open(args.model.as_deref(), &args.engine)?, Head::File(file)));
    }
    if args.model.is_some() || !directory.is_dir() {
        let model = models::open(args.model.as_deref(), &args.engine)?;
        return Ok((model, Head::Named(args.head.clone())));
    }
    let model = models::open(Some(&args.head), &args.engine)?;
    let heads = model.heads().filter(|(_, spec)| spec.task() == task);
    let names: Vec<String> = heads.map(|(name, _)| name.to_string()).collect();
    match names.as_slice() {
        [name] => Ok((model, Head::Named(name.clone()))),
        _ => {
            let reason = format!(
                "holds {} heads for this task; name one with --model and --head",
                names.len()
            );
            Err(Failure::file(directory, reason))
        }
    }
}
