//! BioASQ's questions: its own JSON, in which a test set is one object, or a JSON object a line with a
//! factoid question, its contexts, and the words that answer it.

use crate::data::json::{Json, Node, Value};
use crate::document::{Answer, Document, Passage, Question};
use crate::error::Result;

/// The documents of a file, one a question, and how many questions have no exact answer.
pub(super) fn documents(json: &Json<'_>) -> Result<(Vec<Document>, usize)> {
    let (mut documents, mut left_out) = (Vec::new(), 0);
    for record in json.records()? {
        let record = record?;
        if record.field("questions").is_none() {
            documents.push(line(json, &record)?);
            continue;
        }
        for question in json.list(&record, "questions")? {
            match golden(json, question)? {
                Some(document) => documents.push(document),
                None => left_out += 1,
            }
        }
    }
    Ok((documents, left_out))
}

/// A question of a line.
fn line(json: &Json<'_>, record: &Node<'_>) -> Result<Document> {
    let gold = json.texts(record, "gold")?.into_iter().map(String::from);
    let answer = Answer::Words(gold.collect());
    asked(json, record, "question", &json.texts(record, "contexts")?, answer)
}

/// A question of a test set; `None` if it is answered by a summary only.
fn golden(json: &Json<'_>, question: &Node<'_>) -> Result<Option<Document>> {
    let exact = question.field("exact_answer").filter(|node| !matches!(node.value, Value::Null));
    let Some(exact) = exact else { return Ok(None) };
    let answer = match json.text(question, "type")? {
        "yesno" => Answer::Label(json.text(question, "exact_answer")?.to_lowercase()),
        "factoid" if exact.as_text().is_some() => {
            Answer::Words(vec![json.text(question, "exact_answer")?.into()])
        }
        "factoid" => Answer::Words(items(json, question)?.concat()),
        "list" => Answer::Items(items(json, question)?),
        _ => return Ok(None),
    };
    let snippets = json.may_list(question, "snippets")?.iter();
    let snippets = snippets.map(|snippet| json.text(snippet, "text"));
    let snippets = snippets.collect::<Result<Vec<_>>>()?;
    asked(json, question, "body", &snippets, answer).map(Some)
}

/// The items of an exact answer: each one text, or a list of its names.
fn items(json: &Json<'_>, question: &Node<'_>) -> Result<Vec<Vec<String>>> {
    let wrong =
        |node: &Node<'_>| json.wrong(node, "`exact_answer` is not a list of lists of texts");
    let name = |node: &Node<'_>| node.as_text().map(String::from).ok_or_else(|| wrong(node));
    let item = |node: &Node<'_>| match node.as_list() {
        Some(names) => names.iter().map(name).collect(),
        None => Ok(vec![name(node)?]),
    };
    json.list(question, "exact_answer")?.iter().map(item).collect()
}

/// The document of a question: its contexts, each a passage.
fn asked(
    json: &Json<'_>,
    record: &Node<'_>,
    field: &str,
    contexts: &[&str],
    answer: Answer,
) -> Result<Document> {
    let mut document = json.document(record, &contexts.join("\n"));
    let mut end = 0;
    for context in contexts {
        document.passages.push(Passage { bytes: end..end + context.len(), kind: None });
        end += context.len() + 1;
    }
    let text = json.text(record, field)?.to_string();
    document.questions.push(Question { text, answer });
    Ok(document)
}
