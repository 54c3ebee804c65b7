//! `biobert train`: a head from annotated texts.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use biobert::train::{
    DataOptions, Example, Progress, TrainOptions, TrainReport, masks, parse, train,
};
use biobert::{Cancel, Model, Task};
use indicatif::ProgressBar;
use serde::Serialize;

use crate::args::{Learn, TrainArgs, TrainClassifyArgs, TrainNerArgs, TrainReArgs};
use crate::failure::{Failure, Result};
use crate::{models, progress};

pub fn run(what: Learn) -> Result<()> {
    let options = TrainOptions::default();
    match what {
        Learn::Ner(TrainNerArgs { entity, common }) => {
            let data = DataOptions { entity, ..DataOptions::new(common.unit.into()) };
            learn(Task::Ner, common, data, options)
        }
        Learn::Re(TrainReArgs { masks, kinds, negative, classes }) => {
            let TrainClassifyArgs { balanced, common } = classes;
            let data = DataOptions { masks: two(masks), ..DataOptions::new(common.unit.into()) };
            let options = TrainOptions { kinds: two(kinds), negative, balanced, ..options };
            learn(Task::Re, common, data, options)
        }
        Learn::Classify(TrainClassifyArgs { balanced, common }) => {
            let data = DataOptions::new(common.unit.into());
            learn(Task::Classify, common, data, TrainOptions { balanced, ..options })
        }
        Learn::Qa(common) => {
            let data = DataOptions::new(common.unit.into());
            learn(Task::Qa, common, data, options)
        }
    }
}

/// The two values of an option that has two.
fn two(values: Option<Vec<String>>) -> Option<[String; 2]> {
    values?.try_into().ok()
}

/// The last line of the output.
#[derive(Serialize)]
struct Line<'a> {
    head: String,
    seconds: f64,
    #[serde(flatten)]
    report: &'a TrainReport,
}

fn learn(task: Task, args: TrainArgs, data: DataOptions, options: TrainOptions) -> Result<()> {
    let started = Instant::now();
    let (learnt, dev, masks) = read(task, &args, data)?;
    let model = models::open(args.model.as_deref(), &args.engine)?;
    let options = TrainOptions {
        preset: args.preset.into(),
        head_kind: args.head_kind.map(Into::into),
        seed: args.seed,
        refit: args.refit,
        masks,
        work: Some(args.out.join("work")),
        licence: args.licence,
        date: args.date,
        ..options
    };
    let new = !args.out.exists();
    let trained = fit(&model, task, &learnt, dev.as_deref(), &options).inspect_err(|_| {
        // A directory that was made for nothing goes; one in which something stands stays.
        if new {
            let _ = std::fs::remove_dir(args.out.join("work"));
            let _ = std::fs::remove_dir(&args.out);
        }
    })?;
    trained.head.save(&args.out).map_err(|error| Failure::file(&args.out, error))?;
    let line = Line {
        head: args.out.display().to_string(),
        seconds: (started.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        report: &trained.report,
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&line)?)?;
    Ok(())
}

/// The examples to learn from, those to choose the epoch by, and the masks of pairs.
#[expect(clippy::type_complexity, reason = "three things that are read together")]
fn read(
    task: Task,
    args: &TrainArgs,
    mut data: DataOptions,
) -> Result<(Vec<Example>, Option<Vec<Example>>, Option<[String; 2]>)> {
    let open = |path: &Path| {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok::<_, Failure>((name, text))
    };
    let (name, text) = open(&args.train)?;
    if task == Task::Re && data.masks.is_none() {
        data.masks = Some(masks(&name, &text)?);
    }
    let learnt = parse(task, &name, &text, &data)?;
    if matches!(task, Task::Re | Task::Classify) {
        let labels: BTreeSet<&str> = learnt.iter().filter_map(Example::label).collect();
        data.labels = Some(labels.into_iter().map(String::from).collect());
    }
    let dev = args.dev.as_deref().map(|path| {
        let (name, text) = open(path)?;
        Ok::<_, Failure>(parse(task, &name, &text, &data)?)
    });
    Ok((learnt, dev.transpose()?, data.masks))
}

fn fit(
    model: &Model,
    task: Task,
    learnt: &[Example],
    dev: Option<&[Example]>,
    options: &TrainOptions,
) -> Result<biobert::train::TrainedHead> {
    let cancel: Cancel = progress::cancel_on_interrupt()?;
    let mut bar: ProgressBar = progress::bar(0, "sequences read");
    let mut learning = false;
    let mut show = |progress: Progress| match progress {
        Progress::Reading { done, of } => {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
        Progress::Resumed { epoch } => bar.println(format!("going on behind epoch {epoch}")),
        Progress::Learning { done, of, loss, .. } => {
            if !learning || done == 1 {
                bar.finish_and_clear();
                bar = progress::bar(of as u64, "batches learnt");
                learning = true;
            }
            bar.set_position(done as u64);
            bar.set_message(format!("loss {loss:.3}"));
        }
        Progress::Epoch { epoch, loss, f1 } => {
            let f1 = f1.map_or(String::new(), |f1| format!(", F1 {f1:.2} on what was held out"));
            bar.println(format!("epoch {epoch}: loss {loss:.4}{f1}"));
        }
    };
    let trained = train(model, task, learnt, dev, options, &cancel, &mut show)?;
    bar.finish_and_clear();
    Ok(trained)
}
