//! Lines as the tool writes them come back as they were, and mistakes are told.

use crate::data::{Format, Origin, StreamOptions, Target, WriteOptions, stream, writer};
use crate::document::Document;
use crate::text::OffsetUnit;

fn read(lines: &str, unit: OffsetUnit) -> Vec<Result<Document, String>> {
    let origin = Origin::Stream(Box::new(lines.as_bytes()));
    let all = stream("a.jsonl", Format::Lines, origin, StreamOptions { unit }).unwrap();
    all.map(|document| document.map_err(|error| error.to_string())).collect()
}

fn written(documents: &[Document], unit: OffsetUnit) -> String {
    let mut out = Vec::new();
    let target = Target::Stream(Box::new(&mut out));
    let mut to = writer(Format::Lines, target, WriteOptions::new(unit)).unwrap();
    documents.iter().for_each(|document| to.document(document).unwrap());
    assert!(to.finish().unwrap().is_empty());
    drop(to);
    String::from_utf8(out).unwrap()
}

/// Every key there is, in the order in which it is written.
const LINE: &str = concat!(
    r#"{"doc":0,"id":"n1","text":"FH: 😀 fever 5 mg IL-2","sections":[{"start":0,"end":21,"title":"FH","name":"family_history","loinc":"10157-6","parent":null}],"#,
    r#""entities":[{"start":6,"end":11,"text":"fever","label":"Problem","score":0.9971,"head":"clinical","also":[{"label":"Disease","head":"disease","score":0.5}],"section":0,"#,
    r#""assertion":{"value":"other-person","category":"family","score":1.0,"cue":{"start":0,"end":2}},"expansion":"x","#,
    r#""attributes":[{"kind":"dose","start":12,"end":16,"text":"5 mg","low":5.0,"high":5.0,"comparator":"<=","unit":"mg","step":1,"parsed":true}],"#,
    r#""codes":[{"system":"MESH","code":"D005334","name":"Fever","score":1.0,"reason":"case","abstention":null,"candidates":[{"code":"D005334","name":"Fever","score":1.0,"reason":"case"},{"code":"D2","name":null,"score":null,"reason":null}]},"#,
    r#"{"system":"ICD10CM","code":null,"name":null,"score":null,"reason":null,"abstention":"nothing","candidates":[]}],"pieces":[{"start":6,"end":8},{"start":9,"end":11}],"id":"T1"},"#,
    r#"{"start":17,"end":21,"text":"IL-2","label":"Drug","score":null,"head":null,"also":[],"section":null,"assertion":null,"expansion":null,"attributes":[]}],"#,
    r#""relations":[{"first":0,"second":1,"label":"treats","score":0.25,"assertion":"absent","head":"effect"}],"truncated":true,"#,
    r#""passages":[{"start":0,"end":21,"kind":"abstract"}],"code_relations":[{"first":"D1","second":"D2","label":"CID","score":null}],"label":"x","second":"y","words":[{"start":0,"end":2}],"#,
    r#""provenance":{"model":"m","hash":null,"version":"0.1.0"}}"#,
    "\n",
);

#[test]
fn lines_come_back_byte_by_byte() {
    let found = read(LINE, OffsetUnit::UnicodeScalars).remove(0).unwrap();
    assert_eq!(&found.text[found.entities[0].bytes.clone()], "fever");
    assert_eq!(written(std::slice::from_ref(&found), OffsetUnit::UnicodeScalars), LINE);
    for unit in [OffsetUnit::Utf8Bytes, OffsetUnit::Utf16Units] {
        let lines = written(std::slice::from_ref(&found), unit);
        assert_ne!(lines, LINE);
        assert_eq!(read(&lines, unit), [Ok(found.clone())]);
    }
}

