//! The command-line tool as scripts call it.

mod eval;
mod files;
mod formats;
mod notes;
mod refusals;
mod search;
#[path = "../support/mod.rs"]
mod support;
mod tasks;
mod terms;
mod train;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn tool(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_biobert"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A tool that stops at its arguments does not read: that is no failure here.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn ok(arguments: &[&str], input: &str) -> String {
    let output = tool(arguments, input.as_bytes());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    // Of an annotated file the tool says how it was read.
    assert!(told.lines().all(|line| line.contains(" read as ")), "{told}");
    String::from_utf8(output.stdout).unwrap()
}

/// Standard output and standard error of a call that succeeds.
fn said(arguments: &[&str], input: &str) -> (String, String) {
    let output = tool(arguments, input.as_bytes());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    (String::from_utf8(output.stdout).unwrap(), told)
}

/// Standard error of a call that fails with status 1.
fn fails(arguments: &[&str]) -> String {
    let output = tool(arguments, b"");
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

fn last_json(output: &str) -> Value {
    serde_json::from_str(output.trim_end().lines().last().unwrap()).unwrap()
}

fn write(directory: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = directory.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn ner_gives_a_json_line_for_each_line() {
    let output = ok(&["ner"], "😀 asthma\r\n\nnaloxone");
    let lines: Vec<Value> =
        output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[0]["doc"], &lines[0]["text"]), (&0.into(), &"😀 asthma".into()));
    let asthma =
        lines[0]["entities"].as_array().unwrap().iter().find(|e| e["text"] == "asthma").unwrap();
    assert_eq!((&asthma["start"], &asthma["end"]), (&2.into(), &8.into()));
    assert_eq!((&asthma["label"], &asthma["head"]), (&"Disease".into(), &"disease".into()));
    assert!(asthma["score"].as_f64().unwrap() > 0.5);
    assert_eq!(lines[1]["entities"], Value::Array(vec![]));
    assert_eq!(lines[2]["doc"], 2);
}

#[test]
fn units_heads_and_whole_files_are_options() {
    let start = |unit: &str| {
        let output = ok(&["ner", "--unit", unit, "--heads", "disease"], "😀é asthma");
        let entities = last_json(&output)["entities"].as_array().unwrap().clone();
        assert!(entities.iter().all(|e| e["head"] == "disease"));
        entities.iter().find(|e| e["text"] == "asthma").unwrap()["start"].as_u64().unwrap()
    };
    assert_eq!((start("utf8"), start("scalar"), start("utf16")), (7, 3, 4));

    let two = last_json(&ok(&["ner", "--heads", "disease, chemical"], "naloxone for asthma"));
    assert_eq!(two["entities"].as_array().unwrap().len(), 2, "a blank behind the comma");

    let directory = tempfile::tempdir().unwrap();
    let file = write(directory.path(), "note.txt", "asthma\n\ncafé naloxone\n".as_bytes());
    let output =
        ok(&["ner", "--whole", "--threads", "2", "--isa", "portable", file.to_str().unwrap()], "");
    assert_eq!(output.lines().count(), 1);
    assert_eq!(last_json(&output)["text"], "asthma\n\ncafé naloxone\n");
}

#[test]
fn text_and_html_show_the_entities() {
    let text = ok(&["ner", "--format", "text"], "given naloxone <b> for asthma\n");
    assert!(text.contains("naloxone[Chemical]") && text.contains("asthma[Disease]"), "{text}");
    assert!(!text.contains('\u{1b}'), "colours where there is no terminal");
    let escape = ok(&["ner", "--format", "text"], "\u{1b}[2J fever\n");
    assert!(!escape.contains('\u{1b}'), "a note commands the terminal");
    let page = ok(&["ner", "--format", "html"], "given naloxone <b> for asthma\n");
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("naloxone<small>Chemical</small></mark> &lt;b&gt; for"), "{page}");
    assert!(page.contains("Not for direct patient care"));
    assert!(!page.contains("http"), "the page loads nothing");
}

