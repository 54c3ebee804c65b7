//! The terminology that the tests of all languages open, `tests/fixtures/terms/tiny.terms`, is what its table makes.
//!
//! `BLESS=1 cargo test --test terms` writes it anew.

use std::fs;
use std::path::Path;

use biobert::terms::{Builder, Concept, Terms, TermsInfo};

const FIXTURES: &str = "tests/fixtures/terms";

/// Lines of a code, its name and its synonyms, divided by bars, after a line of headings.
fn build(to: &Path) {
    let info = TermsInfo {
        name: "tiny".into(),
        system: "TINY".into(),
        version: "1".into(),
        licence: "Apache-2.0".into(),
        source: "tiny.tsv".into(),
    };
    let mut builder = Builder::new(info);
    let table = fs::read_to_string(Path::new(FIXTURES).join("tiny.tsv")).unwrap();
    for line in table.lines().skip(1) {
        let [code, name, synonyms] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not three columns: {line:?}");
        };
        let synonyms =
            synonyms.split('|').filter(|name| !name.is_empty()).map(String::from).collect();
        builder.add(Concept { code: code.into(), name: name.into(), synonyms }).unwrap();
    }
    builder.write(to).unwrap();
}

#[test]
fn the_fixture_is_what_its_table_makes() {
    let fixture = Path::new(FIXTURES).join("tiny.terms");
    if std::env::var_os("BLESS").is_some() {
        build(&fixture);
    }
    let directory = tempfile::tempdir().unwrap();
    let built = directory.path().join("tiny.terms");
    build(&built);
    assert!(
        fs::read(&built).unwrap() == fs::read(&fixture).unwrap(),
        "differs; write it anew with BLESS=1"
    );
    let terms = Terms::open(&fixture).unwrap();
    terms.verify().unwrap();
    assert_eq!((terms.concept_count(), terms.name_count()), (7, 16));
}
