//! Examples from files.

use std::sync::Arc;

use crate::data::{self, Content, Format, ReadOptions};
use crate::document::{Answer, Document};
use crate::error::{Error, Result};
use crate::eval::example::re::number;
use crate::eval::example::{
    Annotated, Answered, Asserted, Example, Factoid, Gold, Labelled, Pair, YesNo, masks,
};
use crate::eval::kinds;
use crate::heads::{HeadSpec, Task};
use crate::sentence::sentences;
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
/// [`Error::Model`] with the line of what is wrong, without a word of the texts, and for a file without
/// an example; [`Error::Argument`] for an empty kind.
pub fn read(task: Task, file: &str, text: &str, options: &DataOptions) -> Result<Data> {
    let content = match task {
        Task::Ner | Task::Assertion => Content::Entities,
        Task::Re => Content::Relations,
        Task::Classify => Content::Classes,
        Task::Qa => Content::Answers,
    };
    let (format, unit, entity) = (options.format, options.unit, options.entity.as_deref());
    let contents = data::read(file, text, &ReadOptions { content, format, unit, entity })?;
    let mut reader =
        Reader { file, format: contents.format, options, masks: None, left_out: 0, others: 0 };
    if task == Task::Re {
        reader.masks = Some(reader.masks(&contents.documents)?);
    }
    let mut examples = Vec::with_capacity(contents.documents.len());
    for document in contents.documents {
        reader.add(task, document, &mut examples)?;
    }
    if examples.is_empty() {
        return Err(Error::model(file, "there is no example in the file"));
    }
    Ok(Data {
        examples,
        format: contents.format,
        masks: reader.masks,
        records_left_out: contents.left_out + reader.others,
        entities_left_out: reader.left_out,
    })
}

struct Reader<'a> {
    file: &'a str,
    format: Option<Format>,
    options: &'a DataOptions,
    masks: Option<[String; 2]>,
    left_out: usize,
    /// Questions of a file of all kinds that the head does not answer.
    others: usize,
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
            Task::Assertion => self.assertions(document, out),
        };
        added.map_err(|error| self.in_line(line, error))
    }

    fn entities(&mut self, document: Document, out: &mut Vec<Example>) -> Result<()> {
        let document = self.known_kinds(document)?;
        out.push(Annotated::from_document(document)?.into());
        Ok(())
    }

    fn assertions(&self, document: Document, out: &mut Vec<Example>) -> Result<()> {
        out.push(Asserted::from_document(document)?.into());
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
        if document.relations.is_empty() {
            return Ok(());
        }
        let (text, of, cut) = (&document.text, number(&document.text), sentences(&document.text));
        for relation in &document.relations {
            self.options.expect_known(&relation.label)?;
            let entity = |index: usize| document.entities[index].bytes.clone();
            let places = [entity(relation.first), entity(relation.second)];
            out.push(Pair::of(text, of, &cut, places, masks, &relation.label)?.into());
        }
        Ok(())
    }

    /// Whether the head answers a question of a file of all kinds: with words, or with a label.
    fn is_answered(&self, answer: &Answer) -> bool {
        let Some(labels) = self.options.labels.as_ref() else { return true };
        let with_label = labels.iter().any(|label| ["yes", "no"].contains(&&**label));
        self.format != Some(Format::Bioasq) || with_label == matches!(answer, Answer::Label(_))
    }

    fn questions(&mut self, document: &Document, out: &mut Vec<Example>) -> Result<()> {
        let shared: Arc<str> = document.text.as_str().into();
        for asked in &document.questions {
            if !self.is_answered(&asked.answer) {
                self.others += 1;
                continue;
            }
            let (question, passage) = (asked.text.clone(), shared.clone());
            out.push(match &asked.answer {
                Answer::Unknown => {
                    let reason = "the file has no answer to the question; eval --golden names \
                                  BioASQ's file with the answers to one of BioBERT's test files";
                    return Err(Error::Argument(reason.into()));
                }
                Answer::Nowhere => Answered::checked(question, passage, None)?.into(),
                Answer::Place(bytes) => {
                    Answered::checked(question, passage, Some(bytes.clone()))?.into()
                }
                Answer::Words(gold) => {
                    let (contexts, gold) = (contexts(document), Gold::Any(gold.clone()));
                    Example::Factoid(Factoid { question, contexts, gold })
                }
                Answer::Items(gold) => {
                    let (contexts, gold) = (contexts(document), Gold::All(gold.clone()));
                    Example::Factoid(Factoid { question, contexts, gold })
                }
                Answer::Label(label) => {
                    self.options.expect_known(label)?;
                    let passages = match contexts(document) {
                        contexts if contexts.is_empty() => vec![document.text.clone()],
                        contexts => contexts,
                    };
                    Example::YesNo(YesNo { question, passages, label: label.clone() })
                }
            });
        }
        Ok(())
    }
}

