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
fn one_passage_must_have_half_of_the_questions_words() {
    let (_directory, index) = indexed(&[]);
    let ask = |options: &[&str], question: &str| {
        let mut arguments = vec!["ask", "--index", &index];
        arguments.extend(options);
        arguments.push(question);
        ok(&arguments, "")
    };
    // A part, and whatever their forms.
    let found = last_json(&ask(&[], "WHAT GREW FROM HER URINE CULTURES?"));
    assert!(found["words"].as_f64().unwrap() >= 0.5, "{found}");
    assert_ne!(found["answers"], Value::Array(Vec::new()));
    let other = "Which antibody inhibits the checkpoint of melanoma cultures?";
    let found = last_json(&ask(&[], other));
    assert!(found["words"].as_f64().unwrap() < 0.5, "{found}");
    assert_eq!(found["answers"], Value::Array(Vec::new()));
    assert_eq!(found["no_answer"], Value::Null);
    let shown = ask(&["--format", "text"], other);
    assert!(
        shown.contains(
            "no passage that was found has enough of the question's words; --least-words 0"
        ),
        "{shown}"
    );
    // It reads then all the same.
    let found = last_json(&ask(&["--least-words", "0", "--least-score=-1000"], other));
    assert_ne!(found["answers"], Value::Array(Vec::new()));
    // With common words alone there is nothing to look for.
    assert_eq!(last_json(&ask(&[], "What is it?"))["answers"], Value::Array(Vec::new()));
    let long = "urine ".repeat(2_000);
    assert_eq!(last_json(&ask(&[], &long))["truncated"], true);
}

