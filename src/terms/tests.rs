use super::*;
use crate::document::{Abstention, Entity, Reason};

fn info(name: &str) -> TermsInfo {
    TermsInfo { name: name.into(), system: "TEST".into(), ..TermsInfo::default() }
}

fn concept(code: &str, name: &str, synonyms: &[&str]) -> Concept {
    let synonyms = synonyms.iter().map(|name| (*name).into()).collect();
    Concept { code: code.into(), name: name.into(), synonyms }
}

fn small(directory: &std::path::Path) -> Terms {
    let mut builder = Builder::new(info("test-diseases"));
    for (code, name, synonyms) in [
        ("D1", "Heart Failure", &["cardiac failure", "Heart Failure"][..]),
        ("D2", "Anemia", &[]),
        ("D3", "Interleukin-2", &["IL-2", "--", "IL2"]),
        ("D1", "Heart Failure", &["myocardial failure"]),
        ("", "Nameless", &[]),
    ] {
        builder.add(concept(code, name, synonyms)).unwrap();
    }
    let path = directory.join("small.terms");
    let built = builder.write(&path).unwrap();
    let expected = Built { concepts: 3, names: 7, merged_codes: 1, merged_names: 2, skipped: 2 };
    assert_eq!(built, expected);
    Terms::open(&path).unwrap()
}

fn answer(linker: &Linker, text: &str) -> Option<(String, Reason)> {
    let links = linker.link(&Mention { text, ..Mention::default() });
    assert_eq!(links.len(), 1);
    let given = links[0].given()?;
    Some((given.code.clone(), given.reason?))
}

#[test]
fn names_are_found_again_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let terms = small(directory.path());
    terms.verify().unwrap();
    assert_eq!((terms.concept_count(), terms.name_count()), (3, 7));
    let linker = Linker::new(&[terms]);
    for (text, code, reason) in [
        ("Heart Failure", "D1", Reason::Exact),
        ("heart failure", "D1", Reason::Case),
        ("failure of the heart", "D1", Reason::Order),
        ("anaemias", "D2", Reason::Plural),
        ("IL 2", "D3", Reason::Dash),
        ("IL2", "D3", Reason::Exact),
        ("myocardiall failure", "D1", Reason::Trigrams),
    ] {
        assert_eq!(answer(&linker, text), Some((code.into(), reason)), "{text}");
    }
    assert_eq!(answer(&linker, "nameless"), None);
    assert_eq!(answer(&linker, ""), None);
}

#[test]
fn a_name_of_several_codes_is_decided_or_left_open() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("both.terms");
    let mut builder = Builder::new(info("both"));
    for (code, name, synonyms) in [
        ("C1", "Cold Temperature", &["cold"][..]),
        ("C2", "Common Cold", &["cold"]),
        ("C3", "Acute bronchitis", &["Chest Cold"]),
        ("C4", "Chest cold", &[]),
    ] {
        builder.add(concept(code, name, synonyms)).unwrap();
    }
    builder.write(&path).unwrap();
    let linker = Linker::new(&[Terms::open(&path).unwrap()]);
    let links = linker.link(&Mention { text: "cold", ..Mention::default() });
    assert_eq!(links[0].abstention, Some(Abstention::Ambiguous));
    assert_eq!(links[0].candidates.len(), 2);
    assert_eq!(answer(&linker, "Chest Cold"), Some(("C3".into(), Reason::Exact)), "exact case");
    assert_eq!(answer(&linker, "CHEST COLD"), Some(("C4".into(), Reason::Case)), "preferred name");
}

#[test]
fn the_index_that_fits_the_label_is_preferred() {
    let directory = tempfile::tempdir().unwrap();
    let index = |name: &str, code: &str, term: &str, system: &str| {
        let path = directory.path().join(name);
        let info = TermsInfo { name: name.into(), system: system.into(), ..TermsInfo::default() };
        let mut builder = Builder::new(info);
        builder.add(concept(code, term, &[])).unwrap();
        builder.write(&path).unwrap();
        Terms::open(&path).unwrap()
    };
    let linker = Linker::new(&[
        index("my-drugs", "S1", "gold", "A"),
        index("my-diseases", "D1", "gold", "A"),
        index("icd10cm", "Z1", "gold", "B"),
    ]);
    for (label, expected) in
        [("Disease", [Some("D1"), Some("Z1")]), ("Chemical", [Some("S1"), None])]
    {
        let links = linker.link(&Mention { text: "gold", label, ..Mention::default() });
        let given: Vec<_> = links.iter().map(|link| link.given().map(|c| &*c.code)).collect();
        assert_eq!(given, expected, "{label}");
        assert_eq!(links[0].candidates.len(), 2, "the other one is shown");
    }
}

