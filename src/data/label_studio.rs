//! Label Studio's JSON export: tasks with `data`, and `annotations` whose `result` has labels, choices
//! and relations. A task that nobody annotated is left out.

use crate::data::content::Content;
use crate::data::json::{Json, Node, Value};
use crate::data::place::{Mark, entities};
use crate::document::{Document, Relation};
use crate::error::{Error, Result};

/// The document of a task, if it was annotated.
pub(super) fn document(json: &Json<'_>, record: &Node<'_>) -> Result<Option<Document>> {
    let name = if record.field("completions").is_some() { "completions" } else { "annotations" };
    let cancelled = |node: &&Node<'_>| {
        node.field("was_cancelled").is_none_or(|node| !matches!(node.value, Value::Bool(true)))
    };
    let annotations: Vec<_> = json.list(record, name)?.iter().filter(cancelled).collect();
    let annotation = match annotations[..] {
        [] => return Ok(None),
        [one] => one,
        [_, other, ..] => {
            return Err(json.wrong(other, "one text with several annotations: keep the right one,"));
        }
    };
    let text = text(json, json.need(record, "data")?)?;
    let mut document = json.document(record, text);
    let results = json.list(annotation, "result")?;
    let of_type = |kind: &'static str| {
        results.iter().filter(move |node| {
            node.field("type").and_then(Node::as_text).is_some_and(|own| own == kind)
        })
    };
    match json.source.options.content {
        Content::Classes => {
            let mut choices = of_type("choices");
            let missing = || Error::Argument("the text has no label".into());
            let value = json.need(choices.next().ok_or_else(missing)?, "value")?;
            if let Some(other) = choices.next() {
                return Err(
                    json.wrong(other, "several labels for one text, which are not read yet,")
                );
            }
            document.label = Some(json.one_label(json.need(value, "choices")?)?.to_string());
        }
        Content::Answers => {
            return Err(json.wrong(record, "Label Studio's JSON holds no answers;"));
        }
        Content::Entities | Content::Relations => {
            let unread = |node: &&Node<'_>| {
                let kind = node.field("type").and_then(Node::as_text).unwrap_or_default();
                kind.ends_with("labels") && kind != "labels"
            };
            if let Some(node) = results.iter().find(unread) {
                return Err(json.wrong(node, "of labels only those of plain text are read;"));
            }
            let marks: Result<Vec<_>> = of_type("labels").map(|node| mark(json, node)).collect();
            document.entities = entities(text, json.source.options.unit, &marks?)?;
        }
    }
    if json.source.options.content == Content::Relations {
        let ids = of_type("labels").map(|node| json.text(node, "id"));
        let ids = ids.collect::<Result<Vec<_>>>()?;
        for relation in of_type("relation") {
            let index = |name: &str| {
                let id = json.text(relation, name)?;
                let unknown = || Error::Argument(format!("`{name}` is the id of no entity"));
                ids.iter().position(|&own| own == id).ok_or_else(unknown)
            };
            let (first, second) = (index("from_id")?, index("to_id")?);
            let label = json.one_label(json.need(relation, "labels")?)?.to_string();
            document.relations.push(Relation::new(first, second, label));
        }
    }
    Ok(Some(document))
}

/// The text of a task: the field `text`, or the only field that is one.
fn text<'n>(json: &Json<'_>, data: &'n Node<'_>) -> Result<&'n str> {
    if let Some(text) = json.may_text(data, "text")? {
        return Ok(text);
    }
    let Value::Object(fields) = &data.value else { return json.text(data, "text") };
    let mut texts = fields.iter().filter_map(|(_, node)| node.as_text());
    match (texts.next(), texts.next()) {
        (Some(text), None) => Ok(text),
        _ => json.text(data, "text"),
    }
}

fn mark<'n>(json: &Json<'_>, node: &'n Node<'_>) -> Result<Mark<'n>> {
    let value = json.need(node, "value")?;
    let (start, end) = (json.offset(value, "start")?, json.offset(value, "end")?);
    let label = json.one_label(json.need(value, "labels")?)?;
    Ok(Mark { start, end, label, mention: json.may_text(value, "text")?, assertion: None })
}
