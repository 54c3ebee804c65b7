//! What may be wrong with the files that are named, and with what becomes of them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{fails, ok, tool, write};

fn objects(bytes: Vec<u8>) -> Vec<Value> {
    let text = String::from_utf8(bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_file_that_cannot_be_read_among_others_is_told_and_they_follow() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_string();
    write(directory.path(), "a.txt", b"fever");
    write(directory.path(), "b.txt", b"rash");
    let files = [path("a.txt"), path("none.txt"), path(""), path("b.txt")];
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    for command in [&["extract"][..], &["sections"], &["ner", "--whole"], &["sentences"]] {
        let output = tool(&[command, &files].concat(), b"");
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        let found = objects(output.stdout);
        assert_eq!((&found[0]["text"], &found[3]["text"]), (&"fever".into(), &"rash".into()));
        let told = found[1]["error"].as_str().unwrap();
        assert!(told.starts_with(&path("none.txt")), "{told}");
        assert!(found[2]["error"].as_str().unwrap().contains("this is a directory"));
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told, "biobert: 2 document(s) could not be read; see their \"error\"\n");
    }
    let output = tool(&[&["qa", "--question", "What?"][..], &files].concat(), b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("passage 2 is not read: "));
    let out = path("out.csv");
    let output = tool(&[&["sections", "--format", "csv", "-o", &out][..], &files].concat(), b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(fs::read_to_string(&out).unwrap().contains("\r\n1,b.txt,document,"));
    assert!(String::from_utf8(output.stderr).unwrap().contains("none.txt"));
    // Where there is no other, nothing is written.
    let told = fails(&["sections", "--format", "csv", "-o", &path("new.csv"), &path("none.txt")]);
    assert!(told.contains("none.txt") && !fs::exists(path("new.csv")).unwrap(), "{told}");
    #[cfg(target_os = "linux")]
    assert!(fails(&["sections", "/dev/zero"]).contains("this is a device"));
    assert_eq!(ok(&["ner", "/dev/null"], ""), "");
}

#[cfg(unix)]
#[test]
fn output_never_takes_the_place_of_what_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_string();
    write(directory.path(), "a.txt", b"fever");
    let line = "{\"text\":\"fever\"}\n";
    write(directory.path(), "a.jsonl", line.as_bytes());
    fs::create_dir(path("brat")).unwrap();
    fs::write(path("brat/n.txt"), "fever").unwrap();
    for name in ["a.txt", "a.jsonl"] {
        std::os::unix::fs::symlink(path(name), path(&format!("link.{name}"))).unwrap();
        fs::hard_link(path(name), path(&format!("hard.{name}"))).unwrap();
        for out in
            [name.into(), format!("brat/../{name}"), format!("link.{name}"), format!("hard.{name}")]
        {
            let (file, out) = (path(name), path(&out));
            let convert = ["formats", "convert", "--input-format", "jsonl", "--format", "csv"];
            let calls = match name {
                "a.txt" => vec![&["extract"][..], &["ner"], &["sentences"], &["embed"]],
                _ => vec![&convert[..]],
            };
            for call in calls {
                let told = fails(
                    &[call, &[&file, "-o", &out]]
                        .concat()
                        .iter()
                        .map(|arg| if *arg == "-o" { "--out" } else { arg })
                        .collect::<Vec<_>>(),
                );
                assert!(told.contains("one of the files that are read"), "{told}");
            }
        }
    }
    let convert = ["formats", "convert", "--input-format", "brat", "--format", "jsonl", "-o"];
    let told = fails(&[&convert[..], &[&path("brat/n.txt"), &path("brat")]].concat());
    assert!(told.contains("one of the files that are read"), "{told}");
    assert_eq!(fs::read(path("a.txt")).unwrap(), b"fever");
    assert_eq!(fs::read_to_string(path("a.jsonl")).unwrap(), line);
    assert_eq!(fs::read(path("brat/n.txt")).unwrap(), b"fever");
}

#[cfg(unix)]
#[test]
fn output_never_takes_the_place_of_what_the_documents_are_read_with() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_string();
    write(directory.path(), "a.txt", b"fever");
    write(directory.path(), "e.jsonl", b"{\"doc\":0,\"entities\":[]}\n");
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tiny = source.join("tests/fixtures/terms/tiny.terms");
    fs::copy(&tiny, path("l.terms")).unwrap();
    let model = source.join("models/bio-minilm");
    // A link stands for the model's own file, which no test may lose.
    fs::create_dir(path("m")).unwrap();
    for entry in fs::read_dir(&model).unwrap() {
        let entry = entry.unwrap();
        std::os::unix::fs::symlink(
            entry.path(),
            directory.path().join("m").join(entry.file_name()),
        )
        .unwrap();
    }
    fs::remove_file(path("m/README.md")).unwrap();
    fs::copy(model.join("README.md"), path("m/README.md")).unwrap();
    let (note, terms) = (path("a.txt"), path("l.terms"));
    for call in [
        &["extract", "--terms", &terms, "--out", &terms, &note][..],
        &["re", "--entities", &path("e.jsonl"), "--out", &path("e.jsonl"), &note],
        &["ner", "--model", &path("m"), "--out", &path("m/README.md"), &note],
        &["embed", "--model", &path("m"), "--out", &path("m/README.md"), &note],
    ] {
        let told = fails(call);
        assert!(told.contains("one of the files that are read"), "{call:?}: {told}");
    }
    assert_eq!(fs::read(&terms).unwrap(), fs::read(&tiny).unwrap());
    assert_eq!(fs::read(path("m/README.md")).unwrap(), fs::read(model.join("README.md")).unwrap());
    // A name that a head has is no file.
    let out = path("disease");
    ok(&["ner", "--heads", "disease", "--out", &out, &note], "");
}

