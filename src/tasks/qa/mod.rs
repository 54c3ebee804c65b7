//! Answers to questions: spans of passages, and yes or no.
//!
//! Question and passage are one sequence, `[CLS] question [SEP] passage [SEP]`; a passage that is too
//! long becomes windows. A token may begin an answer only in the window in which it has most context
//! (dmis-lab/biobert `run_qa.py`, after google-research/bert `run_squad.py`).

mod asked;
mod candidates;
mod mend;
mod pool;
mod variant;
mod windows;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::FloatEnv;
use serde::Serialize;

pub(crate) use asked::{Asked, QUESTION_PIECES};
pub(crate) use candidates::{Candidate, best_span, candidates};
pub(crate) use pool::pool;

use crate::document::shared;
use crate::engine::Control;
use crate::error::{Error, Result};
use crate::heads::{Globals, Head, Kind, Task};
use crate::model::Model;
use crate::tasks::classify::{Class, Vote, probabilities};
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::read::Reading;
use crate::tasks::{DocFlags, Results, RunOptions, by_groups, with_readable};
use crate::text::Input;
use crate::tokenizer::Pieces;
pub(crate) use windows::Windows;

/// A question and the passages that may answer it.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The question.
    pub question: Input<'a>,
    /// The passages, of any length.
    pub passages: &'a [Input<'a>],
    /// With [`QaOptions::pool`]: how much each passage counts; none where all count alike.
    pub weights: &'a [f32],
}

impl Question<'_> {
    fn check(&self, answers: &QaOptions) -> Result<()> {
        let wrong = |reason: &str| Err(Error::Argument(reason.into()));
        if self.weights.is_empty() {
            return Ok(());
        }
        if !answers.pool {
            return wrong("weights need pool: only there passages decide together");
        }
        if self.weights.len() != self.passages.len() {
            return wrong("weights are not one a passage");
        }
        let sum: f32 = self.weights.iter().sum();
        if self.weights.iter().any(|weight| *weight < 0.0) || !sum.is_finite() || sum == 0.0 {
            return wrong("weights are below 0, not finite, or all 0");
        }
        Ok(())
    }
}

/// What answers are to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QaOptions {
    /// Answers to a question at most.
    pub top: usize,
    /// Pieces in an answer at most: 30 in BioBERT's code.
    pub max_tokens: usize,
    /// Whether the passages decide together, as BioBERT does it for BioASQ: each gives its answers
    /// probabilities, and an answer has the mean of what the passages give it, whichever way each
    /// writes it. The answers are mended, and the most probable comes first.
    pub pool: bool,
    /// With `pool`: which part of the best answer's probability the others must have, from 0 to 1;
    /// 0 keeps all. What lists several answers wants one, such as 0.4.
    pub threshold: f32,
}

impl Default for QaOptions {
    fn default() -> Self {
        QaOptions { top: 5, max_tokens: 30, pool: false, threshold: 0.0 }
    }
}

impl QaOptions {
    fn check(&self) -> Result<()> {
        let wrong = |reason: &str| Err(Error::Argument(reason.into()));
        if self.max_tokens == 0 {
            return wrong("an answer must have at least one piece");
        }
        if !(0.0..=1.0).contains(&self.threshold) {
            return wrong("threshold is not from 0 to 1");
        }
        if self.threshold > 0.0 && !self.pool {
            return wrong("threshold needs pool: only pooled answers have probabilities");
        }
        Ok(())
    }
}

/// A stretch of a passage that may be the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Index of the passage.
    pub passage: usize,
    /// Offset of its first character in the passage, in the unit of the call.
    pub start: usize,
    /// Offset after its last character.
    pub end: usize,
    /// Start logit plus end logit, less the same sum for "no answer" in the same window: above 0,
    /// the head finds it more likely than no answer. Comparable across windows and passages.
    pub score: f32,
    /// The head that answered.
    #[serde(serialize_with = "shared")]
    pub head: Arc<str>,
    /// With [`QaOptions::pool`]: the mean over passages of the probability that they give this answer; by
    /// [`Question::weights`], if there are some.
    /// The place, score and head are those of its best mention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f32>,
}

