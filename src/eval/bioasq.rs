//! BioASQ's factoid questions, answered as BioBERT does it and measured as BioASQ does (strict and
//! lenient accuracy, mean reciprocal rank; BioASQ/Evaluation-Measures `QuestionAnswerEvaluator`).

use std::collections::BTreeMap;
use std::sync::Arc;

use biobert_kernels::math;
use serde::{Deserialize, Serialize};

use crate::engine::{Cancel, Control};
use crate::error::json_reason;
use crate::error::{Error, Result};
use crate::eval::{percent, rounded};
use crate::heads::Head;
use crate::heads::Kind;
use crate::model::Model;
use crate::tasks::RunOptions;
use crate::tasks::qa::{Asked, Candidate, candidates};
use crate::text::OffsetUnit;

/// A factoid question: a line of a JSONL file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Factoid {
    /// The question.
    pub question: String,
    /// Passages, each of which may answer it.
    pub contexts: Vec<String>,
    /// What counts as the right answer.
    pub gold: Vec<String>,
}

/// Reads a JSONL file.
///
/// # Errors
/// [`Error::Model`] with the number of a line that is no such object.
pub fn parse(file: &str, text: &str) -> Result<Vec<Factoid>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let parse = |(index, line)| {
        serde_json::from_str(line).map_err(|error| {
            Error::model(file, format!("line {}: {}", index + 1, json_reason(&error)))
        })
    };
    lines.map(parse).collect()
}

/// BioASQ's measures of factoid questions, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct FactoidScore {
    /// Questions whose first answer is right.
    pub strict: f64,
    /// Questions with a right answer among the first five.
    pub lenient: f64,
    /// Mean of one over the rank of the first right answer.
    pub mrr: f64,
    /// Questions in the file.
    pub questions: usize,
}

/// Pieces in an answer at most, spans that a passage keeps, answers to a question at most, and
/// characters beyond which an answer is dropped (dmis-lab/biobert `run_qa.py`,
/// `transform_nbset2bioasqform.py`).
const MAX_PIECES: usize = 30;
const KEPT: usize = 20;
const TOP: usize = 5;
const LONGEST: usize = 100;

/// Questions that are handled between two calls of `progress`.
const GROUP: usize = 8;

/// Scores a span head.
///
/// `progress` is told how many questions are done.
///
/// # Errors
/// [`Error::NotFound`] for an unknown head, [`Error::Argument`] for one that gives no spans,
/// [`Error::Cancelled`].
pub fn evaluate_factoid(
    model: &Model,
    head: &str,
    questions: &[Factoid],
    cancel: &Cancel,
    mut progress: impl FnMut(usize),
) -> Result<FactoidScore> {
    let head = model.head(head)?;
    if head.spec.kind != Kind::Span {
        return Err(Error::Argument("the head does not answer with spans".into()));
    }
    let options =
        RunOptions { cancel: Some(cancel.clone()), ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let control = options.control();
    let (mut strict, mut lenient, mut reciprocal, mut done) = (0, 0, 0.0, 0);
    for group in questions.chunks(GROUP) {
        for (factoid, answers) in group.iter().zip(answer(model, head, group, &options, &control)?)
        {
            let gold: Vec<String> = factoid.gold.iter().map(|gold| gold.to_lowercase()).collect();
            if let Some(rank) = answers.iter().position(|answer| gold.contains(answer)) {
                strict += usize::from(rank == 0);
                lenient += 1;
                reciprocal += 1.0 / (rank + 1) as f64;
            }
        }
        done += group.len();
        progress(done);
    }
    let count = questions.len();
    let mrr = if count == 0 { 0.0 } else { rounded(100.0 * reciprocal / count as f64) };
    let (strict, lenient) = (percent(strict, count), percent(lenient, count));
    Ok(FactoidScore { strict, lenient, mrr, questions: count })
}

/// The answers to questions in small letters, the best first.
fn answer(
    model: &Model,
    head: &Arc<Head>,
    questions: &[Factoid],
    options: &RunOptions,
    control: &Control,
) -> Result<Vec<Vec<String>>> {
    let mut asked = Vec::with_capacity(questions.len());
    for factoid in questions {
        let question = factoid.question.as_str().into();
        let passages = factoid.contexts.iter().map(|text| text.as_str().into());
        asked.push(Asked::read(model, question, passages, options, control)??);
    }
    let found = candidates(model, head, &asked.iter().collect::<Vec<_>>(), MAX_PIECES, control)?;
    Ok(asked.iter().zip(found).map(|(asked, found)| pool(asked, found)).collect())
}

/// The candidates of a question as answers: probabilities within each passage, summed over the
/// passages by text.
fn pool(asked: &Asked<'_>, found: Vec<Candidate>) -> Vec<String> {
    let mut by_passage: BTreeMap<usize, Vec<(String, f32)>> = BTreeMap::new();
    for candidate in found {
        let passage = &asked.passages[candidate.passage];
        let (first, last) = candidate.pieces;
        let spans = &passage.pieces.spans;
        let text = &passage.text.as_str()[spans[first].0 as usize..spans[last].1 as usize];
        by_passage.entry(candidate.passage).or_default().push((text.into(), candidate.logits));
    }
    let mut answers: Vec<(String, f32)> = Vec::new();
    for mut spans in by_passage.into_values() {
        spans.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut seen = std::collections::BTreeSet::new();
        spans.retain(|(text, _)| seen.insert(text.clone()));
        spans.truncate(KEPT);
        let largest = spans.first().map_or(0.0, |(_, logits)| *logits);
        let total: f32 = spans.iter().map(|(_, logits)| math::exp(logits - largest)).sum();
        for (text, logits) in spans {
            let text = text.to_lowercase();
            if text.is_empty() || text.chars().count() > LONGEST {
                continue;
            }
            let probability = math::exp(logits - largest) / total;
            match answers.iter_mut().find(|(known, _)| *known == text) {
                Some((_, sum)) => *sum += probability,
                None => answers.push((text, probability)),
            }
        }
    }
    answers.sort_by(|a, b| b.1.total_cmp(&a.1));
    answers.truncate(TOP);
    answers.into_iter().map(|(text, _)| text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_a_bad_one_is_named() {
        let good = r#"{"id":"1","question":"q?","contexts":["a"],"gold":["b"]}"#;
        assert_eq!(parse("f", &format!("{good}\n\n{good}\n")).unwrap().len(), 2);
        let error = parse("f.jsonl", &format!("{good}\n{{}}\n")).unwrap_err().to_string();
        assert!(error.starts_with("f.jsonl: line 2: missing field"), "{error}");
    }
}
