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
            r#"{{"text":"{before}{part} today.","entities":[{{"start":{start},"end":{end},"label":"Site"}}]}}"#
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
    let head = directory.path().join("site");
    let head = head.to_str().unwrap();
    let trained = ok(
        &["train", "ner", "--train", file.to_str().unwrap(), "--out", head, "--preset", "fast"],
        "",
    );
    let trained = last_json(&trained);
    assert_eq!(trained["labels"], serde_json::json!(["O", "B-Site", "I-Site"]));
    // Of fifteen sentences, each of them there eight times, two are held out.
    assert_eq!((&trained["texts"], &trained["held_out"]), (&104.into(), &16.into()));
    assert!(trained["score"]["f1"].as_f64().unwrap() > 90.0, "{trained}");

    let score = ok(&["eval", "ner", "--head", head, "--data", test.to_str().unwrap()], "");
    assert_eq!(last_json(&score)["f1"], 100.0);
    // The form that it was trained from, with all that a training reports.
    let score = ok(&["eval", "ner", "--head", head, "--data", file.to_str().unwrap()], "");
    let score = last_json(&score);
    assert!(score["score"]["f1"].as_f64().unwrap() > 90.0, "{score}");
    assert_eq!(score["by_label"][0]["label"], "Site");
    assert_eq!(score["confusion"]["labels"], serde_json::json!(["O", "Site"]));
    let heads = format!("{head},chemical");
    let found = ok(&["ner", "--heads", &heads], "Swelling of her left knee after aspirin.");
    let found = last_json(&found);
    let found: Vec<_> = found["entities"].as_array().unwrap().iter().collect();
    let of = |index: usize| (&found[index]["label"], &found[index]["head"], &found[index]["start"]);
    assert_eq!(of(0), (&"Site".into(), &"site".into(), &16.into()));
    assert_eq!(of(1), (&"Chemical".into(), &"chemical".into(), &32.into()));
}

#[test]
fn mistakes_in_the_data_are_told_with_file_and_line() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("head");
    let train = |task: &str, files: &[(&str, &str)]| {
        let mut args = vec!["train".to_string(), task.into(), "--preset".into(), "fast".into()];
        args.extend(["--out".to_string(), out.to_str().unwrap().into()]);
        for ((name, content), option) in files.iter().zip(["--train", "--dev"]) {
            let file = write(directory.path(), name, content.as_bytes());
            args.extend([option.to_string(), file.to_str().unwrap().into()]);
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let told = fails(&args);
        assert!(!told.contains("SECRET"), "{told}");
        assert!(!out.exists(), "a failed training leaves nothing");
        told
    };
    let good = notes(1);
    let entity = |from: &str, to: &str| good.clone() + &good.replace(from, to);
    let gene = "a\t@GENE$ in @DISEASE$ SECRET\t1\n";
    let class = "SECRET one\tyes\nSECRET two\tno\n";
    for (task, files, message) in [
        // Places.
        (
            "ner",
            vec![("a.jsonl", entity("\"end\":21", "\"end\":210"))],
            "a.jsonl: line 2: entity 0 ends after the text",
        ),
        (
            "ner",
            vec![("a.jsonl", entity("\"end\":21", "\"end\":12"))],
            "a.jsonl: line 2: entity 0 is empty or ends before it starts",
        ),
        (
            "qa",
            vec![(
                "a.jsonl",
                r#"{"question":"q","passage":"SECRET","answer":{"start":3,"end":9}}"#.into(),
            )],
            "a.jsonl: line 1: the answer ends after the text",
        ),
        // Forms.
        ("ner", vec![("a.jsonl", good.clone() + "{SECRET\n")], "a.jsonl: line 2: not JSON"),
        ("ner", vec![("b.tsv", "Pain\tO\nSECRET\n".into())], "b.tsv: line 2: a word without a tag"),
        ("ner", vec![("b.tsv", "Pain\tO\nSECRET\tQ-X\n".into())], "b.tsv: line 2: "),
        ("re", vec![("b.tsv", "x\tSECRET @GENE$\t1\n".into())], "b.tsv: line 1: "),
        (
            "re",
            vec![("b.tsv", gene.to_string() + &gene.replace("@DISEASE$", "SECRET"))],
            "b.tsv: line 2: the sentence does not hold @DISEASE$ and @GENE$",
        ),
        ("classify", vec![("b.tsv", "SECRET\n".into())], "b.tsv: line 1 has fewer than 2 columns"),
        ("qa", vec![("b.tsv", "SECRET\n".into())], "b.tsv: line 1 has fewer than 3 columns"),
        (
            "qa",
            vec![("b.tsv", "SECRET\tSECRET\tyes\n".into())],
            "b.tsv: factoid and yes/no questions are to measure a head with",
        ),
        // Labels.
        ("ner", vec![("c.tsv", "Pain\tO\n\n".into())], "there is no entity in the training data"),
        ("ner", vec![("c.tsv", String::new())], "c.tsv: there is no example in the file"),
        ("re", vec![("c.tsv", gene.repeat(20))], "there is only one class in the training data"),
        ("classify", vec![("c.tsv", "SECRET\t \n".into())], "line 1: the text has no label"),
        (
            "classify",
            vec![("c.tsv", class.into()), ("d.tsv", "SECRET\tyes\nSECRET\tperhaps\n".into())],
            "d.tsv: line 2: a label that the head does not know",
        ),
    ] {
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, content)| (*name, content.as_str())).collect();
        let told = train(task, &files);
        assert!(told.contains(message), "{task}: {told}");
    }
    let nowhere = fails(&["train", "ner", "--train", "nowhere.tsv", "--out", "x"]);
    assert!(nowhere.contains("nowhere.tsv"), "{nowhere}");
}

