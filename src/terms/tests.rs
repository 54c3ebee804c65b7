use super::*;
use crate::document::Reason;

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
