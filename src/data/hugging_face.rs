//! Lists of tokens and tags, as data sets for Hugging Face's token classification have them: `tokens`
//! and `ner_tags` or `tags`.

use crate::data::content::Content;
use crate::data::json::{Json, Node, Value};
use crate::data::words;
use crate::document::Document;
use crate::error::{Error, Result};

/// The document of a sentence.
pub(super) fn document(json: &Json<'_>, record: &Node<'_>) -> Result<Option<Document>> {
    let options = json.source.options;
    if options.content != Content::Entities {
        return Err(json.wrong(record, "lists of tokens hold entities only;"));
    }
    let name = if record.field("ner_tags").is_some() { "ner_tags" } else { "tags" };
    if let (Some(_), Some(other)) = (record.field("ner_tags"), record.field("tags")) {
        return Err(json.wrong(other, "a second list of tags"));
    }
    let number = |node: &&Node<'_>| matches!(node.value, Value::Number(_));
    if let Some(tag) = json.list(record, name)?.iter().find(number) {
        let reason = format!(
            "`{name}` holds numbers, whose names stand in the data set's features: write the names \
             in their place,"
        );
        return Err(json.wrong(tag, &reason));
    }
    let (tokens, tags) = (json.texts(record, "tokens")?, json.texts(record, name)?);
    if tokens.len() != tags.len() {
        return Err(Error::Argument(format!("`tokens` and `{name}` differ in length")));
    }
    if tokens.iter().any(|token| token.trim().is_empty()) {
        return Err(Error::Argument("a token is empty".into()));
    }
    let line = json.line(record);
    let words = tokens.into_iter().zip(tags);
    let told = |reason: &str| Error::Argument(reason.into());
    let read = words::document(line, words, options.entity).map_err(told)?;
    Ok(Some(Document { id: json.document(record, "").id, ..read }))
}
