//! BioASQ's factoid and list questions, measured as BioASQ does (strict and lenient accuracy, mean
//! reciprocal rank; mean precision, recall and F1; BioASQ/Evaluation-Measures
//! `QuestionAnswerEvaluator`).

mod biobert;

use crate::error::{Error, Result};
use crate::eval::example::Gold;
use crate::eval::{
    Evaluation, Evaluator, Example, Factoid, FactoidScore, ListScore, Score, Scoring, percent,
    rounded, wrong,
};
use crate::tasks::qa::{Asked, QaOptions, candidates, pool};

/// Answers that BioASQ counts: to a factoid question, and to a list question.
const TOP: usize = 5;
const TOP_OF_LIST: usize = 100;

/// Of the best answer's probability, the part that others of a list must have: chosen on BioASQ's
/// 6B1 and 6B2.
const THRESHOLD: f32 = 0.4;

/// Questions that are handled between two calls of `progress`.
const GROUP: usize = 8;

impl Evaluator<'_> {
    /// Measures a head that answers with stretches of passages.
    pub(super) fn factoid(
        &self,
        examples: &[Example],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Evaluation> {
        if self.threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold)) {
            return Err(Error::Argument("threshold is not from 0 to 1".into()));
        }
        if self.threshold.is_some() && self.scoring == Scoring::Biobert {
            let reason = "threshold is of list questions, which BioBERT's scoring does not measure";
            return Err(Error::Argument(reason.into()));
        }
        let mut tally = Tally::default();
        for (number, group) in examples.chunks(GROUP).enumerate() {
            let mut questions = Vec::with_capacity(group.len());
            for (at, example) in group.iter().enumerate() {
                let Example::Factoid(factoid) = example else {
                    return Err(wrong(number * GROUP + at, "it is not a factoid question"));
                };
                questions.push(factoid);
            }
            for (factoid, answers) in questions.iter().zip(self.words(&questions)?) {
                match &factoid.gold {
                    Gold::Any(gold) => tally.factoid(gold, &answers),
                    Gold::All(_) if self.scoring == Scoring::Biobert => {}
                    Gold::All(gold) => tally.list(gold, &answers),
                }
            }
            progress(number * GROUP + group.len());
        }
        Ok(Score::Factoid(tally.finish()).into())
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
        let most = QaOptions::default().max_tokens;
        let found = candidates(model, &self.head, &all, most, control)?;
        let answers = questions.iter().zip(&asked).zip(found);
        let answers = answers.map(|((factoid, asked), found)| {
            if self.scoring == Scoring::Biobert {
                return biobert::pool(asked, found);
            }
            let found = found.into_iter().map(|candidate| (&self.head, candidate)).collect();
            let pooled = pool(asked, found, &self.pooled(&factoid.gold));
            pooled.iter().map(|answer| answer.text(asked).to_lowercase()).collect()
        });
        Ok(answers.collect())
    }

    /// How a question is answered.
    fn pooled(&self, gold: &Gold) -> QaOptions {
        let (top, threshold) = match gold {
            Gold::Any(_) => (TOP, 0.0),
            Gold::All(_) => (TOP_OF_LIST, self.threshold.unwrap_or(THRESHOLD)),
        };
        QaOptions { top, pool: true, threshold, ..QaOptions::default() }
    }
}

/// Questions that are counted.
#[derive(Default)]
struct Tally {
    strict: usize,
    lenient: usize,
    reciprocal: f64,
    questions: usize,
    precision: f64,
    recall: f64,
    f1: f64,
    lists: usize,
}

impl Tally {
    fn factoid(&mut self, gold: &[String], answers: &[String]) {
        let gold: Vec<String> = gold.iter().map(|gold| gold.to_lowercase()).collect();
        self.questions += 1;
        if let Some(rank) = answers.iter().position(|answer| gold.contains(answer)) {
            self.strict += usize::from(rank == 0);
            self.lenient += 1;
            self.reciprocal += 1.0 / (rank + 1) as f64;
        }
    }

    /// Counts a list question; what was found once is not found again.
    fn list(&mut self, gold: &[Vec<String>], answers: &[String]) {
        let names = |item: &Vec<String>| item.iter().map(|name| name.to_lowercase()).collect();
        let mut missing: Vec<Vec<String>> = gold.iter().map(names).collect();
        for answer in answers {
            if let Some(at) = missing.iter().position(|item| item.contains(answer)) {
                missing.remove(at);
            }
        }
        let right = (gold.len() - missing.len()) as f64;
        let part = |of: usize| if of == 0 { 0.0 } else { right / of as f64 };
        self.precision += part(answers.len());
        self.recall += part(gold.len());
        self.f1 += 2.0 * part(answers.len() + gold.len());
        self.lists += 1;
    }

    fn finish(self) -> FactoidScore {
        let mean = |sum: f64, of: usize| rounded(100.0 * sum / of.max(1) as f64);
        let list = (self.lists > 0).then(|| ListScore {
            precision: mean(self.precision, self.lists),
            recall: mean(self.recall, self.lists),
            f1: mean(self.f1, self.lists),
            questions: self.lists,
        });
        FactoidScore {
            strict: percent(self.strict, self.questions),
            lenient: percent(self.lenient, self.questions),
            mrr: mean(self.reciprocal, self.questions),
            questions: self.questions,
            list,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_count_each_item_once() {
        let words = |words: &[&str]| words.iter().map(|word| word.to_string()).collect::<Vec<_>>();
        let gold = [words(&["TNF", "tumour necrosis factor"]), words(&["IL-6"])];
        let mut tally = Tally::default();
        tally.list(&gold, &words(&["tnf", "tumour necrosis factor", "il-1", "il-6"]));
        tally.list(&gold, &[]);
        tally.factoid(&words(&["A"]), &words(&["b", "a"]));
        let score = tally.finish();
        let list = score.list.unwrap();
        assert_eq!((list.precision, list.recall, list.f1, list.questions), (25.0, 50.0, 33.33, 2));
        assert_eq!((score.strict, score.lenient, score.mrr), (0.0, 100.0, 50.0));
    }
}
