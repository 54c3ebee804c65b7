//! `re`, `qa`, `classify`, `embed`, `sentences`, and the measures of these tasks.

use serde_json::Value;

use crate::{fails, last_json, ok, support, tool, write};

const NOTE: &str = "She had a rash after amoxicillin. The culture 😀 grew Escherichia coli.";

fn objects(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn re_lists_relations_with_their_entities() {
    let found = last_json(&ok(&["re", "--heads", "cid"], NOTE));
    let relation = &found["relations"][0];
    assert_eq!(
        (&relation["first"]["text"], &relation["text"], &relation["second"]["text"]),
        (&"amoxicillin".into(), &"induces".into(), &"rash".into())
    );
    assert_eq!((&relation["label"], &relation["head"]), (&"1".into(), &"cid".into()));

    // What `ner` writes, `re` reads.
    let directory = tempfile::tempdir().unwrap();
    let entities = ok(&["ner", "--heads", "chemical,disease"], NOTE);
    let path = write(directory.path(), "entities.jsonl", entities.as_bytes());
    let path = path.to_str().unwrap();
    let given = last_json(&ok(&["re", "--heads", "cid", "--entities", path], NOTE));
    assert_eq!(given["relations"][0]["score"], relation["score"]);
    assert_eq!(last_json(&ok(&["re", "--entities", path, "--unrelated"], NOTE))["doc"], 0);
}

#[test]
fn given_entities_stand_where_they_say() {
    let directory = tempfile::tempdir().unwrap();
    let text = "😀 SECRET rash after amoxicillin.\nAsthma.\n";
    let note = write(directory.path(), "notes.txt", text.as_bytes());
    let note = note.to_str().unwrap();
    let told = |lines: &str, args: &[&str]| {
        let path = write(directory.path(), "given.jsonl", lines.as_bytes());
        let path = path.to_str().unwrap();
        let fixed = ["re", "--heads", "cid", "--entities", path, note];
        let output = tool(&[&fixed[..], args].concat(), b"");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("SECRET"), "{said}");
        let said = said.trim_end().strip_prefix(&format!("biobert: {path}: ")).map(String::from);
        assert_eq!(output.status.code(), Some(i32::from(said.is_some())));
        said.unwrap_or_default()
    };
    // What `ner` wrote of these notes, in each unit, and with another.
    let units = ["utf8", "scalar", "utf16"];
    for (written, read) in units.iter().flat_map(|a| units.map(|b| (*a, b))) {
        let found = ok(&["ner", "--heads", "chemical,disease", "--unit", written, note], "");
        let found = told(&found, &["--unit", read]);
        match written == read {
            true => assert_eq!(found, ""),
            false => {
                assert!(found.starts_with("line 1: entity 0 "), "{written} as {read}: {found}")
            }
        }
    }
    let entity = |start, end, text: &str| {
        format!(r#"{{"start":{start},"end":{end},"text":"{text}","label":"Disease"}}"#)
    };
    let line = |entities: &[String]| {
        let entities = entities.join(",");
        format!(r#"{{"doc":1,"text":"Asthma.","id":7,"entities":[{entities}]}}"#)
    };
    let good = entity(0, 6, "Asthma");
    assert_eq!(told(&line(std::slice::from_ref(&good)), &[]), "");
    let places = "begins or ends outside of its document or inside of a character";
    let text = "has another text than stands at its place; do its offsets count what --unit says?";
    for (entity, wrong) in [
        (entity(0, 6, "SECRET"), text),
        (entity(1, 6, "Asthma"), text),
        (entity(0, 60, "Asthma"), places),
        (entity(8, 60, "Asthma"), "is empty or outside of its document"),
        (entity(3, 3, ""), "is empty or outside of its document"),
    ] {
        let said = told(&format!("\n{}\n", line(&[good.clone(), entity])), &[]);
        assert_eq!(said, format!("line 2: entity 1 {wrong}"));
    }
    // Of another document, of none, and lines that are none.
    let other = r#"{"doc":0,"text":"😀 SECRET rash after amoxicillin"}"#;
    assert_eq!(told(other, &[]), "line 1: its text is not that of document 0");
    let swapped = line(&[good]).replace("\"doc\":1", "\"doc\":0");
    assert_eq!(told(&swapped, &[]), "line 1: its text is not that of document 0");
    assert_eq!(told(r#"{"doc":2}"#, &[]), "has entities of document 2; 2 were read");
    for (line, reason) in [
        (r#"{"doc":0,"entities":[{"start":1}]}"#, "missing field `end` at column 32"),
        (r#"{"doc":0,"doc":1}"#, "duplicate field `doc` at column 14"),
        (r#"{"doc":"SECRET"}"#, "a field of another type at column 15"),
        ("SECRET", "not JSON at column 1"),
    ] {
        assert_eq!(told(line, &[]), format!("line 1: {reason}"));
    }
}

#[test]
fn relations_are_shown_as_text_and_as_arcs() {
    let text = ok(&["re", "--heads", "cid", "--format", "text"], NOTE);
    assert!(text.contains("amoxicillin → induces → rash"), "{text}");
    let page = ok(&["re", "--heads", "cid", "--format", "html"], NOTE);
    assert!(page.contains("data-relations=\"[[1,0,&quot;induces&quot;]]\""), "{page}");
    assert!(page.contains("data-entities=\"1\"") && page.contains("<script>"));
    for outside in ["http://", "https://", "src=", "url("] {
        let page = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!page.contains(outside), "the page loads something: {outside}");
    }
    // Without relations there is nothing to draw.
    assert!(!ok(&["re", "--format", "html"], "No words of note.").contains("<script>"));
}

#[test]
fn qa_answers_each_question_from_all_passages() {
    let question = "What did the culture grow?";
    let input = format!("Sodium was 118 mmol/L on arrival.\n{NOTE}");
    let arguments =
        ["qa", "--question", question, "--question", "How high was the sodium?", "--top", "2"];
    let found = objects(&ok(&arguments, &input));
    assert_eq!(found.len(), 2);
    assert_eq!(found[0]["question"], question);
    let best = |index: usize| &found[index]["answers"][0];
    assert_eq!((&best(0)["text"], &best(0)["passage"]), (&"Escherichia coli".into(), &1.into()));
    assert_eq!((&best(1)["text"], &best(1)["passage"]), (&"118 mmol/L".into(), &0.into()));
    assert_eq!(found[0]["answers"].as_array().unwrap().len(), 2);
    assert_eq!(found[0]["no_answer"], -best(0)["score"].as_f64().unwrap());
    let start = best(0)["start"].as_u64().unwrap() as usize;
    assert!(NOTE.chars().skip(start).collect::<String>().starts_with("Escherichia"));

    let none = last_json(&ok(&["qa", "--question", question], ""));
    assert_eq!((&none["answers"], &none["no_answer"]), (&Value::Array(vec![]), &Value::Null));
    let pooled = last_json(&ok(&["qa", "--pool", "--question", question], &input));
    let first = &pooled["answers"][0];
    assert_eq!(first["text"], "Escherichia coli");
    assert!(first["probability"].as_f64().is_some_and(|p| p > 0.0 && p <= 1.0), "{first}");
    assert_eq!(first["score"], best(0)["score"]);
    assert_eq!(best(0)["probability"], Value::Null);
    let text = ok(&["qa", "--question", question, "--format", "text"], &input);
    assert!(text.contains("Escherichia coli") && text.contains("passage 2"), "{text}");
    let page = ok(&["qa", "--question", "Is 1 < 2?", "--format", "html"], &input);
    assert!(page.contains("<h2>Is 1 &lt; 2?</h2>") && page.contains("<mark"));
}

#[test]
fn a_passage_that_cannot_be_read_is_named_and_left_out() {
    let output = tool(&["qa", "--question", "What grew?"], b"bad \xFF\nIt grew Escherichia coli.");
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("passage 1 is not read: invalid UTF-8 at byte 4"), "{message}");
    let found = last_json(&String::from_utf8(output.stdout).unwrap());
    // The others keep their numbers.
    let best = &found["answers"][0];
    assert_eq!((&best["text"], &best["passage"]), (&"Escherichia coli".into(), &1.into()));
    assert!(message.contains("1 passage(s) could not be read and were left out"), "{message}");
}

#[test]
fn classify_gives_every_label_of_every_head() {
    let directory = tempfile::tempdir().unwrap();
    support::write_tiny_with_all(directory.path());
    let model = directory.path().to_str().unwrap();
    let found = last_json(&ok(&["classify", "--model", model], "aspirin for fever"));
    assert_eq!(found["classes"].as_array().unwrap().len(), 5);
    let pair = ["classify", "--model", model, "--against", "No fever within a week."];
    let pair = last_json(&ok(&pair, "aspirin for fever"));
    assert_ne!(pair["classes"], found["classes"]);
    let text = ok(&["classify", "--format", "text"], NOTE);
    assert!(text.contains("adverse drug event"), "{text}");
    assert!(ok(&["classify", "--format", "html"], NOTE).contains("class=\"holds\""));
    let verdict = ["qa", "--model", model, "--heads", "verdict", "--question", "Is it?"];
    let verdict = last_json(&ok(&verdict, "It is."));
    assert_eq!(verdict["classes"].as_array().unwrap().len(), 2);
}

#[test]
fn embed_writes_json_lines_or_one_numpy_file() {
    let lines = objects(&ok(&["embed", "--normalize"], "rash\n\nfever"));
    assert_eq!(lines.len(), 3);
    let vector = |line: &Value| -> Vec<f32> {
        line["embedding"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32).collect()
    };
    assert_eq!(vector(&lines[0]).len(), 384);
    assert!(vector(&lines[1]).iter().all(|value| *value == 0.0));

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("vectors.npy");
    let path = path.to_str().unwrap();
    assert_eq!(ok(&["embed", "--normalize", "--out", path], "rash\n\nfever"), "");
    let file = std::fs::read(path).unwrap();
    let header_len = u16::from_le_bytes([file[8], file[9]]) as usize;
    assert_eq!((&file[..8], (10 + header_len) % 64), (&b"\x93NUMPY\x01\x00"[..], 0));
    let header = std::str::from_utf8(&file[10..10 + header_len]).unwrap();
    let want = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 384), }";
    assert_eq!(header.trim_end(), want);
    let values: Vec<f32> = file[10 + header_len..]
        .as_chunks()
        .0
        .iter()
        .map(|&bytes| f32::from_le_bytes(bytes))
        .collect();
    assert_eq!(values, lines.iter().flat_map(vector).collect::<Vec<_>>());

    // Rows stay in step with the documents, also with one that cannot be read.
    let output = tool(&["embed", "--out", path], b"rash\n\xFF\n");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::metadata(path).unwrap().len() as usize, 128 + 2 * 4 * 384);

    let tokens =
        last_json(&ok(&["embed", "--tokens", "--layer", "0", "--pooling", "cls"], "a rash"));
    assert_eq!(tokens["tokens"][1]["start"], 2);
    assert_eq!(tokens["states"][1].as_array().unwrap().len(), 384);
    assert!(fails(&["embed", "--layer", "7", "README.md"]).contains("the model has 6 layers"));
}

#[test]
fn sentences_are_listed_in_three_forms() {
    let note = "Dr. Lee saw her.\r\nShe is well 😀. Fine.";
    let found = last_json(&ok(&["sentences", "--whole", "--unit", "utf16"], note));
    let texts: Vec<&str> = found["sentences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["Dr. Lee saw her.", "She is well 😀.", "Fine."]);
    assert_eq!(found["sentences"][2]["end"], note.encode_utf16().count());
    assert!(
        ok(&["sentences", "--format", "text", "--whole"], note).contains("   2  She is well 😀.")
    );
    assert!(
        ok(&["sentences", "--format", "html", "--whole"], note).contains("<li>She is well 😀.")
    );
}

#[test]
fn what_could_mislead_is_said() {
    // Entities of another text.
    let directory = tempfile::tempdir().unwrap();
    let far = br#"{"doc":7,"entities":[{"start":0,"end":1,"label":"Disease"}]}"#;
    let path = write(directory.path(), "entities.jsonl", far);
    let output = tool(&["re", "--entities", path.to_str().unwrap()], b"A rash.");
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("has entities of document 7; 1 were read"), "{message}");
    assert_eq!(output.status.code(), Some(1));
    // A carriage return must not let a later statement stand in the place of an earlier one, nor a
    // note move the cursor.
    let text = ok(&["ner", "--format", "text"], "No sepsis.\rSepsis.\u{1b}[2J");
    assert!(!text.contains(['\r', '\u{1b}']), "{text:?}");
    // A bad path is found out before the work, and no half of a file is left.
    let target = directory.path().join("none/vectors.npy");
    assert!(
        fails(&["embed", "--out", target.to_str().unwrap(), "README.md"])
            .contains("none/vectors.npy: its directory does not exist")
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_once() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = {
        let pipe = pipe.clone();
        std::thread::spawn(move || std::fs::write(pipe, "A rash.").unwrap())
    };
    assert_eq!(last_json(&ok(&["ner", pipe.to_str().unwrap()], ""))["text"], "A rash.");
    writer.join().unwrap();
}

#[test]
fn several_files_are_read_one_after_the_other() {
    let directory = tempfile::tempdir().unwrap();
    let first = write(directory.path(), "a.txt", b"one\ntwo\n");
    let second = write(directory.path(), "b.txt", b"three");
    let (first, second) = (first.to_str().unwrap(), second.to_str().unwrap());
    let texts = |arguments: &[&str]| -> Vec<String> {
        let text = |object: &Value| object["text"].as_str().unwrap().to_string();
        objects(&ok(arguments, "")).iter().map(text).collect()
    };
    assert_eq!(texts(&["ner", first, second]), ["one", "two", "three"]);
    assert_eq!(texts(&["ner", "--whole", first, second]), ["one\ntwo\n", "three"]);
    // One that is not there is told in its place, and the others follow.
    let output = tool(&["ner", first, "/no/such/file.txt", second], b"");
    assert_eq!(output.status.code(), Some(1));
    let lines = objects(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(lines.len(), 4);
    assert!(lines[2]["error"].as_str().unwrap().contains("/no/such/file.txt"), "{}", lines[2]);
    assert_eq!(lines[3]["text"], "three");
}

#[test]
fn every_task_is_measured() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        write(directory.path(), name, text.as_bytes()).to_str().unwrap().to_string()
    };
    let masked = file(
        "re.tsv",
        "index\tsentence\tlabel\n0\t@CHEMICAL$ induced @DISEASE$.\t1\n1\t@CHEMICAL$ for @DISEASE$.\t0\n",
    );
    let score = last_json(&ok(&["eval", "re", "--head", "cid", "--data", &masked], ""));
    assert_eq!(score["examples"], 2);
    for key in ["precision", "recall", "f1", "accuracy"] {
        assert!(score[key].is_number(), "{key} is missing in {score}");
    }
    let classes = file("classes.tsv", "He died of warfarin.\t1\nAll is well.\t0\n");
    let score = last_json(&ok(&["eval", "classify", "--head", "ade", "--data", &classes], ""));
    assert_eq!(score["examples"], 2);

    let factoid = file(
        "factoid.jsonl",
        "{\"question\":\"What did the culture grow?\",\"contexts\":[\"She had a rash. The culture grew Escherichia coli on day two.\"],\"gold\":[\"escherichia Coli\"]}\n",
    );
    let score = last_json(&ok(&["eval", "qa", "--head", "factoid", "--data", &factoid], ""));
    let want = r#"{"strict":100.0,"lenient":100.0,"mrr":100.0,"questions":1}"#;
    assert_eq!(score, serde_json::from_str::<Value>(want).unwrap());

    let arguments = ["eval", "qa", "--head", "factoid", "--scoring", "biobert", "--data", &factoid];
    assert_eq!(last_json(&ok(&arguments, "")), score);

    let golden = file(
        "golden.json",
        r#"{"questions":[{"type":"list","body":"What did the culture grow?","snippets":[{"text":"The culture grew Escherichia coli on day two."}],"exact_answer":[["Escherichia coli","E. coli"]]},{"type":"yesno","body":"Did it grow?","snippets":[],"exact_answer":"yes"},{"type":"factoid","body":"Which drug caused the rash?","snippets":[{"text":"Amoxicillin caused the rash."}],"exact_answer":[["amoxicillin"]]}]}"#,
    );
    let score = last_json(&ok(&["eval", "qa", "--head", "factoid", "--data", &golden], ""));
    assert_eq!((&score["questions"], &score["strict"]), (&1.into(), &100.0.into()));
    assert_eq!((&score["list"]["questions"], &score["list"]["recall"]), (&1.into(), &100.0.into()));
    let test = file(
        "test.json",
        r#"{"data":[{"paragraphs":[{"context":"A rash came.","qas":[{"question":"Which drug caused the rash?","id":"1_000"}]},{"context":"Amoxicillin caused the rash.","qas":[{"question":"Which drug caused the rash?","id":"1_001"}]}]}]}"#,
    );
    let arguments = ["eval", "qa", "--head", "factoid", "--data", &test, "--golden", &golden];
    let score = last_json(&ok(&arguments, ""));
    assert_eq!((&score["questions"], &score["strict"]), (&1.into(), &100.0.into()));
    assert_eq!(score["list"], Value::Null);
    let error = fails(&["eval", "qa", "--head", "factoid", "--data", &test]);
    assert!(error.contains("line 1: the file has no answer to the question"), "{error}");

    let model = directory.path().join("tiny");
    support::write_tiny_with_all(&model);
    let yesno = file("yesno.tsv", "7\tIs it?\tIt is.\tyes\n8\tIs it?\tIt is not.\tno\n");
    let model = model.to_str().unwrap();
    let arguments = ["eval", "qa", "--model", model, "--head", "verdict", "--data", &yesno];
    let score = last_json(&ok(&arguments, ""));
    assert_eq!(score["questions"], 2);
    assert!(score["accuracy"].is_number() && score["macro_f1"].is_number());

    let bad = file("bad.tsv", "a\t0\nb\tperhaps\n");
    let error = fails(&["eval", "classify", "--head", "ade", "--data", &bad]);
    assert!(error.contains("bad.tsv: line 2: a label that the head does not know"), "{error}");
    let error = fails(&["eval", "re", "--head", "disease", "--data", &masked]);
    assert!(error.contains("the head is for another task"), "{error}");
    let error = fails(&["eval", "re", "--head", "nothing", "--data", &masked]);
    assert!(error.contains("no head nothing; the model has ade,"), "{error}");
}

#[test]
fn fill_takes_texts_lines_and_files() {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bert-fill");
    let text = "Patient with [MASK] started insulin [MASK].";
    let fill =
        |rest: &[&str], input: &str| ok(&[&["fill", "--model", model], rest].concat(), input);
    let found = objects(&fill(&[text, "[MASK]"], ""));
    assert_eq!((found.len(), found[0]["text"].as_str()), (2, Some(text)));
    let masks = found[0]["masks"].as_array().unwrap();
    assert_eq!((masks.len(), &masks[0]["start"], &masks[1]["end"]), (2, &13.into(), &42.into()));
    let candidates = masks[0]["candidates"].as_array().unwrap();
    assert_eq!((candidates.len(), &candidates[0]["token"]), (5, &"##3".into()));
    assert!(candidates[0]["id"] == 70 && candidates[0]["score"].as_f64().unwrap() > 0.3);

    let lines = format!("{text}\n[MASK]\n");
    assert_eq!(objects(&fill(&[], &lines)), found);
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), "texts.txt", lines.as_bytes());
    let mut named = objects(&fill(&["--file", path.to_str().unwrap()], ""));
    for (number, one) in named.iter_mut().enumerate() {
        let id = one.as_object_mut().unwrap().remove("id");
        assert_eq!(id, Some(format!("texts.txt:{}", number + 1).into()));
    }
    assert_eq!(named, found);
    let one = &objects(&fill(&["--top-k", "1", text], ""))[0]["masks"][1]["candidates"];
    assert_eq!(one.as_array().unwrap().len(), 1);

    let shown = fill(&["--format", "text", text], "");
    assert!(
        shown.starts_with(text) && shown.contains("  13..19\n") && shown.contains("%  ##3"),
        "{shown}"
    );
    assert!(fill(&["--format", "html", text], "").contains("<tr><td>13–19<td>##3<td>"));
    assert!(ok(&["info", "--model", model], "").contains("fill        [MASK] in texts"));
}

#[test]
fn what_cannot_be_filled_is_said() {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bert-fill");
    let output = tool(&["fill", "--model", model, "SECRET"], b"");
    assert_eq!(output.status.code(), Some(1));
    let line = String::from_utf8(output.stdout).unwrap();
    assert!(
        line.contains("the text has no mask: write [MASK]") && !line.contains("SECRET"),
        "{line}"
    );
    let told = fails(&["fill", "[MASK]"]);
    assert!(told.contains("no masked-language head"), "{told}");

    // What a bundle does not take over is said when it is made.
    let directory = tempfile::tempdir().unwrap();
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bert-fill-own");
    let target = directory.path().join("bundle");
    let output = tool(&["convert", own, target.to_str().unwrap()], b"");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.contains("masked-language head is left out"), "{said}");
}
