//! SQuAD's form: one JSON object of articles, their paragraphs and the questions to each.

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::text::{InvalidText, OffsetUnit, Text};
use crate::train::example::{Answered, Example};
use crate::train::parse::in_json;

#[derive(Deserialize)]
struct File {
    data: Vec<Article>,
}

#[derive(Deserialize)]
struct Article {
    paragraphs: Vec<Paragraph>,
}

#[derive(Deserialize)]
struct Paragraph {
    context: String,
    qas: Vec<Asked>,
}

#[derive(Deserialize)]
struct Asked {
    question: String,
    answers: Option<Vec<Given>>,
    #[serde(default)]
    is_impossible: bool,
}

#[derive(Deserialize)]
struct Given {
    text: String,
    answer_start: usize,
}

/// Reads a file; `answer_start` counts `unit`.
pub(super) fn parse(file: &str, text: &str, unit: OffsetUnit) -> Result<Vec<Example>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let read: File =
        serde_json::from_str(text).map_err(|error| in_json(file, error.line(), &error))?;
    let mut examples = Vec::new();
    for (article, Article { paragraphs }) in read.data.iter().enumerate() {
        for (paragraph, Paragraph { context, qas }) in paragraphs.iter().enumerate() {
            for (question, asked) in qas.iter().enumerate() {
                let example = asked.example(context, unit).map_err(|error| {
                    let (article, paragraph, question) = (article + 1, paragraph + 1, question + 1);
                    let place =
                        format!("article {article}, paragraph {paragraph}, question {question}");
                    Error::model(file, format!("{place}: {error}"))
                })?;
                examples.push(example.into());
            }
        }
    }
    Ok(examples)
}

impl Asked {
    fn example(&self, context: &str, unit: OffsetUnit) -> Result<Answered> {
        let given = match &self.answers {
            _ if self.is_impossible => None,
            Some(answers) => answers.first(),
            None => return Err(Error::Argument("the question has no answers".into())),
        };
        let place = given.map(|Given { text, answer_start }| {
            let text = Text::new(text.as_str().into(), InvalidText::Reject)?;
            let length = text.offsets(unit).at(text.as_str().len());
            Ok(*answer_start..answer_start.saturating_add(length))
        });
        let (question, place) = (self.question.as_str().into(), place.transpose()?);
        let answered = Answered::new(question, context.into(), unit, place)?;
        let stands = answered.answer.clone().and_then(|bytes| context.get(bytes));
        if stands != given.map(|given| given.text.as_str()) {
            return Err(Error::Argument("the answer's text does not stand at its place".into()));
        }
        Ok(answered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::Task;
    use crate::train::parse::tests::told;
    use crate::train::parse::{self, DataOptions};

    const FILE: &str = r#"{
        "version": "1",
        "data": [
            {"title": "a", "paragraphs": []},
            {"paragraphs": [{"context": "Ein é 😀 war es, ein é.", "qas": [
                {"id": 1, "question": "Was?", "answers": [
                    {"text": "é 😀 war", "answer_start": START},
                    {"text": "nowhere", "answer_start": 99}
                ]},
                {"question": "Wo?", "answers": []},
                {"question": "Wer?", "is_impossible": true},
                {"question": "Wie?", "is_impossible": true,
                    "answers": [{"text": "so", "answer_start": 0}]}
            ]}]}
        ]
    }"#;

    #[test]
    fn the_first_answer_counts_and_some_questions_have_none() {
        let units = [
            (OffsetUnit::Utf8Bytes, "\u{FEFF}"),
            (OffsetUnit::UnicodeScalars, ""),
            (OffsetUnit::Utf16Units, " \r\n"),
        ];
        for (unit, before) in units {
            let text = format!("{before}{}", FILE.replace("START", "4"));
            let found = parse::parse(Task::Qa, "a.json", &text, &DataOptions::new(unit)).unwrap();
            let found: Vec<_> = found
                .iter()
                .map(|example| match example {
                    Example::Qa(found) => (found.question.as_str(), found.answer.clone()),
                    _ => panic!(),
                })
                .collect();
            let bytes = Some(4..4 + "é 😀 war".len());
            assert_eq!(found, [("Was?", bytes), ("Wo?", None), ("Wer?", None), ("Wie?", None)]);
        }
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let second = |question: &str| {
            let text = format!(
                r#"{{"data":[{{"paragraphs":[
                    {{"context":"SECRET","qas":[]}},
                    {{"context":"é SECRET","qas":[
                        {{"question":"SECRET","answers":[]}},
                        {{"question":"SECRET","answers":[]}},
                        {question}
                    ]}}
                ]}}]}}"#
            );
            told(Task::Qa, "a.json", &text)
        };
        let answer = |text: &str, start: usize| {
            second(&format!(
                r#"{{"question":"a","answers":[{{"text":"{text}","answer_start":{start}}}]}}"#
            ))
        };
        let mistakes = [
            (answer("SECRET", 2), "the answer's text does not stand at its place"),
            (answer("TERCES", 3), "the answer's text does not stand at its place"),
            (answer("SECRET", 1), "the answer starts or ends within a character"),
            (answer("SECRET", usize::MAX), "the answer ends behind the text"),
            (answer("", 3), "the answer is empty or ends before it starts"),
            (second(r#"{"question":"","answers":[]}"#), "the question is empty"),
            (second(r#"{"question":"a"}"#), "the question has no answers"),
        ];
        for (told, reason) in mistakes {
            let place = "article 1, paragraph 2, question 3";
            assert_eq!(told, format!("a.json: {place}: {reason}"));
        }
    }

    #[test]
    fn what_is_not_of_the_form_is_told_with_line_and_column() {
        let field = "a field is missing, unknown, there twice or of another type";
        let mistakes = [
            ("{\"data\":\n[SECRET]}", "line 2: not JSON at column 2"),
            ("{\"data\":\n[], \"SECRET", "line 2: the JSON ends early at column 11"),
            ("{\"data\":\n\"SECRET\"}", "line 2: {field} at column 8"),
            ("{\"SECRET\":\n[]}", "line 2: {field} at column 3"),
        ];
        for (text, reason) in mistakes {
            let reason = reason.replace("{field}", field);
            assert_eq!(told(Task::Qa, "a.json", text), format!("a.json: {reason}"));
        }
    }
}
