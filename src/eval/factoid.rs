//! BioASQ's factoid questions, answered as BioBERT does it and measured as BioASQ does (strict and
//! lenient accuracy, mean reciprocal rank; BioASQ/Evaluation-Measures `QuestionAnswerEvaluator`).

use std::collections::{BTreeMap, BTreeSet};

use biobert_kernels::math;

use crate::error::Result;
use crate::eval::{
    Evaluation, Evaluator, Example, Factoid, FactoidScore, Score, percent, rounded, wrong,
};
use crate::tasks::qa::{Asked, Candidate, candidates};

/// Pieces in an answer at most, spans that a passage keeps, answers to a question at most, and
/// characters beyond which an answer is dropped (dmis-lab/biobert `run_qa.py`,
/// `transform_nbset2bioasqform.py`).
const MAX_PIECES: usize = 30;
const KEPT: usize = 20;
const TOP: usize = 5;
const LONGEST: usize = 100;

/// Questions that are handled between two calls of `progress`.
const GROUP: usize = 8;

impl Evaluator<'_> {
    /// Measures a head that answers with stretches of passages.
    pub(super) fn factoid(
        &self,
        examples: &[Example],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Evaluation> {
        let (mut strict, mut lenient, mut reciprocal) = (0, 0, 0.0);
        for (number, group) in examples.chunks(GROUP).enumerate() {
            let mut questions = Vec::with_capacity(group.len());
            for (at, example) in group.iter().enumerate() {
                let Example::Factoid(factoid) = example else {
                    return Err(wrong(number * GROUP + at, "it is not a factoid question"));
                };
                questions.push(factoid);
            }
            for (factoid, answers) in questions.iter().zip(self.words(&questions)?) {
                let gold: Vec<String> =
                    factoid.gold.iter().map(|gold| gold.to_lowercase()).collect();
                if let Some(rank) = answers.iter().position(|answer| gold.contains(answer)) {
                    strict += usize::from(rank == 0);
                    lenient += 1;
                    reciprocal += 1.0 / (rank + 1) as f64;
                }
            }
            progress(number * GROUP + group.len());
        }
        let questions = examples.len();
        let mrr = rounded(100.0 * reciprocal / questions.max(1) as f64);
        let (strict, lenient) = (percent(strict, questions), percent(lenient, questions));
        let score = Score::Factoid(FactoidScore { strict, lenient, mrr, questions });
        Ok(score.into())
    }

    /// The answers to questions in small letters, the best first.
    fn words(&self, questions: &[&Factoid]) -> Result<Vec<Vec<String>>> {
        let (model, options, control) = (self.model, &self.options, &self.control);
        let mut asked = Vec::with_capacity(questions.len());
        for factoid in questions {
            let question = factoid.question.as_str().into();
            let passages = factoid.contexts.iter().map(|text| text.as_str().into());
            asked.push(Asked::read(model, question, passages, options, control)??);
        }
        let all = asked.iter().collect::<Vec<_>>();
        let found = candidates(model, &self.head, &all, MAX_PIECES, control)?;
        Ok(asked.iter().zip(found).map(|(asked, found)| pool(asked, found)).collect())
    }
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
        let mut seen = BTreeSet::new();
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
