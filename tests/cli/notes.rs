//! `extract` and `sections`: what a note is, and what is said of it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{fails, last_json, ok, tool, write};

const NOTES: [&str; 4] = ["clinic", "discharge", "emergency", "radiology"];

const NOTE: &str =
    "HPI: 😀 Denies chest pain. Fever since Monday.\n\nFAMILY HISTORY\nMother: asthma\n";

fn objects(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The assertion of the entity with a text.
fn said<'a>(note: &'a Value, text: &str) -> &'a Value {
    let all = note["entities"].as_array().unwrap();
    let found = all.iter().find(|entity| entity["text"] == text);
    &found.unwrap_or_else(|| panic!("no {text} in {note}"))["assertion"]
}

#[test]
fn a_file_is_a_note_unless_it_is_said_otherwise() {
    let directory = tempfile::tempdir().unwrap();
    let file = write(directory.path(), "note.txt", NOTE.as_bytes());
    let file = file.to_str().unwrap();
    let whole = objects(&ok(&["extract", file], ""));
    assert_eq!(whole.len(), 1);
    assert_eq!((&whole[0]["doc"], &whole[0]["text"]), (&0.into(), &NOTE.into()));
    assert_eq!(whole[0]["id"], "note.txt");
    assert_eq!(objects(&ok(&["extract", "--whole", file], "")), whole);
    let mut piped = objects(&ok(&["extract"], NOTE));
    assert_eq!(piped[0]["id"], Value::Null);
    piped[0]["id"] = "note.txt".into();
    assert_eq!(piped, whole, "from standard input");
    assert_eq!(said(&whole[0], "chest pain")["value"], "absent");
    assert_eq!(said(&whole[0], "Fever")["value"], "present");
    // The section reaches the line below it only if both are one note.
    assert_eq!(said(&whole[0], "asthma")["value"], "other-person");
    assert_eq!(objects(&ok(&["extract", "--lines", file], "")).len(), NOTE.lines().count());
}

#[test]
fn json_lines_are_notes_with_ids() {
    let directory = tempfile::tempdir().unwrap();
    let lines = json!({"id": "a-1", "text": NOTE, "entities": []}).to_string()
        + "\n\n{\"text\":\"No fever.\"}\n{\"id\":7,\"text\":\"\"}";
    let file = write(directory.path(), "notes.jsonl", lines.as_bytes());
    let file = file.to_str().unwrap();
    let found = objects(&ok(&["extract", file], ""));
    let ids: Vec<&Value> = found.iter().map(|note| &note["id"]).collect();
    assert_eq!(ids, [&json!("a-1"), &json!("notes.jsonl:3"), &json!(7)]);
    assert_eq!((&found[0]["text"], &found[2]["doc"]), (&NOTE.into(), &2.into()));
    let mut piped = objects(&ok(&["extract", "--jsonl"], &lines));
    assert_eq!(piped[1]["id"], Value::Null);
    piped[1]["id"] = "notes.jsonl:3".into();
    assert_eq!(piped, found);
    assert_eq!(objects(&ok(&["extract", "--whole", file], ""))[0]["text"], lines);
    assert!(ok(&["extract", "--format", "html", file], "").contains("<h2>a-1</h2>"));

    // A bad line is told and the others follow; the error does not quote it.
    let lines = b"{\"text\":\"a\"}\n{\"text\": SECRET}\n{\"text\":\"b\"}\n";
    let broken = write(directory.path(), "broken.JSONL", lines);
    let broken = broken.to_str().unwrap();
    let output = tool(&["sections", broken], b"");
    assert_eq!(output.status.code(), Some(1));
    let found = objects(&String::from_utf8(output.stdout).unwrap());
    assert_eq!((&found[0]["text"], &found[2]["text"]), (&json!("a"), &json!("b")));
    let told = "broken.JSONL: line 2: not JSON at column 10";
    assert_eq!(found[1], json!({"doc": 1, "id": "broken.JSONL:2", "error": told}));
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told, "biobert: 1 document(s) could not be read; see their \"error\"\n");
    for (line, reason) in [
        ("{\"id\": 1}", "missing field `text` at column 9"),
        ("{\"text\": 5}", "a field of another type at column 10"),
    ] {
        let file = write(directory.path(), "line.jsonl", line.as_bytes());
        let output = tool(&["sections", file.to_str().unwrap()], b"");
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8(output.stdout).unwrap().contains(reason));
    }
}

