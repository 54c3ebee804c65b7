//! Prodigy's JSON lines: `spans` are entities; `accept` or `label` is the class. What was rejected or
//! ignored is left out.

use crate::data::content::Content;
use crate::data::json::{Json, Node};
use crate::data::place::{Mark, entities};
use crate::document::Document;
use crate::error::Result;

/// The document of a line, if it was accepted.
pub(super) fn document(json: &Json<'_>, record: &Node<'_>) -> Result<Option<Document>> {
    if json.may_text(record, "answer")?.is_some_and(|said| said != "accept") {
        return Ok(None);
    }
    let text = json.text(record, "text")?;
    let mut document = json.document(record, text);
    match json.source.options.content {
        Content::Entities => {
            let span = |node| {
                let (start, end) = (json.offset(node, "start")?, json.offset(node, "end")?);
                Ok(Mark {
                    start,
                    end,
                    label: json.text(node, "label")?,
                    mention: json.may_text(node, "text")?,
                    assertion: json.assertion(node)?,
                })
            };
            let marks: Result<Vec<_>> = json.list(record, "spans")?.iter().map(span).collect();
            document.entities = entities(text, json.source.options.unit, &marks?)?;
        }
        Content::Classes => {
            let name = if record.field("accept").is_some() { "accept" } else { "label" };
            document.label = Some(json.one_label(json.need(record, name)?)?.to_string());
        }
        Content::Relations | Content::Answers => {
            return Err(json.wrong(record, "of Prodigy only entities and classes are read;"));
        }
    }
    Ok(Some(document))
}
