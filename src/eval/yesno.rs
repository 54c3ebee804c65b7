//! Yes/no questions on tab-separated files: id, question, passage, label.

use serde::Serialize;

use crate::engine::Cancel;
use crate::error::{Error, Result};
use crate::eval::table::{Row, rows};
use crate::eval::{f1, percent, rounded};
use crate::heads::Kind;
use crate::model::Model;
use crate::tasks::RunOptions;
use crate::tasks::qa::{AnswerOptions, Question};
use crate::text::{Input, OffsetUnit};

/// A question, its passage and its answer, as an index into the head's labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YesNo {
    /// The question.
    pub question: String,
    /// What it is answered from.
    pub passage: String,
    /// The label's index.
    pub label: usize,
}

/// Reads lines whose last three columns are question, passage and label. A first line whose label
/// the head does not know is a header.
///
/// # Errors
/// [`Error::Model`] with the number of a line that is none of this.
pub fn parse(file: &str, text: &str, labels: &[String]) -> Result<Vec<YesNo>> {
    let question = |([question, passage], label): Row<'_, 2>| YesNo {
        question: question.into(),
        passage: passage.into(),
        label,
    };
    Ok(rows(file, text, labels)?.into_iter().map(question).collect())
}

/// Accuracy and the mean of the labels' F1, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct YesNoScore {
    /// Right answers of all.
    pub accuracy: f64,
    /// Mean of the F1 of each label that the file or the answers have.
    pub macro_f1: f64,
    /// Questions in the file.
    pub questions: usize,
}

/// Questions that are handled between two calls of `progress`.
const GROUP: usize = 64;

/// Scores a yes/no head.
///
/// `progress` is told how many questions are done.
///
/// # Errors
/// [`Error::NotFound`] for an unknown head, [`Error::Argument`] for one that gives spans,
/// [`Error::Cancelled`].
pub fn evaluate_yes_no(
    model: &Model,
    head: &str,
    questions: &[YesNo],
    cancel: &Cancel,
    mut progress: impl FnMut(usize),
) -> Result<YesNoScore> {
    let labels = {
        let head = model.head(head)?;
        if head.spec.kind != Kind::Cls {
            return Err(Error::Argument("the head answers with spans, not with labels".into()));
        }
        &head.spec.labels
    };
    let options =
        RunOptions { cancel: Some(cancel.clone()), ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let heads = [head.to_string()];
    let mut predicted = Vec::with_capacity(questions.len());
    for group in questions.chunks(GROUP) {
        let passages: Vec<[Input<'_>; 1]> =
            group.iter().map(|question| [question.passage.as_str().into()]).collect();
        let asked: Vec<Question<'_>> = group
            .iter()
            .zip(&passages)
            .map(|(question, passages)| Question {
                question: question.question.as_str().into(),
                passages,
            })
            .collect();
        let results = model.answers(&heads, &asked, &AnswerOptions::default(), &options)?;
        for answered in &results.documents {
            let answered = answered.as_ref().map_err(Clone::clone)?;
            let best = answered.classes.iter().find(|class| class.holds);
            predicted.push(best.and_then(|c| labels.iter().position(|l| **l == *c.label)));
        }
        progress(predicted.len());
    }
    let gold: Vec<usize> = questions.iter().map(|question| question.label).collect();
    Ok(score(&gold, &predicted, labels.len()))
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
    fn files_are_read_with_and_without_header_and_id() {
        let labels = ["no", "yes"].map(String::from);
        let text = "id\tquestion\tsnippets\tanswer\n7\tIs it?\tIt is.\tyes\n";
        let questions = parse("f", text, &labels).unwrap();
        assert_eq!(questions[0].passage, "It is.");
        assert_eq!(parse("f", "Is it?\tIt is.\tyes", &labels).unwrap(), questions);
        assert!(parse("f", "a\tb\tno\nc\td\tmaybe\n", &labels).is_err());
        assert!(parse("f", "b\tno\n", &labels).is_err());
    }

    #[test]
    fn macro_f1_is_the_mean_over_the_labels() {
        let score = score(&[1, 1, 1, 0], &[Some(1), Some(1), Some(0), Some(0)], 3);
        assert_eq!((score.accuracy, score.macro_f1, score.questions), (75.0, 73.34, 4));
    }
}
