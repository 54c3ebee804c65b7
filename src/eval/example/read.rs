//! Examples from files.

use crate::data::{self, Content, Format, ReadOptions};
use crate::document::{Answer, Document};
use crate::error::{Error, Result};
use crate::eval::example::{Annotated, Answered, Example, Factoid, Labelled, Pair, YesNo, masks};
use crate::eval::kinds;
use crate::heads::{HeadSpec, Task};
use crate::tasks::Masks;
use crate::text::OffsetUnit;

/// How a file is read, and what it may hold.
#[derive(Debug, Clone)]
pub struct DataOptions {
    /// What the offsets of the file count.
    pub unit: OffsetUnit,
    /// Its format; `None`: guessed by its structure.
    pub format: Option<Format>,
    /// The kind that plain `B` and `I` stand for; `None`: they are refused.
    pub entity: Option<String>,
    /// What stands in for the first and the second entity of a pair; `None`: the two masks such as
    /// `@GENE$` that stand together most often, in alphabetical order, and plain ones where the file
    /// tells the places of its entities.
    pub masks: Option<[String; 2]>,
    /// The labels that texts and pairs may have; any if it is not given.
    pub labels: Option<Vec<String>>,
    /// The kinds that entities may have; any if it is not given.
    pub kinds: Option<Vec<String>>,
    /// Whether entities of other kinds are left out and counted, not refused.
    pub leave_out: bool,
}

impl DataOptions {
    /// Offsets in a unit, plain `B` and `I` for an `Entity`, the rest as it is found.
    pub fn new(unit: OffsetUnit) -> DataOptions {
        let entity = Some("Entity".into());
        let (format, masks, labels, kinds) = (None, None, None, None);
        DataOptions { unit, format, entity, masks, labels, kinds, leave_out: false }
    }

    /// What a head can be measured on.
    pub fn of_head(spec: &HeadSpec, unit: OffsetUnit) -> DataOptions {
        let kinds = kinds(spec);
        DataOptions {
            entity: kinds.first().filter(|_| kinds.len() == 1).cloned(),
            masks: Some(spec.mask().cloned().unwrap_or(Masks::PLAIN.map(String::from))),
            labels: Some(spec.labels.clone()),
            kinds: Some(kinds),
            ..DataOptions::new(unit)
        }
    }

    /// With entities of these kinds alone, if there are any; others are left out.
    pub fn score(self, kinds: &[String]) -> DataOptions {
        match kinds {
            [] => self,
            kinds => DataOptions { kinds: Some(kinds.to_vec()), leave_out: true, ..self },
        }
    }

    /// Refuses a label that is not known.
    fn expect_known(&self, label: &str) -> Result<()> {
        let known = self.labels.as_ref();
        if known.is_some_and(|known| known.iter().all(|known| known != label.trim())) {
            return Err(Error::Argument("a label that the head does not know".into()));
        }
        Ok(())
    }
}

/// The examples of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The examples.
    pub examples: Vec<Example>,
    /// The format that the file was read in; `None` of an empty file.
    pub format: Option<Format>,
    /// The masks of pairs.
    pub masks: Option<[String; 2]>,
    /// Records of the file without an annotation that counts.
    pub records_left_out: usize,
    /// Entities of other kinds than those that are asked for.
    pub entities_left_out: usize,
}

/// Reads a file of examples of a task. `file` is its base name; formats are those of [`Format`].
///
/// # Errors
/// [`Error::Model`] with the line of what is wrong, without a word of the texts; [`Error::Argument`]
/// for an empty kind.
pub fn read(task: Task, file: &str, text: &str, options: &DataOptions) -> Result<Data> {
    let content = match task {
        Task::Ner => Content::Entities,
        Task::Re => Content::Relations,
        Task::Classify => Content::Classes,
        Task::Qa => Content::Answers,
    };
    let (format, unit, entity) = (options.format, options.unit, options.entity.as_deref());
    let contents = data::read(file, text, &ReadOptions { content, format, unit, entity })?;
    let mut reader = Reader { file, format: contents.format, options, masks: None, left_out: 0 };
    if task == Task::Re {
        reader.masks = Some(reader.masks(&contents.documents)?);
    }
    let mut examples = Vec::with_capacity(contents.documents.len());
    for document in contents.documents {
        reader.add(task, document, &mut examples)?;
    }
    Ok(Data {
        examples,
        format: contents.format,
        masks: reader.masks,
        records_left_out: contents.left_out,
        entities_left_out: reader.left_out,
    })
}

