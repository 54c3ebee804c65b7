//! `biobert terms`: indices made, described, tried out; and what is no terminology.

use std::io::Write;
use std::path::{Path, PathBuf};

use biobert::terms::{Linker, Mention, Terms};
use serde_json::Value;

use crate::{fails, last_json, tool, write};

const TABLE: &[u8] = b"Z1\tZorblat fever\tzorb fever|Fever, zorblat\nZ2\tLump IL-2\t\n";

/// What a call that does well writes, and what it says beside.
fn does(arguments: &[&str]) -> (String, String) {
    let output = tool(arguments, b"");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    (String::from_utf8(output.stdout).unwrap(), told)
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/terms")
}

#[test]
fn an_index_is_built_described_and_tried_out() {
    let directory = tempfile::tempdir().unwrap();
    let table = write(directory.path(), "zz.tsv", TABLE);
    let again = write(directory.path(), "more.tsv", b"Z1\tOther\tzorbitis\n");
    let index = directory.path().join("zorbs.terms");
    let (table, again, index) =
        (table.to_str().unwrap(), again.to_str().unwrap(), index.to_str().unwrap());
    let (written, told) = does(&[
        "terms",
        "build",
        table,
        again,
        "-o",
        index,
        "--system",
        "ZZ",
        "--version",
        "7",
        "--licence",
        "none",
    ]);
    let read = "zz.tsv, more.tsv read as a table of ids, names and synonyms: 3 records, 3 concepts, 6 names";
    assert!(told.contains(read), "{told}");
    let found = last_json(&written);
    assert_eq!(
        (&found["concepts"], &found["merged_codes"], &found["records"]),
        (&2.into(), &1.into(), &3.into())
    );
    let (text, _) = does(&["terms", "info", index]);
    for line in [
        "index       zorbs (sha256 ",
        "system      ZZ, version 7",
        "names       6 of 2 codes",
        "licence     none",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let (json, _) = does(&["terms", "info", index, "--format", "json"]);
    let found: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&found["codes"], &found["source"]), (&2.into(), &"zz.tsv, more.tsv".into()));
    let (lines, _) = does(&["terms", "look", index, "zorblat FEVER", "zorbitis", "nothing"]);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines[..2] {
        let link = &line["links"][0];
        assert_eq!((&link["system"], &link["abstention"]), (&"ZZ".into(), &Value::Null), "{line}");
        let first = &link["candidates"][0];
        assert_eq!((&first["code"], &first["name"]), (&"Z1".into(), &"Zorblat fever".into()));
    }
    assert_eq!(lines[2]["links"][0]["abstention"], "nothing");
}

#[test]
fn every_format_is_built_from_files_or_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let index = directory.path().join("a.terms");
    let index = index.to_str().unwrap();
    for (name, more, codes, system) in [
        ("zz.obo", &[][..], 2, "ZZ"),
        ("RXNCONSO.RRF", &["--tty", "IN"], 1, "RXNORM"),
        ("MRCONSO.RRF", &["--sab", "MSH", "--codes", "source"], 1, "MESH"),
        ("desc2026.xml", &[], 1, "MESH"),
        ("d2026.bin", &[], 2, "MESH"),
        ("icd10cm-tabular-2026.xml", &[], 2, "ICD10CM"),
        ("CONCEPT.csv", &["--vocabulary", "SNOMED"], 2, "SNOMEDCT"),
        ("", &["--from", "snomed"], 2, "SNOMEDCT"),
        ("", &["--from", "mesh-xml"], 2, "MESH"),
    ] {
        let path = fixtures().join(name);
        does(&[&["terms", "build", path.to_str().unwrap(), "-o", index], more].concat());
        let (json, _) = does(&["terms", "info", index, "--format", "json"]);
        let found: Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&found["codes"], &found["system"]), (&codes.into(), &system.into()), "{name}");
    }
}