#[test]
fn offsets_count_what_is_asked_for() {
    for (unit, start) in [("utf8", 29), ("scalar", 26), ("utf16", 27)] {
        let found = last_json(&ok(&["extract", "--unit", unit], NOTE));
        let all = found["entities"].as_array().unwrap();
        let fever = all.iter().find(|entity| entity["text"] == "Fever").unwrap();
        assert_eq!(fever["start"], start, "{unit}");
        let cue = &said(&found, "chest pain")["cue"];
        assert_eq!((&cue["start"], &cue["end"]), (&(start - 19).into(), &(start - 13).into()));
        let family = &found["sections"][1];
        assert_eq!(
            (&family["title"], &family["name"]),
            (&json!("FAMILY HISTORY"), &json!("family_history"))
        );
        assert_eq!(
            last_json(&ok(&["sections", "--unit", unit], NOTE))["sections"],
            found["sections"]
        );
    }
}

#[test]
fn judges_can_be_chosen_and_left_out() {
    let value = |judge: &str| {
        let found = last_json(&ok(&["extract", "--assertion", judge], "Denies chest pain."));
        said(&found, "chest pain").clone()
    };
    assert_eq!(value("all")["value"], "absent");
    assert_eq!(value("rules")["category"], "denied");
    assert_eq!((&value("head")["cue"], &value("head")["category"]), (&Value::Null, &Value::Null));
    assert_eq!(value("off"), Value::Null);
    let named =
        last_json(&ok(&["extract", "--heads", "chemical, disease"], "Naloxone for asthma."));
    let heads: Vec<&Value> =
        named["entities"].as_array().unwrap().iter().map(|entity| &entity["head"]).collect();
    assert_eq!(heads, ["chemical", "disease"]);
}

#[test]
fn what_cannot_be_read_is_said() {
    for command in ["extract", "sections"] {
        let error = fails(&[command, "/no/such/note.txt"]);
        assert!(error.starts_with("biobert: /no/such/note.txt: "), "{error}");
        assert!(fails(&[command, "src"]).contains("this is a directory"));
        let empty = last_json(&ok(&[command], ""));
        assert_eq!((&empty["text"], &empty["id"]), (&json!(""), &Value::Null));
        assert_eq!(empty["sections"], Value::Array(vec![]));

        let bytes = b"fever\nx\xFFy\nrash";
        let output = tool(&[command, "--lines"], bytes);
        assert_eq!(output.status.code(), Some(1));
        let found = objects(&String::from_utf8(output.stdout).unwrap());
        assert_eq!(found[1], json!({"doc": 1, "error": "invalid UTF-8 at byte 1"}));
        assert_eq!(found[2]["text"], "rash");
        let replaced = tool(&[command, "--invalid", "replace"], bytes);
        assert!(replaced.status.success());

        // What cannot be meant is refused.
        for options in [&["--lines", "--whole"][..], &["--jsonl", "--lines"], &["--format", "xml"]]
        {
            let output = tool(&[&[command], options].concat(), b"");
            assert_eq!(output.status.code(), Some(2), "{options:?}");
        }
    }
    assert_eq!(tool(&["extract", "--assertion", "nobody"], b"").status.code(), Some(2));
    assert!(
        fails(&["extract", "--heads", "nonsense"]).contains("no such head; it has ade, anatomy")
    );
    assert!(fails(&["extract", "--heads", "factoid"]).contains("for another task"));
}

#[test]
fn the_sample_notes_name_no_finding_twice() {
    for name in NOTES {
        let file = format!("examples/notes/{name}.txt");
        let found = last_json(&ok(&["extract", &file], ""));
        let entities = found["entities"].as_array().unwrap();
        assert!(entities.len() > 10, "{name} has {} entities", entities.len());
        let mut end = 0;
        for entity in entities {
            let start = entity["start"].as_u64().unwrap();
            assert!(start >= end, "{} in {name} lies in another", entity["text"]);
            end = entity["end"].as_u64().unwrap();
        }
        let relations = found["relations"].as_array().unwrap();
        let pairs: BTreeSet<_> = relations
            .iter()
            .map(|relation| (relation["first"].as_u64(), relation["second"].as_u64()))
            .collect();
        assert_eq!(pairs.len(), relations.len(), "a pair of {name} is judged twice");
    }
}

