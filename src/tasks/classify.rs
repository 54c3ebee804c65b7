//! Classes of documents and of pairs of documents.

use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::{FloatEnv, math};
use serde::Serialize;

use crate::document::shared;
use crate::engine::Control;
use crate::error::Result;
use crate::heads::{DOCUMENT_PLACES, Globals, Head, HeadSpec, Task};
use crate::model::Model;
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::read::{Reading, read};
use crate::tasks::{DocFlags, Results, RunOptions, by_groups, with_readable};
use crate::text::Input;
use crate::tokenizer::Pieces;
use crate::window::windows;

/// A document, or two that are judged together: a note and a trial criterion.
#[derive(Debug, Clone, Copy)]
pub struct ClassifyInput<'a> {
    /// The document.
    pub text: Input<'a>,
    /// What it is held against.
    pub second: Option<Input<'a>>,
}

impl<'a> From<&'a str> for ClassifyInput<'a> {
    fn from(text: &'a str) -> Self {
        ClassifyInput { text: text.into(), second: None }
    }
}

/// A class that a document may have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Class {
    /// The label.
    #[serde(serialize_with = "shared")]
    pub label: Arc<str>,
    /// The label in words; the label itself where the head has none.
    #[serde(serialize_with = "shared")]
    pub text: Arc<str>,
    /// Its probability; of a regression the number itself, which may be any.
    pub score: f32,
    /// Whether it holds; never of a regression: the most probable label of a head, or each with a probability of a half or
    /// more where the head decides every label by itself.
    pub holds: bool,
    /// The head that judged.
    #[serde(serialize_with = "shared")]
    pub head: Arc<str>,
}

/// The classes of a document: head by head, the most probable label first.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct DocumentClasses {
    /// Every label of every head; the numbers of a regression in the head's order.
    pub classes: Vec<Class>,
    /// How the document was read.
    #[serde(skip)]
    pub flags: DocFlags,
}

impl Model {
    /// Classifies documents, or pairs of them, with the heads named or with all for this task.
    ///
    /// A text that is too long for the model is read in windows: the probabilities are means over
    /// the windows, each with the weight of the pieces that it decides. Of a pair, the longer text
    /// is windowed; the shorter one stands in each window, cut to half of it if it must be.
    ///
    /// # Errors
    /// As [`ner`](Model::ner).
    pub fn classify(
        &self,
        heads: &[String],
        documents: &[ClassifyInput<'_>],
        options: &RunOptions,
    ) -> Result<Results<DocumentClasses>> {
        let heads = self.heads_for(Task::Classify, heads)?;
        let control = options.control();
        let size = |input: ClassifyInput<'_>| {
            input.text.size() + input.second.map_or(0, |second| second.size())
        };
        by_groups(
            self.engine(),
            self.precision(),
            documents,
            size,
            &control,
            |input| {
                let text = read(self, input.text, options, &control)?;
                let second = input.second.map(|text| read(self, text, options, &control));
                Ok(match (text, second.transpose()?.transpose()) {
                    (Ok(text), Ok(second)) => Ok((text, second)),
                    (Err(error), _) | (_, Err(error)) => Err(error),
                })
            },
            |_, readings| with_readable(readings, |texts| classify(self, &heads, texts, &control)),
        )
    }
}

fn classify(
    model: &Model,
    heads: &[Arc<Head>],
    texts: &[&(Reading<'_>, Option<Reading<'_>>)],
    control: &Control,
) -> Result<Vec<DocumentClasses>> {
    let _env = FloatEnv::standard();
    let empty = |(text, second): &&(Reading<'_>, Option<Reading<'_>>)| {
        let replaced = |reading: &Reading<'_>| reading.text.replaced();
        let replaced_invalid = replaced(text) || second.as_ref().is_some_and(replaced);
        let flags = DocFlags { replaced_invalid, ..DocFlags::default() };
        DocumentClasses { classes: Vec::new(), flags }
    };
    let mut documents: Vec<DocumentClasses> = texts.iter().map(empty).collect();
    for head in heads {
        let mut votes = vec![Vote::new(head); texts.len()];
        let mut sequences = Vec::new();
        for (index, (text, second)) in texts.iter().enumerate() {
            let cut = cut(model, head, text, second.as_ref());
            documents[index].flags.windowed |= cut.windows.len() > 1;
            documents[index].flags.truncated |= cut.truncated;
            sequences.extend(cut.windows.into_iter().map(|(s, weight)| Ok(((index, weight), s))));
        }
        encode(
            model,
            head.taken(),
            Globals::of(&head.spec),
            sequences.into_iter(),
            control,
            |(index, weight), states| {
                let places = document_places(states.tokens());
                let logits = head.sequence_logits(model.engine(), &states, &places);
                Ok((index, weight, probabilities(model, head, logits)))
            },
            |(index, weight, probabilities)| {
                votes[index].add(&probabilities, weight);
                Ok(())
            },
        )?;
        for (document, vote) in documents.iter_mut().zip(votes) {
            document.classes.extend(vote.classes(head));
        }
    }
    Ok(documents)
}

