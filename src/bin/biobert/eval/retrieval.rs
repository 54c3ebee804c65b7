//! `biobert eval retrieval`: how often the passages that answer a question are found among all.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use biobert::eval::{DataOptions, Example, read};
use biobert::{Input, OffsetUnit, RunOptions, Task, Text};
use serde::Serialize;

use crate::args::EvalRetrievalArgs;
use crate::failure::{Failure, Result};
use crate::search::{Builder, By, Index, Wish, passages};
use crate::{files, models, progress, signals};

/// How many passages are looked at.
const DEPTHS: [usize; 3] = [1, 5, 10];

/// The output, in percent.
#[derive(Default, Serialize)]
struct Scores {
    questions: usize,
    documents: usize,
    passages: usize,
    words: BTreeMap<String, Score>,
    vectors: BTreeMap<String, Score>,
    both: BTreeMap<String, Score>,
}

#[derive(Serialize)]
struct Score {
    /// Questions of which at least one document is found.
    hit: f64,
    /// Of a question's documents, how many are found; the mean over the questions.
    recall: f64,
}

pub fn run(args: &EvalRetrievalArgs) -> Result<()> {
    let model = models::open(args.model.as_deref(), &args.engine)?;
    let options = RunOptions {
        cancel: Some(signals::cancel()),
        ..RunOptions::new(OffsetUnit::UnicodeScalars)
    };
    let mut documents: BTreeMap<String, usize> = BTreeMap::new();
    let mut asked: Vec<(String, BTreeSet<usize>)> = Vec::new();
    for path in &args.data {
        let text = files::read_text(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let data = read(Task::Qa, &name, &text, &DataOptions::new(OffsetUnit::UnicodeScalars))?;
        for example in data.examples {
            let Example::Factoid(question) = example else {
                return Err(Failure::file(path, "it has no questions with passages"));
            };
            let mut number = |passage: &String| {
                let next = documents.len();
                *documents.entry(passage.clone()).or_insert(next)
            };
            let own = question.passages().iter().map(&mut number).collect();
            asked.push((question.question().into(), own));
        }
    }
    let directory = tempfile::tempdir()?;
    let mut builder = Builder::new(directory.path(), Some(&model), &options)?;
    let bar = progress::bar(documents.len() as u64, "documents");
    for (document, number) in &documents {
        let inputs = [Input::from(document.as_str())];
        let found = model.engine().sentences(&inputs, &options)?.documents.remove(0)?;
        let text = Text::new(inputs[0], options.invalid_text)?;
        builder.add(&passages(&number.to_string(), &text, &found.sentences))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let (documents, passages) = builder.finish()?;
    let index = Index::open(directory.path(), &model)?;
    let mut scores = Scores { questions: asked.len(), documents, passages, ..Scores::default() };
    for (by, into) in [
        (By::Words, &mut scores.words),
        (By::Vectors, &mut scores.vectors),
        (By::Both, &mut scores.both),
    ] {
        let mut sums = [(0.0, 0.0); DEPTHS.len()];
        for (question, own) in &asked {
            let most = DEPTHS[DEPTHS.len() - 1];
            let wish = Wish { question, by, most, least_words: 0.0 };
            let found = index.search(&wish, &model, &options)?.passages;
            let found: Vec<usize> =
                found.iter().filter_map(|passage| passage.document.parse().ok()).collect();
            for (depth, (hit, recall)) in DEPTHS.iter().zip(&mut sums) {
                let seen: BTreeSet<usize> = found.iter().take(*depth).copied().collect();
                let right = seen.intersection(own).count();
                *hit += f64::from(right > 0);
                *recall += right as f64 / own.len().max(1) as f64;
            }
        }
        let mean = |sum: f64| (10_000.0 * sum / asked.len().max(1) as f64).round() / 100.0;
        let score = |(hit, recall)| Score { hit: mean(hit), recall: mean(recall) };
        let named = DEPTHS.iter().zip(sums).map(|(depth, sums)| (depth.to_string(), score(sums)));
        into.extend(named);
    }
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&scores)?)?;
    Ok(())
}
