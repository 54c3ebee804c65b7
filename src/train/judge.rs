//! How a head does on held-out sequences.

use std::collections::BTreeMap;

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::eval::conlleval::NerScore;
use crate::eval::labelled::{positives, score};
use crate::eval::{f1, percent, rounded};
use crate::heads::Weights;
use crate::heads::{Tag, largest};
use crate::tasks::qa::{AnswerOptions, best_span};
use crate::train::calibrate::Decisions;
use crate::train::features::{Features, Layers};
use crate::train::lesson::{Goal, Lesson, Sequence};
use crate::train::report::{AnswerScore, Confusion, Evaluation, LabelScore, Score};

/// What a head is judged with.
pub(super) struct Judge<'a> {
    pub(super) engine: &'a Engine,
    pub(super) lesson: &'a Lesson,
    pub(super) features: &'a Features,
    /// Whether the features still have to be mixed.
    pub(super) layers: &'a Layers,
    pub(super) hidden: usize,
}

impl Judge<'_> {
    /// How a head does on the sequences that are held out, and its decisions there.
    pub(super) fn judge(&self, weights: &Weights) -> Result<(Evaluation, Decisions)> {
        match self.lesson.goal() {
            Goal::Rows | Goal::Crf => self.words(weights),
            Goal::Class => self.classes(weights),
            Goal::Span => self.answers(weights),
        }
    }

    /// The logits of a sequence's rows.
    fn logits(&self, weights: &Weights, sequence: usize) -> Result<Vec<f32>> {
        let mut rows = Vec::new();
        self.features.append(sequence, &mut rows)?;
        match weights {
            Weights::Linear(classifier) => Ok(classifier.apply(self.engine, &rows)),
            Weights::Reader { reader, .. } => {
                let rows = match self.layers {
                    Layers::Mixed(_) => rows,
                    Layers::Each => reader.mix.fold(&rows, self.hidden),
                };
                Ok(reader.logits(self.engine, rows))
            }
            Weights::Pooled { .. } | Weights::Graph => {
                Err(Error::Unsupported("only heads that were trained here can be judged".into()))
            }
        }
    }

    /// The sequences that are held out, each with its logits.
    fn held_out(&self, weights: &Weights) -> Result<Vec<(&Sequence, Vec<f32>)>> {
        let sequence = |&at: &usize| (&self.lesson.sequences[at], Vec::new());
        let mut all: Vec<(&Sequence, Vec<f32>)> = self.lesson.off.iter().map(sequence).collect();
        let tasks: Vec<_> = self.lesson.off.iter().zip(&mut all).collect();
        self.engine.workers().each(tasks, |(&at, (_, logits))| {
            *logits = self.logits(weights, at)?;
            Ok(())
        })?;
        Ok(all)
    }

    fn words(&self, weights: &Weights) -> Result<(Evaluation, Decisions)> {
        let tags = &self.lesson.tags;
        let kinds = Kinds::new(tags);
        let mut whole = NerScore::default();
        let mut by_kind = vec![NerScore::default(); kinds.names.len()];
        let mut counts = vec![vec![0; kinds.names.len()]; kinds.names.len()];
        let mut decisions = match weights {
            Weights::Reader { crf: Some(crf), .. } => Decisions::words(crf.clone()),
            _ => Decisions::rows(tags.len()),
        };
        for (sequence, logits) in self.held_out(weights)? {
            let found = match weights {
                Weights::Reader { crf: Some(crf), .. } => crf.best(&logits),
                _ => logits.chunks_exact(tags.len()).map(largest).collect(),
            };
            let gold: Vec<usize> = sequence.targets.iter().map(|&label| label as usize).collect();
            for (&gold, &found) in gold.iter().zip(&found) {
                counts[kinds.of[gold]][kinds.of[found]] += 1;
            }
            let told = |labels: &[usize]| labels.iter().map(|&label| tags[label].clone()).collect();
            let (gold_tags, found_tags): (Vec<Tag>, Vec<Tag>) = (told(&gold), told(&found));
            whole.add(&gold_tags, &found_tags);
            for (kind, score) in by_kind.iter_mut().enumerate().skip(1) {
                let own = |labels: &[usize]| {
                    let tag = |&label: &usize| match kinds.of[label] == kind {
                        true => tags[label].clone(),
                        false => Tag::Outside,
                    };
                    labels.iter().map(tag).collect::<Vec<Tag>>()
                };
                score.add(&own(&gold), &own(&found));
            }
            // Words that nobody says anything of are all right, and would hide the others.
            let outside = |label: usize| kinds.of[label] == 0;
            let counts =
                gold.iter().zip(&found).map(|(&gold, &found)| !(outside(gold) && outside(found)));
            decisions.add(logits, &gold, counts.collect());
        }
        let by_label = by_kind.into_iter().zip(&kinds.names).skip(1).map(|(score, name)| {
            let score = score.finish();
            label_score(name, score.correct, score.predicted, score.gold)
        });
        let evaluation = Evaluation {
            score: Score::Ner(whole.finish()),
            by_label: by_label.collect(),
            confusion: Some(Confusion { labels: kinds.names.clone(), counts }),
            calibration_error: None,
        };
        Ok((evaluation, decisions))
    }

    fn classes(&self, weights: &Weights) -> Result<(Evaluation, Decisions)> {
        let labels = &self.lesson.spec.labels;
        let mut counts = vec![vec![0; labels.len()]; labels.len()];
        let mut decisions = Decisions::rows(labels.len());
        let (mut gold, mut found) = (Vec::new(), Vec::new());
        for (sequence, logits) in self.held_out(weights)? {
            let right = sequence.targets[0] as usize;
            let given = largest(&logits);
            counts[right][given] += 1;
            gold.push(right);
            found.push(given);
            decisions.add(logits, &[right], vec![true]);
        }
        let by_label = labels.iter().enumerate().map(|(label, name)| {
            let predicted = counts.iter().map(|row| row[label]).sum();
            label_score(name, counts[label][label], predicted, counts[label].iter().sum())
        });
        let evaluation = Evaluation {
            score: Score::Classes(score(&gold, &found, positives(&self.lesson.spec))),
            by_label: by_label.collect(),
            confusion: Some(Confusion { labels: labels.clone(), counts }),
            calibration_error: None,
        };
        Ok((evaluation, decisions))
    }

    fn answers(&self, weights: &Weights) -> Result<(Evaluation, Decisions)> {
        // Of each question the best answer, by how far it is ahead of "no answer", and the right one.
        type Answers = (Option<(f32, Span)>, Option<Span>);
        let mut best: BTreeMap<usize, Answers> = BTreeMap::new();
        let most = AnswerOptions::default().max_pieces;
        for (sequence, logits) in self.held_out(weights)? {
            let Some(part) = &sequence.part else { continue };
            let own = &logits[2 * part.before..][..2 * part.pieces.len()];
            let entry = best.entry(part.example).or_insert((None, part.answer));
            if let Some((score, (first, last))) = best_span(own, most) {
                let score = score - logits[0] - logits[1];
                if entry.0.is_none_or(|(best, _)| score > best) {
                    entry.0 = Some((score, (part.pieces.start + first, part.pieces.start + last)));
                }
            }
        }
        let (mut exact, mut sum) = (0, 0.0);
        for (found, gold) in best.values() {
            let found = found.filter(|(score, _)| *score > 0.0).map(|(_, span)| span);
            exact += usize::from(found == *gold);
            sum += overlap(found, *gold);
        }
        let questions = best.len();
        let f1 = if questions == 0 { 0.0 } else { rounded(100.0 * sum / questions as f64) };
        let score = Score::Answers(AnswerScore { exact: percent(exact, questions), f1, questions });
        let evaluation =
            Evaluation { score, by_label: Vec::new(), confusion: None, calibration_error: None };
        Ok((evaluation, Decisions::rows(2)))
    }
}