#[test]
fn what_cannot_be_built_leaves_the_old_index_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_string();
    let old = write(directory.path(), "a.terms", b"old");
    let table = write(directory.path(), "a.tsv", TABLE);
    write(directory.path(), "bad.tsv", b"Z1\tfine\nSECRET\n");
    let obo = fixtures().join("zz.obo").to_str().unwrap().to_string();
    for (arguments, told) in [
        (
            vec![path("a.tsv")],
            "the files do not say what the system of their codes is called: give --system",
        ),
        (
            vec![path("bad.tsv"), "--system".into(), "Z".into()],
            "bad.tsv: line 2: 1 columns, not id, name and synonyms",
        ),
        (vec![path("none.tsv")], "none.tsv does not exist"),
        (
            vec![obo.clone(), "--from".into(), "rxnorm".into()],
            "zz.obo: line 1: 0 columns ended by |, not 18",
        ),
        (
            vec![obo.clone(), "--sab".into(), "MSH".into()],
            "OBO has nothing that sab could choose from",
        ),
        (
            vec![path("."), "--from".into(), "umls".into()],
            "no file of the UMLS' MRCONSO.RRF in the directory",
        ),
    ] {
        let mut call = vec!["terms", "build", "-o"];
        let out = path("a.terms");
        call.push(&out);
        call.extend(arguments.iter().map(String::as_str));
        let said = fails(&call);
        assert!(said.contains(told), "{said}");
        assert!(!said.contains("SECRET"));
        assert_eq!(std::fs::read(&old).unwrap(), b"old");
    }
    let table = table.to_str().unwrap();
    let said = fails(&["terms", "build", table, "-o", table, "--system", "Z"]);
    assert!(said.contains("one of the files that are read"), "{said}");
    let said = fails(&["terms", "build", table, "-o", &path("no/a.terms"), "--system", "Z"]);
    assert!(said.contains("its directory does not exist"), "{said}");
    let said = fails(&["terms", "build", table, "-o", &path("a.terms"), "--from", "obo"]);
    assert!(said.contains("a.tsv: not OBO: it seems to be a table of ids"), "{said}");
    let said = fails(&["terms", "build", "-", "-o", &path("a.terms"), "--system", "Z"]);
    assert!(said.contains("give files, not standard input"), "{said}");
    let broken =
        write(directory.path(), "broken.tsv", b"Z\x01\tLump\nZ2\tBump\tBu\x00mp\nZ3\tRash\n");
    let (built, told) = does(&[
        "terms",
        "build",
        broken.to_str().unwrap(),
        "-o",
        &path("b.terms"),
        "--system",
        "Z",
    ]);
    assert!(told.contains("2 names or codes left out"), "{told}");
    assert_eq!(last_json(&built)["concepts"], 2);
    let paper = "7|t|Rash\n7|a|\n7\t0\t4\tRash\tDisease\tD1\n\n";
    let learned = tool(&["terms", "learn", "-", "-o", &path("c.terms")], paper.as_bytes());
    assert!(learned.status.success(), "{}", String::from_utf8_lossy(&learned.stderr));
    let learn = ["terms", "learn", "x", "-o", "y", "--input-format", "words"];
    assert_eq!(tool(&learn, b"").status.code(), Some(2));
    let said = fails(&["terms", "info", "none"]);
    assert!(
        said.contains("terminology not found: none is neither a file nor a name under"),
        "{said}"
    );
    does(&["terms", "build", table, "-o", &path("a.terms"), "--system", "Z"]);
    does(&["terms", "info", &path("a.terms")]);
    assert!(fails(&["terms", "info", table]).contains("a.tsv"));
}

/// `cargo test --release --test cli -- --ignored --nocapture a_million_names`: prints file size, times and memory.
#[test]
#[ignore = "takes a minute"]
fn a_million_names() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("million.tsv");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    let random = &mut crate::support::Random(1);
    const STEMS: [&str; 8] =
        ["neuro", "cardio", "hepato", "osteo", "derma", "nephro", "arthro", "angio"];
    const ENDS: [&str; 8] = ["itis", "oma", "osis", "emia", "pathy", "algia", "plasia", "trophy"];
    for code in 0..250_000 {
        let mut name = || {
            let (stem, other, end) =
                (STEMS[random.below(8)], STEMS[random.below(8)], ENDS[random.below(8)]);
            format!("{stem}{other}{end} of type {}", random.below(100_000))
        };
        writeln!(out, "X{code:06}\t{}\t{}|{}|{}", name(), name(), name(), name()).unwrap();
    }
    drop(out);
    let index = directory.path().join("million.terms");
    let started = std::time::Instant::now();
    does(&[
        "terms",
        "build",
        path.to_str().unwrap(),
        "-o",
        index.to_str().unwrap(),
        "--system",
        "X",
    ]);
    println!("built in {:.1} s", started.elapsed().as_secs_f64());
    let before = private();
    let started = std::time::Instant::now();
    let terms = Terms::open(&index).unwrap();
    println!(
        "{} names, {:.1} MB, opened in {:?}",
        terms.name_count(),
        terms.size() as f64 / 1e6,
        started.elapsed()
    );
    let linker = Linker::new(&[terms]);
    for number in 0..1000 {
        let text = format!("neurocardioitis of type {number}");
        linker.link(&Mention { text: &text, ..Mention::default() });
    }
    println!("private memory after 1,000 look-ups: {} KB more", private().saturating_sub(before));
    assert!(std::fs::metadata(&index).unwrap().len() <= 150_000_000);
    assert!(private().saturating_sub(before) <= 20_000);
}

/// Private memory of this process, in KB; 0 where the system does not say.
fn private() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or_default()
}

#[test]
fn vectors_are_made_once_and_used_where_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let index = directory.path().join("tiny.terms");
    std::fs::copy(fixtures().join("tiny.terms"), &index).unwrap();
    let index = index.to_str().unwrap();
    let look = ["terms", "look", index, "myocardial infarction with", "--label", "Disease"];
    let near = [&look[..], &["--near"]].concat();
    let told = fails(&near);
    assert!(told.contains("tiny.terms") && told.contains("biobert terms vectors"), "{told}");
    let told = fails(&["terms", "vectors", index, "-o", index]);
    assert!(told.contains("one of the files that are read"), "{told}");
    let (written, _) = does(&["terms", "vectors", index]);
    assert!(written.contains("tiny.vectors written: 16 vectors of 384 numbers"), "{written}");
    assert_eq!(last_json(&written)["names"], 16);
    assert!(last_json(&does(&look).0)["links"][0]["abstention"].is_string());
    let found = last_json(&does(&near).0);
    assert_eq!(found["links"][0]["candidates"][0]["reason"], "near");
    assert!(found["links"][0]["abstention"].is_null());
    let told = fails(&[&near[..], &["--precision", "f32"]].concat());
    assert!(told.contains("tiny.vectors") && told.contains("another arithmetic"), "{told}");
    std::fs::write(directory.path().join("tiny.vectors"), "none").unwrap();
    let told = fails(&near);
    assert!(told.contains("tiny.vectors"), "{told}");
}
