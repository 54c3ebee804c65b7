//! A training with its examples, gathered one by one or from files.

use std::ops::{ControlFlow, Range};
use std::path::Path;

use crate::data::Format;
use crate::engine::Cancel;
use crate::error::{Error, Result, base_name};
use crate::eval::{
    Annotated, Answered, Asserted, AssertedMark, Data, DataOptions, EvalOptions, Evaluation,
    Example, Labelled, Mark, Pair, evaluate_file, read,
};
use crate::heads::Task;
use crate::model::Model;
use crate::tasks::Masks;
use crate::text::{Input, OffsetUnit};
use crate::train::options::{Progress, TrainOptions};
use crate::train::report::TrainedHead;
use crate::train::run::train;

/// What examples are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// To learn from.
    Train,
    /// To choose the epoch by, and to correct probabilities with.
    Dev,
    /// To measure the head with, when all is done.
    Test,
}

/// What a file brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileAdded {
    /// The format that it was read in; `None` of an empty file.
    pub format: Option<Format>,
    /// Its examples.
    pub examples: usize,
    /// Its records without an annotation that counts.
    pub records_left_out: usize,
}

/// Examples for one task, and the head that was trained from them.
#[derive(Debug)]
pub struct Trainer {
    model: Model,
    task: Task,
    options: TrainOptions,
    data: DataOptions,
    train: Vec<Example>,
    dev: Vec<Example>,
    test: Vec<Example>,
    trained: Option<TrainedHead>,
}

impl Trainer {
    /// A trainer without examples. Offsets count `unit`; `entity` is the kind that plain `B` and `I` of
    /// a file stand for.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a model that gives no states; [`Error::Argument`] for a head kind that
    /// is for another task.
    pub fn new(
        model: &Model,
        task: Task,
        unit: OffsetUnit,
        entity: Option<String>,
        options: TrainOptions,
    ) -> Result<Trainer> {
        model.expect_states()?;
        options.head_kind.map_or(Ok(()), |kind| kind.expect_for(task))?;
        let masks = options.masks.clone();
        let defaults = DataOptions::new(unit);
        let data = DataOptions { entity: entity.or(defaults.entity.clone()), masks, ..defaults };
        let (train, dev, test) = (Vec::new(), Vec::new(), Vec::new());
        let model = model.clone();
        Ok(Trainer { model, task, options, data, train, dev, test, trained: None })
    }

    /// Adds an example.
    ///
    /// # Errors
    /// [`Error::Argument`] for one of another task.
    pub fn add(&mut self, split: Split, example: impl Into<Example>) -> Result<()> {
        let example = example.into();
        if example.task() != self.task {
            return Err(Error::Argument("the example is for another task".into()));
        }
        self.examples(split).push(example);
        Ok(())
    }

