//! JSON lines as this library describes them, and as `biobert ner`, `re` and `extract` write them. Fields
//! that are not named here may be there. What trains or measures a head reads one thing of a line, and leaves the
//! rest unread; a document has all of it.

mod entity;
mod read;
mod write;

pub(super) use read::documents;
pub use write::Line;
pub(super) use write::LineWriter;

use crate::data::content::Content;
use crate::data::json::{Json, Node};
use crate::data::place::{Mark, check_text, entities, expect_mention, place};
use crate::data::source::Source;
use crate::document::{Answer, Document, Entity, Question, Relation};
use crate::error::Result;

/// The document of a line.
pub(super) fn document(json: &Json<'_>, record: &Node<'_>) -> Result<Option<Document>> {
    let Source { options, .. } = json.source;
    let document = match options.content {
        Content::Entities => {
            let text = json.text(record, "text")?;
            let mut document = json.document(record, text);
            let marks = json.list(record, "entities")?.iter().map(|node| mark(json, node));
            document.entities = entities(text, options.unit, &marks.collect::<Result<Vec<_>>>()?)?;
            document
        }
        Content::Classes => {
            let mut document = json.document(record, json.text(record, "text")?);
            document.label = Some(json.one_label(json.need(record, "label")?)?.to_string());
            document.second = json.may_text(record, "second")?.map(String::from);
            document
        }
        Content::Relations => relations(json, record)?,
        Content::Answers => question(json, record)?,
    };
    Ok(Some(document))
}

fn mark<'n>(json: &Json<'_>, node: &'n Node<'_>) -> Result<Mark<'n>> {
    let mention = json.may_text(node, "text")?;
    let (start, end) = (json.offset(node, "start")?, json.offset(node, "end")?);
    let (label, assertion) = (json.text(node, "label")?, json.assertion(node)?);
    Ok(Mark { start, end, label, mention, assertion })
}

/// A text with one pair, or with a list of them.
fn relations(json: &Json<'_>, record: &Node<'_>) -> Result<Document> {
    let mut document = json.document(record, json.text(record, "text")?);
    let text = check_text(document.text.as_str().into())?;
    let offsets = text.offsets(json.source.options.unit);
    let pairs = match json.find(record, "relations")? {
        Some(_) => json.list(record, "relations")?,
        None => std::slice::from_ref(record),
    };
    for pair in pairs {
        let first = document.entities.len();
        for (name, what) in [("first", "the first entity"), ("second", "the second entity")] {
            let node = json.need(pair, name)?;
            let range = json.offset(node, "start")?..json.offset(node, "end")?;
            let label = node.field("label").and_then(Node::as_text).unwrap_or_default().into();
            let bytes = place(&text, &offsets, range, what)?;
            expect_mention(&text, &bytes, json.may_text(node, "text")?, what)?;
            document.entities.push(Entity::new(bytes, label));
        }
        let label = json.one_label(json.need(pair, "label")?)?.to_string();
        document.relations.push(Relation::new(first, first + 1, label));
    }
    Ok(document)
}

fn question(json: &Json<'_>, record: &Node<'_>) -> Result<Document> {
    let asked = json.text(record, "question")?.to_string();
    let mut document = json.document(record, json.text(record, "passage")?);
    // Must be there: a question that nobody has answered is not one without an answer.
    let answer = match (record.field("answer"), json.find(record, "answer")?) {
        (Some(_), None) => Answer::Nowhere,
        _ => {
            let node = json.need(record, "answer")?;
            let range = json.offset(node, "start")?..json.offset(node, "end")?;
            let text = check_text(document.text.as_str().into())?;
            let offsets = text.offsets(json.source.options.unit);
            let bytes = place(&text, &offsets, range, "the answer")?;
            expect_mention(&text, &bytes, json.may_text(node, "text")?, "the answer")?;
            Answer::Place(bytes)
        }
    };
    document.questions.push(Question { text: asked, answer });
    Ok(document)
}

#[cfg(test)]
mod tests;
