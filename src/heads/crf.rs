//! A conditional random field over the labels of a sequence of words or tokens (Lafferty, McCallum & Pereira
//! 2001): a label costs what its word says of it and what the label before says of it.

use std::sync::Arc;

use biobert_kernels::math;

use crate::error::Result;
use crate::heads::linear::largest;
use crate::state_dict::StateDict;
use crate::tag::Tag;

/// The score of what cannot follow: as good as never.
const NEVER: f32 = -1e4;
/// How far below the best a label of a word counts; what is less likely is as likely as this.
const RANGE: f32 = 80.0;

/// Transitions between `labels` labels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Crf {
    /// From the first label of a row to that of the column, `[labels, labels]`.
    pub(crate) transitions: Vec<f32>,
    /// For the first word's label, `[labels]`.
    pub(crate) start: Vec<f32>,
    /// For the last one's, `[labels]`; empty where nothing is said of it.
    pub(crate) end: Vec<f32>,
}

/// Which labels can follow which, `[labels, labels]`, and which can stand first, `[labels]`: the inside
/// of an entity follows its beginning or its inside only.
pub(crate) fn allowed(tags: &[Tag]) -> (Vec<bool>, Vec<bool>) {
    let begins =
        |kind: &Arc<str>| tags.iter().any(|tag| matches!(tag, Tag::Begin(other) if other == kind));
    let follows = |from: Option<&Tag>, to: &Tag| match (from, to) {
        (Some(Tag::Begin(from) | Tag::Inside(from)), Tag::Inside(to)) => from == to || !begins(to),
        (_, Tag::Inside(to)) => !begins(to),
        _ => true,
    };
    let pairs = tags.iter().flat_map(|from| tags.iter().map(move |to| (from, to)));
    let transitions = pairs.map(|(from, to)| follows(Some(from), to)).collect();
    (transitions, tags.iter().map(|tag| follows(None, tag)).collect())
}

/// A label of a word, as an index, with its probability.
pub(crate) type Labelled = (usize, f32);

impl Crf {
    /// `crf.transitions [labels, labels]` and `crf.start [labels]`.
    pub(crate) fn read(dict: &dyn StateDict, tags: &[Tag]) -> Result<Crf> {
        let labels = tags.len();
        let mut crf = Crf {
            transitions: dict.f32("crf.transitions", &[labels, labels])?,
            start: dict.f32("crf.start", &[labels])?,
            end: Vec::new(),
        };
        crf.constrain(tags);
        Ok(crf)
    }

    /// That of a head of tokens: as [`read`](Crf::read) with `crf.end [labels]`, and nothing is ruled out.
    pub(crate) fn read_of_tokens(dict: &dyn StateDict, labels: usize) -> Result<Crf> {
        Ok(Crf {
            transitions: dict.f32("crf.transitions", &[labels, labels])?,
            start: dict.f32("crf.start", &[labels])?,
            end: dict.f32("crf.end", &[labels])?,
        })
    }

    /// The best labels of a sequence's words, each with its own probability.
    pub(crate) fn label(&self, emissions: &[f32], temperature: f32) -> Vec<Labelled> {
        let probabilities = self.marginals(emissions, temperature);
        let rows = probabilities.chunks_exact(self.start.len());
        // Where everything is ruled out, nothing is probable.
        let own = |row: &[f32], label: usize| if row[label].is_finite() { row[label] } else { 0.0 };
        let labels = self.best(emissions).into_iter().zip(rows);
        labels.map(|(label, row)| (label, own(row, label))).collect()
    }

    /// Makes what cannot be as unlikely as anything.
    pub(crate) fn constrain(&mut self, tags: &[Tag]) {
        let (transitions, start) = allowed(tags);
        let pairs = self.transitions.iter_mut().zip(transitions);
        for (score, allowed) in pairs.chain(self.start.iter_mut().zip(start)) {
            if !allowed {
                *score = NEVER;
            }
        }
    }

    /// The best sequence of labels (Viterbi). `emissions` is `[words, labels]`.
    pub(crate) fn best(&self, emissions: &[f32]) -> Vec<usize> {
        let count = self.start.len();
        let mut from = Vec::with_capacity(emissions.len());
        let mut scores: Vec<f32> = Vec::new();
        for row in emissions.chunks_exact(count) {
            if scores.is_empty() {
                scores =
                    row.iter().zip(&self.start).map(|(emission, start)| emission + start).collect();
                continue;
            }
            let mut next = Vec::with_capacity(count);
            for (to, emission) in row.iter().enumerate() {
                let step = |from: usize| scores[from] + self.transitions[from * count + to];
                // The first of equals, as everywhere.
                let best = (1..count)
                    .fold(0, |best, from| if step(from) > step(best) { from } else { best });
                from.push(best);
                next.push(step(best) + emission);
            }
            scores = next;
        }
        if scores.is_empty() {
            return Vec::new();
        }
        scores.iter_mut().zip(&self.end).for_each(|(score, end)| *score += end);
        let mut labels = vec![largest(&scores)];
        for row in from.chunks_exact(count).rev() {
            labels.push(row[labels[labels.len() - 1]]);
        }
        labels.reverse();
        labels
    }

