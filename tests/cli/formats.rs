//! `--input-format`, `--format`, `--out`, and `formats convert` between formats.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{fails, ok, said, tool, write};

const NOTES: [&str; 2] = ["examples/notes/clinic.txt", "examples/notes/discharge.txt"];

/// What is in a directory, by name.
fn entries(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_extract_writes_comes_back_through_every_format() {
    let lines = ok(&["extract", NOTES[0], NOTES[1]], "");
    let convert = |from: &str, to: &str, input: &str| {
        said(&["formats", "convert", "--input-format", from, "--format", to], input)
    };
    assert_eq!(convert("jsonl", "jsonl", &lines), (lines.clone(), String::new()));
    let (table, lost) = convert("jsonl", "csv", &lines);
    assert_eq!(lost, "");
    assert_eq!(convert("csv", "jsonl", &table).0, lines);
    assert_eq!(said(&["extract", "--format", "csv", NOTES[0], NOTES[1]], "").0, table);
    for format in ["pubtator", "bioc-xml", "bioc-json"] {
        let direct = said(&["extract", "--format", format, NOTES[0], NOTES[1]], "");
        assert_eq!(convert("jsonl", format, &lines), direct, "{format}");
        let (back, _) = convert(format, "jsonl", &direct.0);
        let found: Vec<Value> =
            back.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: Vec<&Value> = found.iter().map(|note| &note["id"]).collect();
        assert_eq!(ids, ["clinic.txt", "discharge.txt"], "{format}");
    }
    let (_, lost) = convert("jsonl", "pubtator", &lines);
    assert!(lost.contains(" assertions, ") && lost.ends_with(" cannot be held by PubTator\n"));
    let (words, _) = said(&["ner", "--input-format", "text", "--format", "words", NOTES[0]], "");
    assert!(words.starts_with("# doc_id = clinic.txt\nClinic\tO\n"), "{words}");
    let (_, lost) = convert("words", "words", &words);
    assert_eq!(lost, "");
}

#[test]
fn documents_are_read_in_every_format() {
    let paper = "7|t|Naloxone for asthma.\n7|a|It helped.\n\n";
    let (found, _) = said(&["ner", "--input-format", "pubtator"], paper);
    let found: Value = serde_json::from_str(&found).unwrap();
    let text = "Naloxone for asthma.\nIt helped.";
    assert_eq!((&found["id"], &found["text"]), (&"7".into(), &text.into()));
    let (again, _) = said(&["ner", "--input-format", "pubtator", "--format", "pubtator"], paper);
    assert!(again.starts_with("7|t|Naloxone for asthma.\n7|a|It helped.\n7\t0\t8\tNaloxone\t"));
    // Ids of lines, and of files of one name.
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("a")).unwrap();
    let one = write(directory.path(), "n.txt", b"fever\nrash\n");
    let other = write(&directory.path().join("a"), "n.txt", b"fever\n");
    let [one, other] = [&one, &other].map(|path| path.to_str().unwrap());
    let ids = |arguments: &[&str]| -> Vec<String> {
        let found = ok(arguments, "");
        let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].clone();
        found.lines().map(|line| id(line).as_str().unwrap().to_string()).collect()
    };
    assert_eq!(ids(&["ner", one]), ["n.txt:1", "n.txt:2"]);
    assert_eq!(ids(&["sections", one, other]), [one, other]);
    let told = fails(&["ner", "--whole", "--input-format", "csv", one]);
    assert!(told.contains("leave out --whole"), "{told}");
}

#[test]
fn a_bad_document_is_told_with_its_id_and_the_rest_goes_on() {
    let lines = "{\"id\":\"a\",\"text\":\"x\"}\n\
                 {\"id\":\"b\",\"text\":\"SECRET\",\"entities\":[{\"start\":0,\"end\":9,\"label\":\"x\"}]}\n\
                 {\"id\":\"c\",\"text\":\"y\"}\n";
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out.csv");
    let convert = ["formats", "convert", "--input-format", "jsonl", "--format", "csv", "--out"];
    let output = tool(&[&convert[..], &[out.to_str().unwrap()]].concat(), lines.as_bytes());
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("line 2: document b: entities[0] ends after the text"), "{told}");
    assert!(told.ends_with("biobert: 1 document(s) left out, as was said\n"), "{told}");
    assert!(!told.contains("SECRET"));
    let table = fs::read_to_string(out).unwrap();
    assert!(table.contains("\r\n0,a,document,") && table.contains("\r\n1,c,document,"), "{table}");
}

#[test]
fn output_is_written_whole_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_string();
    let old = write(directory.path(), "old.jsonl", b"old");
    let lines = ok(&["sections", NOTES[0], NOTES[1]], "");
    assert_eq!(ok(&["sections", NOTES[0], NOTES[1], "--out", old.to_str().unwrap()], ""), "");
    assert_eq!(fs::read_to_string(&old).unwrap(), lines);
    // What stops the whole run leaves the old file as it is, and nothing beside it.
    let table = "doc,id,fact,text\n0,a,document,x\n1,b,document,y\n0,a,second,z\n";
    let call = ["sections", "--out", old.to_str().unwrap(), "--input-format", "csv"];
    assert_eq!(tool(&call, table.as_bytes()).status.code(), Some(1));
    assert_eq!(fs::read_to_string(&old).unwrap(), lines);
    let refused = |out: &str, format: &str, reason: &str| {
        let told = fails(&["sections", NOTES[0], "--format", format, "-o", out]);
        assert!(told.contains(reason), "{told}");
    };
    refused(&path("no/such.csv"), "csv", "its directory does not exist");
    refused(directory.path().to_str().unwrap(), "csv", "this is a directory");
    refused(directory.path().to_str().unwrap(), "brat", "this directory is not empty");
    refused(old.to_str().unwrap(), "brat", "this is a file");
    assert!(fails(&["sections", NOTES[0], "--format", "brat"]).contains("--out"));
    fs::create_dir(path("pairs")).unwrap();
    for name in ["pairs", "new"] {
        said(&["sections", NOTES[0], "--format", "brat", "-o", &path(name)], "");
        assert_eq!(entries(Path::new(&path(name))), ["clinic.txt.ann", "clinic.txt.txt"]);
    }
    let page = path("page.html");
    assert_eq!(ok(&["extract", NOTES[0], "--format", "html", "-o", &page], ""), "");
    assert!(fs::read_to_string(page).unwrap().trim_end().ends_with("</html>"));
    let text = path("note.text");
    ok(&["extract", NOTES[0], "--format", "text", "-o", &text], "");
    assert!(!fs::read_to_string(text).unwrap().contains('\u{1b}'), "no colours in a file");
    assert_eq!(entries(directory.path()), ["new", "note.text", "old.jsonl", "page.html", "pairs"]);
}

/// A disk that is full, as far as a process can tell: it may write no larger file.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_file() {
    let directory = tempfile::tempdir().unwrap();
    let old = write(directory.path(), "old.csv", b"old");
    let tool = env!("CARGO_BIN_EXE_biobert");
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec {tool} sections {} {} --format csv -o {}",
        NOTES[0],
        NOTES[1],
        old.display()
    );
    let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read(&old).unwrap(), b"old");
    assert_eq!(entries(directory.path()), ["old.csv"]);
}

#[test]
fn the_formats_are_listed() {
    let list = ok(&["formats", "list"], "");
    assert!(list.contains("csv           read and written  a table of facts\n"), "{list}");
    assert!(list.contains("fhir          written "), "{list}");
}