#[test]
fn what_people_coded_comes_first_by_section_and_label() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ours.terms");
    let coded = |text: &str, label: &str, section: Option<&str>, code: &str| Coded {
        text: text.into(),
        label: label.into(),
        section: section.map(String::from),
        code: code.into(),
    };
    let mentions = [
        coded("MS", "Disease", Some("family_history"), "OWN-1"),
        coded("MS", "Disease", None, "OWN-2"),
        coded("ms", "Disease", None, "OWN-2"),
        coded("MS", "Chemical", None, "OWN-3"),
        coded("heart and lung failure", "Disease", None, "D1|OWN-4"),
        coded("pressor", "Disease", None, "OWN-5"),
        coded("pressor", "Disease", None, "OWN-6"),
        coded("", "Disease", None, "OWN-7"),
    ];
    let built = learn(mentions.into_iter(), &info("ours"), &path).unwrap();
    assert_eq!((built.concepts, built.names, built.skipped), (6, 7, 1));
    let linker = Linker::new(&[small(directory.path()), Terms::open(&path).unwrap()]);
    let given = |text, label, section| {
        let links = linker.link(&Mention { text, label, section, expansion: None });
        links.iter().filter_map(|link| link.given().map(|c| c.code.clone())).collect::<Vec<_>>()
    };
    assert_eq!(given("MS", "Disease", Some("family_history")), ["OWN-1"]);
    assert_eq!(given("MS", "Disease", Some("plan")), ["OWN-2"]);
    assert_eq!(given("MS", "Chemical", None), ["OWN-3"]);
    assert_eq!(given("heart and lung failure", "Disease", None), ["D1", "OWN-4"]);
    assert!(given("pressor", "Disease", None).is_empty(), "as often one as the other");
    assert_eq!(given("heart failure", "Disease", None), ["D1"], "the index");
}

#[test]
fn what_a_document_says_elsewhere_helps() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mesh-drugs-and-more.terms");
    let mut builder = Builder::new(info("all"));
    builder.add(concept("S1", "Diethylnitrosamine", &[])).unwrap();
    builder.add(concept("D1", "Dyskinesias", &[])).unwrap();
    builder.add(concept("D2", "Dyskinesia, Drug-Induced", &[])).unwrap();
    builder.write(&path).unwrap();
    let linker = Linker::new(&[Terms::open(&path).unwrap()]);
    let given = |text: &str, words: &[(&str, &str)]| -> Vec<Option<String>> {
        let entities: Vec<Entity> = words
            .iter()
            .map(|(word, label)| {
                let at = text.find(word).unwrap();
                Entity::new(at..at + word.len(), (*label).into())
            })
            .collect();
        let links = linker.link_document(text, &[], &entities);
        links.iter().map(|links| links[0].given().map(|c| c.code.clone())).collect()
    };
    let text = "Diethylnitrosamine was given. DEN harms; XEN does not.";
    let words = [("Diethylnitrosamine", "Chemical"), ("DEN", "Chemical"), ("XEN", "Chemical")];
    assert_eq!(given(text, &words), [Some("S1".into()), Some("S1".into()), None]);
    let text = "Dyskinesias came. It was a levodopa-induced dyskinesia.";
    assert_eq!(given(text, &[("Dyskinesias", "Disease")]), [Some("D2".into())]);
    let text = "Dyskinesias came. It was a bad dyskinesia.";
    assert_eq!(given(text, &[("Dyskinesias", "Disease")]), [Some("D1".into())]);
}

#[test]
fn an_expansion_is_looked_up_first() {
    let directory = tempfile::tempdir().unwrap();
    let linker = Linker::new(&[small(directory.path())]);
    let mention =
        Mention { text: "anemia", expansion: Some("heart failure"), ..Mention::default() };
    let links = linker.link(&mention);
    let given = links[0].given().unwrap();
    assert_eq!((&*given.code, given.reason), ("D1", Some(Reason::Abbreviation)));
}
