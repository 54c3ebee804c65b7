//! BioASQ's factoid questions, a JSON object a line: a question, its contexts, and the words that
//! answer it.

use crate::data::json::{Json, Node};
use crate::document::{Answer, Document, Passage, Question};
use crate::error::Result;

/// The document of a question: its contexts, each a passage.
pub(super) fn document(json: &Json<'_>, record: &Node<'_>) -> Result<Option<Document>> {
    let contexts = json.texts(record, "contexts")?;
    let mut document = json.document(record, &contexts.join("\n"));
    let mut end = 0;
    for context in contexts {
        document.passages.push(Passage { bytes: end..end + context.len(), kind: None });
        end += context.len() + 1;
    }
    let gold = json.texts(record, "gold")?.into_iter().map(String::from);
    let (text, answer) =
        (json.text(record, "question")?.to_string(), Answer::Words(gold.collect()));
    document.questions.push(Question { text, answer });
    Ok(Some(document))
}
