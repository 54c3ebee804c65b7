//! How a head does on held-out sequences.

use std::collections::BTreeMap;

use crate::document::AssertionValue;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::eval::{AnswerTally, AssertionTally, ClassTally, EntityTally, Evaluation, Span, kinds};
use crate::heads::{Task, Weights, largest};
use crate::tag::spans;
use crate::tasks::qa::{QaOptions, best_span};
use crate::train::calibrate::Decisions;
use crate::train::features::{Features, Layers};
use crate::train::lesson::{Goal, Lesson, Sequence};

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
            Goal::Rows if self.lesson.spec.task() == Task::Assertion => self.assertions(weights),
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
            Weights::Pooled { .. }
            | Weights::Transformed { .. }
            | Weights::Tagger { .. }
            | Weights::Graph => {
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
        let mut tally = EntityTally::new(kinds(&self.lesson.spec));
        let mut decisions = match weights {
            Weights::Reader { crf: Some(crf), .. } => Decisions::words(crf.clone()),
            _ => Decisions::rows(tags.len()),
        };
        let chunks = |labels: &[usize]| {
            let spans = spans(labels.iter().map(|&label| (&tags[label], 1.0))).into_iter();
            spans.map(|span| (span.words.start, span.words.end, span.kind)).collect::<Vec<_>>()
        };
        for (sequence, logits) in self.held_out(weights)? {
            let found = match weights {
                Weights::Reader { crf: Some(crf), .. } => crf.best(&logits),
                _ => logits.chunks_exact(tags.len()).map(largest).collect(),
            };
            let gold: Vec<usize> = sequence.targets.iter().map(|&label| label as usize).collect();
            tally.add(gold.len(), chunks(&gold), chunks(&found));
            // Words that nobody says anything of are all right, and would hide the others.
            let told = |label: usize| tags[label].kind().is_some();
            let counts = gold.iter().zip(&found).map(|(&gold, &found)| told(gold) || told(found));
            decisions.add(logits, &gold, counts.collect());
        }
        Ok((tally.finish(None), decisions))
    }

    /// Of assertions the words of entities count, each for itself.
    fn assertions(&self, weights: &Weights) -> Result<(Evaluation, Decisions)> {
        let mut tally = AssertionTally::default();
        let mut decisions = Decisions::rows(AssertionValue::ALL.len());
        for (sequence, logits) in self.held_out(weights)? {
            let gold: Vec<usize> = sequence.targets.iter().map(|&label| label as usize).collect();
            let found = logits.chunks_exact(AssertionValue::ALL.len()).map(largest);
            for (&gold, found) in gold.iter().zip(found) {
                tally.add(AssertionValue::ALL[gold], AssertionValue::ALL[found]);
            }
            decisions.add(logits, &gold, vec![true; gold.len()]);
        }
        Ok((tally.finish(None), decisions))
    }

    fn classes(&self, weights: &Weights) -> Result<(Evaluation, Decisions)> {
        let mut tally = ClassTally::new(&self.lesson.spec);
        let mut decisions = Decisions::rows(self.lesson.spec.labels.len());
        for (sequence, logits) in self.held_out(weights)? {
            let right = sequence.targets[0] as usize;
            tally.add(right, Some(largest(&logits)));
            decisions.add(logits, &[right], vec![true]);
        }
        Ok((tally.finish(None), decisions))
    }

    fn answers(&self, weights: &Weights) -> Result<(Evaluation, Decisions)> {
        // Of each question the best answer, by how far it is ahead of "no answer", and the right one.
        type Answers = (Option<(f32, Span)>, Option<Span>);
        let mut best: BTreeMap<usize, Answers> = BTreeMap::new();
        let most = QaOptions::default().max_tokens;
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
        let mut tally = AnswerTally::default();
        for (found, gold) in best.into_values() {
            tally.add(found.filter(|(score, _)| *score > 0.0).map(|(_, span)| span), gold);
        }
        Ok((tally.finish(), Decisions::rows(2)))
    }
}