#[test]
fn what_cannot_be_asked_is_a_wrong_argument() {
    let refused = |arguments: &[&str]| {
        let output = tool(arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let ask = |rest: &[&str]| refused(&[&["ask", "--index", "nowhere"], rest].concat());
    for nothing in ["", "?", "\u{1F600}"] {
        assert!(ask(&[nothing]).contains("no word"), "{nothing}");
    }
    for score in ["nan", "inf", "six"] {
        assert!(ask(&[&format!("--least-score={score}"), "What?"]).contains("not a number"));
    }
    for part in ["2", "nan", "-1"] {
        ask(&[&format!("--least-words={part}"), "What?"]);
        refused(&["qa", "--pool", &format!("--threshold={part}"), "--question", "What?"]);
    }
}

#[test]
fn an_answer_comes_from_a_passage_about_the_question() {
    let directory = tempfile::tempdir().unwrap();
    let index = directory.path().join("index").to_str().unwrap().to_string();
    let mut arguments = vec!["index".to_string(), index.clone()];
    for (name, text) in [
        ("a.txt", "Keller: operated on in 2019, a hip."),
        ("b.txt", "Lecanemab was given to Anna by Doctor Frey, who read the scan with her."),
        ("c.txt", "Doctor Moser removed the gall bladder; Doctor Lang helped."),
    ] {
        arguments.push(write(directory.path(), name, text.as_bytes()).to_str().unwrap().into());
    }
    ok(&arguments.iter().map(|one| &**one).collect::<Vec<_>>(), "");
    let ask = |options: &[&str]| {
        let least = ["ask", "--index", &index, "--least-score=-1000", "--top", "100"];
        let found = ok(&[&least[..], options, &["Who operated on Mrs. Keller?"]].concat(), "");
        last_json(&found)
    };
    let found = ask(&[]);
    let answers = found["answers"].as_array().unwrap();
    assert!(!answers.is_empty());
    assert!(answers.iter().all(|answer| answer["document"] == "a.txt"), "{found}");
    assert_eq!(found["passages"].as_array().unwrap().len(), 1, "{found}");
    // All are read where words do not count.
    assert_eq!(ask(&["--least-words", "0"])["passages"].as_array().unwrap().len(), 3);
    // The share is that of all that were ranked, whichever are read.
    assert_eq!(ask(&["--passages", "1", "--by", "vectors"])["words"], found["words"]);
}

#[test]
fn a_list_without_colours_shows_answers_and_what_orders_them() {
    let (_directory, index) = indexed(&[]);
    let question = "What did the urine culture grow?";
    let notes: Vec<u8> =
        NOTES.iter().flat_map(|(_, text)| format!("{text}\n").into_bytes()).collect();
    let asked = ok(&["ask", "--index", &index, "--format", "text", question], "");
    let given = tool(&["qa", "--pool", "--question", question, "--format", "text"], &notes);
    for (shown, place) in [
        (asked, "  Escherichia coli  bert.txt, 25..41\n"),
        (String::from_utf8(given.stdout).unwrap(), "  Escherichia coli  passage 2, 25..41\n"),
    ] {
        let (_, after) = shown.split_once(place).unwrap_or_else(|| panic!("{shown}"));
        let around = "         The urine culture 😀 grew Escherichia coli. Nitrofurantoin was given for five days";
        assert!(after.starts_with(around), "{shown}");
        let measures: Vec<f32> =
            shown.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect();
        assert!(measures[0] <= 1.0 && measures.is_sorted_by(|a, b| a >= b), "{shown}");
    }
}

#[test]
fn copies_of_a_passage_are_read_once() {
    let directory = tempfile::tempdir().unwrap();
    let index = directory.path().join("index").to_str().unwrap().to_string();
    let text = "The urine culture of the patient in room seven grew Escherichia coli, which is \
        sensitive to nitrofurantoin and to fosfomycin but not to ampicillin.";
    let other = "A later urine culture grew Candida only.";
    let mut arguments = vec!["index".to_string(), index.clone()];
    for (name, text) in [
        ("a.txt", text.to_string()),
        ("b.txt", format!("{text} She went home.")),
        ("c.txt", text.replace("seven", "eleven")),
        ("d.txt", other.into()),
    ] {
        arguments.push(write(directory.path(), name, text.as_bytes()).to_str().unwrap().into());
    }
    ok(&arguments.iter().map(|one| &**one).collect::<Vec<_>>(), "");
    let question = "What did the urine culture grow?";
    let found = last_json(&ok(&["ask", "--index", &index, "--passages", "2", question], ""));
    let read = found["passages"].as_array().unwrap();
    assert_eq!(read.len(), 2, "{found}");
    assert!(read.iter().any(|passage| passage["text"] == other), "{found}");
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
    let other = good.replace("\"encoder\": \"", "\"encoder\": \"0");
    assert_ne!(other, good);
    std::fs::write(&described, other).unwrap();
    assert!(fails(&["ask", "--index", &index, "What?"]).contains("another model"));
    std::fs::write(&described, good.replace("\"passages\": 3", "\"passages\": 4")).unwrap();
    assert!(fails(&["ask", "--index", &index, "What?"]).contains("3 passages, not 4"));
}

#[test]
fn every_file_of_an_index_is_sealed() {
    let (_directory, index) = indexed(&[]);
    let question = "What did the urine culture grow?";
    let words = std::path::Path::new(&index).join("words");
    for entry in std::fs::read_dir(&words).unwrap() {
        let path = entry.unwrap().path();
        let good = std::fs::read(&path).unwrap();
        let mut bad = good.clone();
        bad[good.len() / 2] ^= 1;
        std::fs::write(&path, bad).unwrap();
        let told = fails(&["ask", "--index", &index, question]);
        assert!(told.contains("damaged"), "{}: {told}", path.display());
        std::fs::remove_file(&path).unwrap();
        let told = fails(&["ask", "--index", &index, question]);
        assert!(told.contains("words") && !told.contains("damaged"), "{}: {told}", path.display());
        std::fs::write(&path, good).unwrap();
    }
    // What it is made of is not written over, and others who may read the directory may read its files.
    let out = words.join("meta.json");
    let told = fails(&["ask", "--index", &index, "--out", out.to_str().unwrap(), question]);
    assert!(told.contains("within the index"), "{told}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o666;
        assert_eq!(mode(&out), mode(&words));
    }
    ok(&["ask", "--index", &index, question], "");
}

#[test]
fn the_threshold_goes_before_the_number_of_answers() {
    let (_directory, index) = indexed(&[]);
    let question = "What did the urine culture grow?";
    let answers = |top: &str| {
        let found = last_json(&ok(&["ask", "--index", &index, "--top", top, question], ""));
        found["answers"].as_array().unwrap().clone()
    };
    let all = answers("100");
    assert!(all.iter().all(|answer| answer["score"].as_f64().unwrap() >= 6.0));
    assert_eq!(answers("1"), all[..1]);
    // More passages than there are, and none.
    ok(&["ask", "--index", &index, "--passages", "18446744073709551615", question], "");
    let none = tool(&["ask", "--index", &index, "--passages", "0", question], b"");
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn markup_is_read_when_asking_as_when_indexing() {
    let directory = tempfile::tempdir().unwrap();
    let index = directory.path().join("index").to_str().unwrap().to_string();
    let text = "The urine culture grew&nbsp;Escherichia&#32;coli. She is well.";
    let note = write(directory.path(), "note.txt", text.as_bytes());
    ok(&["index", "--markup", "entities", &index, note.to_str().unwrap()], "");
    let found = last_json(&ok(&["ask", "--index", &index, "What did the urine culture grow?"], ""));
    assert_eq!(found["answers"][0]["text"], "Escherichia&#32;coli");
    let note = note.to_str().unwrap();
    assert!(fails(&["index", "--invalid", "replace", &index, note]).contains("not UTF-8"));
}

#[test]
fn nothing_to_index_leaves_no_index() {
    let directory = tempfile::tempdir().unwrap();
    let index = directory.path().join("index");
    let output = tool(&["index", index.to_str().unwrap(), "-"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(!index.exists());
}