/// The front of a document, as much as is read at once; of two that are judged together the longer is
/// cut. Heads learn from it and are measured on it.
pub(crate) fn front(
    model: &Model,
    spec: &HeadSpec,
    text: &str,
    second: Option<&str>,
    control: &Control,
) -> Result<Sequence<'static>> {
    let special = model.tokenizer().special();
    let (single, _) = spec.windows(model.max_tokens());
    let read = |text: &str| Ok(model.tokenizer().pieces(text, || control.check())?.ids);
    let mut first = read(text)?;
    let Some(mut second) = second.map(read).transpose()? else {
        first.truncate(single);
        return Ok(Sequence::single(first));
    };
    let room = single + special.count(false) - special.count(true);
    if first.len() + second.len() > room {
        let (long, short) = match first.len() >= second.len() {
            true => (&mut first, &mut second),
            false => (&mut second, &mut first),
        };
        short.truncate(room / 2);
        long.truncate(room - short.len());
    }
    Ok(Sequence::pair(first, second))
}

/// The sequences of a document or a pair, each with its weight.
struct Cut<'a> {
    windows: Vec<(Sequence<'a>, f32)>,
    truncated: bool,
}

fn cut<'a>(
    model: &Model,
    head: &Head,
    text: &'a Reading<'_>,
    second: Option<&'a Reading<'_>>,
) -> Cut<'a> {
    let special = model.tokenizer().special();
    let (single, step) = head.spec.windows(model.max_tokens());
    let Some(second) = second else {
        let windows = weighed(&text.pieces, single, step);
        let windows = windows.map(|(window, weight)| (Sequence::single(window), weight)).collect();
        return Cut { windows, truncated: false };
    };
    let capacity = single + special.count(false) - special.count(true);
    let (first, second) = (&text.pieces, &second.pieces);
    if first.len() + second.len() <= capacity {
        let whole = Sequence::pair(&first.ids, &second.ids);
        return Cut { windows: vec![(whole, 1.0)], truncated: false };
    }
    let first_is_longer = first.len() >= second.len();
    let (long, short) = if first_is_longer { (first, second) } else { (second, first) };
    let kept = &short.ids[..short.len().min(capacity / 2)];
    let sequence = |window: &'a [u32]| {
        if first_is_longer { Sequence::pair(window, kept) } else { Sequence::pair(kept, window) }
    };
    let windows = weighed(long, capacity - kept.len(), step);
    let windows = windows.map(|(window, weight)| (sequence(window), weight)).collect();
    Cut { windows, truncated: kept.len() < short.len() }
}

/// Windows of a text with the number of pieces that each decides; an empty text is one window.
fn weighed(pieces: &Pieces, capacity: usize, step: usize) -> impl Iterator<Item = (&[u32], f32)> {
    let windows = windows(&pieces.starts_word, capacity, step.min(capacity));
    let empty = windows.is_empty().then_some((&[][..], 1.0));
    let weighed =
        windows.into_iter().map(|w| (&pieces.ids[w.pieces.clone()], w.decides.len() as f32));
    weighed.chain(empty)
}

/// Where a head reads a sequence: `[CLS]`, and all of the text.
pub(crate) fn document_places(tokens: usize) -> [Range<usize>; DOCUMENT_PLACES] {
    [0..1, 1..tokens.saturating_sub(1).max(1)]
}

/// Probabilities of a head's labels; of a regression its numbers.
pub(crate) fn probabilities(model: &Model, head: &Head, mut logits: Vec<f32>) -> Vec<f32> {
    if head.spec.is_regression() {
        return logits;
    }
    if head.spec.decides_each_label() {
        logits.iter_mut().for_each(|logit| *logit = math::sigmoid(*logit));
    } else {
        model.engine().workers().kernel().softmax(&mut logits, 1.0);
    }
    logits
}

/// Weighted means of the probabilities of a head's labels.
#[derive(Debug, Clone)]
pub(crate) struct Vote {
    sums: Vec<f32>,
    weight: f32,
}

impl Vote {
    pub(crate) fn new(head: &Head) -> Vote {
        Vote { sums: vec![0.0; head.spec.labels.len()], weight: 0.0 }
    }

    pub(crate) fn add(&mut self, probabilities: &[f32], weight: f32) {
        for (sum, probability) in self.sums.iter_mut().zip(probabilities) {
            *sum += probability * weight;
        }
        self.weight += weight;
    }

    /// Means, in the order of the labels; nothing if nobody voted.
    pub(crate) fn means(&self) -> Option<Vec<f32>> {
        let mean = |sum: &f32| sum / self.weight;
        (self.weight > 0.0).then(|| self.sums.iter().map(mean).collect())
    }

    /// The classes, the most probable first; the numbers of a regression as the head has them.
    pub(crate) fn classes(&self, head: &Head) -> Vec<Class> {
        let Some(means) = self.means() else { return Vec::new() };
        let best = crate::heads::largest(&means);
        let mut classes: Vec<Class> = means
            .into_iter()
            .enumerate()
            .map(|(label, score)| Class {
                label: head.spec.labels[label].as_str().into(),
                text: head.spec.label_text(label).into(),
                score,
                holds: match head.spec.decides_each_label() {
                    _ if head.spec.is_regression() => false,
                    true => score >= 0.5,
                    false => label == best,
                },
                head: head.name.clone(),
            })
            .collect();
        if !head.spec.is_regression() {
            classes.sort_by(|a, b| b.score.total_cmp(&a.score));
        }
        classes
    }
}