/// Sentences of drugs that help and of drugs that harm.
fn pairs(count: usize) -> String {
    let line = |index: usize| {
        let (between, label) = [
            ("relieved his", "helps"),
            ("caused", "harms"),
            ("was given for", "helps"),
            ("led to severe", "harms"),
        ][index * 7 % 4];
        let end = [" today.", " last week.", ".", " again.", " at night."][index * 3 % 5];
        format!("@DRUG$ {between} @PROBLEM${end}\t{label}\n")
    };
    (0..count).map(line).collect()
}

#[test]
fn relations_classes_and_answers_are_trained_measured_and_used() {
    let directory = tempfile::tempdir().unwrap();
    let head = |name: &str| directory.path().join(name).to_str().unwrap().to_string();
    let file = |name: &str, content: &str| {
        write(directory.path(), name, content.as_bytes()).to_str().unwrap().to_string()
    };
    let trained = |args: &[&str]| last_json(&ok(args, ""));

    let data = file("pairs.tsv", &pairs(80));
    let effect = head("harm");
    let found = trained(&[
        "train",
        "re",
        "--train",
        &data,
        "--out",
        &effect,
        "--preset",
        "fast",
        "--kinds",
        "Chemical",
        "Disease",
        "--balanced",
    ]);
    assert_eq!((&found["task"], &found["head_kind"]), (&"re".into(), &"mlp".into()));
    assert_eq!(found["by_label"].as_array().unwrap().len(), 2);
    let score = trained(&["eval", "re", "--head", &effect, "--data", &data]);
    assert!(score["f1"].as_f64().unwrap() > 90.0, "{score}");
    let note = "Metformin caused nausea.";
    let related = last_json(&ok(&["re", "--heads", &effect], note));
    assert_eq!(related["relations"][0]["label"], "harms", "{related}");

    let turned = head("turned");
    let kinds = ["--kinds", "Problem", "Drug"];
    let args = ["train", "re", "--train", &data, "--out", &turned];
    let told = fails(&[&args[..], &kinds].concat());
    assert!(told.contains("the kinds are in the other order than the masks"), "{told}");
    let masks = ["--masks", "@PROBLEM$", "@DRUG$", "--preset", "fast"];
    ok(&[&args[..], &kinds, &masks].concat(), "");

    let data = file("classes.tsv", &pairs(80).replace("@DRUG$", "It").replace("@PROBLEM$", "pain"));
    let kind = head("kind");
    trained(&["train", "classify", "--train", &data, "--out", &kind, "--head-kind", "mix"]);
    let score = trained(&["eval", "classify", "--head", &kind, "--data", &data]);
    assert!(score["f1"].as_f64().unwrap() > 90.0, "{score}");
    let classes = last_json(&ok(&["classify", "--heads", &kind], "It caused pain.\n"));
    assert_eq!(classes["classes"][0]["label"], "harms");

    let asked = |index: usize| {
        let dose = ["5 mg", "20 mg", "two tablets"][index * 5 % 3];
        let passage = format!("The dose is {dose} now.");
        let (start, end) = (12, 12 + dose.len());
        let question = ["How much?", "What dose?"][index % 2];
        serde_json::json!({
            "question": question,
            "passage": passage,
            "answer": {"start": start, "end": end},
        })
    };
    let lines: String = (0..60).map(|index| asked(index).to_string() + "\n").collect();
    let data = file("questions.jsonl", &lines);
    let doses = head("doses");
    let found = trained(&["train", "qa", "--train", &data, "--out", &doses, "--preset", "fast"]);
    assert!(found["score"]["f1"].as_f64().unwrap() > 90.0, "{found}");
    let score = trained(&["eval", "qa", "--head", &doses, "--data", &data]);
    assert!(score["score"]["exact"].as_f64().unwrap() > 90.0, "{score}");
    let passage = "The dose is 300 mg now.";
    let answer = last_json(&ok(&["qa", "--heads", &doses, "--question", "How much?"], passage));
    assert_eq!(answer["answers"][0]["text"], "300 mg", "{answer}");
}

