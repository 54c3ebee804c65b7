//! The terminology that the tests of all languages open, `tests/fixtures/terms/tiny.terms`, is what its table makes; and
//! `learned.terms`, a seed of the fuzzer, what its mentions make.
//!
//! `BLESS=1 cargo test --test terms` writes it anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use biobert::document::{Code, Document, Entity, Link};
use biobert::eval::link_scores;
use biobert::terms::{Builder, Coded, Concept, Linker, Mention, Terms, TermsInfo, learn};

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

/// Mentions in two sections, one with two codes.
fn build_learned(to: &Path) {
    let info = TermsInfo { name: "learned".into(), system: "TINY".into(), ..TermsInfo::default() };
    let coded = |&(text, label, section, code): &(&str, &str, &str, &str)| Coded {
        text: text.into(),
        label: label.into(),
        section: (!section.is_empty()).then(|| section.into()),
        code: code.into(),
    };
    let mentions = [
        ("MI", "Disease", "plan", "T4"),
        ("MI", "Disease", "", "T5"),
        ("sugar sickness", "Disease", "", "T1"),
        ("asthma or gout", "Problem", "", "T3|T6"),
        ("broken leg", "Disease", "plan", "T8"),
    ];
    learn(mentions.iter().map(coded), &info, to).unwrap();
}

#[test]
fn the_fixtures_are_what_their_sources_make() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["learned.terms", "tiny.terms"] {
        let build = if name == "tiny.terms" { build } else { build_learned };
        let fixture = Path::new(FIXTURES).join(name);
        if std::env::var_os("BLESS").is_some() {
            build(&fixture);
        }
        let built = directory.path().join(name);
        build(&built);
        assert!(
            fs::read(&built).unwrap() == fs::read(&fixture).unwrap(),
            "{name} differs; write it anew with BLESS=1"
        );
    }
    let fixture = Path::new(FIXTURES).join("tiny.terms");
    let terms = Terms::open(&fixture).unwrap();
    terms.verify().unwrap();
    assert_eq!((terms.concept_count(), terms.name_count()), (7, 16));
}

/// What notes call everyday problems, and the code that the Alphabetic Index gives them. While the rules were written, only
/// the misses of half `a` were looked at.
#[test]
fn everyday_problems_have_their_default_codes() {
    let linker = Linker::new(&[Terms::open(Path::new("terms/icd10cm.terms")).unwrap()]);
    let table = fs::read_to_string(Path::new(FIXTURES).join("everyday.tsv")).unwrap();
    let mut wrong: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in table.lines().skip(1) {
        let [half, problem, code] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not three columns: {row:?}");
        };
        let code = Code { code: code.into(), name: None, score: None, reason: None };
        let links =
            vec![Link { system: "ICD10CM".into(), candidates: vec![code], abstention: None }];
        let mut entity = Entity::new(0..problem.len(), "Problem".into());
        entity.links = links;
        let document =
            Document { text: problem.into(), entities: vec![entity], ..Document::default() };
        let scores = link_scores(&[document], &linker).unwrap();
        if scores["Problem"].right == 0 {
            wrong.entry(half).or_default().push(problem);
        }
    }
    let count = |half| wrong.get(half).map_or(0, Vec::len);
    assert!(count("a") == 0 && count("b") <= 2, "{wrong:?}");
}

/// The rows of the table of everyday words are of codes that can be billed, by their names.
#[test]
fn the_table_of_everyday_words_is_of_codes_without_others_within() {
    let table = fs::read_to_string("terms/icd10cm-everyday.tsv").unwrap();
    let linker = Linker::new(&[Terms::open(Path::new("terms/icd10cm.terms")).unwrap()]);
    for row in table.lines().skip(1) {
        let [code, name, synonyms] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not three columns: {row:?}");
        };
        for words in synonyms.split('|') {
            let mention = Mention { text: words, label: "Problem", ..Mention::default() };
            let links = linker.link(&mention);
            let given = links[0].given().map(|given| (&*given.code, given.name.as_deref()));
            assert_eq!(given, Some((code, Some(name))), "{words}");
        }
    }
}
