//! Questions without answers, and a file that has them: BioBERT's test files and BioASQ's golden ones.

use std::collections::BTreeMap;

use crate::data::{self, Content, ReadOptions};
use crate::document::Answer;
use crate::error::{Error, Result};
use crate::eval::example::read::contexts;
use crate::eval::example::{Data, DataOptions, Example, Factoid, Gold};

/// Reads a file of passages and the questions to them, such as BioBERT's test files for BioASQ, whose
/// answers are in another one, BioASQ's golden one. Passages with the same question go together. Of the
/// golden file the factoid and list questions that the first asks are taken; the others are left out
/// and counted.
///
/// # Errors
/// Those of [`read`](crate::eval::read), of either file, and [`Error::Model`] for a question that the
/// golden file does not answer in words, or for which it has two answers.
pub fn read_golden(
    file: &str,
    text: &str,
    golden_file: &str,
    golden: &str,
    options: &DataOptions,
) -> Result<Data> {
    let read = |file, text, format| {
        let (unit, entity) = (options.unit, None);
        data::read(file, text, &ReadOptions { content: Content::Answers, format, unit, entity })
    };
    let (asked, golden) = (read(file, text, options.format)?, read(golden_file, golden, None)?);
    let mut known: BTreeMap<&str, Gold> = BTreeMap::new();
    for document in &golden.documents {
        for question in &document.questions {
            let gold = match &question.answer {
                Answer::Words(words) => Gold::Any(words.clone()),
                Answer::Items(items) => Gold::All(items.clone()),
                _ => continue,
            };
            let other = known.insert(question.text.trim(), gold.clone());
            if other.is_some_and(|other| other != gold) {
                let reason = format!(
                    "line {}: a question that is there twice, with another answer",
                    document.line
                );
                return Err(Error::model(golden_file, reason));
            }
        }
    }
    let of_golden: usize = golden.documents.iter().map(|document| document.questions.len()).sum();
    let mut examples: Vec<Factoid> = Vec::new();
    let mut places = BTreeMap::new();
    for document in &asked.documents {
        let passages = match contexts(document) {
            passages if passages.is_empty() => vec![document.text.clone()],
            passages => passages,
        };
        for question in &document.questions {
            let text = question.text.trim();
            let Some(gold) = known.get(text) else {
                let reason = format!(
                    "line {}: a question that {golden_file} does not answer in words",
                    document.line
                );
                return Err(Error::model(file, reason));
            };
            let place = *places.entry(text).or_insert_with(|| {
                let (question, contexts, gold) = (text.to_string(), Vec::new(), gold.clone());
                examples.push(Factoid { question, contexts, gold });
                examples.len() - 1
            });
            examples[place].contexts.extend(passages.iter().cloned());
        }
    }
    if examples.is_empty() {
        return Err(Error::model(file, "there is no example in the file"));
    }
    Ok(Data {
        records_left_out: asked.left_out + golden.left_out + of_golden - examples.len(),
        examples: examples.into_iter().map(Example::Factoid).collect(),
        format: asked.format,
        masks: None,
        entities_left_out: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::OffsetUnit;

    const GOLDEN: &str = r#"{"questions": [
        {"type": "factoid", "body": "What grew?", "snippets": [{"text": "SECRET"}], "exact_answer": [["E. coli", "Escherichia coli"]]},
        {"type": "list", "body": "What was given?", "snippets": [], "exact_answer": [["A", "AA"], ["B"]]},
        {"type": "yesno", "body": "Is it?", "snippets": [{"text": "It is."}], "exact_answer": "yes"},
        {"type": "summary", "body": "Why?", "snippets": [{"text": "So."}]}]}"#;

    fn asked(question: &str) -> String {
        let paragraph = |text: &str| {
            format!(
                r#"{{"context": "{text}", "qas": [{{"question": "{question}", "id": "1_000"}}]}}"#
            )
        };
        let (one, other) = (paragraph("One."), paragraph("Two."));
        format!(r#"{{"data": [{{"paragraphs": [{one}, {other}]}}]}}"#)
    }

    #[test]
    fn questions_of_one_file_have_their_answers_in_another() {
        let options = DataOptions::new(OffsetUnit::Utf8Bytes);
        let read = |text: &str| read_golden("a.json", text, "g.json", GOLDEN, &options);
        let found = read(&asked("What grew?")).unwrap();
        let gold = Gold::Any(vec!["E. coli".into(), "Escherichia coli".into()]);
        let (question, contexts) = ("What grew?".into(), vec!["One.".into(), "Two.".into()]);
        assert_eq!(found.examples, [Example::Factoid(Factoid { question, contexts, gold })]);
        assert_eq!(found.records_left_out, 3);
        let told = read(&asked("SECRET?")).unwrap_err().to_string();
        assert_eq!(told, "a.json: line 1: a question that g.json does not answer in words");
        // Which of two answers is right nobody knows.
        let one =
            r#"{"type": "factoid", "body": "What SECRET?", "snippets": [], "exact_answer": ["A"]}"#;
        let golden = |other: &str| format!(r#"{{"questions": [{one}, {other}]}}"#);
        let read = |golden: &str| {
            read_golden("a.json", &asked("What SECRET?"), "g.json", golden, &options)
        };
        assert_eq!(read(&golden(one)).unwrap().examples.len(), 1);
        let told = read(&golden(&one.replace("\"A\"", "\"B\""))).unwrap_err().to_string();
        assert!(told.contains("g.json: line ") && told.contains("there twice"), "{told}");
        assert!(!told.contains("SECRET"));
    }
}
