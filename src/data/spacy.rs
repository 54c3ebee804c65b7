//! spaCy's triples: `[text, {"entities": [[start, end, label], …]}]`, a line each or in one list.

use crate::data::content::Content;
use crate::data::doccano::triple;
use crate::data::json::{Json, Node};
use crate::data::place::entities;
use crate::document::Document;
use crate::error::Result;

/// The document of a text with its entities.
pub(super) fn document(json: &Json<'_>, record: &Node<'_>) -> Result<Option<Document>> {
    if json.source.options.content != Content::Entities {
        return Err(json.wrong(record, "of spaCy's triples only entities are read;"));
    }
    let Some([text, annotations]) = record.as_list() else {
        return Err(json.wrong(record, "what stands here is not [text, {\"entities\": …}],"));
    };
    let told = || json.wrong(text, "the text is not one");
    let text = text.as_text().ok_or_else(told)?;
    let mut document = json.document(record, text);
    let marks = json.list(annotations, "entities")?.iter().map(|node| triple(json, node));
    document.entities =
        entities(text, json.source.options.unit, &marks.collect::<Result<Vec<_>>>()?)?;
    Ok(Some(document))
}