/// The answers to a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionAnswers {
    /// Answers, the best first; of answers with one text, whatever their capitals, the best. Pooled
    /// answers are one if they differ in case, an article or dashes only.
    pub answers: Vec<Answer>,
    /// How far "no answer" is ahead of the best answer, on the answers' scale (the score difference
    /// of SQuAD 2.0): above 0, the passages probably do not contain the answer. Infinite where there is no span to
    /// answer with, NaN where no head answers with spans.
    pub no_answer: f32,
    /// Yes or no, where the model has a head for it: means over the passages.
    pub classes: Vec<Class>,
    /// How question and passages were read. `truncated`: the question was cut.
    #[serde(skip)]
    pub flags: DocFlags,
}

impl Default for QuestionAnswers {
    fn default() -> Self {
        let flags = DocFlags::default();
        QuestionAnswers { answers: Vec::new(), no_answer: f32::NAN, classes: Vec::new(), flags }
    }
}

impl Model {
    /// Answers questions from passages, with the heads named or with all for this task.
    ///
    /// What is wrong with a question or one of its passages stands in the question's entry.
    ///
    /// # Errors
    /// As [`ner`](Model::ner), and [`Error::Argument`] if `max_tokens` is 0, or for a `threshold`
    /// that is not from 0 to 1, or not 0 without `pool`, and for
    /// `weights` without `pool`, not one a passage, below 0, not finite, or all 0.
    pub fn qa(
        &self,
        heads: &[String],
        questions: &[Question<'_>],
        answers: &QaOptions,
        options: &RunOptions,
    ) -> Result<Results<QuestionAnswers>> {
        answers.check()?;
        questions.iter().try_for_each(|question| question.check(answers))?;
        let heads = self.heads_for(Task::Qa, heads)?;
        let control = options.control();
        let size = |question: Question<'_>| {
            let passages = question.passages.iter().map(Input::size);
            passages.fold(question.question.size(), u64::saturating_add)
        };
        by_groups(
            self.engine(),
            self.precision(),
            questions,
            size,
            &control,
            |Question { question, passages, weights }| {
                let passages = passages.iter().copied();
                let read = Asked::read(self, question, passages, options, &control)?;
                Ok(read.map(|asked| Asked { weights, ..asked }))
            },
            |_, asked| {
                with_readable(asked, |asked| {
                    answer(self, &heads, asked, answers, options, &control)
                })
            },
        )
    }
}

pub(crate) fn answer(
    model: &Model,
    heads: &[Arc<Head>],
    asked: &[&Asked<'_>],
    answers: &QaOptions,
    options: &RunOptions,
    control: &Control,
) -> Result<Vec<QuestionAnswers>> {
    let _env = FloatEnv::standard();
    let replaced = |reading: &Reading<'_>| reading.text.replaced();
    let empty = |asked: &&Asked<'_>| {
        let mut result = QuestionAnswers::default();
        result.flags.replaced_invalid =
            replaced(&asked.question) || asked.passages.iter().any(replaced);
        result
    };
    let mut results: Vec<QuestionAnswers> = asked.iter().map(empty).collect();
    let mut all: Vec<Vec<(&Arc<Head>, Candidate)>> = vec![Vec::new(); asked.len()];
    for head in heads {
        let reads = Windows::new(model, &head.spec);
        for (result, asked) in results.iter_mut().zip(asked) {
            result.flags.truncated |= reads.cuts(asked);
            result.flags.windowed |= asked.passages.iter().any(|p| reads.of(asked, p).len() > 1);
        }
        if head.spec.kind == Kind::Cls {
            for (result, votes) in results.iter_mut().zip(verdicts(model, head, asked, control)?) {
                result.classes.extend(votes.classes(head));
            }
            continue;
        }
        let found = candidates(model, head, asked, answers.max_tokens, control)?;
        for ((result, all), found) in results.iter_mut().zip(&mut all).zip(found) {
            let best = found.iter().map(Candidate::score).fold(f32::NEG_INFINITY, f32::max);
            result.no_answer =
                if result.no_answer.is_nan() { -best } else { result.no_answer.min(-best) };
            all.extend(found.into_iter().map(|candidate| (head, candidate)));
        }
    }
    for ((result, asked), found) in results.iter_mut().zip(asked).zip(all) {
        result.answers = if answers.pool {
            let pooled = pool(asked, found, answers);
            pooled.into_iter().map(|answer| answer.place(asked, options)).collect()
        } else {
            distinct(asked, found, answers.top, options)
        };
    }
    Ok(results)
}

