//! Assertions: of entities whose places are known, and of those that a head has to find first.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::clinical::context::{Judges, assertions};
use crate::clinical::sections::{home, sections};
use crate::document::{AssertionValue, Entity};
use crate::error::{Error, Result};
use crate::eval::example::Asserted;
use crate::eval::{
    AssertionReport, AssertionScore, Bins, Confusion, Evaluation, Evaluator, Example, KindScore,
    LabelScore, Score, kinds, percent, rounded,
};
use crate::heads::Head;
use crate::tasks::assertion::{Values, probabilities};
use crate::tasks::extract::NOTES;
use crate::tasks::ner::{Found, find, word_ranges};
use crate::tasks::read::{Reading, read};

/// Examples that are handled between two calls of `progress`.
const GROUP: usize = 64;

/// Assertions that are counted: what was given, by what is right, both in the order of
/// [`AssertionValue::ALL`].
#[derive(Debug, Default)]
pub(crate) struct AssertionTally([[usize; AssertionValue::ALL.len()]; AssertionValue::ALL.len()]);

impl AssertionTally {
    pub(crate) fn add(&mut self, gold: AssertionValue, found: AssertionValue) {
        self.0[gold as usize][found as usize] += 1;
    }

    fn by_value(&self) -> Vec<LabelScore> {
        let score = |(at, value): (usize, AssertionValue)| {
            let (gold, given) = (self.0[at].iter().sum(), self.0.iter().map(|row| row[at]).sum());
            LabelScore::new(value.name(), self.0[at][at], given, gold)
        };
        AssertionValue::ALL.into_iter().enumerate().map(score).collect()
    }

    fn score(&self) -> AssertionScore {
        let all = self.by_value();
        let there = || all.iter().filter(|score| score.gold + score.predicted > 0);
        // Not `sum`, which makes -0 of nothing.
        let sum = there().fold(0.0, |sum, score| sum + score.f1);
        let macro_f1 = sum / there().count().max(1) as f64;
        let examples = all.iter().map(|score| score.gold).sum();
        let right = all.iter().map(|score| score.correct).sum();
        let (accuracy, macro_f1) = (percent(right, examples), rounded(macro_f1));
        AssertionScore { accuracy, macro_f1, examples }
    }

    pub(crate) fn finish(self, calibration_error: Option<f64>) -> Evaluation {
        let labels = AssertionValue::ALL.map(|value| value.name().to_string()).into();
        let counts = self.0.iter().map(|row| row.to_vec()).collect();
        Evaluation {
            score: Score::Assertions(self.score()),
            by_label: self.by_value(),
            confusion: Some(Confusion { labels, counts }),
            calibration_error,
            assertions: None,
        }
    }
}

/// All that is counted of a file.
#[derive(Default)]
struct Count {
    all: AssertionTally,
    head: AssertionTally,
    rules: AssertionTally,
    bins: Bins,
    /// Of each kind: entities that are right, and entities.
    by_kind: BTreeMap<Arc<str>, [usize; 2]>,
    /// Entities that are right, found and there.
    end_to_end: [usize; 3],
}