    /// Probabilities of each word's labels, `[words, labels]`, with all scores divided by `temperature`.
    pub(crate) fn marginals(&self, emissions: &[f32], temperature: f32) -> Vec<f32> {
        let lattice = Lattice::new(self, emissions, temperature);
        lattice.marginals().map(|value| value as f32).collect()
    }
}

/// Forward and backward sums of a sequence (Rabiner 1989, scaled), in f64: no logarithms, and the same
/// bits on every processor.
pub(crate) struct Lattice {
    count: usize,
    /// Each word's `exp(emission - best)`.
    emissions: Vec<f64>,
    transitions: Vec<f64>,
    /// Sums over all that comes before, each word's scaled to 1.
    forward: Vec<f64>,
    /// Sums over all that comes after, so scaled that with `forward` they are probabilities.
    backward: Vec<f64>,
    /// What `forward` was divided by.
    scales: Vec<f64>,
    /// What the sum over the ends was.
    ending: f64,
    /// What was taken off each word's emissions.
    best: Vec<f32>,
}

impl Lattice {
    pub(crate) fn new(crf: &Crf, emissions: &[f32], temperature: f32) -> Lattice {
        let count = crf.start.len();
        let words = emissions.len() / count;
        let exp = |score: f32| f64::from(math::exp((score / temperature).clamp(-RANGE, RANGE)));
        let allowed = |score: f32| if score <= NEVER { 0.0 } else { exp(score) };
        let transitions: Vec<f64> = crf.transitions.iter().map(|&score| allowed(score)).collect();
        let rows = || emissions.chunks_exact(count);
        let best: Vec<f32> =
            rows().map(|row| row.iter().copied().fold(f32::MIN, f32::max)).collect();
        let emissions: Vec<f64> = rows()
            .zip(&best)
            .flat_map(|(row, best)| row.iter().map(move |emission| exp(emission - best)))
            .collect();

        let mut forward = vec![0.0; emissions.len()];
        let mut scales = vec![0.0; words];
        for word in 0..words {
            let (before, here) = forward.split_at_mut(word * count);
            let here = &mut here[..count];
            for (to, sum) in here.iter_mut().enumerate() {
                *sum = if word == 0 {
                    allowed(crf.start[to])
                } else {
                    let before = &before[(word - 1) * count..];
                    (0..count).map(|from| before[from] * transitions[from * count + to]).sum()
                };
                *sum *= emissions[word * count + to];
            }
            scales[word] = here.iter().sum();
            here.iter_mut().for_each(|sum| *sum /= scales[word]);
        }
        let mut backward = vec![1.0; emissions.len()];
        // What the last word's labels lead to, so scaled that with `forward` they are probabilities.
        let mut ending = 1.0;
        if let Some(last) = words.checked_sub(1).filter(|_| !crf.end.is_empty()) {
            let ends = &mut backward[last * count..];
            ends.iter_mut().zip(&crf.end).for_each(|(sum, &end)| *sum = allowed(end));
            ending = forward[last * count..].iter().zip(&*ends).map(|(f, b)| f * b).sum();
            ends.iter_mut().for_each(|sum| *sum /= ending);
        }
        for word in (1..words).rev() {
            let (before, here) = backward.split_at_mut(word * count);
            for (from, sum) in before[(word - 1) * count..].iter_mut().enumerate() {
                let step = |to: usize| {
                    transitions[from * count + to] * emissions[word * count + to] * here[to]
                };
                *sum = (0..count).map(step).sum::<f64>() / scales[word];
            }
        }
        Lattice { count, emissions, transitions, forward, backward, scales, ending, best }
    }

    /// Probabilities of each word's labels.
    pub(crate) fn marginals(&self) -> impl Iterator<Item = f64> {
        self.forward.iter().zip(&self.backward).map(|(forward, backward)| forward * backward)
    }

    /// Probability that `to` follows `from` at a word, which is not the first.
    pub(crate) fn step(&self, word: usize, from: usize, to: usize) -> f64 {
        let count = self.count;
        self.forward[(word - 1) * count + from]
            * self.transitions[from * count + to]
            * self.emissions[word * count + to]
            * self.backward[word * count + to]
            / self.scales[word]
    }

