//! What a classification adds to its names, what a mention must say, and what learned codes are called.

use super::*;
use crate::document::Abstention;
use crate::terms::{Builder, Coded, Concept, TermsInfo, learn};

fn index(
    directory: &std::path::Path,
    name: &str,
    system: &str,
    rows: &[(&str, &str, &[&str])],
) -> Terms {
    let info = TermsInfo { name: name.into(), system: system.into(), ..TermsInfo::default() };
    let mut builder = Builder::new(info);
    for (code, name, synonyms) in rows {
        let synonyms = synonyms.iter().map(|name| (*name).into()).collect();
        builder.add(Concept { code: (*code).into(), name: (*name).into(), synonyms }).unwrap();
    }
    let path = directory.join(format!("{name}.terms"));
    builder.write(&path).unwrap();
    Terms::open(&path).unwrap()
}

const DIAGNOSES: &[(&str, &str, &[&str])] = &[
    ("E11", "Type 2 diabetes mellitus", &[]),
    ("E11.8", "Type 2 diabetes mellitus with unspecified complications", &[]),
    ("E11.9", "Type 2 diabetes mellitus without complications", &[]),
    ("I21", "Acute myocardial infarction", &["cardiac infarction"]),
    ("I21.9", "Acute myocardial infarction, unspecified", &[]),
    ("J18.9", "Pneumonia, unspecified organism", &[]),
    ("M25.56", "Pain in knee", &[]),
    ("M25.561", "Pain in right knee", &[]),
    ("M25.569", "Pain in unspecified knee", &[]),
    ("N16", "Renal disorders in diseases classified elsewhere", &["Pyelonephritis"]),
    ("N12", "Tubulo-interstitial nephritis", &["Pyelonephritis NOS", "Pyelonephritis"]),
    ("N18.3", "Chronic kidney disease, stage 3 (moderate)", &[]),
    ("N18.30", "Chronic kidney disease, stage 3 unspecified", &[]),
    ("N18.31", "Chronic kidney disease, stage 3a", &[]),
    ("P22", "Respiratory distress of newborn", &[]),
    ("P22.9", "Respiratory distress of newborn, unspecified", &[]),
    ("P80.0", "Cold injury syndrome", &[]),
    ("T86.10", "Unspecified complication of kidney transplant", &[]),
    ("T86.11", "Kidney transplant rejection", &[]),
    ("W19", "Unspecified fall", &["Accidental fall NOS"]),
    ("W44", "Foreign body", &["Hearing aid"]),
    ("Z94.0", "Kidney transplant status", &[]),
];

fn given(linker: &Linker, text: &str, label: &str) -> Option<String> {
    let links = linker.link(&Mention { text, label, ..Mention::default() });
    Some(links[0].given()?.code.clone())
}

#[test]
fn bare_words_get_the_default_code_within_its_category() {
    let directory = tempfile::tempdir().unwrap();
    let rows = |system| Linker::new(&[index(directory.path(), "icd10cm", system, DIAGNOSES)]);
    let linker = rows("ICD10CM");
    for (text, code) in [
        ("pneumonia", Some("J18.9")),
        ("pnuemonia", Some("J18.9")),
        ("type II diabetes mellitus", Some("E11.9")),
        ("cardiac infarction", Some("I21.9")),
        ("knee pain", Some("M25.569")),
        ("right knee pain", Some("M25.561")),
        ("pyelonephritis", Some("N12")),
        ("chronic kidney disease stage 3", Some("N18.30")),
        ("chronic kidney disease stage 3a", Some("N18.31")),
        ("chronic kidney disease stage 4", None),
    ] {
        assert_eq!(given(&linker, text, "Problem").as_deref(), code, "{text}");
    }
    let link = &linker.link(&Mention { text: "pneumonia", ..Mention::default() })[0];
    let first = link.given().unwrap();
    assert_eq!(first.name.as_deref(), Some("Pneumonia, unspecified organism"));
    assert_eq!(first.reason, Some(Reason::Words));
    assert_eq!(given(&rows("OTHER"), "pneumonia", "Problem"), None, "no classification");
}

#[test]
fn what_the_words_do_not_say_is_not_given() {
    let directory = tempfile::tempdir().unwrap();
    let linker = Linker::new(&[index(directory.path(), "icd10cm", "ICD10CM", DIAGNOSES)]);
    for (text, code) in [
        ("respiratory distress", None),
        ("newborn respiratory distress", Some("P22.9")),
        ("cold", None),
        ("fall", None),
        ("hearing aid", None),
        ("kidney transplant", None),
        ("kidney transplant rejection", Some("T86.11")),
        ("complication of kidney transplant", Some("T86.10")),
    ] {
        assert_eq!(given(&linker, text, "Problem").as_deref(), code, "{text}");
    }
}