/// The first and the last piece of an answer.
type Span = (usize, usize);

/// F1 of the pieces of two answers; of none with none 1.
fn overlap(found: Option<Span>, gold: Option<Span>) -> f64 {
    let (Some(found), Some(gold)) = (found, gold) else {
        return f64::from(u8::from(found == gold));
    };
    let length = |(first, last): Span| last + 1 - first;
    let both = (found.1.min(gold.1) + 1).saturating_sub(found.0.max(gold.0));
    2.0 * both as f64 / (length(found) + length(gold)) as f64
}

/// The kinds of entities of a head's labels; the first is none.
struct Kinds {
    names: Vec<String>,
    /// Of each label its kind.
    of: Vec<usize>,
}

impl Kinds {
    fn new(tags: &[Tag]) -> Kinds {
        let mut names = vec!["O".to_string()];
        let mut kind = |tag: &Tag| {
            let Some(name) = tag.kind() else { return 0 };
            names.iter().skip(1).position(|known| **known == **name).map_or_else(
                || {
                    names.push(name.to_string());
                    names.len() - 1
                },
                |at| at + 1,
            )
        };
        let of = tags.iter().map(&mut kind).collect();
        Kinds { names, of }
    }
}

fn label_score(label: &str, correct: usize, predicted: usize, gold: usize) -> LabelScore {
    LabelScore {
        label: label.to_string(),
        precision: percent(correct, predicted),
        recall: percent(correct, gold),
        f1: f1(correct, predicted, gold),
        gold,
        predicted,
        correct,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_overlap_by_their_pieces() {
        assert_eq!(overlap(None, None), 1.0);
        assert_eq!(overlap(Some((1, 2)), None), 0.0);
        assert_eq!(overlap(Some((3, 4)), Some((3, 4))), 1.0);
        assert_eq!(overlap(Some((3, 4)), Some((4, 5))), 0.5);
        assert_eq!(overlap(Some((3, 4)), Some((6, 7))), 0.0);
    }

    #[test]
    fn kinds_are_those_of_the_labels() {
        let tags = ["O", "B-Drug", "I-Drug", "B-Gene"].map(|label| Tag::parse(label, &"X".into()));
        let kinds = Kinds::new(&tags);
        assert_eq!(kinds.names, ["O", "Drug", "Gene"]);
        assert_eq!(kinds.of, [0, 1, 1, 2]);
    }
}
