//! `biobert eval terms`: the codes that indices of names give.

use std::collections::BTreeMap;
use std::io::Write;

use biobert::document::Document;
use biobert::eval::{EvalOptions, LinkScore, PairScore, link_scores, raw_link_scores};
use biobert::terms::Linker;
use biobert::{Model, Task};
use serde::Serialize;

use crate::args::EvalTermsArgs;
use crate::failure::{Result, complain};
use crate::{models, progress, signals, terminologies};

/// What is known of a kind of entity.
#[derive(Serialize)]
struct Scores {
    #[serde(flatten)]
    placed: LinkScore,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<PairScore>,
}

pub fn run(args: EvalTermsArgs) -> Result<()> {
    let linker = terminologies::linker(&args.terms, args.near)?;
    let documents = crate::learn::annotated(&args.data, &args.form.form())?;
    let open = || models::open(args.model.as_deref(), &args.engine);
    let model = (args.raw || args.near).then(open).transpose()?;
    let placed = link_scores(&documents, &linker, model.as_ref())?;
    let mut raw = match model.filter(|_| args.raw) {
        Some(model) => raw_scores(model, args.heads.heads, &documents, &linker)?,
        None => BTreeMap::new(),
    };
    for (kind, raw) in &raw {
        if raw.gold > 0 && raw.predicted == 0 {
            complain(&format!(
                "no entity of kind {kind} was found with a code: do the heads (--heads) find that kind, by that name?"
            ));
        }
    }
    let scores = placed.into_iter().map(|(kind, placed)| {
        let raw = raw.remove(&kind);
        (kind, Scores { placed, raw })
    });
    let scores: BTreeMap<String, Scores> = scores.collect();
    let mut out = std::io::stdout().lock();
    print(&mut out, &scores)?;
    writeln!(out, "{}", serde_json::to_string(&scores)?)?;
    Ok(())
}

/// The same from the text alone.
fn raw_scores(
    model: Model,
    mut heads: Vec<String>,
    documents: &[Document],
    linker: &Linker,
) -> Result<BTreeMap<String, PairScore>> {
    let model = models::taught(model, &mut heads, |task| task == Task::Ner)?;
    let options = EvalOptions { cancel: signals::cancel(), ..EvalOptions::default() };
    let bar = progress::bar(documents.len() as u64, "documents");
    let mut progress = |done: usize| bar.set_position(done as u64);
    let scores = raw_link_scores(&model, &heads, documents, linker, &options, &mut progress)?;
    bar.finish_and_clear();
    Ok(scores)
}

/// A line for each kind.
fn print(out: &mut impl Write, scores: &BTreeMap<String, Scores>) -> Result<()> {
    let width = scores.keys().map(|kind| kind.chars().count()).max().unwrap_or_default();
    let raw = if scores.values().any(|score| score.raw.is_some()) {
        "  raw precision  raw recall  raw F1"
    } else {
        ""
    };
    writeln!(out, "{:width$}  mentions  right  given  accuracy  precision{raw}", "")?;
    for (kind, Scores { placed, raw }) in scores {
        let LinkScore { mentions, right, given, accuracy, precision } = placed;
        let raw = raw.map_or_else(String::new, |raw| {
            format!("  {:>13.2}  {:>10.2}  {:>6.2}", raw.precision, raw.recall, raw.f1)
        });
        let numbers = format!("{mentions:>8}  {right:>5}  {given:>5}  {accuracy:>8.2}");
        writeln!(out, "{kind:width$}  {numbers}  {precision:>9.2}{raw}")?;
    }
    Ok(())
}
