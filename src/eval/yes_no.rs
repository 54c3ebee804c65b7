//! Yes/no questions: accuracy, and the mean of the labels' F1.

use crate::error::Result;
use crate::eval::{Evaluation, Evaluator, Example, Score, YesNoScore, f1, percent, rounded, wrong};
use crate::tasks::qa::{Asked, QaOptions, answer};

/// Questions that are handled between two calls of `progress`.
const GROUP: usize = 64;

impl Evaluator<'_> {
    /// Measures a head that answers with a label.
    pub(super) fn yes_no(
        &self,
        examples: &[Example],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Evaluation> {
        let (model, options, control) = (self.model, &self.options, &self.control);
        let labels = &self.head.spec.labels;
        let heads = std::slice::from_ref(&self.head);
        let (mut gold, mut found) = (Vec::new(), Vec::new());
        for (number, group) in examples.chunks(GROUP).enumerate() {
            let mut asked = Vec::with_capacity(group.len());
            for (at, example) in group.iter().enumerate() {
                let at = number * GROUP + at;
                let Example::YesNo(yes_no) = example else {
                    return Err(wrong(at, "the head answers with a label, not so the example"));
                };
                gold.push(self.label(at, &yes_no.label)?);
                let passages = yes_no.passages.iter().map(|passage| passage.as_str().into());
                let question = yes_no.question.as_str().into();
                asked.push(Asked::read(model, question, passages, options, control)??);
            }
            let asked: Vec<&Asked<'_>> = asked.iter().collect();
            let answers = QaOptions::default();
            for answered in answer(model, heads, &asked, &answers, options, control)? {
                let best = answered.classes.iter().find(|class| class.holds);
                found.push(best.and_then(|c| labels.iter().position(|l| **l == *c.label)));
            }
            progress(number * GROUP + group.len());
        }
        let score = Score::YesNo(score(&gold, &found, labels.len()));
        Ok(score.into())
    }
}

fn score(gold: &[usize], predicted: &[Option<usize>], labels: usize) -> YesNoScore {
    let pairs = || gold.iter().zip(predicted);
    let right = pairs().filter(|(gold, predicted)| Some(**gold) == **predicted).count();
    let mut scores = Vec::new();
    for label in 0..labels {
        let gold = gold.iter().filter(|&&gold| gold == label).count();
        let given = predicted.iter().filter(|&&given| given == Some(label)).count();
        let both = pairs().filter(|(g, p)| **g == label && **p == Some(label)).count();
        if gold + given > 0 {
            scores.push(f1(both, given, gold));
        }
    }
    let macro_f1 = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    YesNoScore {
        accuracy: percent(right, gold.len()),
        macro_f1: rounded(macro_f1),
        questions: gold.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macro_f1_is_the_mean_over_the_labels() {
        let score = score(&[1, 1, 1, 0], &[Some(1), Some(1), Some(0), Some(0)], 3);
        assert_eq!((score.accuracy, score.macro_f1, score.questions), (75.0, 73.34, 4));
    }
}