impl Evaluator<'_> {
    /// Measures a head that says what a text says of its entities: together with section and rules, as it is
    /// used; alone; and section and rules without it. If the model has the head that finds the entities
    /// of notes, and it knows all the kinds, what comes out of both is counted too.
    pub(super) fn assertions(
        &self,
        examples: &[Example],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Evaluation> {
        let finder = self.finder(examples);
        let heads = finder.as_slice();
        let mut count = Count::default();
        for (number, group) in examples.chunks(GROUP).enumerate() {
            let texts: Vec<&Asserted> = group.iter().filter_map(asserted).collect();
            let texts_read = texts.iter().map(|text| {
                read(self.model, text.text.as_str().into(), &self.options, &self.control)
            });
            let readings = texts_read.collect::<Result<Vec<_>>>()?;
            let found = find(self.model, heads, Some(&self.head), &readings, &self.control)?;
            for ((text, reading), found) in texts.into_iter().zip(readings).zip(found) {
                self.count(text, &reading?, &found, &mut count)?;
            }
            progress(number * GROUP + group.len());
        }
        if count.by_kind.is_empty() {
            return Err(Error::Argument("no entity of the examples has an assertion".into()));
        }
        let kind = |(label, [right, entities]): (Arc<str>, [usize; 2])| KindScore {
            label: label.to_string(),
            accuracy: percent(right, entities),
            entities,
        };
        let [correct, predicted, gold] = count.end_to_end;
        let report = AssertionReport {
            by_kind: count.by_kind.into_iter().map(kind).collect(),
            head_alone: count.head.score(),
            rules_alone: count.rules.score(),
            end_to_end: finder.map(|head| LabelScore::new(&head.name, correct, predicted, gold)),
        };
        let evaluation = count.all.finish(count.bins.error());
        Ok(Evaluation { assertions: Some(report), ..evaluation })
    }

    /// The head that finds the entities of notes.
    fn finder(&self, examples: &[Example]) -> Option<Arc<Head>> {
        let head = self.model.head(NOTES).ok()?;
        let known = kinds(&head.spec);
        let mut marked = examples.iter().filter_map(asserted).flat_map(|text| &text.entities);
        let all_known = marked.all(|entity| known.iter().any(|kind| **kind == *entity.kind));
        all_known.then(|| head.clone())
    }

    fn count(
        &self,
        text: &Asserted,
        reading: &Reading<'_>,
        found: &Found,
        count: &mut Count,
    ) -> Result<()> {
        let marked = text.entities.iter();
        let marked = marked.map(|gold| Entity::new(gold.bytes.clone(), gold.kind.clone()));
        let marked: Vec<Entity> = marked.collect();
        let words = word_ranges(&reading.pieces);
        let head = self.probabilities(&words, found, &marked);
        let all = self.say(reading, &marked, &head, Judges::All)?;
        let alone = self.say(reading, &marked, &head, Judges::Head)?;
        let rules = self.say(reading, &marked, &head, Judges::Rules)?;
        for (((entity, all), alone), rules) in text.entities.iter().zip(&all).zip(alone).zip(rules)
        {
            let right = all.0 == entity.value;
            count.all.add(entity.value, all.0);
            count.head.add(entity.value, alone.0);
            count.rules.add(entity.value, rules.0);
            count.bins.add(all.1, right);
            let of_kind = count.by_kind.entry(entity.kind.clone()).or_default();
            *of_kind = [of_kind[0] + usize::from(right), of_kind[1] + 1];
        }
        let own: Vec<Entity> =
            found.entities.iter().map(|e| Entity::new(e.bytes.clone(), e.label.clone())).collect();
        let head = self.probabilities(&words, found, &own);
        let said = self.say(reading, &own, &head, Judges::All)?;
        let chunk = |bytes: &Range<usize>, kind: &Arc<str>, value| {
            let from = words.partition_point(|&(_, end)| end as usize <= bytes.start);
            let to = words.partition_point(|&(start, _)| (start as usize) < bytes.end);
            (from, to, kind.clone(), value)
        };
        let told = own.iter().zip(said).map(|(own, said)| chunk(&own.bytes, &own.label, said.0));
        let told: BTreeSet<_> = told.collect();
        let right = text
            .entities
            .iter()
            .filter(|entity| told.contains(&chunk(&entity.bytes, &entity.kind, entity.value)));
        let [correct, predicted, gold] = &mut count.end_to_end;
        *correct += right.count();
        *predicted += own.len();
        *gold += text.entities.len();
        Ok(())
    }

    fn probabilities(&self, words: &[(u32, u32)], found: &Found, of: &[Entity]) -> Vec<Values> {
        let places = of.iter().map(|entity| entity.bytes.clone());
        probabilities(self.model.engine(), words, &found.assertions, places)
    }

    /// What is said of entities, with its probability.
    fn say(
        &self,
        reading: &Reading<'_>,
        entities: &[Entity],
        head: &[Values],
        judges: Judges,
    ) -> Result<Vec<(AssertionValue, f32)>> {
        let (text, check) = (reading.text.as_str(), || self.control.check());
        let sections = sections(text, &check)?;
        let home: Vec<_> = entities.iter().map(|e| home(&sections, e.bytes.start)).collect();
        let sentences = reading.byte_sentences();
        let said =
            assertions(text, sentences, &sections, entities, &home, Some(head), judges, &check)?;
        Ok(said.into_iter().map(|said| (said.value, said.score)).collect())
    }
}

fn asserted(example: &Example) -> Option<&Asserted> {
    if let Example::Assertion(asserted) = example { Some(asserted) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_over_the_values_that_are_there() {
        use AssertionValue::*;
        let mut tally = AssertionTally::default();
        for (gold, found) in [(Present, Present), (Present, Absent), (Absent, Absent)] {
            tally.add(gold, found);
        }
        let score = tally.score();
        assert_eq!((score.accuracy, score.macro_f1, score.examples), (66.67, 66.67, 3));
        let evaluation = tally.finish(None);
        assert_eq!(evaluation.by_label[0].recall, 50.0);
        assert_eq!(evaluation.confusion.unwrap().counts[0], [1, 1, 0, 0, 0]);
        let nothing = AssertionTally::default().score();
        assert_eq!(nothing, AssertionScore::default());
        assert!(nothing.macro_f1.is_sign_positive());
    }
}
