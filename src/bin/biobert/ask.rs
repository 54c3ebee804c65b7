//! `biobert ask`: answers from an index, with their sources, or that it holds none.

use std::path::{Path, PathBuf};

use biobert::{Answer, Input, QaOptions, Question, QuestionAnswers, RunOptions, Task, Text};

use crate::args::AskArgs;
use crate::failure::{Failure, Result};
use crate::output::{Answered, Share};
use crate::search::{Index, Wish};
use crate::sink::Shown;
use crate::{models, signals};

pub fn run(mut args: AskArgs) -> Result<()> {
    let model = models::open(args.model.as_deref(), &args.engine)?;
    let model = models::taught(model, &mut args.heads.heads, |task| task == Task::Qa)?;
    let index = Index::open(&args.index, &model)?;
    let unit = args.unit.into();
    let options = RunOptions {
        cancel: Some(signals::cancel()),
        markup: index.markup,
        ..RunOptions::new(unit)
    };
    // All, since those with a low score go before the first are taken.
    let answers = QaOptions { top: usize::MAX, pool: true, ..QaOptions::default() };
    expect_apart(&args)?;
    // Unknown heads are found out, though no passage be worth reading.
    model.qa(&args.heads.heads, &[], &answers, &options)?;
    let mut shown = Shown::open(&args.output, &[], "Answers", Some(&model))?;
    for question in &args.questions {
        let (by, most, least_words) = (args.by.into(), args.passages.get(), args.least_words);
        let found = index.search(&Wish { question, by, most, least_words }, &model, &options)?;
        let words = Share { part: found.share, least: least_words };
        let weights = found.weights();
        let sources = found.passages;
        let inputs: Vec<Input<'_>> = sources.iter().map(|one| one.text.as_str().into()).collect();
        let asked =
            Question { question: question.as_str().into(), passages: &inputs, weights: &weights };
        let mut found = match words.is_enough() {
            true => {
                model.qa(&args.heads.heads, &[asked], &answers, &options)?.documents.remove(0)?
            }
            false => QuestionAnswers::default(),
        };
        found.answers.retain(|answer: &Answer| answer.score >= args.least_score);
        found.answers.truncate(args.top.get());
        let texts = inputs
            .iter()
            .map(|input| Text::new(*input, options.invalid_text))
            .collect::<biobert::Result<Vec<_>>>()?;
        let answered = Answered {
            question,
            passages: &texts,
            sources: &sources,
            words: Some(words),
            unit,
            found: &found,
        };
        shown.output.answers(&answered)?;
    }
    shown.output.finish()?;
    shown.close(Ok(()))
}

/// Refuses output into the index.
fn expect_apart(args: &AskArgs) -> Result<()> {
    let Some(out) = &args.output.out else { return Ok(()) };
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let above = out.parent().filter(|above| !above.as_os_str().is_empty());
    let above = real(above.unwrap_or(Path::new(".")));
    let inside = |path: &PathBuf| real(&args.index).is_some_and(|index| path.starts_with(index));
    match real(out).or(above).filter(inside) {
        Some(_) => Err(Failure::file(out, "this is within the index, which is read")),
        None => Ok(()),
    }
}