#[test]
fn an_empty_file_is_no_document_and_no_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = write(directory.path(), "empty.txt", b"");
    assert_eq!(ok(&["ner", file.to_str().unwrap()], ""), "");
    let whole = ok(&["ner", "--whole", file.to_str().unwrap()], "");
    assert_eq!(last_json(&whole)["entities"], Value::Array(vec![]));
    assert_eq!(whole.lines().count(), 1);
}

#[test]
fn bad_bytes_fail_their_document_only() {
    let input = b"asthma\nx\xFFy\nnaloxone\n";
    let output = tool(&["ner"], input);
    assert_eq!(output.status.code(), Some(1));
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[1], serde_json::json!({"doc": 1, "error": "invalid UTF-8 at byte 1"}));
    assert_eq!(lines[2]["entities"][0]["text"], "naloxone");
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "biobert: 1 document(s) could not be read; see their \"error\"\n"
    );
    let replaced = tool(&["ner", "--invalid", "replace"], input);
    assert!(replaced.status.success());
    assert!(String::from_utf8(replaced.stdout).unwrap().contains("\"text\":\"x\u{FFFD}y\""));
}

#[test]
fn errors_name_the_file_and_what_to_do() {
    let error = fails(&["ner", "/no/such/note.txt"]);
    assert!(error.starts_with("biobert: /no/such/note.txt: "), "{error}");
    let error = fails(&["ner", "--model", "nonsense"]);
    assert!(
        error.contains("model not found: nonsense") && error.contains("biobert convert"),
        "{error}"
    );
    assert!(fails(&["ner", "src"]).contains("this is a directory"));
    assert!(fails(&["ner", "--model", "src"]).contains("src: src holds neither MANIFEST.json"));
    assert!(fails(&["ner", "--heads", "diseases"]).contains("it has ade, anatomy"));
    assert!(fails(&["ner", "--isa", "mmx"]).contains("unknown instruction set"));
    assert!(
        fails(&["eval", "ner", "--head", "gene", "--data", "nowhere.tsv"]).contains("nowhere.tsv")
    );
    let error = fails(&["verify", "nowhere"]);
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    assert!(error.contains("model not found: nowhere"), "{error}");
    assert!(error.contains(models.to_str().unwrap()), "{error}");
    assert!(
        error.contains(&format!("share{0}biobert{0}models", std::path::MAIN_SEPARATOR)),
        "{error}"
    );
}