#[cfg(target_os = "linux")]
#[test]
fn signals_that_end_a_process_leave_nothing_behind() {
    let long = "The patient with asthma was given naloxone.\n".repeat(200_000);
    for (signal, status) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let directory = tempfile::tempdir().unwrap();
        let file = write(directory.path(), "long.txt", long.as_bytes());
        let out = directory.path().join("out.jsonl");
        // The tests may run where hangups are ignored, which is inherited.
        let mut child = Command::new("env")
            .args(["--default-signal=INT,TERM,HUP", env!("CARGO_BIN_EXE_biobert")])
            .args(["ner", file.to_str().unwrap(), "--out", out.to_str().unwrap()])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let count = || fs::read_dir(directory.path()).unwrap().count();
        while count() < 2 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(status), "{signal}");
        assert_eq!(count(), 1, "{signal}");
    }
}

/// `nohup` has hangups ignored, which a handler of ours would undo.
#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_is_ignored_stays_ignored() {
    let script = format!(
        "trap '' HUP; exec 3<&0; {} ner <&3 & sleep 1; kill -HUP $!; sleep 1; kill -0 $! && echo alive; kill -KILL $!",
        env!("CARGO_BIN_EXE_biobert")
    );
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", &format!("sleep 4 | ({script})")]);
    let output = shell.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "alive\n");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_a_file_to_read() {
    let tool = env!("CARGO_BIN_EXE_biobert");
    let script = format!("{tool} sections <(printf fever)");
    let Ok(output) = Command::new("bash").args(["-c", &script]).output() else { return };
    assert_eq!(objects(output.stdout)[0]["text"], "fever");
}

#[test]
fn documents_of_one_id_are_counted_and_stay_apart() {
    let lines = "{\"id\":\"7\",\"text\":\"fever\"}\n".repeat(2);
    let convert = |to: &str| {
        let output = tool(
            &["formats", "convert", "--input-format", "jsonl", "--format", to],
            lines.as_bytes(),
        );
        assert!(output.status.success());
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let again = "biobert: 1 document(s) with an id that another has\n";
    assert_eq!(convert("csv").1, again);
    let (text, told) = convert("pubtator");
    assert_eq!(text, "7|t|fever\n7|a|\n\n900000002|t|fever\n900000002|a|\n\n");
    let lost = "biobert: 1 ids that another document has cannot be held by PubTator\n";
    assert_eq!(told, format!("{again}{lost}"));
}

#[test]
fn what_a_format_wants_to_know_is_an_option_of_that_format() {
    let convert = ["formats", "convert", "--input-format", "text", "--format"];
    let said = |arguments: &[&str]| ok(&[&convert[..], arguments].concat(), "fever");
    let bundle = said(&["fhir", "--subject", "Patient/123", "--date", "2026-11-28"]);
    assert!(bundle.contains("\"reference\":\"Patient/123\""), "{bundle}");
    for (arguments, told) in [
        (&["csv", "--subject", "Patient/1"][..], "--subject needs --format fhir"),
        (&["jsonl", "--date", "2026-11-28"], "--date needs --format fhir or omop"),
        (&["fhir", "--normalizations"], "--normalizations needs --format brat"),
        (&["fhir", "--date", "yesterday"], "the date is not of the form"),
        (&["fhir", "--subject", "a b"], "the subject is no reference"),
    ] {
        let said = fails(&[&convert[..], arguments].concat());
        assert!(said.contains(told), "{said}");
    }
    assert!(fails(&["extract", "--subject", "Patient/1"]).contains("--subject needs"));
}

#[test]
fn the_option_that_reads_a_file_is_named() {
    let directory = tempfile::tempdir().unwrap();
    for (name, text, format) in [
        ("a.txt", "7|t|Fever\n7|a|\n", "pubtator"),
        ("a.xml", "<?xml version=\"1.0\"?>\n<collection><source/></collection>", "bioc-xml"),
        ("a.json", "{\"source\":\"\",\"documents\":[]}", "bioc-json"),
        ("a.csv", "doc,id,fact,text\r\n", "csv"),
        ("a.hl7", "MSH|^~\\&|\r", "hl7"),
        ("a.ann", "T1\tX 0 1\ta\n", "brat"),
    ] {
        let file = write(directory.path(), name, text.as_bytes());
        let output = tool(&["sections", file.to_str().unwrap()], b"");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(&format!("--input-format {format} reads")), "{name}: {told}");
        assert!(output.status.success(), "it is text all the same");
    }
    let told = fails(&["sections", directory.path().to_str().unwrap()]);
    assert!(told.contains("--input-format brat reads them"), "{told}");
    let told = fails(&["eval", "terms", "--terms", "mesh-drugs", "--data", "/dev/null"]);
    assert!(told.contains("no document in it"), "{told}");
    fs::create_dir(directory.path().join("empty")).unwrap();
    let empty = directory.path().join("empty");
    for (format, file) in [("brat", empty.to_str().unwrap()), ("csv", "/dev/null")] {
        let convert = ["formats", "convert", "--input-format", format, "--format", "jsonl", file];
        let output = tool(&convert, b"");
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told, format!("biobert: {file} holds no document\n"));
    }
}
