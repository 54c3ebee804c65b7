//! What a measurement came to.

use serde::Serialize;

use crate::eval::{f1, percent};

/// How a head does on examples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// The score as a whole.
    pub score: Score,
    /// Each label, or each kind of entity, by itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_label: Vec<LabelScore>,
    /// What was taken for what; of entities word by word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confusion: Option<Confusion>,
    /// How far probabilities are from how often they are right, 0 to 1: the expected calibration error
    /// over fifteen bins (Guo et al. 2017). Of entities over the words that are in one, or are said
    /// to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration_error: Option<f64>,
    /// Of assertions: how they come about.
    #[serde(flatten)]
    pub assertions: Option<AssertionReport>,
}

impl From<Score> for Evaluation {
    /// A score without more to say of it.
    fn from(score: Score) -> Evaluation {
        Evaluation {
            score,
            by_label: Vec::new(),
            confusion: None,
            calibration_error: None,
            assertions: None,
        }
    }
}

/// The score of a task, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Score {
    /// Of entities.
    Ner(NerScore),
    /// Of assertions.
    Assertions(AssertionScore),
    /// Of relations and classes.
    Classes(ClassScore),
    /// Of answers.
    Answers(AnswerScore),
    /// Of factoid questions.
    Factoid(FactoidScore),
    /// Of yes/no questions.
    YesNo(YesNoScore),
}

impl Score {
    /// F1 in percent, of assertions and yes/no questions the mean over labels; of factoid questions, which have none, the mean reciprocal rank.
    pub fn f1(&self) -> f64 {
        match self {
            Score::Ner(score) => score.f1,
            Score::Assertions(score) => score.macro_f1,
            Score::Classes(score) => score.f1,
            Score::Answers(score) => score.f1,
            Score::Factoid(score) => score.mrr,
            Score::YesNo(score) => score.macro_f1,
        }
    }
}

/// Precision, recall and F1 in percent, and the counts that they come from.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct NerScore {
    /// Correct of predicted, in percent.
    pub precision: f64,
    /// Correct of gold, in percent.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Entities in the examples.
    pub gold: usize,
    /// Entities found.
    pub predicted: usize,
    /// Entities found with exactly the right bounds and kind.
    pub correct: usize,
    /// Words in the examples.
    pub tokens: usize,
}

/// Accuracy and the mean of the values' F1, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct AssertionScore {
    /// Right ones of all.
    pub accuracy: f64,
    /// Mean of the F1 of each value that the examples or the answers have.
    pub macro_f1: f64,
    /// Entities; of a training words of entities.
    pub examples: usize,
}

/// Whose work the assertions are, and what comes of them where entities have to be found first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssertionReport {
    /// Accuracy by kind of entity.
    pub by_kind: Vec<KindScore>,
    /// The head alone.
    pub head_alone: AssertionScore,
    /// Section and rules alone.
    pub rules_alone: AssertionScore,
    /// Entities that the model's head for notes finds: right if bounds, kind and assertion are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_to_end: Option<LabelScore>,
}

/// How many assertions of the entities of a kind are right.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KindScore {
    /// The kind.
    pub label: String,
    /// Right ones of all, in percent.
    pub accuracy: f64,
    /// Entities of the kind.
    pub entities: usize,
}

/// Precision, recall, F1 and accuracy in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ClassScore {
    /// Right ones of the positive labels that were given.
    pub precision: f64,
    /// Positive labels of the examples that were found.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Right ones of all labels.
    pub accuracy: f64,
    /// Examples.
    pub examples: usize,
}

/// How well answers are found, in percent, as SQuAD counts but by pieces.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct AnswerScore {
    /// Questions whose best answer is exactly the right one, or that rightly have none.
    pub exact: f64,
    /// The mean over questions of the harmonic mean of precision and recall of the best answer's pieces.
    pub f1: f64,
    /// Questions.
    pub questions: usize,
}

/// Precision, recall and F1 of a label, in percent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelScore {
    /// The label.
    pub label: String,
    /// Right ones of those that were given.
    pub precision: f64,
    /// Right ones of those that there are.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// How many there are.
    pub gold: usize,
    /// How many were given.
    pub predicted: usize,
    /// How many were given rightly.
    pub correct: usize,
}

impl LabelScore {
    pub(super) fn new(label: &str, correct: usize, predicted: usize, gold: usize) -> LabelScore {
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
}

/// How often each label was taken for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The labels of rows and columns.
    pub labels: Vec<String>,
    /// A row for each right label, a column for each that was given.
    pub counts: Vec<Vec<usize>>,
}

/// BioASQ's measures of factoid questions, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct FactoidScore {
    /// Questions whose first answer is right.
    pub strict: f64,
    /// Questions with a right answer among the first five.
    pub lenient: f64,
    /// Mean of one over the rank of the first right answer.
    pub mrr: f64,
    /// Questions.
    pub questions: usize,
    /// Of list questions, where there are some and answers were pooled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<ListScore>,
}

/// BioASQ's measures of list questions: means over the questions, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ListScore {
    /// Right ones of the answers.
    pub precision: f64,
    /// Right answers that were found.
    pub recall: f64,
    /// Mean of the harmonic means of the two.
    pub f1: f64,
    /// Questions.
    pub questions: usize,
}

/// Accuracy and the mean of the labels' F1, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct YesNoScore {
    /// Right answers of all.
    pub accuracy: f64,
    /// Mean of the F1 of each label that the examples or the answers have.
    pub macro_f1: f64,
    /// Questions.
    pub questions: usize,
}
