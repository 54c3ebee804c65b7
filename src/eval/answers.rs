//! Answers that stand in a passage, as SQuAD counts but by pieces.

use crate::error::Result;
use crate::eval::{AnswerScore, Evaluation, Evaluator, Example, Score, percent, rounded, wrong};
use crate::tasks::qa::{Asked, QaOptions, answer_pieces, candidates};

/// Questions that are handled between two calls of `progress`.
const GROUP: usize = 64;

/// The first and the last piece of an answer.
pub(crate) type Span = (usize, usize);

/// Answers that are counted.
#[derive(Default)]
pub(crate) struct AnswerTally {
    exact: usize,
    overlap: f64,
    questions: usize,
}

impl AnswerTally {
    /// Counts a question: the answer that was found and the right one.
    pub(crate) fn add(&mut self, found: Option<Span>, gold: Option<Span>) {
        self.exact += usize::from(found == gold);
        self.overlap += overlap(found, gold);
        self.questions += 1;
    }

    pub(crate) fn finish(self) -> Evaluation {
        let AnswerTally { exact, overlap, questions } = self;
        let f1 = rounded(100.0 * overlap / questions.max(1) as f64);
        let score = Score::Answers(AnswerScore { exact: percent(exact, questions), f1, questions });
        score.into()
    }
}

/// F1 of the pieces of two answers; of none with none 1.
fn overlap(found: Option<Span>, gold: Option<Span>) -> f64 {
    let (Some(found), Some(gold)) = (found, gold) else {
        return f64::from(u8::from(found == gold));
    };
    let length = |(first, last): Span| last + 1 - first;
    let both = (found.1.min(gold.1) + 1).saturating_sub(found.0.max(gold.0));
    2.0 * both as f64 / (length(found) + length(gold)) as f64
}

impl Evaluator<'_> {
    /// Measures a head that answers with a stretch of the passage, or with none.
    pub(super) fn answers(
        &self,
        examples: &[Example],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Evaluation> {
        let (model, options, control) = (self.model, &self.options, &self.control);
        let most = QaOptions::default().max_tokens;
        let mut tally = AnswerTally::default();
        for (number, group) in examples.chunks(GROUP).enumerate() {
            let mut asked = Vec::with_capacity(group.len());
            let mut gold = Vec::with_capacity(group.len());
            for (at, example) in group.iter().enumerate() {
                let Example::Qa(answered) = example else {
                    let reason =
                        "the head answers with a stretch of the passage, not so the example";
                    return Err(wrong(number * GROUP + at, reason));
                };
                let passage = std::iter::once((&*answered.passage).into());
                let question = answered.question.as_str().into();
                let read = Asked::read(model, question, passage, options, control)??;
                let pieces = &read.passages[0].pieces;
                gold.push(answered.answer.as_ref().and_then(|bytes| answer_pieces(pieces, bytes)));
                asked.push(read);
            }
            let asked: Vec<&Asked<'_>> = asked.iter().collect();
            let found = candidates(model, &self.head, &asked, most, control)?;
            for (found, gold) in found.into_iter().zip(gold) {
                let best = found.into_iter().max_by(|a, b| a.score().total_cmp(&b.score()));
                // Not above 0, "no answer" is likelier.
                tally.add(best.filter(|best| best.score() > 0.0).map(|best| best.pieces), gold);
            }
            progress(number * GROUP + group.len());
        }
        Ok(tally.finish())
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
}
