//! Examples as what the encoder reads and the network learns: sequences, rows of them, right answers.

mod assertion;
mod held_out;
mod passage;
mod places;
mod sequence;
mod words;

use std::sync::Arc;

use crate::engine::Control;
use crate::error::{Error, Result};
use crate::eval::example::Example;
use crate::heads::{HeadSpec, Kind, Task};
use crate::model::Model;
use crate::tag::Tag;
use crate::train::options::{HeadKind, TrainOptions};

pub(super) use sequence::Sequence;

use held_out::held_out;

/// All that is learnt from.
#[derive(Debug)]
pub(super) struct Lesson {
    pub(super) spec: HeadSpec,
    pub(super) tags: Arc<[Tag]>,
    pub(super) sequences: Vec<Sequence>,
    /// The sequences to learn from, and those that are held out.
    pub(super) on: Vec<usize>,
    pub(super) off: Vec<usize>,
    /// Examples to learn from, and held out.
    pub(super) texts: usize,
    pub(super) held_out: usize,
}

impl Lesson {
    pub(super) fn new(
        model: &Model,
        task: Task,
        train: &[Example],
        dev: Option<&[Example]>,
        options: &TrainOptions,
        control: &Control,
    ) -> Result<Lesson> {
        let all = || train.iter().chain(dev.unwrap_or_default());
        if all().any(|example| example.task() != task) {
            return Err(Error::Argument("an example is for another task".into()));
        }
        let kind = options.head_kind.unwrap_or(HeadKind::of(task));
        kind.expect_for(task)?;
        let linear = kind == HeadKind::Linear;
        let mut spec = match task {
            Task::Ner => words::spec(train, linear)?,
            Task::Re => places::pair_spec(train, linear, options)?,
            Task::Classify => places::document_spec(train, linear)?,
            Task::Qa => passage::spec(train, linear)?,
            Task::Assertion => assertion::spec(train)?,
        };
        spec.provenance.encoder_sha256 = model.encoder_sha256().map(String::from);
        spec.provenance.tokenizer_sha256 = Some(model.tokenizer().sha256().to_string());
        spec.provenance.licence = options.licence.clone();
        spec.provenance.date = options.date.clone();

        let mut held = match dev {
            None => held_out(train, options.seed),
            Some(_) => vec![false; train.len()],
        };
        held.resize(train.len() + dev.map_or(0, <[_]>::len), true);
        let mut lesson = Lesson::empty(spec);
        for (example, held) in all().zip(held) {
            let from = lesson.sequences.len();
            lesson.add(model, example, control)?;
            let range = from..lesson.sequences.len();
            if held {
                lesson.held_out += 1;
                lesson.off.extend(range);
            } else {
                lesson.texts += 1;
                lesson.on.extend(range);
            }
        }
        lesson.expect_every_relation()?;
        Ok(lesson)
    }

    fn empty(spec: HeadSpec) -> Lesson {
        let tags = spec.tags().into();
        let (sequences, on, off) = (Vec::new(), Vec::new(), Vec::new());
        Lesson { spec, tags, sequences, on, off, texts: 0, held_out: 0 }
    }

    fn add(&mut self, model: &Model, example: &Example, control: &Control) -> Result<()> {
        let index = self.texts + self.held_out;
        let (spec, out) = (&self.spec, &mut self.sequences);
        match example {
            Example::Ner(annotated) => words::add(model, annotated, spec, control, out),
            Example::Assertion(asserted) => assertion::add(model, asserted, spec, control, out),
            Example::Re(pair) => places::add_pair(model, pair, spec, control, out),
            Example::Classify(labelled) => {
                places::add_document(model, labelled, spec, control, out)
            }
            Example::Qa(answered) => passage::add(model, answered, index, spec, control, out),
            Example::Factoid(_) | Example::YesNo(_) => {
                Err(Error::Argument("it is to measure a head with, not to learn from".into()))
            }
        }
        .map_err(|error| match error {
            Error::Argument(reason) => Error::Argument(format!("example {}: {reason}", index + 1)),
            other => other,
        })
    }

    /// Refuses relations that nothing is learnt of.
    fn expect_every_relation(&self) -> Result<()> {
        if self.spec.task() == Task::Re && self.class_counts().contains(&0) {
            let reason = "the two entities are too far apart in every pair of a label";
            return Err(Error::Argument(reason.into()));
        }
        Ok(())
    }

    /// Examples of each class.
    pub(super) fn class_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.spec.labels.len()];
        for &sequence in &self.on {
            for &target in &self.sequences[sequence].targets {
                counts[target as usize] += 1;
            }
        }
        counts
    }

    /// Whether a decision is made on words, on places or on tokens.
    pub(super) fn goal(&self) -> Goal {
        match self.spec.kind {
            Kind::Token => Goal::Rows,
            Kind::Words => Goal::Crf,
            Kind::Cls | Kind::Places => Goal::Class,
            Kind::Span | Kind::Passage => Goal::Span,
        }
    }
}

/// What the logits are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// A label of each row, for itself.
    Rows,
    /// A label of each row, of all together.
    Crf,
    /// A label of the sequence.
    Class,
    /// A row where the answer starts, and one where it ends.
    Span,
}
