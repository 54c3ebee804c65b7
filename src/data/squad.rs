//! SQuAD's JSON: articles, their paragraphs and the questions to each. Of several answers to one
//! question the first counts.

use crate::data::json::{Json, Node, Value};
use crate::data::place::{check_text, place};
use crate::document::{Answer, Document, Question};
use crate::error::{Error, Result};
use crate::text::{Offsets, Text};

/// The paragraphs of a file.
pub(super) fn documents(json: &Json<'_>) -> Result<Vec<Document>> {
    let mut documents = Vec::new();
    for file in json.records()? {
        for article in json.list(&file?, "data")? {
            for paragraph in json.list(article, "paragraphs")? {
                let mut document = json.document(paragraph, json.text(paragraph, "context")?);
                let context = check_text(document.text.as_str().into())?;
                let offsets = context.offsets(json.source.options.unit);
                for asked in json.list(paragraph, "qas")? {
                    let answer = answer(json, asked, &context, &offsets);
                    let answer = answer.map_err(|error| match error {
                        Error::Argument(reason) => json.source.in_line(json.line(asked), reason),
                        other => other,
                    })?;
                    let text = json.text(asked, "question")?.to_string();
                    document.questions.push(Question { text, answer });
                }
                documents.push(document);
            }
        }
    }
    Ok(documents)
}

fn answer(
    json: &Json<'_>,
    asked: &Node<'_>,
    context: &Text<'_>,
    offsets: &Offsets<'_>,
) -> Result<Answer> {
    if asked.field("is_impossible").is_some_and(|node| matches!(node.value, Value::Bool(true))) {
        return Ok(Answer::Nowhere);
    }
    if asked.field("answers").is_none() {
        return Ok(Answer::Unknown);
    }
    let Some(given) = json.list(asked, "answers")?.first() else { return Ok(Answer::Nowhere) };
    let (words, start) = (json.text(given, "text")?, json.offset(given, "answer_start")?);
    let length = check_text(words.into())?.offsets(json.source.options.unit).at(words.len());
    let range = start..start.saturating_add(length);
    let bytes = place(context, offsets, range, "the answer")?;
    if &context.as_str()[bytes.clone()] != words {
        let reason = "the answer's text does not stand at its place";
        return Err(Error::Argument(reason.into()));
    }
    Ok(Answer::Place(bytes))
}