#[test]
fn what_ner_and_re_write_is_read() {
    let ner = r#"{"doc":0,"text":"a b","entities":[{"start":0,"end":1,"text":"a","label":"X","score":0.5,"head":"x"}]}"#;
    let end = |at, text| {
        format!(
            r#"{{"start":{at},"end":{},"text":"{text}","label":"X","score":0.5,"head":"x"}}"#,
            at + 1
        )
    };
    let relation = format!(
        r#"{{"first":{},"second":{},"label":"y","text":"ys","score":0.5,"head":"z"}}"#,
        end(2, "b"),
        end(0, "a")
    );
    let re = format!(
        r#"{{"doc":1,"id":7,"text":"a b","entities":[{}],"relations":[{relation},{relation}]}}"#,
        end(0, "a")
    );
    let found = read(&format!("{ner}\n\n{re}"), OffsetUnit::UnicodeScalars);
    let [ner, re] = [&found[0], &found[1]].map(|one| one.as_ref().unwrap());
    assert_eq!((ner.line, ner.entities.len(), ner.entities[0].score), (1, 1, Some(0.5)));
    assert_eq!((re.line, re.id.as_deref(), re.entities.len()), (3, Some("7"), 2));
    let ends: Vec<_> = re.relations.iter().map(|one| (one.first, one.second)).collect();
    assert_eq!(ends, [(1, 0), (1, 0)]);
    assert_eq!(re.relations[0].head.as_deref(), Some("z"));
}

#[test]
fn a_bad_line_is_told_and_the_others_follow() {
    for (line, told) in [
        ("{SECRET", "line 2: not JSON at column 2"),
        (r#"{"id":"n1"}"#, "line 2: document n1: `text` is missing from what starts at column 1"),
        (r#"{"id":"n1","text":5}"#, "line 2: document n1: `text` is not a text at column 19"),
        (
            r#"{"text":"SECRET","entities":[{"start":0,"end":7,"label":"X"}]}"#,
            "line 2: entities[0] ends after the text",
        ),
        (
            r#"{"text":"SECRET","entities":[{"start":0,"end":6,"label":"X","text":"WRONG"}]}"#,
            "line 2: the text of entities[0] does not stand at its place; do its offsets count something else?",
        ),
        (
            r#"{"text":"SECRET","entities":[{"start":0,"end":6,"label":"X","score":"SECRET"}]}"#,
            "line 2: `score` is not a number at column 69",
        ),
        (
            r#"{"text":"SECRET","entities":[{"start":0,"end":6,"label":"X","score":1e99}]}"#,
            "line 2: `score` is not a number at column 69",
        ),
        (
            r#"{"text":"SECRET","entities":[{"start":0,"end":6,"label":"X","section":0}]}"#,
            "line 2: entity 0 stands in a section that is not there",
        ),
        (
            r#"{"text":"SECRET","sections":[{"start":0,"end":6,"title":"SECRET","name":"SECRET"}]}"#,
            "line 2: a `name` that no kind of section has at column 30",
        ),
        (
            r#"{"text":"SECRET","relations":[{"first":0,"second":1,"label":"x"}]}"#,
            "line 2: relation 0 has an entity that is not there",
        ),
        (
            r#"{"text":"SECRET","entities":[{"start":0,"end":6,"label":"X","codes":[{"system":"S","code":null}]}]}"#,
            "line 2: neither or both of `code` and `abstention` at column 70",
        ),
    ] {
        let found = read(
            &format!("{{\"text\":\"a\"}}\n{line}\n{{\"text\":\"b\"}}"),
            OffsetUnit::UnicodeScalars,
        );
        assert_eq!(found.len(), 3, "{line}");
        assert!(found[0].is_ok() && found[2].is_ok());
        assert_eq!(found[1], Err(format!("a.jsonl: {told}")));
    }
    let bytes = b"\xFF\n{\"text\":\"b\"}";
    let origin = Origin::Stream(Box::new(&bytes[..]));
    let options = StreamOptions { unit: OffsetUnit::UnicodeScalars };
    let found: Vec<_> = stream("a", Format::Lines, origin, options).unwrap().collect();
    assert!(found[0].is_err() && found[1].is_ok() && found.len() == 2);
}
