//! `biobert train`: a head from annotated sentences.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use biobert::eval::conlleval;
use biobert::train::{Annotated, Progress, TrainOptions, parse_jsonl, train_ner};
use serde::Serialize;

use crate::args::{Learn, TrainArgs, Unit};
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
    let read = |path: &Path| read(path, args.entity.as_deref(), args.unit);
    let train = read(&args.train)?;
    let dev = args.dev.as_deref().map(read).transpose()?;
    let model = models::open(args.model.as_deref(), &args.engine)?;
    let options = TrainOptions { preset: args.preset.into(), seed: args.seed, refit: args.refit };
    let cancel = progress::cancel_on_interrupt()?;
    let mut bar = progress::bar(0, "sequences read");
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
        Progress::Epoch { epoch, loss, f1 } => {
            let f1 = f1.map_or(String::new(), |f1| format!(", F1 {f1:.2} on what was held out"));
            bar.println(format!("epoch {epoch}: loss {loss:.4}{f1}"));
        }
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

/// Texts from a file of JSON lines if its name says so, else of words and tags.
fn read(path: &Path, entity: Option<&str>, unit: Unit) -> Result<Vec<Annotated>> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if path.extension().is_some_and(|extension| extension == "jsonl" || extension == "json") {
        return Ok(parse_jsonl(&name, &text, unit.into())?);
    }
    let sentences = conlleval::parse(&name, &text)?;
    let entity = entity.unwrap_or("Entity");
    Ok(sentences.iter().map(|sentence| Annotated::from_tags(sentence, entity)).collect())
}
