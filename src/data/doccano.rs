//! doccano's JSON: `label` (in older files `labels`) is a list of `[start, end, label]` or of classes;
//! a project with relations has `entities` with `start_offset` and `end_offset`, and `relations`.

use crate::data::content::Content;
use crate::data::json::{Json, Node};
use crate::data::place::{Mark, entities};
use crate::document::{Document, Relation};
use crate::error::{Error, Result};

/// The document of a record.
pub(super) fn document(json: &Json<'_>, record: &Node<'_>) -> Result<Option<Document>> {
    let text = json.text(record, "text")?;
    let mut document = json.document(record, text);
    let labels = if record.field("labels").is_some() { "labels" } else { "label" };
    let given = ["entities", "label", "labels"].map(|name| record.field(name));
    let mut given = given.into_iter().flatten().filter(|node| node.as_list().is_some());
    if let (Some(_), Some(other)) = (given.next(), given.next()) {
        return Err(json.wrong(other, "a second list of labels"));
    }
    match json.source.options.content {
        Content::Classes => {
            document.label = Some(json.one_label(json.need(record, labels)?)?.to_string());
        }
        Content::Answers => return Err(json.wrong(record, "doccano's JSON holds no answers")),
        Content::Entities | Content::Relations => {
            let marks = match json.find(record, "entities")? {
                Some(_) => json.list(record, "entities")?.iter().map(|n| object(json, n)).collect(),
                None => json.list(record, labels)?.iter().map(|n| triple(json, n)).collect(),
            };
            let marks: Result<Vec<_>> = marks;
            document.entities = entities(text, json.source.options.unit, &marks?)?;
        }
    }
    if json.source.options.content == Content::Relations {
        let ids = json.list(record, "entities")?.iter().map(|node| json.offset(node, "id"));
        let ids = ids.collect::<Result<Vec<_>>>()?;
        for relation in json.list(record, "relations")? {
            let index = |name: &str| {
                let id = json.offset(relation, name)?;
                let unknown = || Error::Argument(format!("`{name}` is the id of no entity"));
                ids.iter().position(|&own| own == id).ok_or_else(unknown)
            };
            let (first, second) = (index("from_id")?, index("to_id")?);
            let label = json.text(relation, "type")?.to_string();
            document.relations.push(Relation::new(first, second, label));
        }
    }
    Ok(Some(document))
}

fn object<'n>(json: &Json<'_>, node: &'n Node<'_>) -> Result<Mark<'n>> {
    let (start, end) = (json.offset(node, "start_offset")?, json.offset(node, "end_offset")?);
    let label = json.text(node, "label")?;
    Ok(Mark { start, end, label, mention: None, assertion: None })
}

/// An entity as a list: start, end, label.
pub(super) fn triple<'n>(json: &Json<'_>, node: &'n Node<'_>) -> Result<Mark<'n>> {
    let parts = node.as_list().unwrap_or_default();
    let read = |start: &Node<'_>, end: &Node<'_>| Some((json.number(start)?, json.number(end)?));
    match parts {
        [start, end, label] => read(start, end).zip(label.as_text()),
        _ => None,
    }
    .map(|((start, end), label)| Mark { start, end, label, mention: None, assertion: None })
    .ok_or_else(|| json.wrong(node, "an entity that is not [start, end, label]"))
}
