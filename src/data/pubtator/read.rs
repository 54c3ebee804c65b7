//! Reads PubTator's text, document by document.

use std::io::BufRead;

use crate::data::codes::{bare, links};
use crate::data::losses::lose;
use crate::data::place::{expect_mention, label, place};
use crate::data::text_lines::{Line, TextLines};
use crate::data::told::Told;
use crate::document::{CodeRelation, Document, Entity, Passage};
use crate::error::{Error, Result};
use crate::text::{InvalidText, OffsetUnit, Text};

/// The documents of a stream.
pub(in crate::data) struct Reader<'a> {
    file: &'a str,
    lines: TextLines<'a>,
    ended: bool,
}

impl<'a> Reader<'a> {
    pub(in crate::data) fn new(file: &'a str, input: Box<dyn BufRead + 'a>) -> Reader<'a> {
        Reader { file, lines: TextLines::new(file, input), ended: false }
    }

    /// The lines of the next document: up to an empty line, or the title of another one.
    fn block(&mut self) -> Result<Vec<Line>> {
        let mut block = Vec::new();
        while let Some(line) = self.lines.peek()? {
            let text = line.text.as_deref().unwrap_or_default();
            let is_title = passage(text).is_some_and(|(_, kind, _)| kind == "t");
            match line.is_blank() {
                false if is_title && !block.is_empty() => break,
                true if !block.is_empty() => break,
                blank => {
                    let line = self.lines.next()?;
                    block.extend(line.filter(|_| !blank));
                }
            }
        }
        Ok(block)
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Result<Document>> {
        if self.ended {
            return None;
        }
        match self.block() {
            Ok(block) if block.is_empty() => None,
            Ok(block) => Some(document(self.file, &block)),
            Err(error) => {
                self.ended = true;
                Some(Err(error))
            }
        }
    }
}

/// The id, the letter of its kind and the text of a line with a title or an abstract.
fn passage(line: &str) -> Option<(&str, &str, &str)> {
    let mut parts = line.splitn(3, '|');
    let (id, kind, text) = (parts.next()?, parts.next()?, parts.next()?);
    (matches!(kind, "t" | "a") && !id.contains('\t')).then_some((id, kind, text))
}

fn document(file: &str, block: &[Line]) -> Result<Document> {
    let first = &block[0];
    let mut told = Told { file, id: None, line: first.number };
    let read = read(block, &mut told);
    read.map_err(|error| told.error(error))
}

fn wrong(reason: &str) -> Error {
    Error::Argument(reason.into())
}

fn read(block: &[Line], told: &mut Told<'_>) -> Result<Document> {
    let mut lines = block.iter().map(|line| (line.number, line.text.as_deref()));
    let mut next = |told: &mut Told<'_>| {
        let Some((number, text)) = lines.next() else { return Ok(None) };
        told.line = number;
        text.map(Some).ok_or_else(|| wrong("not UTF-8"))
    };
    let first = next(told)?.unwrap_or_default();
    let Some((id, "t", title)) = passage(first) else {
        return Err(wrong("a document starts with its id, |t| and its title"));
    };
    told.id = Some(id.trim().into());
    let line = told.line;
    let mut rest = next(told)?;
    let mut body = "";
    if let Some((own, "a", text)) = rest.and_then(passage) {
        expect_id(own, id)?;
        body = text;
        rest = next(told)?;
    }
    let text = if body.is_empty() { title.to_string() } else { format!("{title}\n{body}") };
    let mut document = Document { id: told.id.clone(), line, ..Document::default() };
    if !body.is_empty() {
        let stretch = |bytes, kind: &str| Passage { bytes, kind: Some(kind.into()) };
        if !title.is_empty() {
            document.passages.push(stretch(0..title.len(), "title"));
        }
        document.passages.push(stretch(title.len() + 1..text.len(), "abstract"));
    }
    let checked = Text::new(text.as_str().into(), InvalidText::Reject)?;
    let offsets = checked.offsets(OffsetUnit::UnicodeScalars);
    while let Some(annotation) = rest {
        let columns: Vec<&str> = annotation.split('\t').collect();
        expect_id(columns[0], id)?;
        match columns[1..] {
            [start, end, mention, kind, ref codes @ ..] if is_number(start) => {
                let number = |column: &str| {
                    column.trim().parse().map_err(|_| wrong("a place that is not a number"))
                };
                let range = number(start)?..number(end)?;
                let bytes = place(&checked, &offsets, range, "the entity")?;
                // Whatever stands between title and abstract, it is one character.
                let own = checked.as_str()[bytes.clone()].replace('\n', " ");
                if mention != own {
                    expect_mention(&checked, &bytes, Some(mention), "the entity")?;
                }
                let kind = label(kind, "the entity")?;
                let links = codes.first().map(|codes| links(&kind, codes)).unwrap_or_default();
                let more = codes.iter().skip(1).filter(|column| !column.trim().is_empty()).count();
                lose(&mut document.passed_over, "words of composite mentions", more);
                document.entities.push(Entity { links, ..Entity::new(bytes, kind.into()) });
            }
            [start, ..] if is_number(start) => {
                return Err(wrong("an entity without its four columns: start, end, text, kind"));
            }
            [kind, first, second] | [kind, first, second, _] if !is_place(kind) => {
                let label = label(kind, "the relation")?;
                let code = |code: &str| match bare(code.trim()) {
                    "" => Err(wrong("a relation without its two codes")),
                    code => Ok(code.to_string()),
                };
                let (first, second) = (code(first)?, code(second)?);
                document.code_relations.push(CodeRelation { first, second, label, score: None });
            }
            _ => return Err(wrong("neither an entity nor a relation")),
        }
        rest = next(told)?;
    }
    document.text = text;
    Ok(document)
}

/// Whether a column looks like a place that somebody damaged: no relation is called so.
fn is_place(column: &str) -> bool {
    column.trim().bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte))
}

fn is_number(column: &str) -> bool {
    let column = column.trim();
    !column.is_empty() && column.bytes().all(|byte| byte.is_ascii_digit())
}

fn expect_id(own: &str, id: &str) -> Result<()> {
    match own.trim() == id.trim() {
        true => Ok(()),
        false => Err(wrong("a line with the id of another document, or none")),
    }
}