struct Reader<'a> {
    file: &'a str,
    format: Option<Format>,
    options: &'a DataOptions,
    masks: Option<[String; 2]>,
    left_out: usize,
}

impl Reader<'_> {
    /// What is wrong with a line.
    fn in_line(&self, line: usize, error: Error) -> Error {
        match error {
            Error::Argument(reason) => Error::model(self.file, format!("line {line}: {reason}")),
            other => other,
        }
    }

    fn masks(&self, documents: &[Document]) -> Result<[String; 2]> {
        if let Some(masks) = &self.options.masks {
            return Ok(masks.clone());
        }
        let masked = || documents.iter().filter(|document| document.label.is_some());
        match (masks::find(masked()), masked().next()) {
            (Some(masks), _) => Ok(masks),
            (None, None) => Ok(Masks::PLAIN.map(String::from)),
            (None, Some(first)) => {
                let reason = "the sentence does not hold two masks such as @GENE$";
                Err(self.in_line(first.line, Error::Argument(reason.into())))
            }
        }
    }

    /// Adds the examples of a document.
    fn add(&mut self, task: Task, document: Document, out: &mut Vec<Example>) -> Result<()> {
        let line = document.line;
        let added = match task {
            Task::Ner => self.entities(document, out),
            Task::Re => self.pairs(&document, out),
            Task::Classify => self.class(document, out),
            Task::Qa => self.questions(&document, out),
        };
        added.map_err(|error| self.in_line(line, error))
    }

    fn entities(&mut self, document: Document, out: &mut Vec<Example>) -> Result<()> {
        let document = self.known_kinds(document)?;
        out.push(Annotated::from_document(document)?.into());
        Ok(())
    }

    fn class(&self, document: Document, out: &mut Vec<Example>) -> Result<()> {
        let label = document.label.unwrap_or_default();
        self.options.expect_known(&label)?;
        out.push(Labelled::checked(document.text, document.second, &label)?.into());
        Ok(())
    }

    /// The document with the entities that are asked for.
    fn known_kinds(&mut self, mut document: Document) -> Result<Document> {
        let Some(kinds) = &self.options.kinds else { return Ok(document) };
        let is_known = |label: &str| kinds.iter().any(|kind| kind == label);
        if self.options.leave_out {
            let before = document.entities.len();
            document.entities.retain(|entity| is_known(&entity.label));
            self.left_out += before - document.entities.len();
            return Ok(document);
        }
        let Some(entity) = document.entities.iter().find(|entity| !is_known(&entity.label)) else {
            return Ok(document);
        };
        // A word stands in a line of its own.
        let words = document.words.as_deref().filter(|_| self.format == Some(Format::Words));
        let word =
            words.map_or(0, |words| words.partition_point(|word| word.end <= entity.bytes.start));
        let reason = format!(
            "a kind of entity that the head does not find (it finds {}): --kinds names those to \
             score, and the others are left out",
            kinds.join(", ")
        );
        Err(self.in_line(document.line + word, Error::Argument(reason)))
    }

    fn pairs(&self, document: &Document, out: &mut Vec<Example>) -> Result<()> {
        let Some(masks) = &self.masks else { return Ok(()) };
        if let Some(label) = &document.label {
            self.options.expect_known(label)?;
            out.push(Pair::masked(document.text.as_str().into(), masks, label)?.into());
        }
        for relation in &document.relations {
            self.options.expect_known(&relation.label)?;
            let entity = |index: usize| document.entities[index].bytes.clone();
            let places = [entity(relation.first), entity(relation.second)];
            out.push(Pair::of(&document.text, places, masks, &relation.label)?.into());
        }
        Ok(())
    }

    fn questions(&self, document: &Document, out: &mut Vec<Example>) -> Result<()> {
        for asked in &document.questions {
            let (question, passage) = (asked.text.clone(), document.text.clone());
            out.push(match &asked.answer {
                Answer::Nowhere => Answered::checked(question, passage, None)?.into(),
                Answer::Place(bytes) => {
                    Answered::checked(question, passage, Some(bytes.clone()))?.into()
                }
                Answer::Words(gold) => {
                    let contexts = document.passages.iter();
                    let contexts = contexts.map(|bytes| document.text[bytes.clone()].to_string());
                    let (contexts, gold) = (contexts.collect(), gold.clone());
                    Example::Factoid(Factoid { question, contexts, gold })
                }
                Answer::Label(label) => {
                    self.options.expect_known(label)?;
                    Example::YesNo(YesNo { question, passage, label: label.clone() })
                }
            });
        }
        Ok(())
    }
}
