//! What the tool refuses, or tells, where it would have given something else than was meant.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::{fails, ok, said, tool, write};

#[test]
fn an_id_that_would_be_rounded_is_refused_and_others_follow() {
    let lines = "{\"id\":12345678901234567890123,\"text\":\"a\"}\n\
                 {\"id\":1.50,\"text\":\"b\"}\n\
                 {\"id\":18446744073709551615,\"text\":\"c\"}\n";
    let output = tool(&["sections", "--jsonl"], lines.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let found: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for refused in &found[..2] {
        assert!(refused["error"].as_str().unwrap().contains("make it a text"), "{refused}");
    }
    assert_eq!(found[2]["id"], 18_446_744_073_709_551_615_u64);
}

#[cfg(unix)]
#[test]
fn what_a_directory_of_brats_holds_beside_its_pairs_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_string();
    fs::create_dir_all(path("d/inner")).unwrap();
    fs::write(path("d/inner/n.txt"), "fever").unwrap();
    let (whole, to) = (path("d"), ["--input-format", "brat", "--format", "jsonl"]);
    let told = fails(&[&["formats", "convert"][..], &to, &[&whole]].concat());
    assert!(told.contains("holds no file of BRAT's, but 1 subdirectories"), "{told}");
    fs::write(path("d/a.txt"), "fever").unwrap();
    fs::write(path("d/._a.txt"), b"\xFF").unwrap();
    fs::write(path("d/B.TXT"), "rash").unwrap();
    fs::create_dir(path("d/c.txt")).unwrap();
    std::os::unix::fs::symlink(path("none"), path("d/e.txt")).unwrap();
    let all = "1 directories that are named as files, 1 files that do not end in .txt or .ann, \
               1 links that lead nowhere, 1 subdirectories passed over";
    for words in
        [&["formats", "convert", "--format", "jsonl"][..], &["sections", "--format", "jsonl"]]
    {
        let call = [words, &["--input-format", "brat", &whole]].concat();
        let (lines, told) = said(&call, "");
        assert_eq!((lines.lines().count(), told), (1, format!("biobert: {all}\n")));
    }
}

#[test]
fn what_fhir_and_omop_make_of_what_is_not_said_is_told() {
    let paper = "7|t|Fever in asthma.\n7|a|\n7\t0\t5\tFever\tDisease\tD005334\n";
    let convert = ["formats", "convert", "--input-format", "pubtator", "--format"];
    let (bundle, told) = said(&[&convert[..], &["fhir"]].concat(), paper);
    assert!(bundle.contains("unconfirmed"));
    assert!(told.contains("1 entities without an assertion"), "{told}");
    let (_, told) = said(&[&convert[..], &["omop"]].concat(), paper);
    assert_eq!(told.matches("nlp_date").count(), 1, "{told}");
    let (_, told) = said(&[&convert[..], &["omop", "--date", "2026-11-28"]].concat(), paper);
    assert!(!told.contains("nlp_date"), "{told}");
    for wrong in ["123", "foo", "patient/1", "Patient/", "Patient/a b", "Patient/a/b", "http://"] {
        let told = fails(&[&convert[..], &["fhir", "--subject", wrong]].concat());
        assert!(told.contains("the subject is no reference"), "{wrong}: {told}");
    }
    for right in ["Patient/123", "Group/a-1.b", "urn:uuid:0", "https://example.org/Patient/1"] {
        said(&[&convert[..], &["fhir", "--subject", right]].concat(), paper);
    }
}

#[test]
fn thresholds_that_leave_out_nothing_or_all_are_refused() {
    let eval = ["eval", "qa", "--head", "qa", "--data", "none.json"];
    for wrong in ["2", "NaN", "-0.1", "x"] {
        let output = tool(&[&eval[..], &[&format!("--threshold={wrong}")]].concat(), b"");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && !told.contains("none.json:"), "{told}");
    }
    let told = fails(&[&eval[..], &["--threshold", "0.5", "--scoring", "biobert"]].concat());
    assert!(told.contains("--threshold is of list questions"), "{told}");
}

#[test]
fn options_and_messages_name_what_there_is() {
    // Without the ends of its lines.
    let help = |words: &[&str]| {
        let help = ok(&[words, &["--help"]].concat(), "");
        help.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for words in [&["train", "ner"][..], &["eval", "re"]] {
        let help = help(words);
        for format in ["fhir", "omop", "hl7", "brat"] {
            assert!(!help.contains(&format!(" {format},")), "{help}");
        }
    }
    assert!(help(&["qa"]).contains("per question"));
    assert!(!help(&["ner"]).contains("`re`") && !help(&["qa"]).contains("`re`"));
    assert!(help(&["re"]).contains("perhaps those that find them"));

    let directory = tempfile::tempdir().unwrap();
    let note = write(directory.path(), "n1.txt", b"He has had a fever for two days.\n");
    let note = note.to_str().unwrap();
    let out = directory.path().join("l.terms");
    let told = fails(&["terms", "learn", note, "-o", out.to_str().unwrap()]);
    assert!(told.contains("has no codes of entities") && !told.contains("columns"), "{told}");
    let told = fails(&["eval", "terms", "--data", note, "--terms", "mesh"]);
    assert!(told.contains("has no codes of entities"), "{told}");
    let told = fails(&["terms", "learn", note, "-o", "/nonexist/l.terms"]);
    assert!(told.contains("/nonexist/l.terms: its directory does not exist"), "{told}");
    let brat = directory.path().join("brat");
    fs::create_dir(&brat).unwrap();
    fs::write(brat.join("a.ann"), "").unwrap();
    let told = fails(&["terms", "learn", brat.to_str().unwrap(), "-o", out.to_str().unwrap()]);
    assert!(told.contains("formats convert") && !told.contains("--input-format"), "{told}");
    let tiny =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/terms/tiny.terms");
    fs::copy(&tiny, directory.path().join("lab.terms")).unwrap();
    let mut look = Command::new(env!("CARGO_BIN_EXE_biobert"));
    let output =
        look.args(["terms", "look", "lab", "fever"]).current_dir(directory.path()).output();
    let told = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(told.contains("lab.terms is here"), "{told}");
}

#[test]
fn relations_of_notes_have_their_words() {
    let lines = ok(&["extract", "examples/notes/clinic.txt", "examples/notes/discharge.txt"], "");
    for line in lines.lines() {
        let note: Value = serde_json::from_str(line).unwrap();
        for relation in note["relations"].as_array().unwrap() {
            let has_letter = |key: &str| {
                relation[key].as_str().is_some_and(|text| text.contains(char::is_alphabetic))
            };
            assert!(has_letter("label") || has_letter("text"), "{relation}");
        }
    }
}
