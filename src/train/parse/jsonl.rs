//! A JSON object per line. A field too many is refused: it may be one that was misspelt.

use std::ops::Range;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::train::example::{Annotated, Answered, Example, Labelled, Mark, Pair};
use crate::train::parse::{DataOptions, in_json, in_line};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entities {
    text: String,
    entities: Vec<Entity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Classified {
    text: String,
    second: Option<String>,
    label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Related {
    text: String,
    first: Place,
    second: Place,
    label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    question: String,
    passage: String,
    // Must be there: a question that nobody has answered is not one without an answer.
    #[serde(deserialize_with = "Option::deserialize")]
    answer: Option<Place>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    start: usize,
    end: usize,
}

impl From<Place> for Range<usize> {
    fn from(Place { start, end }: Place) -> Range<usize> {
        start..end
    }
}

/// A file of lines.
pub(super) struct Lines<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) options: &'a DataOptions,
}

impl Lines<'_> {
    /// Texts with their entities.
    pub(super) fn entities(&self) -> Result<Vec<Example>> {
        self.parse(|line: Entities| {
            let mark = |&Entity { start, end, ref label }| Mark { start, end, label };
            let marks: Vec<Mark<'_>> = line.entities.iter().map(mark).collect();
            Annotated::new(line.text.as_str().into(), self.options.unit, &marks)
        })
    }

    /// Texts with their classes.
    pub(super) fn classes(&self) -> Result<Vec<Example>> {
        self.parse(|line: Classified| {
            self.options.expect_known(&line.label)?;
            let second = line.second.as_deref().map(Into::into);
            Labelled::new(line.text.as_str().into(), second, &line.label)
        })
    }

    /// Texts with two entities that are to be masked.
    pub(super) fn pairs(&self, masks: &[String; 2]) -> Result<Vec<Example>> {
        self.parse(|line: Related| {
            self.options.expect_known(&line.label)?;
            let places = [line.first.into(), line.second.into()];
            Pair::new(line.text.as_str().into(), self.options.unit, places, masks, &line.label)
        })
    }

    /// Questions with a passage and the answer in it.
    pub(super) fn questions(&self) -> Result<Vec<Example>> {
        self.parse(|line: Asked| {
            let (question, passage) = (line.question.as_str().into(), line.passage.as_str().into());
            Answered::new(question, passage, self.options.unit, line.answer.map(Into::into))
        })
    }

    fn parse<Line: DeserializeOwned, Made: Into<Example>>(
        &self,
        make: impl Fn(Line) -> Result<Made>,
    ) -> Result<Vec<Example>> {
        let example = |(index, line)| {
            let number = index + 1;
            let line =
                serde_json::from_str(line).map_err(|error| in_json(self.file, number, &error))?;
            match make(line) {
                Ok(made) => Ok(made.into()),
                Err(error) => Err(in_line(self.file, number, error)),
            }
        };
        let lines = self.text.lines().enumerate();
        lines.filter(|(_, line)| !line.trim().is_empty()).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::Task;
    use crate::text::OffsetUnit;
    use crate::train::parse;
    use crate::train::parse::tests::told;

    fn read(task: Task, file: &str, text: &str) -> Vec<Example> {
        let options = DataOptions::new(OffsetUnit::UnicodeScalars);
        parse::parse(task, file, text, &options).unwrap()
    }

    #[test]
    fn every_task_has_its_lines() {
        const UNIT: OffsetUnit = OffsetUnit::UnicodeScalars;
        let line = r#"{"text":"naïv \"liver\"","entities":[{"start":6,"end":11,"label":"a\tb"}]}"#;
        let marks = [Mark { start: 6, end: 11, label: "a\tb" }];
        let want = Annotated::new("naïv \"liver\"".into(), UNIT, &marks).unwrap().into();
        let text = format!("\u{FEFF}{line}\r\n\r\n \n{{\"text\":\"\",\"entities\":[]}}");
        for file in ["a.jsonl", "a.json", "a.b.JSONL"] {
            let found = read(Task::Ner, file, &text);
            assert_eq!((found.len(), &found[0]), (2, &want));
        }

        let text = r#"{"text":"a b","label":"x"}
            {"text":"a","second":"b","label":"y"}
            {"label":"z","second":null,"text":"c"}"#;
        let labelled = |text: &str, second: Option<&str>, label| {
            Labelled::new(text.into(), second.map(Into::into), label).unwrap().into()
        };
        let want =
            [labelled("a b", None, "x"), labelled("a", Some("b"), "y"), labelled("c", None, "z")];
        assert_eq!(read(Task::Classify, "a.jsonl", text), want);

        let line = r#"{"text":"Gut é on TNF.","first":{"start":9,"end":12},"second":{"start":4,"end":5},"label":"x"}"#;
        let pair = |masks: [&str; 2]| {
            let places = [9..12, 4..5];
            let masks = masks.map(String::from);
            Pair::new("Gut é on TNF.".into(), UNIT, places, &masks, "x").unwrap().into()
        };
        assert_eq!(read(Task::Re, "a.jsonl", line), [pair(["@ENTITY1$", "@ENTITY2$"])]);
        let masks = Some(["@G$", "@D$"].map(String::from));
        let options = DataOptions { masks, ..DataOptions::new(UNIT) };
        let found = parse::parse(Task::Re, "a.jsonl", line, &options).unwrap();
        assert_eq!(found, [pair(["@G$", "@D$"])]);

        let text = r#"{"question":"Was?","passage":"Ein é.","answer":{"start":4,"end":5}}
            {"question":"Wo?","passage":"","answer":null}"#;
        let answered = |question: &str, passage: &str, answer| {
            Answered::new(question.into(), passage.into(), UNIT, answer).unwrap().into()
        };
        let want = [answered("Was?", "Ein é.", Some(4..5)), answered("Wo?", "", None)];
        assert_eq!(read(Task::Qa, "a.jsonl", text), want);
    }

    #[test]
    fn what_a_line_says_must_be_possible() {
        let entity = |entity: &str| {
            let text = format!("\n{{\"text\":\"SECRET é 😀\",\"entities\":[{entity}]}}");
            told(Task::Ner, "a.jsonl", &text)
        };
        let place = |start: usize, end: usize| format!("\"start\":{start},\"end\":{end}");
        let pair = |first: String, second: String, label: &str| {
            let text = format!(
                r#"{{"text":"SECRET é","first":{{{first}}},"second":{{{second}}},"label":"{label}"}}"#
            );
            told(Task::Re, "a.jsonl", &format!("\r\n{text}"))
        };
        let class = |text: &str, label: &str| {
            let text = format!(r#"{{"text":"{text}","label":"{label}"}}"#);
            told(Task::Classify, "a.jsonl", &format!("\n{text}\n"))
        };
        let question = |question: &str, start, end| {
            let answer = place(start, end);
            let text = format!(
                r#"{{"question":"{question}","passage":"SECRET é","answer":{{{answer}}}}}"#
            );
            told(Task::Qa, "a.jsonl", &format!(" \n{text}\n"))
        };
        let huge = usize::MAX;
        let mistakes = [
            (entity(r#"{"start":0,"end":99,"label":"x"}"#), "entity 0 ends behind the text"),
            (
                entity(r#"{"start":7,"end":7,"label":"x"}"#),
                "entity 0 is empty or ends before it starts",
            ),
            (
                entity(r#"{"start":0,"end":8,"label":"x"}"#),
                "entity 0 starts or ends within a character",
            ),
            (entity(r#"{"start":0,"end":6,"label":""}"#), "entity 0 has no label"),
            (entity(r#"{"start":6,"end":7,"label":"x"}"#), "entity 0 is white space"),
            (
                entity(r#"{"start":0,"end":6,"label":"x"},{"start":3,"end":9,"label":"x"}"#),
                "two entities overlap",
            ),
            (pair(place(0, 10), place(0, 6), "x"), "the first entity ends behind the text"),
            (
                pair(place(0, 6), place(7, 8), "x"),
                "the second entity starts or ends within a character",
            ),
            (
                pair(place(huge, 6), place(7, 9), "x"),
                "the first entity is empty or ends before it starts",
            ),
            (pair(place(0, 6), place(6, 7), "x"), "the second entity is white space"),
            (pair(place(0, 6), place(7, 9), " "), "the pair has no label"),
            (class("SECRET", ""), "the text has no label"),
            (class(" ", "SECRET"), "the text is empty"),
            (question("SECRET", 0, huge), "the answer ends behind the text"),
            (question("SECRET", 8, 9), "the answer starts or ends within a character"),
            (question(" ", 0, 1), "the question is empty"),
        ];
        for (told, reason) in mistakes {
            assert_eq!(told, format!("a.jsonl: line 2: {reason}"));
        }
    }

    #[test]
    fn lines_of_another_form_are_told_with_their_column() {
        let field = "a field is missing, unknown, there twice or of another type";
        let mistakes = [
            (Task::Ner, r#"{"text":"SECRET","entities":[]"#, "the JSON ends early at column 30"),
            (Task::Ner, r#"{"text":"SECRET" "entities":[]}"#, "not JSON at column 18"),
            (Task::Ner, "SECRET", "not JSON at column 1"),
            (Task::Ner, r#"{"text":"\ud800 SECRET","entities":[]}"#, "not JSON at column 16"),
            (Task::Ner, r#"{"text":"SECRET"}"#, "{field} at column 17"),
            (Task::Ner, r#"{"text":"","SECRET":[]}"#, "{field} at column 19"),
            (Task::Ner, r#"{"text":"a","text":"SECRET"}"#, "{field} at column 18"),
            (Task::Ner, r#"{"text":"a","entities":"SECRET"}"#, "{field} at column 31"),
            (
                Task::Ner,
                r#"{"text":"SECRET","entities":[{"start":-1,"end":1,"label":"x"}]}"#,
                "{field} at column 40",
            ),
            (
                Task::Ner,
                r#"{"text":"SECRET","entities":[{"start":0,"end":1,"lable":"x"}]}"#,
                "{field} at column 55",
            ),
            (Task::Classify, r#"{"text":"SECRET","class":"x"}"#, "{field} at column 24"),
            (Task::Classify, r#"{"text":"SECRET","label":1}"#, "{field} at column 26"),
            (
                Task::Re,
                r#"{"text":"SECRET","first":{"start":0},"label":"x"}"#,
                "{field} at column 36",
            ),
            (Task::Qa, r#"{"question":"SECRET","passage":"b"}"#, "{field} at column 35"),
        ];
        for (task, line, reason) in mistakes {
            let reason = reason.replace("{field}", field);
            let told = told(task, "a.jsonl", &format!("\r\n{line}\r\n"));
            assert_eq!(told, format!("a.jsonl: line 2: {reason}"), "{line}");
        }
    }
}
