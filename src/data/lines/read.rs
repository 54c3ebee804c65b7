//! All that a line says, as a document.

use std::collections::HashMap;
use std::io::BufRead;
use std::ops::Range;
use std::sync::Arc;

use crate::data::content::Content;
use crate::data::json::{Json, Node};
use crate::data::place::{check_text, expect_mention, place, stretch};
use crate::data::source::{ReadOptions, Source};
use crate::data::stream::StreamOptions;
use crate::data::text_lines::{Line, TextLines};
use crate::data::told::Told;
use crate::document::{
    AssertionValue, CodeRelation, Document, Entity, Passage, Provenance, Relation, Section,
};
use crate::error::{Error, Result};
use crate::text::{OffsetUnit, Offsets, Text};

/// The documents of lines, one after the other.
pub(in crate::data) fn documents<'a>(
    file: &'a str,
    input: Box<dyn BufRead + 'a>,
    options: StreamOptions,
) -> impl Iterator<Item = Result<Document>> + 'a {
    let (mut lines, mut broken) = (TextLines::new(file, input), false);
    std::iter::from_fn(move || {
        loop {
            match lines.next() {
                Ok(_) if broken => return None,
                Ok(Some(line)) if line.is_blank() => {}
                Ok(line) => return line.map(|line| document(file, &line, options.unit)),
                Err(error) => {
                    broken = true;
                    return Some(Err(error));
                }
            }
        }
    })
}

/// The document of a line. What is wrong is told with the line and the document's id.
fn document(file: &str, line: &Line, unit: OffsetUnit) -> Result<Document> {
    let mut told = Told { file, id: None, line: line.number };
    let options = ReadOptions { content: Content::Entities, format: None, unit, entity: None };
    let text =
        line.text.as_deref().ok_or_else(|| told.error(Error::Argument("not UTF-8".into())))?;
    let source = Source { file, text, options: &options, before: line.number - 1 };
    let json = Json::new(&source);
    let record = json.one()?;
    let mut document = json.document(&record, "");
    told.id = document.id.clone();
    let read = json.text(&record, "text").and_then(|text| {
        document.text = text.to_string();
        let text = check_text(text.into())?;
        let offsets = text.offsets(unit);
        Reader { json: &json, text: &text, offsets: &offsets }.fill(&mut document, &record)
    });
    let within = format!("line {}: ", line.number);
    read.map_err(|error| match error {
        Error::Model { reason, .. } => match reason.strip_prefix(&within) {
            Some(reason) => told.error(Error::Argument(reason.into())),
            None => Error::model(file, reason),
        },
        other => told.error(other),
    })?;
    Ok(document)
}

/// A line that is read.
pub(super) struct Reader<'a, 't> {
    pub(super) json: &'a Json<'a>,
    text: &'a Text<'t>,
    offsets: &'a Offsets<'a>,
}

