//! Relations and classes: one label a text.

use std::ops::Range;

use crate::error::Result;
use crate::eval::{
    Bins, ClassScore, Confusion, Evaluation, Evaluator, Example, LabelScore, Score, f1, percent,
};
use crate::heads::{Globals, HeadSpec, largest};
use crate::tasks::classify::{document_places, front, probabilities};
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::re::{Masked, pair_places};

/// Examples that are handled between two calls of `progress`.
const GROUP: usize = 256;

/// Labels that are counted.
pub(crate) struct ClassTally<'a> {
    spec: &'a HeadSpec,
    gold: Vec<usize>,
    found: Vec<Option<usize>>,
}

impl ClassTally<'_> {
    pub(crate) fn new(spec: &HeadSpec) -> ClassTally<'_> {
        ClassTally { spec, gold: Vec::new(), found: Vec::new() }
    }

    /// Counts an example: its label, and the one that was given, if one was.
    pub(crate) fn add(&mut self, gold: usize, found: Option<usize>) {
        self.gold.push(gold);
        self.found.push(found);
    }

    pub(crate) fn finish(self, calibration_error: Option<f64>) -> Evaluation {
        let labels = &self.spec.labels;
        let mut counts = vec![vec![0; labels.len()]; labels.len()];
        for (&gold, found) in self.gold.iter().zip(&self.found) {
            found.iter().for_each(|&found| counts[gold][found] += 1);
        }
        let by_label = labels.iter().enumerate().map(|(label, name)| {
            let predicted = counts.iter().map(|row| row[label]).sum();
            let gold = self.gold.iter().filter(|&&gold| gold == label).count();
            LabelScore::new(name, counts[label][label], predicted, gold)
        });
        Evaluation {
            score: Score::Classes(score(&self.gold, &self.found, positives(self.spec))),
            by_label: by_label.collect(),
            confusion: Some(Confusion { labels: labels.clone(), counts }),
            calibration_error,
            assertions: None,
        }
    }
}

/// Whether each label is one that F1 counts.
fn positives(spec: &HeadSpec) -> impl Fn(usize) -> bool {
    let negative = negative(spec).or((spec.labels.len() == 2).then_some(0));
    move |label| Some(label) != negative
}

/// The label that means "none".
fn negative(spec: &HeadSpec) -> Option<usize> {
    let negative = spec.negative();
    negative.and_then(|name| spec.labels.iter().position(|label| label == name))
}

fn score(gold: &[usize], found: &[Option<usize>], positive: impl Fn(usize) -> bool) -> ClassScore {
    let right = || gold.iter().zip(found).filter(|(gold, found)| **found == Some(**gold));
    let both = right().filter(|(gold, _)| positive(**gold)).count();
    let there = gold.iter().filter(|&&label| positive(label)).count();
    let given = found.iter().flatten().filter(|&&label| positive(label)).count();
    ClassScore {
        precision: percent(both, given),
        recall: percent(both, there),
        f1: f1(both, given, there),
        accuracy: percent(right().count(), gold.len()),
        examples: gold.len(),
    }
}

impl Evaluator<'_> {
    /// Measures a head that gives one label. A text that is too long is cut at its end, a sentence on
    /// both sides of its pair; two entities that are too far apart are not related.
    pub(super) fn classes(
        &self,
        examples: &[Example],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Evaluation> {
        let (model, head) = (self.model, &self.head);
        let mut tally = ClassTally::new(&head.spec);
        let mut bins = Bins::default();
        for (number, group) in examples.chunks(GROUP).enumerate() {
            let mut sequences = Vec::with_capacity(group.len());
            for (at, example) in group.iter().enumerate() {
                let label = example.label().unwrap_or_default();
                let gold = self.label(number * GROUP + at, label)?;
                match self.sequence(example)? {
                    Some((places, sequence)) => sequences.push(Ok(((gold, places), sequence))),
                    None => tally.add(gold, negative(&head.spec)),
                }
            }
            let sequences = sequences.into_iter();
            encode(
                model,
                head.taken(),
                Globals::of(&head.spec),
                sequences,
                &self.control,
                |(gold, pair), states| {
                    let document = document_places(states.tokens());
                    let places = pair.as_ref().map_or(&document[..], |pair| &pair[..]);
                    let logits = head.sequence_logits(model.engine(), &states, places);
                    let label = largest(&logits);
                    Ok((gold, label, probabilities(model, head, logits)[label]))
                },
                |(gold, label, probability)| {
                    bins.add(probability, label == gold);
                    tally.add(gold, Some(label));
                    Ok(())
                },
            )?;
            progress(number * GROUP + group.len());
        }
        Ok(tally.finish(bins.error()))
    }

    /// What is read of an example, and the places of a pair in it.
    fn sequence(&self, example: &Example) -> Result<Option<Read>> {
        let (model, spec) = (self.model, &self.head.spec);
        Ok(match example {
            Example::Re(pair) => {
                let masked = Masked { text: pair.text.clone(), places: pair.places.clone() };
                let (capacity, _) = spec.windows(model.max_tokens());
                let pieces = masked.pieces(model, capacity, &self.control)?;
                pieces
                    .map(|pieces| (Some(pair_places(&pieces.places)), Sequence::single(pieces.ids)))
            }
            Example::Classify(labelled) => {
                let (text, second) = (&labelled.text, labelled.second.as_deref());
                Some((None, front(model, spec, text, second, &self.control)?))
            }
            _ => None,
        })
    }
}

/// The places of a pair, and the sequence that it stands in.
type Read = (Option<[Range<usize>; 4]>, Sequence<'static>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::{Kind, Output};

    fn classes(evaluation: &Evaluation) -> ClassScore {
        let Score::Classes(score) = evaluation.score else { panic!() };
        score
    }

    fn tally(spec: &HeadSpec, pairs: &[(usize, Option<usize>)]) -> Evaluation {
        let mut tally = ClassTally::new(spec);
        pairs.iter().for_each(|&(gold, found)| tally.add(gold, found));
        tally.finish(None)
    }

    #[test]
    fn f1_counts_the_positive_labels_only() {
        let negative = Some("none".into());
        let relation = Output::Relation {
            first: Vec::new(),
            second: Vec::new(),
            mask: None,
            negative,
            pooling: None,
        };
        let labels = ["a", "b", "none"].map(String::from);
        let spec = HeadSpec::new(Kind::Cls, relation, labels.into());
        // One a right, one b taken for none, one none taken for b, two none right.
        let pairs = [(0, Some(0)), (1, Some(2)), (2, Some(1)), (2, Some(2)), (2, Some(2))];
        let found = tally(&spec, &pairs);
        let score = classes(&found);
        assert_eq!((score.precision, score.recall, score.f1), (50.0, 50.0, 50.0));
        assert_eq!((score.accuracy, score.examples), (60.0, 5));
        assert_eq!(found.confusion.unwrap().counts, [[1, 0, 0], [0, 0, 1], [0, 1, 2]]);
        let class = Output::Class { multi_label: None, pooling: None };
        let binary = HeadSpec::new(Kind::Cls, class, vec!["0".into(), "1".into()]);
        let score = classes(&tally(&binary, &[(0, Some(0)), (1, Some(1)), (1, Some(0))]));
        assert_eq!((score.precision, score.recall, score.f1), (100.0, 50.0, 66.67));
        assert_eq!(classes(&tally(&binary, &[(1, None)])).recall, 0.0);
        assert_eq!(classes(&tally(&binary, &[])), ClassScore::default());
    }
}