    /// The logarithm of the sum over all sequences of labels.
    pub(crate) fn log_sum(&self) -> f64 {
        let words = self.scales.iter().zip(&self.best);
        words.map(|(scale, &best)| scale.ln() + f64::from(best)).sum::<f64>() + self.ending.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags() -> Vec<Tag> {
        ["B", "I", "O"].iter().map(|label| Tag::parse(label, &"X".into())).collect()
    }

    fn crf() -> Crf {
        let mut crf = Crf {
            transitions: vec![0.1, 0.9, -0.3, 0.2, 0.4, 0.0, 0.5, 7.0, 0.6],
            start: vec![0.3, 7.0, -0.2],
            end: Vec::new(),
        };
        crf.constrain(&tags());
        crf
    }

    const EMISSIONS: [f32; 12] = [0.3, 2.0, 0.1, -0.5, 1.5, 0.2, 0.0, 0.7, 0.4, 1.0, 3.0, 0.9];

    /// Every sequence of labels and its score.
    fn all(crf: &Crf) -> Vec<(Vec<usize>, f64)> {
        let sequences = (0..81).map(|n| vec![n / 27, n / 9 % 3, n / 3 % 3, n % 3]);
        let scored = sequences.map(|labels| {
            let mut score = crf.start[labels[0]] + EMISSIONS[labels[0]];
            for word in 1..4 {
                score += crf.transitions[labels[word - 1] * 3 + labels[word]];
                score += EMISSIONS[word * 3 + labels[word]];
            }
            score += crf.end.get(labels[3]).unwrap_or(&0.0);
            (labels, f64::from(score))
        });
        scored.collect()
    }

    #[test]
    fn what_is_best_and_how_probable_is_as_over_all_sequences() {
        agrees_with_all_sequences(crf());
        agrees_with_all_sequences(Crf { end: vec![-2.0, 0.5, 1.5], ..crf() });
    }

    fn agrees_with_all_sequences(crf: Crf) {
        let all = all(&crf);
        let best = all.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert_eq!(crf.best(&EMISSIONS), best.0);
        let sum: f64 = all.iter().map(|(_, score)| score.exp()).sum();
        let lattice = Lattice::new(&crf, &EMISSIONS, 1.0);
        assert!((lattice.log_sum() - sum.ln()).abs() < 1e-6, "{} {}", lattice.log_sum(), sum.ln());
        let probability = |fits: &dyn Fn(&[usize]) -> bool| {
            let fitting = all.iter().filter(|(labels, _)| fits(labels));
            fitting.map(|(_, score)| score.exp()).sum::<f64>() / sum
        };
        let marginals = crf.marginals(&EMISSIONS, 1.0);
        for word in 0..4 {
            for label in 0..3 {
                let want = probability(&|labels| labels[word] == label);
                assert!((f64::from(marginals[word * 3 + label]) - want).abs() < 1e-6);
                for from in 0..3 * usize::from(word > 0) {
                    let want = probability(&|l| l[word] == label && l[word - 1] == from);
                    assert!((lattice.step(word, from, label) - want).abs() < 1e-6);
                }
            }
        }
    }

    /// Cases with the choices of pytorch-crf, with which TorchCRF agreed (`tests/fixtures/make_forms.py`).
    #[test]
    fn random_fields_are_as_the_packages_have_them() {
        #[derive(serde::Deserialize)]
        struct Case {
            emissions: Vec<f32>,
            transitions: Vec<f32>,
            start: Vec<f32>,
            end: Vec<f32>,
            best: Vec<usize>,
            log_likelihood: f64,
        }
        let cases = include_str!("../../tests/fixtures/crf.json");
        let cases: Vec<Case> = serde_json::from_str(cases).unwrap();
        assert!(cases.len() > 10);
        for Case { emissions, transitions, start, end, best, log_likelihood } in cases {
            let crf = Crf { transitions, start, end };
            assert_eq!(crf.best(&emissions), best);
            let count = crf.start.len();
            let mut score = crf.start[best[0]] + crf.end[best[best.len() - 1]];
            score += best
                .iter()
                .enumerate()
                .map(|(at, label)| emissions[at * count + label])
                .sum::<f32>();
            score +=
                best.windows(2).map(|pair| crf.transitions[pair[0] * count + pair[1]]).sum::<f32>();
            let found = f64::from(score) - Lattice::new(&crf, &emissions, 1.0).log_sum();
            assert!((found - log_likelihood).abs() < 1e-4, "{found} {log_likelihood}");
        }
    }

    #[test]
    fn an_entity_never_begins_inside_however_sure_a_word_is() {
        let crf = crf();
        let sure = [0.0, 500.0, 400.0, 0.0, 500.0, 300.0, 0.0, 500.0, 0.0];
        let labels = crf.best(&sure);
        assert_ne!(labels[0], 1);
        assert!(labels.windows(2).all(|pair| pair[1] != 1 || pair[0] != 2));
        let marginals = crf.marginals(&sure, 1.0);
        assert!(marginals.iter().all(|p| p.is_finite()) && marginals[1] == 0.0);
        assert!(crf.best(&[]).is_empty() && crf.marginals(&[], 1.0).is_empty());
    }
}
