//! `biobert eval re --level document`: relations between codes that documents state as a whole.

use std::io::Write;

use biobert::eval::{EvalOptions, PairScore, evaluate_documents};

use super::{Head, head};
use crate::args::EvalArgs;
use crate::failure::Result;
use crate::{progress, signals, terminologies};

pub fn run(args: EvalArgs, terms: &[String]) -> Result<()> {
    let (model, head) = head(&args, biobert::Task::Re)?;
    let (model, name) = match head {
        Head::Named(name) => (model, name),
        Head::File(file) => (model.with_head(&file, None)?, file.name().to_string()),
    };
    let linker = terminologies::linker_if_any(terms, false)?;
    let documents = crate::learn::annotated(&args.data, &args.form)?;
    let options = EvalOptions { cancel: signals::cancel(), ..EvalOptions::default() };
    let bar = progress::bar(documents.len() as u64, "documents");
    let mut progress = |done: usize| bar.set_position(done as u64);
    let linker = linker.as_ref();
    let evaluation =
        evaluate_documents(&model, &name, &documents, linker, &options, &mut progress)?;
    bar.finish_and_clear();
    let mut out = std::io::stdout();
    let row = |name: &str, of: fn(&PairScore) -> f64| {
        let raw = evaluation.raw.as_ref().map(|raw| format!("  {:>10.2}", of(raw)));
        format!("{name:<9}  {:>13.2}{}", of(&evaluation.gold), raw.unwrap_or_default())
    };
    let raw = if evaluation.raw.is_some() { "    raw text" } else { "" };
    writeln!(out, "{:<9}  {:>13}{raw}", "", "gold entities")?;
    writeln!(out, "{}", row("precision", |score| score.precision))?;
    writeln!(out, "{}", row("recall", |score| score.recall))?;
    writeln!(out, "{}", row("F1", |score| score.f1))?;
    writeln!(out, "{}", serde_json::to_string(&evaluation)?)?;
    Ok(())
}
