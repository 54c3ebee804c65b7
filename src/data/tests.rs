//! The JSON formats, and which format a file is taken for.

use super::*;
use crate::document::{Answer, AssertionValue, Entity, Relation};
use crate::text::OffsetUnit;

fn options(content: Content) -> ReadOptions<'static> {
    let (unit, entity) = (OffsetUnit::UnicodeScalars, Some("Entity"));
    ReadOptions { content, format: None, unit, entity }
}

/// The documents of a file.
pub(super) fn documents(content: Content, file: &str, text: &str) -> Vec<Document> {
    read(file, text, &options(content)).unwrap().documents
}

/// A text with the kinds and words of its entities.
pub(super) fn marked(document: &Document) -> (&str, Vec<(&str, &str)>) {
    let text = document.text.as_str();
    let mention = |e: &'_ crate::document::Entity| e.bytes.clone();
    let entities = document.entities.iter().map(|e| (&*e.label, &text[mention(e)]));
    (text, entities.collect())
}

/// What is said of a file with a mistake and the word SECRET, which must not be said again.
pub(super) fn told(content: Content, file: &str, text: &str) -> String {
    assert!(text.contains("SECRET"));
    let told = read(file, text, &options(content)).unwrap_err().to_string();
    assert!(!told.contains("SECRET"), "{told}");
    told
}

/// The format that a file is taken for.
pub(super) fn format(content: Content, file: &str, text: &str) -> Result<Format, String> {
    let found = read(file, text, &options(content)).map_err(|error| error.to_string())?;
    Ok(found.format.unwrap())
}

use Content::{Answers, Classes, Entities, Relations};

#[test]
fn a_file_without_documents_is_none() {
    for content in [Entities, Relations, Classes, Answers] {
        for (file, text) in [("a.jsonl", "\u{FEFF}"), ("a.json", "\r\n \n"), ("a.tsv", "\n\n")] {
            let found = read(file, text, &options(content)).unwrap();
            assert_eq!((found.format, found.documents.len()), (None, 0));
        }
    }
    let found = read("a.json", r#"{"data":[],"note":"SECRET"}"#, &options(Answers)).unwrap();
    assert_eq!((found.format, found.documents.len()), (Some(Format::Squad), 0));
}

#[test]
fn one_text_comes_in_every_format_of_entities() {
    let files = [
        (Format::Words, "naïve\tO\nliver\tB-Organ\n"),
        (
            Format::Lines,
            r#"{"doc":0,"text":"naïve liver","entities":[{"start":6,"end":11,"text":"liver","label":"Organ","score":0.9,"head":"organ"}]}"#,
        ),
        (
            Format::Doccano,
            r#"{"id":7,"text":"naïve liver","label":[[6,11,"Organ"]],"Comments":[]}"#,
        ),
        (
            Format::Doccano,
            r#"{"text":"naïve liver","entities":[{"id":1,"label":"Organ","start_offset":6,"end_offset":11}],"relations":[]}"#,
        ),
        (
            Format::Prodigy,
            r#"{"text":"naïve liver","tokens":[{"text":"naïve","id":0}],"spans":[{"start":6,"end":11,"label":"Organ","token_start":1}],"answer":"accept"}"#,
        ),
        (
            Format::LabelStudio,
            r#"[{"id":1,"annotations":[{"id":2,"was_cancelled":false,"result":[
                {"id":"x","from_name":"label","to_name":"text","type":"labels",
                 "value":{"start":6,"end":11,"text":"liver","labels":["Organ"]}}]}],
              "data":{"note":"naïve liver"},"predictions":[]}]"#,
        ),
        (Format::Pubtator, "7|t|naïve liver\n7|a|\n7\t6\t11\tliver\tOrgan\t-\n"),
        (
            Format::BiocXml,
            "<?xml version=\"1.0\"?>\n<!-- > --><!DOCTYPE collection SYSTEM 'BioC.dtd'>\n<collection>\
             <document><passage><offset>0</offset><text>naïve liver</text><annotation id='a'>\
             <infon key='type'>Organ</infon><location offset='6' length='5'/><text>liver</text>\
             </annotation></passage></document></collection>",
        ),
        (
            Format::BiocJson,
            r#"{"source":"","documents":[{"id":"7","infons":{},"passages":[{"offset":0,"text":"naïve liver",
                "annotations":[{"id":1,"infons":{"type":"Organ"},"text":"liver",
                "locations":[{"offset":6,"length":5}]}]}]}]}"#,
        ),
        (Format::Spacy, r#"[["naïve liver",{"entities":[[6,11,"Organ"]]}]]"#),
        (Format::Spacy, r#"["naïve liver",{"entities":[[6,11,"Organ"]]}]"#),
        (
            Format::HuggingFace,
            r#"{"id":"0","tokens":["naïve","liver"],"ner_tags":["O","B-Organ"]}"#,
        ),
    ];
    for (format, text) in files {
        for file in ["a.tsv", "a.JSONL", "a.json"] {
            let is_json = !matches!(format, Format::Words | Format::Pubtator | Format::BiocXml);
            if !is_json && file != "a.tsv" {
                continue;
            }
            let found = read(file, text, &options(Entities)).unwrap();
            assert_eq!((found.format, found.documents.len()), (Some(format), 1), "{text}");
            let marked = marked(&found.documents[0]);
            assert_eq!(marked, ("naïve liver", vec![("Organ", "liver")]), "{text}");
        }
    }
}

