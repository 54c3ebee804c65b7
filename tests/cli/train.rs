//! `biobert train`, and the heads that it makes.

use crate::{fails, last_json, ok, write};

/// Notes about body parts as JSON lines.
fn notes(count: usize) -> String {
    let parts = ["left knee", "liver", "spine", "kidneys", "femoral artery"];
    let line = |index: usize| {
        let part = parts[index * 7 % 5];
        let before = ["Pain in the ", "Swelling of her ", "Biopsy of the "][index * 5 % 3];
        let (start, end) = (before.len(), before.len() + part.len());
        format!(
            r#"{{"text":"{before}{part} today.","entities":[{{"start":{start},"end":{end},"label":"Anatomy"}}]}}"#
        ) + "\n"
    };
    (0..count).map(line).collect()
}

#[test]
fn a_head_is_trained_measured_and_used() {
    let directory = tempfile::tempdir().unwrap();
    let file = write(directory.path(), "notes.jsonl", notes(120).as_bytes());
    let bio = "Pain\tO\nin\tO\nthe\tO\nliver\tB\n.\tO\n\n";
    let test = write(directory.path(), "test.tsv", bio.as_bytes());
    let head = directory.path().join("anatomy");
    let head = head.to_str().unwrap();
    let trained = ok(
        &["train", "ner", "--train", file.to_str().unwrap(), "--out", head, "--preset", "fast"],
        "",
    );
    let trained = last_json(&trained);
    assert_eq!(trained["labels"], serde_json::json!(["O", "B-Anatomy", "I-Anatomy"]));
    assert_eq!((&trained["texts"], &trained["held_out"]), (&108.into(), &12.into()));
    assert!(trained["score"]["f1"].as_f64().unwrap() > 90.0, "{trained}");

    let score = ok(&["eval", "ner", "--head", head, "--data", test.to_str().unwrap()], "");
    assert_eq!(last_json(&score)["f1"], 100.0);
    let heads = format!("{head},chemical");
    let found = ok(&["ner", "--heads", &heads], "Swelling of her left knee after aspirin.");
    let found = last_json(&found);
    let found: Vec<_> = found["entities"].as_array().unwrap().iter().collect();
    let of = |index: usize| (&found[index]["label"], &found[index]["head"], &found[index]["start"]);
    assert_eq!(of(0), (&"Anatomy".into(), &"anatomy".into(), &16.into()));
    assert_eq!(of(1), (&"Chemical".into(), &"chemical".into(), &32.into()));
}

#[test]
fn mistakes_in_the_data_are_told_with_file_and_line() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("head");
    let told = |name: &str, content: &str| {
        let file = write(directory.path(), name, content.as_bytes());
        let (file, out) = (file.to_str().unwrap(), out.to_str().unwrap());
        fails(&["train", "ner", "--train", file, "--out", out, "--preset", "fast"])
    };
    let good = notes(1);
    let bad = good.replace("\"end\":21", "\"end\":210");
    assert!(
        told("a.jsonl", &(good + &bad)).contains("a.jsonl: line 2: entity 0 ends behind the text")
    );
    assert!(told("b.tsv", "Pain\tO\nalone\n").contains("b.tsv: line 2 has no tag"));
    assert!(told("c.tsv", "Pain\tO\n\n").contains("the training data hold no entity"));
    assert!(told("d.tsv", "").contains("the training data hold no entity"));
    assert!(!out.exists());
    let nowhere = fails(&["train", "ner", "--train", "nowhere.tsv", "--out", "x"]);
    assert!(nowhere.contains("nowhere.tsv"), "{nowhere}");
}
