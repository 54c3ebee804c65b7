//! `biobert train`: a head from annotated sentences.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use biobert::eval::conlleval::{self, Sentence};
use biobert::train::{Progress, TrainOptions, train_ner};
use serde::Serialize;

use crate::args::{Learn, TrainArgs};
use crate::failure::{Failure, Result};
use crate::{models, progress};

pub fn run(what: Learn) -> Result<()> {
    match what {
        Learn::Ner(args) => ner(args),
    }
}

/// The last line of the output.
#[derive(Serialize)]
struct Line<'a, Report: Serialize> {
    head: String,
    seconds: f64,
    #[serde(flatten)]
    report: &'a Report,
}

fn ner(args: TrainArgs) -> Result<()> {
    let started = Instant::now();
    let train = read(&args.train)?;
    let dev = args.dev.as_deref().map(read).transpose()?;
    let model = models::open(args.model.as_deref(), &args.engine)?;
    let options = TrainOptions {
        preset: args.preset.into(),
        entity: args.entity,
        seed: args.seed,
        refit: args.refit,
    };
    let cancel = progress::cancel_on_interrupt()?;
    let mut bar = progress::bar(0, "sentences read");
    let mut learning = false;
    let mut show = |progress: Progress| match progress {
        Progress::Reading { done, of } => {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        }
        Progress::Learning { done, of, loss } => {
            if !learning {
                bar.finish_and_clear();
                bar = progress::bar(of as u64, "batches learnt");
                learning = true;
            }
            bar.set_position(done as u64);
            bar.set_message(format!("loss {loss:.3}"));
        }
        Progress::Epoch { epoch, loss, f1 } => bar.suspend(|| {
            let f1 = f1.map_or(String::new(), |f1| format!(", F1 {f1:.2} on what was held out"));
            eprintln!("epoch {epoch}: loss {loss:.4}{f1}");
        }),
    };
    let head = train_ner(&model, &train, dev.as_deref(), &options, &cancel, &mut show)?;
    bar.finish_and_clear();
    head.save(&args.out).map_err(|error| Failure::file(&args.out, error))?;
    let line = Line {
        head: args.out.display().to_string(),
        seconds: (started.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        report: &head.report,
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&line)?)?;
    Ok(())
}

fn read(path: &Path) -> Result<Vec<Sentence>> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(conlleval::parse(&name, &text)?)
}