#[test]
fn ids_and_lines_are_carried_along() {
    let text = "{\"id\":\"n1\",\"text\":\"a\",\"entities\":[]}\n\n{\"text\":\"b\",\"entities\":[],\"id\":2}";
    let found = documents(Entities, "a.jsonl", &format!("\u{FEFF}{text}\r\n"));
    let told: Vec<_> = found.iter().map(|d| (d.id.as_deref(), d.line)).collect();
    assert_eq!(told, [(Some("n1"), 1), (Some("2"), 3)]);
    // One list, and one object over several lines.
    let list = "[\n{\"text\":\"a\",\"entities\":[]},\n{\"text\":\"b\",\n\"entities\":[]}\n]";
    let found = documents(Entities, "a.json", list);
    assert_eq!(found.iter().map(|d| d.line).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(documents(Entities, "a.json", "{\n\"text\":\"a\",\n\"entities\":[]\n}").len(), 1);
}

#[test]
fn classes_relations_and_answers_come_in_their_formats() {
    let class = |text: &str| documents(Classes, "a.jsonl", text).remove(0).label.unwrap();
    assert_eq!(class(r#"{"text":"a","label":"x","more":[1]}"#), "x");
    assert_eq!(class(r#"{"text":"a","label":["x"]}"#), "x");
    assert_eq!(class(r#"{"text":"a","options":[],"accept":["x"],"answer":"accept"}"#), "x");
    let studio = r#"[{"data":{"text":"a"},"annotations":[{"result":[{"type":"choices","value":{"choices":["x"]}}]}]}]"#;
    assert_eq!(class(studio), "x");
    let second = documents(Classes, "a.jsonl", r#"{"label":"z","second":"b","text":"c"}"#);
    assert_eq!(second[0].second.as_deref(), Some("b"));

    let pair = Relation::new(0, 1, "x".into());
    for text in [
        r#"{"text":"é on TNF","first":{"start":0,"end":1},"second":{"start":5,"end":8},"label":"x"}"#,
        r#"{"doc":0,"text":"é on TNF","relations":[{"first":{"start":0,"end":1,"text":"é","label":"A"},"second":{"start":5,"end":8,"label":"B"},"label":"x","score":1}]}"#,
        r#"{"text":"é on TNF","entities":[{"id":4,"label":"A","start_offset":0,"end_offset":1},{"id":9,"label":"B","start_offset":5,"end_offset":8}],"relations":[{"id":1,"from_id":4,"to_id":9,"type":"x"}]}"#,
        r#"[{"data":{"text":"é on TNF"},"annotations":[{"result":[
            {"id":"a","type":"labels","value":{"start":0,"end":1,"labels":["A"]}},
            {"id":"b","type":"labels","value":{"start":5,"end":8,"labels":["B"]}},
            {"type":"relation","from_id":"a","to_id":"b","labels":["x"]}]}]}]"#,
    ] {
        let found = documents(Relations, "a.json", text).remove(0);
        assert_eq!(found.relations, std::slice::from_ref(&pair), "{text}");
        assert_eq!(&found.text[found.entities[1].bytes.clone()], "TNF");
    }

    let text = r#"{"question":"Was?","passage":"Ein é.","answer":{"start":4,"end":5}}
        {"question":"Wo?","passage":"","answer":null}"#;
    let found = documents(Answers, "a.jsonl", text);
    let answers: Vec<_> = found.iter().map(|d| d.questions[0].answer.clone()).collect();
    assert_eq!(answers, [Answer::Place(4..6), Answer::Nowhere]);
    let factoid = r#"{"id":"1","question":"q?","contexts":["a b","c"],"gold":["b"]}"#;
    let found = documents(Answers, "f.jsonl", factoid).remove(0);
    let places: Vec<_> = found.passages.into_iter().map(|passage| passage.bytes).collect();
    assert_eq!((found.text.as_str(), places), ("a b\nc", vec![0..3, 4..5]));
    assert_eq!(found.questions[0].answer, Answer::Words(vec!["b".into()]));
}

#[test]
fn bioasqs_test_sets_have_questions_of_four_kinds() {
    let read = |text: &str| super::read("a.json", text, &options(Answers));
    let golden = r#"{"questions": [
        {"type": "factoid", "body": "Q?", "id": "7", "snippets": [{"text": "x"}, {"text": "y"}], "exact_answer": [["b", "c"]]},
        {"type": "list", "body": "Q?", "exact_answer": [["b", "c"], "d"]},
        {"type": "yesno", "body": "Q?", "exact_answer": "Yes", "snippets": []},
        {"type": "summary", "body": "Q?", "snippets": []}, {"type": "list", "body": "Q?", "exact_answer": null}]}"#;
    let found = read(golden).unwrap();
    assert_eq!((found.format, found.left_out), (Some(Format::Bioasq), 2));
    let of = |at: usize| &found.documents[at].questions[0].answer;
    let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    assert_eq!(*of(0), Answer::Words(names(&["b", "c"])));
    assert_eq!(*of(1), Answer::Items(vec![names(&["b", "c"]), names(&["d"])]));
    assert_eq!(*of(2), Answer::Label("yes".into()));
    let document = &found.documents[0];
    assert_eq!(
        (document.id.as_deref(), document.passages.len(), &*document.text),
        (Some("7"), 2, "x\ny")
    );
    let bad = golden.replace(r#"[["b", "c"], "d"]"#, "[3]");
    let told = read(&bad).unwrap_err().to_string();
    assert!(told.contains("line 3") && told.contains("`exact_answer`"), "{told}");
}

const SQUAD: &str = r#"{
    "version": "1",
    "data": [
        {"title": "a", "paragraphs": []},
        {"paragraphs": [{"context": "Ein é 😀 war es, ein é.", "qas": [
            {"id": 1, "question": "Was?", "answers": [
                {"text": "é 😀 war", "answer_start": 4},
                {"text": "nowhere", "answer_start": 99}
            ]},
            {"question": "Wo?", "answers": []},
            {"question": "Wer?", "is_impossible": true},
            {"question": "Wie?", "is_impossible": true, "answers": [{"text": "so", "answer_start": 0}]}
        ]}]}
    ]
}"#;

#[test]
fn of_squads_answers_the_first_counts_and_some_questions_have_none() {
    for unit in [OffsetUnit::Utf8Bytes, OffsetUnit::UnicodeScalars, OffsetUnit::Utf16Units] {
        let options = ReadOptions { unit, ..options(Answers) };
        let found = read("a.json", SQUAD, &options).unwrap().documents.remove(0);
        let found: Vec<_> = found
            .questions
            .iter()
            .map(|asked| (asked.text.as_str(), asked.answer.clone()))
            .collect();
        let place = Answer::Place(4..4 + "é 😀 war".len());
        let nowhere = ["Wo?", "Wer?", "Wie?"].map(|question| (question, Answer::Nowhere));
        assert_eq!(found, [&[("Was?", place)][..], &nowhere].concat());
    }
    // Test files, whose answers are in another file.
    let unanswered = SQUAD.replace("\"Wo?\", \"answers\": []", "\"Wo?\"");
    let found = documents(Answers, "a.json", &unanswered).remove(0);
    assert_eq!(found.questions[1].answer, Answer::Unknown);
    for (from, to, reason) in [
        ("\"é 😀 war\"", "\"é SECRET\"", "the answer's text does not stand at its place"),
        ("\"answer_start\": 4", "\"answer_start\": 90", "the answer ends after the text"),
    ] {
        let text = SQUAD.replace(from, to).replace("Wie?", "SECRET");
        let told = told(Answers, "a.json", &text);
        assert!(told.starts_with("a.json: line ") && told.ends_with(reason), "{told}");
    }
}

#[test]
fn what_nobody_accepted_or_annotated_is_counted() {
    let line = |answer: &str| format!(r#"{{"text":"a b","spans":[],"answer":"{answer}"}}"#);
    let text = [line("accept"), line("reject"), line("ignore")].join("\n");
    let found = read("a.jsonl", &text, &options(Entities)).unwrap();
    assert_eq!((found.documents.len(), found.left_out), (1, 2));
    let tasks = r#"[{"data":{"text":"a"},"annotations":[]},
        {"data":{"text":"a"},"annotations":[{"was_cancelled":true,"result":[]},{"result":[]}]}]"#;
    let found = read("a.json", tasks, &options(Entities)).unwrap();
    assert_eq!((found.documents.len(), found.left_out), (1, 1));
}

#[test]
fn a_field_that_is_wrong_is_named_with_its_line_and_column() {
    let mistakes = [
        (Entities, r#"{"text":"SECRET","entities":[]"#, "the JSON ends early at column 30"),
        (Entities, r#"{"text":"SECRET" "entities":[]}"#, "not JSON at column 18"),
        (Entities, "SECRET", "not JSON at column 1"),
        (
            Entities,
            r#"{"text":"\ud800 SECRET","entities":[]}"#,
            "a text that is not valid Unicode at column 9",
        ),
        (Entities, r#"{"text":"SECRET"}"#, "`entities` is missing from what starts at column 1"),
        (
            Entities,
            r#"{"text":"a","text":"SECRET","entities":[]}"#,
            "`text` is there twice at column 20",
        ),
        (Entities, r#"{"text":"a","entities":"SECRET"}"#, "`entities` is not a list at column 24"),
        (Entities, r#"{"text":["SECRET"],"entities":[]}"#, "`text` is not a text at column 9"),
        (
            Entities,
            r#"{"text":"SECRET","entities":[{"start":-1,"end":1,"label":"x"}]}"#,
            "`start` is not an offset at column 39",
        ),
        (
            Entities,
            r#"{"text":"SECRET","entities":[{"start":0,"end":1,"lable":"x"}]}"#,
            "`label` is missing from what starts at column 30",
        ),
        (
            Entities,
            r#"{"text":"SECRET","label":[[0,1]]}"#,
            "an entity that is not [start, end, label] at column 27",
        ),
        (
            Classes,
            r#"{"text":"SECRET","class":"x"}"#,
            "`label` is missing from what starts at column 1",
        ),
        (Classes, r#"{"text":"SECRET","label":1}"#, "`label` is not a text at column 26"),
        (
            Classes,
            r#"{"text":"SECRET","label":["x","y"]}"#,
            "several labels for one text, which are not read yet, at column 26",
        ),
        (Classes, r#"{"text":"SECRET","label":[]}"#, "the text has no label"),
        (
            Relations,
            r#"{"text":"SECRET","first":{"start":0},"label":"x"}"#,
            "`end` is missing from what starts at column 26",
        ),
        (
            Answers,
            r#"{"question":"SECRET","passage":"b"}"#,
            "`answer` is missing from what starts at column 1",
        ),
        (
            Entities,
            r#"{"tokens":["SECRET"],"ner_tags":[3]}"#,
            "`ner_tags` holds numbers, whose names stand in the data set's features: write the names in \
             their place, at column 34",
        ),
    ];
    for (content, line, reason) in mistakes {
        let told = told(content, "a.jsonl", &format!("\r\n{line}\r\n"));
        assert_eq!(told, format!("a.jsonl: line 2: {reason}"), "{line}");
    }
    let deep = format!(r#"{{"text":"SECRET","more":{}{}}}"#, "[".repeat(9999), "]".repeat(9999));
    assert!(told(Entities, "a.json", &deep).contains("too many lists or objects in each other"));
}

#[test]
fn what_a_line_says_of_its_text_must_be_possible() {
    let entity = |entity: &str| {
        let text = format!("\n{{\"text\":\"SECRET é 😀\",\"entities\":[{entity}]}}");
        told(Entities, "a.jsonl", &text)
    };
    let pair = |first: &str, second: &str| {
        let text =
            format!(r#"{{"text":"SECRET é","first":{first},"second":{second},"label":"x"}}"#);
        told(Relations, "a.jsonl", &format!("\r\n{text}"))
    };
    let good = r#"{"start":0,"end":6}"#;
    let mistakes = [
        (entity(r#"{"start":0,"end":99,"label":"x"}"#), "entity 0 ends after the text"),
        (
            entity(r#"{"start":7,"end":7,"label":"x"}"#),
            "entity 0 is empty or ends before it starts",
        ),
        (entity(r#"{"start":0,"end":6,"label":""}"#), "entity 0 has no label"),
        (entity(r#"{"start":6,"end":7,"label":"x"}"#), "entity 0 is white space"),
        (
            entity(r#"{"start":0,"end":6,"text":"SECRE","label":"x"}"#),
            "the text of entity 0 does not stand at its place; do its offsets count something else?",
        ),
        (pair(r#"{"start":0,"end":10}"#, good), "the first entity ends after the text"),
        (pair(good, r#"{"start":6,"end":7}"#), "the second entity is white space"),
    ];
    for (told, reason) in mistakes {
        assert_eq!(told, format!("a.jsonl: line 2: {reason}"));
    }
    for unit in [OffsetUnit::Utf8Bytes, OffsetUnit::Utf16Units] {
        let text = r#"{"text":"é😀 liver","entities":[{"start":4,"end":9,"label":"x"}]}"#;
        let found = read("a.jsonl", text, &ReadOptions { unit, ..options(Entities) });
        let found = found.map(|found| marked(&found.documents[0]).1[0].1.to_string());
        match unit {
            OffsetUnit::Utf16Units => assert_eq!(found.unwrap(), "liver"),
            _ => assert!(found.unwrap_err().to_string().contains("within a character")),
        }
    }
}

#[test]
fn formats_that_are_not_read_are_named_with_the_way_out() {
    let named = [
        ("a.txt", "-DOCSTART- -X- -X- O\n\nSECRET NNP B-NP B-PER\n", "CoNLL-2003"),
        ("a.xml", "<?xml version=\"1.0\"?>\n<articles>SECRET</articles>\n", "XML, but not BioC's"),
        (
            "a.json",
            r#"[{"text":"SECRET","label":[{"start":0,"end":6,"labels":["x"]}]}]"#,
            "JSON-MIN",
        ),
    ];
    for (file, text, name) in named {
        let told = told(Entities, file, text);
        assert!(told.contains(name) && told.contains("which is not read: "), "{told}");
    }
    let pair = told(Entities, "a.ann", "T1\tProblem 0 6\tSECRET\n");
    assert!(pair.contains("BRAT's two files, which are read as pairs: "), "{pair}");
    let told = told(Classes, "a.txt", "1|t|SECRET\n");
    assert_eq!(told, "a.txt: read as PubTator, which cannot hold classes");
    // Words that look like it are words.
    for text in ["T1\tO\n", "<b>\tO\n", "[\tO\n", "{\tO\n", "1|t|x\tO\n", "-DOCSTART-\tO\n"] {
        assert_eq!(format(Entities, "a.tsv", text).unwrap(), Format::Words, "{text}");
    }
}

#[test]
fn what_may_be_two_formats_is_told_and_can_be_chosen() {
    let text = r#"{"text":"SECRET","entities":[{"start":0,"end":6,"label":"x"}],"spans":[]}"#;
    let reason = "this may be JSON lines or Prodigy's JSON lines: say which with --input-format jsonl or prodigy";
    assert_eq!(told(Entities, "a.jsonl", text), format!("a.jsonl: {reason}"));
    for (format, entities) in [(Format::Lines, 1), (Format::Prodigy, 0)] {
        let options = ReadOptions { format: Some(format), ..options(Entities) };
        let found = read("a.jsonl", text, &options).unwrap();
        assert_eq!(found.documents[0].entities.len(), entities);
    }
    // A word of the text says nothing.
    let text = r#"{"text":"\"spans\": [] \"contexts\" \"passage\"","entities":[]}"#;
    assert_eq!(format(Entities, "a.txt", text).unwrap(), Format::Lines);
    for (index, format) in Format::all().enumerate() {
        assert_eq!((format as usize, Format::named(format.name())), (index, Some(format)));
    }
}

#[test]
fn what_a_file_repeats_must_stand_at_its_place() {
    let pair = r#"{"text":"SECRET liver on TNF.","first":{"start":7,"end":12,"text":"SECRET"},"second":{"start":16,"end":19},"label":"x"}"#;
    let asked = r#"{"question":"q","passage":"SECRET liver","answer":{"start":7,"end":12,"text":"SECRET"}}"#;
    let span =
        r#"{"text":"SECRET liver","spans":[{"start":7,"end":12,"label":"x","text":"SECRET"}]}"#;
    for (content, line) in [(Relations, pair), (Answers, asked), (Entities, span)] {
        let error = told(content, "a.jsonl", line);
        assert!(error.contains("does not stand at its place"), "{error}");
        let right = line.replace("\"text\":\"SECRET\"}", "\"text\":\"liver\"}");
        assert_eq!(documents(content, "a.jsonl", &right).len(), 1);
    }
}

#[test]
fn one_record_says_one_thing_and_of_what_is_wanted() {
    let rejected = r#"{"text":"a","label":"x","answer":"reject"}"#;
    assert_eq!(format(Classes, "a.jsonl", rejected).unwrap(), Format::Prodigy);
    for (content, file, text, reason) in [
        (
            Entities,
            "a.jsonl",
            r#"{"text":"SECRET","label":[[0,6,"x"]],"labels":[]}"#,
            "a second list of labels",
        ),
        (
            Entities,
            "a.jsonl",
            r#"{"tokens":["SECRET"],"tags":["O"],"ner_tags":["O"]}"#,
            "a second list of tags",
        ),
        (
            Entities,
            "a.json",
            r#"{"data":[],"note":"SECRET"}"#,
            "read as SQuAD's JSON, which cannot hold entities",
        ),
        (
            Relations,
            "a.jsonl",
            r#"{"question":"SECRET","contexts":["a"],"gold":["b"]}"#,
            "cannot hold relations",
        ),
        (
            Classes,
            "a.json",
            r#"{"data":{"text":"SECRET"},"annotations":[{"result":[{"type":"choices","value":{"choices":["a"]}},{"type":"choices","value":{"choices":["b"]}}]}]}"#,
            "several labels for one text",
        ),
        (
            Entities,
            "a.json",
            r#"{"data":{"text":"SECRET"},"annotations":[{"result":[{"type":"hypertextlabels","value":{"start":"/p[1]","labels":["a"]}}]}]}"#,
            "of labels only those of plain text are read",
        ),
    ] {
        let error = told(content, file, text);
        assert!(error.contains(reason), "{error}");
    }
}

/// What a file says of its entities.
fn asserted(text: &str) -> Vec<Option<AssertionValue>> {
    let mut documents = read("a.jsonl", text, &options(Content::Entities)).unwrap().documents;
    documents.remove(0).entities.into_iter().map(|entity| entity.value()).collect()
}

#[test]
fn what_a_text_says_of_its_entities_is_read() {
    let line = r#"{"text": "No fever; mother: gout.", "entities": [
        {"start": 3, "end": 8, "label": "Problem", "assertion": "absent"},
        {"start": 18, "end": 22, "label": "Problem", "assertion": {"value": "other-person", "cue": null}},
        {"start": 10, "end": 16, "label": "Person", "assertion": null}]}"#;
    let line = line.replace('\n', "");
    let want = [Some(AssertionValue::Absent), Some(AssertionValue::OtherPerson), None];
    assert_eq!(asserted(&line), want);
    let spans = r#"{"text": "No fever.", "spans": [{"start": 3, "end": 8, "label": "Problem", "assertion": "absent"}], "answer": "accept"}"#;
    assert_eq!(asserted(spans), [Some(AssertionValue::Absent)]);
    let values = "present, absent, possible, historical, other-person";
    for unknown in [r#""SECRET""#, r#"{"value": "SECRET"}"#] {
        let line = line.replace(r#""absent""#, unknown);
        let told = read("a.jsonl", &line, &options(Content::Entities)).unwrap_err().to_string();
        let column = line.find(unknown).unwrap() + 1;
        let want = format!("a.jsonl: line 1: `assertion` is none of {values}, at column {column}");
        assert_eq!(told, want);
    }
    for wrong in ["7", "{}", r#"{"value": 1}"#] {
        let line = line.replace(r#""absent""#, wrong);
        assert!(read("a.jsonl", &line, &options(Content::Entities)).is_err(), "{wrong}");
    }
}

/// A head that answers yes or no calls its relations `1`: formats in which that says nothing have the words.
#[test]
fn relations_keep_their_meaning_in_every_format_that_has_them() {
    let entity = |bytes| Entity::new(bytes, "X".into());
    let relation = |text: Option<&str>| Relation {
        text: text.map(Into::into),
        head: Some("effect".into()),
        ..Relation::new(0, 1, "1".into())
    };
    let document = Document {
        text: "drug rash".into(),
        entities: vec![entity(0..4), entity(5..9)],
        relations: vec![relation(Some("has the adverse effect")), relation(None)],
        ..Document::default()
    };
    let unit = OffsetUnit::UnicodeScalars;
    for format in [Format::Lines, Format::Csv, Format::BiocXml, Format::BiocJson] {
        let mut out = Vec::new();
        let target = Target::Stream(Box::new(&mut out));
        let mut to = writer(format, target, WriteOptions::new(unit)).unwrap();
        to.document(&document).unwrap();
        to.finish().unwrap();
        drop(to);
        let file = String::from_utf8_lossy(&out);
        assert!(file.contains("has the adverse effect"), "{file}");
        let origin = Origin::Stream(Box::new(&out[..]));
        let found = stream("a", format, origin, StreamOptions { unit }).unwrap().next().unwrap();
        assert_eq!(found.unwrap().relations, document.relations, "{}", format.title());
    }
    let directory = tempfile::tempdir().unwrap();
    let target = || Target::Directory(directory.path().into());
    let mut to = writer(Format::Brat, target(), WriteOptions::new(unit)).unwrap();
    to.document(&document).unwrap();
    let losses = to.finish().unwrap();
    assert_eq!(losses["labels of relations, instead of which their words stand"], 2);
    let notes = std::fs::read_to_string(directory.path().join("1.ann")).unwrap();
    assert!(notes.contains("R1\thas_the_adverse_effect Arg1:T1 Arg2:T2\n"), "{notes}");
    assert!(notes.contains("R2\teffect Arg1:T1 Arg2:T2\n"), "{notes}");
}
