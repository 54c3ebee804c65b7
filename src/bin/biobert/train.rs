//! `biobert train`: a head from annotated texts.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use biobert::train::{Progress, Split, TrainOptions, TrainReport, TrainedHead, Trainer};
use biobert::{Error, Task, is_head_name};
use indicatif::ProgressBar;
use serde::Serialize;

use crate::args::{
    HeadKind, Learn, Preset, TrainArgs, TrainClassifyArgs, TrainNerArgs, TrainReArgs,
};
use crate::failure::{Failure, Result, complain, tell_format};
use crate::{models, progress, signals};

pub fn run(what: Learn) -> Result<()> {
    let options = TrainOptions::default();
    match what {
        Learn::Ner(TrainNerArgs { entity, common }) => learn(Task::Ner, common, entity, options),
        Learn::Assertion(common) => learn(Task::Assertion, common, None, options),
        Learn::Re(TrainReArgs { masks, kinds, negative, classes }) => {
            let TrainClassifyArgs { balanced, common } = classes;
            let (masks, kinds) = (two(masks), two(kinds));
            let options = TrainOptions { masks, kinds, negative, balanced, ..options };
            learn(Task::Re, common, None, options)
        }
        Learn::Classify(TrainClassifyArgs { balanced, common }) => {
            learn(Task::Classify, common, None, TrainOptions { balanced, ..options })
        }
        Learn::Qa(common) => learn(Task::Qa, common, None, options),
    }
}

impl From<Preset> for biobert::train::Preset {
    fn from(preset: Preset) -> Self {
        match preset {
            Preset::Fast => biobert::train::Preset::Fast,
            Preset::Best => biobert::train::Preset::Best,
        }
    }
}

impl From<HeadKind> for biobert::train::HeadKind {
    fn from(kind: HeadKind) -> Self {
        match kind {
            HeadKind::Linear => biobert::train::HeadKind::Linear,
            HeadKind::Mix => biobert::train::HeadKind::Mix,
            HeadKind::Mlp => biobert::train::HeadKind::Mlp,
            HeadKind::Lstm => biobert::train::HeadKind::Lstm,
            HeadKind::LstmCrf => biobert::train::HeadKind::LstmCrf,
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

fn learn(task: Task, args: TrainArgs, entity: Option<String>, options: TrainOptions) -> Result<()> {
    let started = Instant::now();
    let name = args.out.file_name().unwrap_or_default().to_string_lossy();
    if !is_head_name(&name) {
        let reason = "the head is called after its directory, and this is not a valid head name: use \
                      up to 64 letters, digits, \"-\", \"_\" and \".\"";
        return Err(Failure::file(&args.out, reason));
    }
    let model = models::open(args.model.as_deref(), &args.engine)?;
    let work = args.out.join("work");
    let options = TrainOptions {
        preset: args.preset.into(),
        head_kind: args.head_kind.map(Into::into),
        seed: args.seed,
        refit: args.refit,
        work: Some(work.clone()),
        licence: args.licence,
        date: args.date,
        ..options
    };
    let mut trainer = Trainer::new(&model, task, args.form.unit.into(), entity, options)?;
    let mut add = |split, path: &Path| {
        // The library's message has the name of the file; what the system says has not.
        std::fs::metadata(path).map_err(|error| Failure::file(path, error))?;
        let added = trainer.add_file(split, path, args.form.input_format)?;
        tell_format(path, added.format, added.records_left_out);
        Ok::<_, Failure>(())
    };
    add(Split::Train, &args.train)?;
    args.dev.as_deref().map_or(Ok(()), |dev| add(Split::Dev, dev))?;
    let new = !args.out.exists();
    std::fs::create_dir_all(&args.out).map_err(|error| Failure::file(&args.out, error))?;
    let trained = fit(&mut trainer).inspect_err(|_| {
        // A directory that was made for nothing goes; one in which something stands stays.
        if new {
            let _ = std::fs::remove_file(work.join("lock"));
            let _ = std::fs::remove_dir(&work);
            let _ = std::fs::remove_dir(&args.out);
        }
    })?;
    if trained.report.held_out == 0 {
        complain("no example is held out, so the scores are empty: give --dev, or more examples");
    }
    trained.head.save(&args.out).map_err(|error| Failure::file(&args.out, error))?;
    let line = Line {
        head: args.out.display().to_string(),
        seconds: (started.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        report: &trained.report,
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&line)?)?;
    Ok(())
}

fn fit(trainer: &mut Trainer) -> Result<&TrainedHead> {
    let cancel = signals::cancel();
    let mut bar: ProgressBar = progress::bar(0, "sequences read");
    let mut learning = false;
    let mut show = |progress: Progress| {
        match progress {
            Progress::Reading { done, of } => {
                bar.set_length(of as u64);
                bar.set_position(done as u64);
            }
            Progress::Resumed { epoch } => bar.println(format!("resuming after epoch {epoch}")),
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
                let f1 =
                    f1.map_or(String::new(), |f1| format!(", F1 {f1:.2} on held-out examples"));
                bar.println(format!("epoch {epoch}: loss {loss:.4}{f1}"));
            }
        }
        ControlFlow::Continue(())
    };
    let trained = trainer.fit(&cancel, &mut show);
    bar.finish_and_clear();
    trained.map_err(|error| match error {
        Error::Busy => Failure::Message("another training is writing this head".into()),
        error => error.into(),
    })
}