#[test]
fn a_gpu_is_an_option_and_its_number_needs_one() {
    let cpu = ok(&["ner", "--device", "cpu"], "asthma");
    assert_eq!(cpu, ok(&["ner"], "asthma"));
    for device in [&["--gpu", "0"][..], &["--device", "cpu", "--gpu", "1"]] {
        let error = fails(&[&["ner"], device].concat());
        assert!(error.contains("--gpu needs --device gpu or --device prefer"), "{error}");
    }
    if cfg!(not(feature = "cuda")) {
        for device in [&["--device", "gpu", "--gpu", "1"][..], &["--device", "prefer"]] {
            let error = fails(&[&["ner"], device].concat());
            assert!(error.contains("no GPU support (feature cuda)"), "{error}");
        }
    }
    for (option, wrong) in [("--device", "tpu"), ("--gpu", "first"), ("--gpu", "-1")] {
        let output = tool(&["ner", option, wrong], b"");
        assert_eq!(output.status.code(), Some(2), "{option} {wrong}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(wrong), "{error}");
    }
}

#[test]
fn info_says_what_runs() {
    let json = last_json(&ok(&["info", "--format", "json"], ""));
    assert_eq!((&json["name"], &json["format"]), (&"bio-minilm".into(), &"bundle".into()));
    assert_eq!((&json["path"], &json["precision"]), (&"fast".into(), &"int8".into()));
    assert_eq!(json["heads"].as_array().unwrap().len(), 15);
    let available = json["isa_available"].as_array().unwrap();
    assert!(available.contains(&json["isa"]) && available.contains(&"portable".into()));
    assert_eq!(json["limits"]["max_tokens"], 512);
    let text = ok(&["info", "--model", "bio-minilm"], "");
    assert!(text.contains("head        disease: ner, Disease"), "{text}");
}

#[test]
fn convert_verify_and_eval_work_together() {
    let directory = tempfile::tempdir().unwrap();
    let (source, target) = (directory.path().join("tiny"), directory.path().join("bundle"));
    support::write_tiny(&source);
    let (source, target) = (source.to_str().unwrap(), target.to_str().unwrap());
    let card = write(directory.path(), "card.md", b"# Tiny\n");
    ok(&["convert", source, target, "--licence", "CC0-1.0", "--card", card.to_str().unwrap()], "");
    assert_eq!(std::fs::read_to_string(Path::new(target).join("README.md")).unwrap(), "# Tiny\n");
    // Again, from inside of it, as ".": it is replaced, and known by its name.
    let inside = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_biobert"))
            .args(arguments)
            .current_dir(target)
            .output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(inside(&["info", "--model", "."]).starts_with("model       bundle (bundle)"));
    inside(&["convert", source, ".", "--card", card.to_str().unwrap()]);
    let verified = ok(&["verify", target], "");
    assert!(verified.contains("all files match the manifest"), "{verified}");
    assert_eq!(last_json(&verified)["sequences"], 4);

    let data = write(directory.path(), "data.tsv", b"fever\tB\nand\tO\nrash\tB\n\ninsulin\tO\n");
    let score = ok(
        &["eval", "ner", "--model", target, "--head", "disease", "--data", data.to_str().unwrap()],
        "",
    );
    let score = last_json(&score);
    assert_eq!((&score["gold"], &score["tokens"]), (&2.into(), &4.into()));
    for key in ["precision", "recall", "f1", "predicted", "correct"] {
        assert!(score[key].is_number(), "{key} is missing in {score}");
    }
    // A directory instead of a name: a checkpoint with one head.
    let checkpoint = directory.path().join("checkpoint");
    support::write_token_checkpoint(&checkpoint);
    let head = checkpoint.to_str().unwrap();
    assert_eq!(
        last_json(&ok(&["eval", "ner", "--head", head, "--data", data.to_str().unwrap()], ""))["tokens"],
        4
    );
    let error = fails(&["eval", "ner", "--head", target, "--data", data.to_str().unwrap()]);
    assert!(error.contains("holds 2 heads for this task"), "{error}");
}

#[test]
fn bench_prints_its_figures_last() {
    let model = support::golden();
    let model = model.to_str().unwrap();
    let run = |isa: &str| {
        last_json(&ok(
            &["bench", "--model", model, "--batch", "2", "--seq", "16", "--isa", isa],
            "",
        ))
    };
    let first = run("portable");
    for key in ["median_ms", "p95_ms", "tokens_per_s"] {
        assert!(first[key].as_f64().unwrap() > 0.0);
    }
    assert_eq!((&first["isa"], &first["precision"]), (&"portable".into(), &"int8".into()));
    assert_eq!(first["device"], "cpu");
    for isa in biobert::Engine::isa_available() {
        assert_eq!(run(isa)["checksum"], first["checksum"], "{isa} gives other bits");
    }
    assert_eq!(first["tokens"], 32);
    let ragged = |callers: &str| {
        let arguments = ["--batch", "5", "--seq", "16", "--shortest", "3", "--callers", callers];
        last_json(&ok(&[&["bench", "--model", model][..], &arguments].concat(), ""))
    };
    let (one, three) = (ragged("1"), ragged("3"));
    assert_eq!((&one["tokens"], &one["checksum"]), (&three["tokens"], &three["checksum"]));
    assert!((15..80).contains(&one["tokens"].as_u64().unwrap()));
    assert!(fails(&["bench", "--model", model, "--seq", "65"]).contains("--seq 1 to 64"));
    let longer = ["bench", "--model", model, "--seq", "8", "--shortest", "9"];
    assert!(fails(&longer).contains("--shortest 1 to 8"));
    let float = last_json(&ok(
        &["bench", "--model", model, "--seq", "16", "--batch", "2", "--precision", "f32"],
        "",
    ));
    assert_eq!(float["precision"], "f32");
    assert_ne!(float["checksum"], first["checksum"]);

    let directory = tempfile::tempdir().unwrap();
    let corpus = write(directory.path(), "corpus.txt", b"fever and rash\n\ninsulin\n");
    let corpus = last_json(&ok(
        &["bench", "--model", model, "--corpus", corpus.to_str().unwrap(), "--threads", "2"],
        "",
    ));
    assert_eq!((&corpus["documents"], &corpus["tokens"]), (&2.into(), &8.into()));
    assert!(corpus["seconds"].as_f64().unwrap() > 0.0);
    assert!(corpus["tokenizing_share"].as_f64().unwrap() > 0.0);
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_cleanly() {
    let directory = tempfile::tempdir().unwrap();
    let long = "The patient with asthma was given naloxone.\n".repeat(200_000);
    let file = write(directory.path(), "long.txt", long.as_bytes());
    let mut child = Command::new(env!("CARGO_BIN_EXE_biobert"))
        .args(["ner", file.to_str().unwrap()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The first result is there: the tool is in the middle of its work.
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    lines.next().unwrap().unwrap();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    let whole = rest.iter().all(|line| serde_json::from_str::<Value>(line).is_ok());
    assert!(whole, "a line was cut short");
    assert!(rest.len() < 199_000);
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_biobert"))
        .args(["ner", "--model", support::golden().to_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(b"fever\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
}

#[test]
fn a_tensorflow_checkpoint_is_a_model_by_any_of_its_names() {
    let directory = "tests/fixtures/bert-tensorflow-token";
    let text = "no fever and no rash";
    let spans = |model: &str| {
        let line = ok(&["ner", "--model", model], text);
        let mut found: Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
        // The head is called after what was named.
        for span in found["entities"].as_array_mut().unwrap() {
            span.as_object_mut().unwrap().remove("head");
        }
        found["entities"].take()
    };
    let want = spans(directory);
    for name in ["model.ckpt-3", "model.ckpt-3.index"] {
        assert_eq!(spans(&format!("{directory}/{name}")), want);
    }
    let error = fails(&["ner", "--model", &format!("{directory}/model.ckpt-4")]);
    assert!(error.contains("model not found"), "{error}");
}

#[test]
fn a_checkpoints_form_is_told_and_its_outputs_can_be_named() {
    let fixture = |name: &str| format!("tests/fixtures/{name}");
    let info = |name: &str| ok(&["info", "--model", &fixture(name)], "");
    assert!(info("lora-token").contains("with the LoRA adapter adapter_model.safetensors merged"));
    assert!(info("bert-crf").contains("B, I, O (chosen together by a CRF)"));
    let regression = info("bert-regression");
    assert!(regression.contains("LABEL_0 (a number as it is, no probability)"));
    let directory = tempfile::tempdir().unwrap();
    let labels = write(directory.path(), "names.txt", b"calm\nneutral\nloud\n\n");
    let labels = labels.to_str().unwrap();
    let classify = ["classify", "--model", &fixture("bert-classify"), "--labels", labels];
    let found = last_json(&ok(&classify, "No rash."));
    let classes = found["classes"].as_array().unwrap();
    assert!(classes.iter().any(|class| class["label"] == "loud"));
    let wrong = ["info", "--model", &fixture("bert-crf"), "--labels", "missing.txt"];
    assert!(fails(&wrong).contains("missing.txt"));
    let few = write(directory.path(), "few.txt", b"calm\nloud\n");
    let wrong = ["info", "--model", &fixture("bert-crf"), "--labels", few.to_str().unwrap()];
    assert!(fails(&wrong).contains("labels: 2 labels, but the head has 3 outputs"));
}