/// The passages of a document.
pub(super) fn contexts(document: &Document) -> Vec<String> {
    document.passages.iter().map(|context| document.text[context.bytes.clone()].into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> DataOptions {
        DataOptions::new(OffsetUnit::Utf8Bytes)
    }

    fn told(task: Task, text: &str, options: &DataOptions) -> String {
        let told = read(task, "a.tsv", text, options).unwrap_err().to_string();
        assert!(!told.contains("SECRET"), "{told}");
        told
    }

    #[test]
    fn masks_that_stand_in_the_sentences_are_found() {
        let text = "1\tAnti-@GENE$ and @CHEMICAL$ in @X-1$.\ta\n\
                    2\t@CHEMICAL$ or @GENE$, a@b$.\tb\n\
                    3\tThe @CHEM-GENE$ one, @GENE$.\tc\n\
                    4\tThe @CHEM-GENE$ two, @GENE$.\tc\n\
                    5\tThe @CHEM-GENE$ three, @GENE$.\tc\n";
        let masks = ["@CHEMICAL$", "@GENE$"].map(String::from);
        let found = read(Task::Re, "a.tsv", text, &options()).unwrap();
        assert_eq!(found.masks.as_ref(), Some(&masks));
        let pair = |text: &str, label| Pair::masked(text.into(), &masks, label).unwrap().into();
        assert_eq!(found.examples[0], pair("Anti-@GENE$ and @CHEMICAL$ in @X-1$.", "a"));
        assert_eq!(found.examples[2], pair("The @CHEM-GENE$ one, @GENE$.", "c"));
        let given = DataOptions { masks: Some(["GENE", "DRUG"].map(String::from)), ..options() };
        let found = read(Task::Re, "a.tsv", "The DRUG on GENE.\tx\n", &given).unwrap();
        assert_eq!(found.masks, given.masks);
        assert_eq!(found.examples.len(), 1);
        for (text, reason) in [
            (
                "@A$ @B$\tx\r\n\r\nSECRET @A$\tx\r\n",
                "line 3: the sentence does not hold @A$ and @B$",
            ),
            ("@A$ @B$\tx\nSECRET @A$ @B$\t\n", "line 2: the pair has no label"),
            (
                "id\tsentence\tlabel\n1\tSECRET @A$ a\tx\n2\t@B$ @B$\tx\n",
                "line 2: the sentence does not hold two masks such as @GENE$",
            ),
        ] {
            assert_eq!(told(Task::Re, text, &options()), format!("a.tsv: {reason}"));
        }
    }

    #[test]
    fn pairs_by_their_places_are_masked() {
        let line = r#"{"text":"Gut é on TNF.","first":{"start":10,"end":13},"second":{"start":4,"end":6},"label":"x"}"#;
        let found = read(Task::Re, "a.jsonl", line, &options()).unwrap();
        assert_eq!(found.masks, Some(Masks::PLAIN.map(String::from)));
        let masks = found.masks.unwrap();
        let (unit, places) = (OffsetUnit::Utf8Bytes, [10..13, 4..6]);
        let pair = Pair::new("Gut é on TNF.".into(), unit, places, &masks, "x").unwrap();
        assert_eq!(pair.text, "Gut @ENTITY2$ on @ENTITY1$.");
        assert_eq!(found.examples, [pair.into()]);
    }

    #[test]
    fn what_an_example_cannot_be_is_told_with_its_line() {
        let known = DataOptions { labels: Some(vec!["a".to_string()]), ..options() };
        let mistakes = [
            (Task::Classify, "x\ta\nSECRET\tb\n", "line 2: a label that the head does not know"),
            (Task::Classify, "SECRET\t \n", "line 1: a label that the head does not know"),
            (Task::Classify, " \ta\n", "line 1: the text is empty"),
            (Task::Qa, "Q?\tSECRET\tmaybe\n", "line 1: a label that the head does not know"),
        ];
        for (task, text, reason) in mistakes {
            assert_eq!(told(task, text, &known), format!("a.tsv: {reason}"));
        }
        let empty = r#"{"question":" ","passage":"SECRET","answer":null}"#;
        assert_eq!(told(Task::Qa, empty, &known), "a.tsv: line 1: the question is empty");
        assert_eq!(
            told(Task::Classify, "SECRET\t \n", &options()),
            "a.tsv: line 1: the text has no label"
        );
        let two = r#"{"text":"SECRET","entities":[{"start":0,"end":4,"label":"x"},{"start":3,"end":6,"label":"x"}]}"#;
        assert_eq!(told(Task::Ner, two, &options()), "a.tsv: line 1: two entities overlap");
    }

    #[test]
    fn kinds_that_are_not_asked_for_are_refused_in_their_line_or_left_out() {
        let kinds = DataOptions { kinds: Some(vec!["Organ".into()]), ..options() };
        let text = "The\tO\nliver\tB-Organ\n\nno\tO\nSECRET\tB-Drug\n";
        let error = told(Task::Ner, text, &kinds);
        assert!(error.starts_with("a.tsv: line 5: a kind of entity"), "{error}");
        let tokens = r#"{"tokens":["no","SECRET"],"ner_tags":["O","B-Drug"]}"#;
        let error = told(Task::Ner, tokens, &kinds);
        assert!(error.starts_with("a.tsv: line 1: a kind of entity"), "{error}");
        let found = read(Task::Ner, "a.tsv", text, &kinds.score(&["Organ".into()])).unwrap();
        assert_eq!((found.examples.len(), found.entities_left_out), (2, 1));
    }
}