#[test]
fn numbers_and_short_words_must_be_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let rows: &[(&str, &str, &[&str])] = &[
        ("D1", "Hemoglobin C", &[]),
        ("D2", "Vitamin B 6", &[]),
        ("D3", "Vitamin B 12", &[]),
        ("D4", "Factor V", &["Coagulation Factor V"]),
        ("D5", "Interleukin-2", &["IL-2"]),
        ("D6", "CA-125 Antigen", &["CA 125"]),
        ("D7", "HER2-Positive Breast Cancer", &[]),
        ("D8", "Hepatitis A", &[]),
        ("D9", "Diabetes Mellitus, Type 1", &["Type 1 Diabetes"]),
        ("D10", "Hypophosphatemia", &[]),
    ];
    let linker = Linker::new(&[index(directory.path(), "all", "MESH", rows)]);
    for (text, code) in [
        ("hemoglobin A1c", None),
        ("vitamin B12", Some("D3")),
        ("vitamin B6", Some("D2")),
        ("vitamin B1", None),
        ("factor 5", Some("D4")),
        ("factor VIII", None),
        ("coagulation factor VIII", None),
        ("il2", Some("D5")),
        ("IL-6", None),
        ("interleukin 6", None),
        ("CA-125", Some("D6")),
        ("CA-19", None),
        ("HER2-negative breast cancer", None),
        ("HER2 positive breast cancer", Some("D7")),
        ("hepatitis", None),
        ("hepatitis B", None),
        ("type 2 diabetes", None),
        ("diabetes type 1", Some("D9")),
        ("hyperphosphatemia", None),
    ] {
        assert_eq!(given(&linker, text, "").as_deref(), code, "{text}");
    }
}

#[test]
fn a_learned_code_has_the_name_of_the_terminology() {
    let directory = tempfile::tempdir().unwrap();
    let rows: &[(&str, &str, &[&str])] = &[("D1", "Heart Failure", &[]), ("D2", "Anemia", &[])];
    let path = directory.path().join("ours.terms");
    let coded = |text: &str, code: &str| Coded {
        text: text.into(),
        label: "Disease".into(),
        section: None,
        code: code.into(),
    };
    let info = TermsInfo { name: "ours".into(), system: "MESH".into(), ..TermsInfo::default() };
    let mentions =
        [coded("weak heart", "D1"), coded("weak and pale", "D1|D2"), coded("odd", "OWN")];
    learn(mentions.into_iter(), &info, &path).unwrap();
    let learned = Terms::open(&path).unwrap();
    let linker = Linker::new(&[learned, index(directory.path(), "mesh", "MESH", rows)]);
    let names = |text| {
        let links = linker.link(&Mention { text, label: "Disease", ..Mention::default() });
        let name = |link: &Link| link.given().and_then(|given| given.name.clone());
        links.iter().filter_map(name).collect::<Vec<_>>()
    };
    assert_eq!(names("weak heart"), ["Heart Failure"]);
    assert_eq!(names("weak and pale"), ["Heart Failure", "Anemia"]);
    assert_eq!(names("odd"), ["odd"], "no index has the code");
}

#[test]
fn a_learned_category_stays() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ours.terms");
    let codes = ["E11", "E11", "E11.9"].map(|code| Coded {
        text: "sugar".into(),
        label: "Problem".into(),
        section: None,
        code: code.into(),
    });
    let info = TermsInfo { name: "ours".into(), system: "ICD10CM".into(), ..TermsInfo::default() };
    learn(codes.into_iter(), &info, &path).unwrap();
    let own = index(directory.path(), "icd10cm", "ICD10CM", DIAGNOSES);
    let linker = Linker::new(&[Terms::open(&path).unwrap(), own]);
    assert_eq!(given(&linker, "sugar", "Problem").as_deref(), Some("E11"), "most often");
}

#[test]
fn abstentions_show_what_was_near() {
    let directory = tempfile::tempdir().unwrap();
    let linker = Linker::new(&[index(directory.path(), "icd10cm", "ICD10CM", DIAGNOSES)]);
    let link = &linker.link(&Mention { text: "fall", label: "Problem", ..Mention::default() })[0];
    assert_eq!(link.abstention, Some(Abstention::Weak));
    assert_eq!(link.candidates[0].code, "W19");
}