    /// Adds a text with its entities, as [`Annotated::new`].
    ///
    /// # Errors
    /// Those of [`Annotated::new`] and [`add`](Self::add).
    pub fn add_ner(&mut self, split: Split, text: Input<'_>, marks: &[Mark<'_>]) -> Result<()> {
        self.add(split, refused(Annotated::new(text, self.data.unit, marks))?)
    }

    /// Adds a text with its entities and what it says of them, as [`Asserted::new`].
    ///
    /// # Errors
    /// Those of [`Asserted::new`] and [`add`](Self::add).
    pub fn add_assertion(
        &mut self,
        split: Split,
        text: Input<'_>,
        marks: &[AssertedMark<'_>],
    ) -> Result<()> {
        self.add(split, refused(Asserted::new(text, self.data.unit, marks))?)
    }

    /// Adds a pair of entities of a text, as [`Pair::new`].
    ///
    /// # Errors
    /// Those of [`Pair::new`] and [`add`](Self::add).
    pub fn add_re(
        &mut self,
        split: Split,
        text: Input<'_>,
        places: [Range<usize>; 2],
        label: &str,
    ) -> Result<()> {
        let masks = self.data.masks.clone().unwrap_or_else(|| Masks::PLAIN.map(String::from));
        self.add(split, refused(Pair::new(text, self.data.unit, places, &masks, label))?)?;
        self.data.masks = Some(masks);
        Ok(())
    }

    /// Adds a document with its class, as [`Labelled::new`].
    ///
    /// # Errors
    /// Those of [`Labelled::new`] and [`add`](Self::add).
    pub fn add_class(
        &mut self,
        split: Split,
        text: Input<'_>,
        second: Option<Input<'_>>,
        label: &str,
    ) -> Result<()> {
        self.add(split, refused(Labelled::new(text, second, label))?)
    }

    /// Adds a question with a passage, as [`Answered::new`].
    ///
    /// # Errors
    /// Those of [`Answered::new`] and [`add`](Self::add).
    pub fn add_qa(
        &mut self,
        split: Split,
        question: Input<'_>,
        passage: Input<'_>,
        answer: Option<Range<usize>>,
    ) -> Result<()> {
        self.add(split, refused(Answered::new(question, passage, self.data.unit, answer))?)
    }

    /// Adds the examples of a file, as [`read`]: all of them, or none if one is wrong. The masks of
    /// pairs are those of the first file, and files after those to learn from have no other labels.
    /// `format` is guessed by the file's structure if it is not given; what was read is told.
    ///
    /// # Errors
    /// Those of [`read`]; [`Error::NotFound`] and [`Error::Io`]; [`Error::Model`] for questions that
    /// cannot be learnt from.
    pub fn add_file(
        &mut self,
        split: Split,
        path: &Path,
        format: Option<Format>,
    ) -> Result<FileAdded> {
        let name = base_name(path);
        let bytes = std::fs::read(path).map_err(|error| Error::io(path, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let position = error.utf8_error().valid_up_to();
            Error::model(&name, format!("not UTF-8 at byte {position}"))
        })?;
        let labels = match split {
            Split::Train => None,
            Split::Dev | Split::Test => self.labels(),
        };
        let options = DataOptions { format, labels, ..self.data.clone() };
        let data = read(self.task, &name, &text, &options)?;
        let Data { examples, format, masks, records_left_out, .. } = data;
        if !examples.iter().all(Example::teaches) {
            let reason = "factoid and yes/no questions are to measure a head with, not to train one: \
                          to learn, answers need their places, in SQuAD's JSON or JSON lines";
            return Err(Error::model(name, reason));
        }
        self.data.masks = masks;
        let added = FileAdded { format, examples: examples.len(), records_left_out };
        self.examples(split).extend(examples);
        Ok(added)
    }

    fn examples(&mut self, split: Split) -> &mut Vec<Example> {
        match split {
            Split::Train => &mut self.train,
            Split::Dev => &mut self.dev,
            Split::Test => &mut self.test,
        }
    }

    /// The labels that are learnt, of pairs and documents.
    fn labels(&self) -> Option<Vec<String>> {
        let labels = self.train.iter().filter_map(Example::label);
        let labels: std::collections::BTreeSet<&str> = labels.collect();
        (!labels.is_empty()).then(|| labels.into_iter().map(String::from).collect())
    }

    /// Trains a head, as [`train`]; the one before it, if there was one, is forgotten. The head is
    /// then to be had from [`trained`](Self::trained).
    ///
    /// # Errors
    /// Those of [`train`]; the head before stays.
    pub fn fit(
        &mut self,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<&TrainedHead> {
        let options = TrainOptions { masks: self.data.masks.clone(), ..self.options.clone() };
        let dev = (!self.dev.is_empty()).then_some(&self.dev[..]);
        let (model, task) = (&self.model, self.task);
        let trained = train(model, task, &self.train, dev, &options, cancel, progress)?;
        Ok(self.trained.insert(trained))
    }

    /// The head that was trained.
    ///
    /// # Errors
    /// [`Error::Argument`] if there is none yet.
    pub fn trained(&self) -> Result<&TrainedHead> {
        let none = || Error::Argument("no head has been trained yet".into());
        self.trained.as_ref().ok_or_else(none)
    }

    /// Measures the head on the examples that are for it, as [`evaluate_file`].
    ///
    /// # Errors
    /// Those of [`evaluate_file`] and [`trained`](Self::trained); [`Error::Argument`] without such examples.
    pub fn eval(&self, cancel: &Cancel) -> Result<Evaluation> {
        let head = &self.trained()?.head;
        if self.test.is_empty() {
            return Err(Error::Argument("there is no example to measure the head with".into()));
        }
        let options = EvalOptions { cancel: cancel.clone(), ..EvalOptions::default() };
        evaluate_file(&self.model, head, &self.test, &options, &mut |_| ())
    }
}

/// An example that was refused: its text is the one document of the call.
fn refused<T>(example: Result<T>) -> Result<T> {
    example.map_err(|error| error.of_doc(0))
}
