//! Passages that answer a question together, as BioBERT pools the snippets of a BioASQ question
//! (dmis-lab/biobert `run_qa.py`, `transform_nbset2bioasqform.py`): each passage spreads one
//! probability over its best answers, and equal answers add up. Here the answers are mended first,
//! variants are equal, and the probabilities are flatter.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::math;

use crate::heads::Head;
use crate::tasks::RunOptions;
use crate::tasks::qa::mend::Mender;
use crate::tasks::qa::variant::key;
use crate::tasks::qa::{Answer, Asked, Candidate, QaOptions, whole_words};

/// Answers that a passage keeps, and characters beyond which one is dropped, as in BioBERT's code.
const KEPT: usize = 20;
const LONGEST: usize = 100;

/// What logits are divided by: as it is, the best answer of a passage leaves the others next to
/// nothing, and what several passages say counts less than what one is sure of. Chosen on other
/// questions than those that docs/questions.md reports as unseen.
const TEMPERATURE: f32 = 3.0;

/// An answer that passages gave.
pub(crate) struct PooledAnswer {
    pub(crate) passage: usize,
    pub(crate) bytes: Range<usize>,
    pub(crate) probability: f32,
    score: f32,
    head: Arc<str>,
}

impl PooledAnswer {
    /// The words of the answer.
    pub(crate) fn text<'a>(&self, asked: &'a Asked<'_>) -> &'a str {
        &asked.passages[self.passage].text.as_str()[self.bytes.clone()]
    }

    pub(super) fn place(self, asked: &Asked<'_>, options: &RunOptions) -> Answer {
        let text = &asked.passages[self.passage].text;
        let Range { start, end } = text.offsets(options.unit).range(self.bytes);
        Answer {
            passage: self.passage,
            start,
            end,
            score: self.score,
            head: self.head,
            probability: Some(self.probability),
        }
    }
}

/// An answer as a head finds it.
type Found<'a> = (&'a Arc<Head>, Candidate);

/// An answer that a head finds in a passage, mended.
struct Mention<'a> {
    head: &'a Arc<Head>,
    candidate: Candidate,
    bytes: Range<usize>,
    text: String,
}

/// The ways in which passages write one answer.
#[derive(Default)]
struct Variants {
    probability: f32,
    /// By text, whatever its capitals.
    texts: BTreeMap<String, Variant>,
}

struct Variant {
    probability: f32,
    best: PooledAnswer,
}

/// The answers to a question, the most probable first.
pub(crate) fn pool(
    asked: &Asked<'_>,
    found: Vec<Found<'_>>,
    options: &QaOptions,
) -> Vec<PooledAnswer> {
    let heads: BTreeSet<&str> = found.iter().map(|(head, _)| &*head.name).collect();
    let counts = |passage: usize| asked.weights.get(passage).copied().unwrap_or(1.0);
    let ballots = heads.len() as f32 * (0..asked.passages.len()).map(counts).sum::<f32>();
    let mut by_passage: BTreeMap<(usize, &str), Vec<Found<'_>>> = BTreeMap::new();
    for (head, candidate) in found {
        by_passage.entry((candidate.passage, &head.name)).or_default().push((head, candidate));
    }
    let mut answers: BTreeMap<String, Variants> = BTreeMap::new();
    for ((passage, _), found) in by_passage {
        let kept = kept(asked, passage, found);
        let largest = kept.first().map_or(0.0, |(_, mention)| mention.candidate.logits);
        let weight =
            |mention: &Mention<'_>| math::exp((mention.candidate.logits - largest) / TEMPERATURE);
        let total: f32 = kept.iter().map(|(_, mention)| weight(mention)).sum();
        for (key, mention) in kept {
            let probability = weight(&mention) / total * counts(passage) / ballots;
            answers.entry(key).or_default().add(mention, probability);
        }
    }
    let mut answers: Vec<PooledAnswer> =
        answers.into_values().filter_map(Variants::answer).collect();
    let place = |answer: &PooledAnswer| (answer.passage, answer.bytes.start, answer.bytes.end);
    answers.sort_by(|a, b| {
        b.probability.total_cmp(&a.probability).then_with(|| place(a).cmp(&place(b)))
    });
    let least = options.threshold * answers.first().map_or(0.0, |best| best.probability);
    answers.retain(|answer| answer.probability >= least);
    answers.truncate(options.top);
    answers
}

/// What a passage keeps: the best answers, mended, each once, with what its variants share.
fn kept<'a>(
    asked: &Asked<'_>,
    passage: usize,
    mut found: Vec<Found<'a>>,
) -> Vec<(String, Mention<'a>)> {
    found.sort_by(|(_, a), (_, b)| b.logits.total_cmp(&a.logits));
    let passage = &asked.passages[passage];
    let text = passage.text.as_str();
    let mender = Mender::new(text);
    let mut keys = BTreeSet::new();
    let mut kept = Vec::new();
    for (head, candidate) in found {
        if kept.len() == KEPT {
            break;
        }
        let bytes = mender.mend(whole_words(passage, candidate.pieces));
        let words = &text[bytes.clone()];
        if words.is_empty() || words.chars().count() > LONGEST {
            continue;
        }
        let key = key(words);
        if keys.insert(key.clone()) {
            kept.push((key, Mention { head, candidate, bytes, text: words.to_lowercase() }));
        }
    }
    kept
}

impl Variants {
    fn add(&mut self, mention: Mention<'_>, probability: f32) {
        self.probability += probability;
        let Mention { head, candidate, bytes, text } = mention;
        let (passage, score, head) = (candidate.passage, candidate.score(), head.name.clone());
        let answer = PooledAnswer { passage, bytes, probability: 0.0, score, head };
        match self.texts.get_mut(&text) {
            None => drop(self.texts.insert(text, Variant { probability, best: answer })),
            Some(variant) => {
                variant.probability += probability;
                if variant.best.score < score {
                    variant.best = answer;
                }
            }
        }
    }

    /// The most probable variant at its best mention, with the probability of all.
    fn answer(self) -> Option<PooledAnswer> {
        let likelier = |one: Variant, other: Variant| {
            if one.probability < other.probability { other } else { one }
        };
        let best = self.texts.into_values().reduce(likelier)?.best;
        Some(PooledAnswer { probability: self.probability, ..best })
    }
}