impl<'a> Reader<'a, '_> {
    fn fill(&self, document: &mut Document, record: &Node<'_>) -> Result<()> {
        let json = self.json;
        document.sections = self.each(record, "sections", |node, what| self.section(node, what))?;
        document.entities = self.each(record, "entities", |node, what| self.entity(node, what))?;
        let relations = json.may_list(record, "relations")?;
        let mut known = Known::new();
        for node in relations {
            let relation = self.relation(&mut document.entities, &mut known, node)?;
            document.relations.push(relation);
        }
        document.truncated = json.may_flag(record, "truncated")?.unwrap_or_default();
        document.passages = self.each(record, "passages", |node, _| {
            let kind = json.may_text(node, "kind")?.map(String::from);
            Ok(Passage { bytes: self.stretch(node)?, kind })
        })?;
        document.code_relations = self.each(record, "code_relations", |node, _| {
            let text = |name| Ok::<_, Error>(json.text(node, name)?.to_string());
            let (first, second, label) = (text("first")?, text("second")?, text("label")?);
            Ok(CodeRelation { first, second, label, score: json.may_number(node, "score")? })
        })?;
        // A list of labels, or several in one, is for those who want classes.
        document.label = record.field("label").and_then(Node::as_text).map(String::from);
        document.second = json.may_text(record, "second")?.map(String::from);
        if json.find(record, "words")?.is_some() {
            let words = self.each(record, "words", |node, what| self.place(node, what))?;
            document.words = Some(words);
        }
        if let Some(node) = json.find(record, "provenance")? {
            let model = json.text(node, "model")?.to_string();
            let hash = json.may_text(node, "hash")?.map(String::from);
            let version = json.text(node, "version")?.to_string();
            document.provenance = Some(Provenance { model, hash, version });
        }
        Ok(())
    }

    /// Every element of a list that may be missing.
    pub(super) fn each<T>(
        &self,
        record: &Node<'_>,
        name: &str,
        read: impl Fn(&Node<'_>, &str) -> Result<T>,
    ) -> Result<Vec<T>> {
        let nodes = self.json.may_list(record, name)?.iter().enumerate();
        nodes.map(|(index, node)| read(node, &format!("{name}[{index}]"))).collect()
    }

    /// A place, which may be empty.
    pub(super) fn stretch(&self, node: &Node<'_>) -> Result<Range<usize>> {
        let range = self.json.offset(node, "start")?..self.json.offset(node, "end")?;
        let bytes = stretch(self.offsets, range);
        bytes.ok_or_else(|| self.json.wrong(node, "a place that is none of the text"))
    }

    /// A place with something in it, which is what the file repeats there.
    pub(super) fn place(&self, node: &Node<'_>, what: &str) -> Result<Range<usize>> {
        let json = self.json;
        let range = json.offset(node, "start")?..json.offset(node, "end")?;
        let bytes = place(self.text, self.offsets, range, what)?;
        expect_mention(self.text, &bytes, json.may_text(node, "text")?, what)?;
        Ok(bytes)
    }

    /// Of the heading the words are given: they stand where the section starts, perhaps after a number.
    fn section(&self, node: &Node<'_>, what: &str) -> Result<Section> {
        let json = self.json;
        let range = json.offset(node, "start")?..json.offset(node, "end")?;
        let bytes = place(self.text, self.offsets, range, what)?;
        let title = json.text(node, "title")?;
        let at = self.text.as_str()[bytes.clone()].find(title).filter(|_| !title.is_empty());
        let at = at.ok_or_else(|| json.wrong(node, "a `title` that is not in its section"))?;
        let at = bytes.start + at;
        let (name, loinc) = Section::kind(json.text(node, "name")?)
            .ok_or_else(|| json.wrong(node, "a `name` that no kind of section has"))?;
        if json.may_text(node, "loinc")?.is_some_and(|code| Some(code) != loinc) {
            return Err(json.wrong(node, "a `loinc` that is not that of its `name`"));
        }
        let parent = json.may_offset(node, "parent")?;
        Ok(Section { place: bytes, title: at..at + title.len(), name, loinc, parent })
    }

    /// A relation between two entities by their numbers, or with the entities themselves, which are added
    /// where they are not there yet.
    fn relation(
        &self,
        entities: &mut Vec<Entity>,
        known: &mut Known,
        node: &Node<'_>,
    ) -> Result<Relation> {
        let json = self.json;
        let mut end = |name: &str| {
            let own = json.need(node, name)?;
            if !own.is_object() {
                return json.offset(node, name);
            }
            if known.is_empty() {
                known.extend(entities.iter().enumerate().map(|(index, one)| (key(one), index)));
            }
            let entity = self.entity(own, name)?;
            Ok(*known.entry(key(&entity)).or_insert_with(|| {
                entities.push(entity);
                entities.len() - 1
            }))
        };
        Ok(Relation {
            first: end("first")?,
            second: end("second")?,
            label: json.text(node, "label")?.to_string(),
            text: json.may_text(node, "text")?.map(Arc::from),
            score: json.may_number(node, "score")?,
            head: json.may_text(node, "head")?.map(Arc::from),
            assertion: json.may_name(node, "assertion", AssertionValue::parse)?,
        })
    }
}

/// Entities by what tells them apart.
type Known = HashMap<(usize, usize, Arc<str>, Option<Arc<str>>), usize>;

fn key(entity: &Entity) -> (usize, usize, Arc<str>, Option<Arc<str>>) {
    (entity.bytes.start, entity.bytes.end, entity.label.clone(), entity.head.clone())
}