/// The best answers with different texts, in whole words.
fn distinct(
    asked: &Asked<'_>,
    mut found: Vec<(&Arc<Head>, Candidate)>,
    top: usize,
    options: &RunOptions,
) -> Vec<Answer> {
    found.sort_by(|(_, a), (_, b)| b.score().total_cmp(&a.score()));
    let mut answers = Vec::new();
    let mut texts = std::collections::BTreeSet::new();
    let mut offsets = BTreeMap::new();
    for (head, candidate) in found {
        if answers.len() == top {
            break;
        }
        let passage = &asked.passages[candidate.passage];
        let bytes = whole_words(passage, candidate.pieces);
        if texts.insert(passage.text.as_str()[bytes.clone()].to_lowercase()) {
            let offsets = offsets
                .entry(candidate.passage)
                .or_insert_with(|| passage.text.offsets(options.unit));
            let Range { start, end } = offsets.range(bytes);
            answers.push(Answer {
                passage: candidate.passage,
                start,
                end,
                score: candidate.score(),
                head: head.name.clone(),
                probability: None,
            });
        }
    }
    answers
}

/// The bytes from a first to a last piece, and to the bounds of their words.
fn whole_words(passage: &Reading<'_>, (first, last): (usize, usize)) -> Range<usize> {
    let pieces = &passage.pieces;
    let first = (0..=first).rev().find(|&piece| pieces.starts_word[piece]).unwrap_or(0);
    let further = &pieces.starts_word[last + 1..];
    let last = last + further.iter().take_while(|starts_word| !**starts_word).count();
    pieces.spans[first].0 as usize..pieces.spans[last].1 as usize
}

/// The first and the last piece of an answer that is known by its bytes; `None` where no piece stands
/// there.
pub(crate) fn answer_pieces(pieces: &Pieces, bytes: &Range<usize>) -> Option<(usize, usize)> {
    let first = pieces.spans.partition_point(|span| span.1 as usize <= bytes.start);
    let after = pieces.at(bytes.end);
    Some((first, after.max(first + 1) - 1)).filter(|&(_, last)| last < pieces.len())
}

/// Yes or no to each question: the mean over its passages, each the mean over its windows.
fn verdicts(
    model: &Model,
    head: &Head,
    asked: &[&Asked<'_>],
    control: &Control,
) -> Result<Vec<Vote>> {
    let reads = Windows::new(model, &head.spec);
    let mut votes = vec![Vote::new(head); asked.len()];
    let sequences = asked.iter().enumerate().flat_map(|(index, &asked)| {
        let reads = &reads;
        asked.passages.iter().flat_map(move |passage| {
            let windows = reads.of(asked, passage);
            let weight = 1.0 / windows.len() as f32;
            let question = asked.question(reads.capacity);
            windows.into_iter().map(move |window| {
                let sequence = Sequence::pair(question, &passage.pieces.ids[window]);
                Ok(((index, weight), sequence))
            })
        })
    });
    encode(
        model,
        head.taken(),
        Globals::of(&head.spec),
        sequences,
        control,
        |(index, weight), states| {
            let logits = head.sequence_logits(model.engine(), &states, &[]);
            Ok((index, weight, probabilities(model, head, logits)))
        },
        |(index, weight, probabilities)| {
            votes[index].add(&probabilities, weight);
            Ok(())
        },
    )?;
    Ok(votes)
}
