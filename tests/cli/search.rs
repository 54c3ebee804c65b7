//! `index` and `ask`.

use serde_json::Value;

use crate::{fails, last_json, ok, tool, write};

const NOTES: [(&str, &str); 3] = [
    ("anna.txt", "Ämie was seen today. She had a rash after amoxicillin. It was stopped."),
    (
        "bert.txt",
        "The urine culture 😀 grew Escherichia coli. Nitrofurantoin was given for five days.",
    ),
    ("carl.txt", "He smokes. The chest radiograph shows a nodule in the left lung."),
];

/// A directory with an index of the notes in it.
fn indexed(options: &[&str]) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let index = directory.path().join("index").to_str().unwrap().to_string();
    let mut arguments = vec!["index".to_string(), index.clone()];
    arguments.extend(options.iter().map(|option| option.to_string()));
    for (name, text) in NOTES {
        let path = write(directory.path(), name, text.as_bytes());
        arguments.push(path.to_str().unwrap().into());
    }
    let arguments: Vec<&str> = arguments.iter().map(|one| &**one).collect();
    let said = ok(&arguments, "");
    assert_eq!(said, format!("{index}: 3 documents, 3 passages\n"));
    (directory, index)
}

#[test]
fn an_answer_comes_with_its_place_in_its_document() {
    let (_directory, index) = indexed(&[]);
    let question = "What did the urine culture grow?";
    for (unit, start) in [("utf8", 28), ("scalar", 25), ("utf16", 26)] {
        let found = last_json(&ok(&["ask", "--index", &index, "--unit", unit, question], ""));
        let answer = &found["answers"][0];
        assert_eq!(answer["document"], "bert.txt");
        assert_eq!(answer["text"], "Escherichia coli");
        assert_eq!(answer["start"], start, "{unit}");
        assert_eq!(found["passages"][0]["document"], "bert.txt");
        assert_eq!(found["passages"][0]["start"], 0);
    }
    for by in ["words", "vectors"] {
        let found = last_json(&ok(&["ask", "--index", &index, "--by", by, question], ""));
        assert_eq!(found["passages"][0]["document"], "bert.txt", "{by}");
    }
}

#[test]
fn what_the_documents_do_not_say_is_not_answered() {
    let (_directory, index) = indexed(&[]);
    let question = "Which team won the football cup?";
    let found = last_json(&ok(&["ask", "--index", &index, question], ""));
    assert_eq!(found["answers"], Value::Array(Vec::new()));
    let shown = ok(&["ask", "--index", &index, "--format", "text", question], "");
    assert!(shown.contains("I do not know"), "{shown}");
    let page = ok(&["ask", "--index", &index, "--format", "html", question], "");
    assert!(page.contains("<p>I do not know"), "{page}");
}

#[test]
fn an_index_without_vectors_is_searched_by_words() {
    let (_directory, index) = indexed(&["--without-vectors"]);
    let question = "What did the urine culture grow?";
    let found = last_json(&ok(&["ask", "--index", &index, question], ""));
    assert_eq!(found["answers"][0]["text"], "Escherichia coli");
    let told = fails(&["ask", "--index", &index, "--by", "vectors", question]);
    assert!(told.contains("without vectors"), "{told}");
}

#[test]
fn a_directory_that_is_no_index_or_damaged_is_refused() {
    let (directory, index) = indexed(&[]);
    let nowhere = directory.path().join("nowhere");
    let told = fails(&["ask", "--index", nowhere.to_str().unwrap(), "What?"]);
    assert!(told.contains("no index is here"), "{told}");
    // An index is not written over another.
    let note = directory.path().join("anna.txt");
    let told = fails(&["index", &index, note.to_str().unwrap()]);
    assert!(told.contains("not empty"), "{told}");

    let vectors = std::path::Path::new(&index).join("vectors.f32");
    let good = std::fs::read(&vectors).unwrap();
    let mut bad = good.clone();
    bad[100] ^= 1;
    std::fs::write(&vectors, bad).unwrap();
    let told = fails(&["ask", "--index", &index, "What?"]);
    assert!(told.contains("vectors.f32") && told.contains("damaged"), "{told}");
    std::fs::write(&vectors, &good[..good.len() - 4]).unwrap();
    assert!(fails(&["ask", "--index", &index, "What?"]).contains("vectors.f32"));
    std::fs::write(&vectors, good).unwrap();

    let described = std::path::Path::new(&index).join("index.json");
    let good = std::fs::read_to_string(&described).unwrap();
    let other = good.replace("\"model_sha256\": \"", "\"model_sha256\": \"0");
    assert_ne!(other, good);
    std::fs::write(&described, other).unwrap();
    assert!(fails(&["ask", "--index", &index, "What?"]).contains("another model"));
    std::fs::write(&described, good.replace("\"passages\": 3", "\"passages\": 4")).unwrap();
    assert!(fails(&["ask", "--index", &index, "What?"]).contains("3 passages, not 4"));
}

#[test]
fn nothing_to_index_leaves_no_index() {
    let directory = tempfile::tempdir().unwrap();
    let index = directory.path().join("index");
    let output = tool(&["index", index.to_str().unwrap(), "-"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(!index.exists());
}
