//! Answers as BioBERT's scripts pool them (dmis-lab/biobert `run_qa.py`,
//! `transform_nbset2bioasqform.py`): to compare with.

use std::collections::{BTreeMap, BTreeSet};

use biobert_kernels::math;

use crate::tasks::qa::{Asked, Candidate};

/// Spans that a passage keeps, answers to a question at most, and characters beyond which an answer is
/// dropped.
const KEPT: usize = 20;
const TOP: usize = 5;
const LONGEST: usize = 100;

/// The candidates of a question as answers: probabilities within each passage, summed over the
/// passages by text.
pub(super) fn pool(asked: &Asked<'_>, found: Vec<Candidate>) -> Vec<String> {
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