#[test]
#[cfg(unix)]
fn a_training_that_is_killed_goes_on_to_the_same_head() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    let directory = tempfile::tempdir().unwrap();
    let data = write(directory.path(), "pairs.tsv", pairs(400).as_bytes());
    let command = |out: &std::path::Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_biobert"));
        command.args(["train", "re", "--refit", "--train"]).arg(&data).arg("--out").arg(out);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let (whole, killed) = (directory.path().join("whole"), directory.path().join("killed"));
    assert!(command(&whole).status().unwrap().success());

    // Killed without mercy again and again, each time later, until it comes to its end.
    let mut kills = 0;
    for patience in (0..).map(|attempt| Duration::from_millis(400 << attempt)) {
        let mut child = command(&killed).spawn().unwrap();
        let started = Instant::now();
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if started.elapsed() > patience {
                break None;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        if let Some(status) = ended {
            assert!(status.success());
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    assert!(kills > 0, "it was never killed");
    for name in ["head.safetensors", "head.json"] {
        let read = |head: &std::path::Path| std::fs::read(head.join(name)).unwrap();
        assert!(read(&whole) == read(&killed), "{name} differs after {kills} kills");
    }
    assert!(!killed.join("work").exists());
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        write(directory.path(), name, content.as_bytes()).to_str().unwrap().to_string()
    };
    let out = |name: &str| directory.path().join(name).to_str().unwrap().to_string();
    let (good, empty) = (file("good.tsv", "knee\tB\npain\tO\n"), file("empty.tsv", " \n\n"));

    for args in [
        ["train", "ner", "--train", &empty, "--out", &out("a")],
        ["eval", "ner", "--head", "disease", "--data", &empty],
    ] {
        let told = fails(&args);
        assert!(told.contains("empty.tsv: there is no example in the file"), "{told}");
    }
    let told = fails(&["train", "ner", "--train", &good, "--dev", &empty, "--out", &out("a")]);
    assert!(told.contains("empty.tsv: there is no example in the file"), "{told}");
    let told = fails(&["train", "ner", "--train", &good, "--out", &out("a b")]);
    assert!(told.contains("not a valid head name"), "{told}");
    assert!(!directory.path().join("a b").exists());
    let told = fails(&["ner", "--heads", &out("nowhere"), &good]);
    assert!(told.contains("it has no head.json"), "{told}");
    let told = fails(&["train", "classify", "--train", &good, "--out", &out("c")]);
    assert!(told.contains("this looks like words and tags"), "{told}");
}