#[test]
fn a_note_is_shown_with_its_reasons() {
    let text = ok(&["extract", "--format", "text"], NOTE);
    assert!(text.contains("‹Denies› chest pain[Problem: denied]."), "{text}");
    assert!(text.contains("\nFamily and other persons\n  asthma"), "{text}");
    assert!(!text.contains('\u{1b}'), "colours where there is no terminal");
    let page = ok(&["extract", "--format", "html"], "Denies chest pain. <script>");
    assert!(page.contains("title=\"chest pain: denied\">Denies</em>"), "{page}");
    assert!(page.contains("Not for direct patient care") && page.trim_end().ends_with("</html>"));
    assert!(!page.contains("<script") && !page.contains("http"), "the page loads something");

    let outline = ok(&["sections", "--format", "text"], NOTE);
    assert!(outline.contains("FAMILY HISTORY[§ family history]"), "{outline}");
    assert!(outline.contains("family history, LOINC 10157-6"), "{outline}");
    let page = ok(&["sections", "--format", "html"], NOTE);
    assert!(page.contains("role=\"heading\"") && page.contains("<td>10157-6"), "{page}");
}

#[test]
fn markup_is_read_and_shown_as_it_is_written() {
    let found = |command: &[&str], note: &str| last_json(&ok(command, note));
    let entity = |found: &Value, text: &str| {
        let entities = found["entities"].as_array().unwrap();
        entities
            .iter()
            .find(|one| one["text"] == text)
            .cloned()
            .unwrap_or_else(|| panic!("{found}"))
    };
    let extract = ["extract", "--lines", "--markup"];

    // Two lines: what the first denies, the second has.
    let note = r"No fever\.br\Chest pain for 3 days";
    let hl7 = found(&[&extract[..], &["hl7"]].concat(), note);
    assert_eq!(hl7["text"], note);
    assert_eq!(entity(&hl7, "fever")["assertion"]["value"], "absent");
    let pain = entity(&hl7, "Chest pain");
    assert_eq!((&pain["start"], &pain["end"]), (&13.into(), &23.into()));
    assert_eq!(pain["assertion"]["value"], "present");

    let note =
        "The patient&#39;s chest pain and &alpha;1&hyphen;antitrypsin deficiency; no &#102;ever.";
    let entities = found(&[&extract[..], &["entities"]].concat(), note);
    assert_eq!(entities["text"], note);
    assert_eq!(entity(&entities, "chest pain")["assertion"]["value"], "present");
    assert_eq!(entity(&entities, "&#102;ever")["assertion"]["value"], "absent");
    for (form, shown) in [("text", "&#102;ever"), ("html", "&amp;#102;ever")] {
        let said = ok(&[&extract[..], &["entities", "--format", form]].concat(), note);
        assert!(said.contains(shown), "{said}");
    }

    let sentences = found(&["sentences", "--markup", "hl7"], r"H\T\P done.\X0D\\H\Plan:\N\ rest");
    let texts: Vec<_> =
        sentences["sentences"].as_array().unwrap().iter().map(|s| &s["text"]).collect();
    assert_eq!(texts, [r"H\T\P done.", r"Plan:\N\ rest"]);

    // What `ner` writes, `re` reads.
    let note = "She had a r&#97;sh after amoxicill&#x69;n.";
    let directory = tempfile::tempdir().unwrap();
    let marked = ok(&["ner", "--heads", "chemical,disease", "--markup", "entities"], note);
    let path = write(directory.path(), "entities.jsonl", marked.as_bytes());
    let path = path.to_str().unwrap();
    let given = ["re", "--heads", "cid", "--markup", "entities", "--entities", path];
    let relation = &found(&given, note)["relations"][0];
    assert_eq!(relation["first"]["text"], "amoxicill&#x69;n");
    assert_eq!(relation["second"]["text"], "r&#97;sh");
}
