use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::layout::{HEADER, LENGTH, ROWS, SEAL, SEALED, WIDTH};
use super::*;
use crate::bytes::Bytes;
use crate::document::{Abstention, Link, Reason};
use crate::error::{Error, Result};
use crate::terms::{Builder, Coded, Concept, Linker, Mention, Terms, TermsInfo, learn};
use sha2::{Digest, Sha256};

const ENCODER: [u8; 32] = [7; 32];

/// An index called `name`.
fn index(directory: &Path, name: &str, concepts: &[(&str, &str)]) -> Terms {
    let info = TermsInfo { name: name.into(), system: "TEST".into(), ..TermsInfo::default() };
    let mut builder = Builder::new(info);
    for (code, name) in concepts {
        let (code, name) = ((*code).into(), (*name).into());
        builder.add(Concept { code, name, synonyms: Vec::new() }).unwrap();
    }
    let path = directory.join(format!("{name}.terms"));
    builder.write(&path).unwrap();
    Terms::open(&path).unwrap()
}

/// Vectors that tell how often each of three letters stands in a name.
fn embed(names: &[&str]) -> Result<Vec<Vec<f32>>> {
    let count = |name: &str, letter| name.matches(letter).count() as f32;
    Ok(names
        .iter()
        .map(|name| ['a', 'b', 'c'].map(|letter| count(name, letter)).to_vec())
        .collect())
}

fn written(directory: &Path, terms: &Terms) -> std::path::PathBuf {
    let path = directory.join(format!("{}.vectors", terms.info().name));
    let made = write_vectors(terms, &path, &ENCODER, 3, embed).unwrap();
    let names = terms.name_count() as u64;
    assert_eq!(made, VectorsMade { names, width: 3, bytes: HEADER as u64 + 7 * names });
    path
}

const DISEASES: [(&str, &str); 4] =
    [("D1", "aab"), ("D2", "abc and more"), ("D3", "ccc"), ("D4", "xyz")];

#[test]
fn the_nearest_are_found_again() {
    let directory = tempfile::tempdir().unwrap();
    let terms = index(directory.path(), "diseases", &DISEASES);
    let path = written(directory.path(), &terms);
    let first = std::fs::read(&path).unwrap();
    written(directory.path(), &terms);
    assert_eq!(std::fs::read(&path).unwrap(), first, "the same bits");
    let terms = terms.with_vectors(&path).unwrap();
    terms.verify().unwrap();
    let vectors = terms.vectors.as_ref().unwrap();
    let near = |vector: &[f32], most, least| -> Vec<(&str, f32)> {
        let found = vectors.nearest(&Quantized::new(vector), most, least).into_iter();
        found.map(|(name, cosine)| (terms.file.name(name).unwrap().text, cosine)).collect()
    };
    assert_eq!(near(&[0.4, 0.2, 0.0], 1, 0.0), [("aab", 1.0)]);
    let all = near(&[0.0, 0.0, 2.0], 9, 0.0);
    assert_eq!(all[0], ("ccc", 1.0));
    assert_eq!(all.len(), 2, "none of those at a right angle: {all:?}");
    assert_eq!(near(&[0.0, 0.0, 2.0], 9, 0.9).len(), 1);
    for none in [&[0.0; 3][..], &[f32::NAN, 1.0, 1.0], &[1.0, 1.0], &[]] {
        assert!(near(none, 9, 0.0).is_empty());
    }
}

fn answer(linker: &Linker, text: &str, label: &str) -> Link {
    let mention = Mention { text, label, ..Mention::default() };
    let mut links = linker.link(&mention);
    if let Some(mut unlinked) = linker.unlinked(&mention, &mut links) {
        let vectors = embed(&[unlinked.text]).unwrap();
        unlinked.complete(&linker.near(text, label, &vectors[0]));
    }
    links.remove(0)
}

#[test]
fn a_linker_gives_what_is_very_near_and_shows_what_is_less_so() {
    let directory = tempfile::tempdir().unwrap();
    let diseases = index(directory.path(), "diseases", &DISEASES);
    let drugs = index(directory.path(), "drugs", &[("S1", "bbbb")]);
    let bare = Linker::new(&[diseases.clone(), drugs.clone()]);
    assert!(!bare.has_vectors());
    assert_eq!(answer(&bare, "aaaabb", "Disease").abstention, Some(Abstention::Nothing));
    let with = |terms: &Terms| terms.with_vectors(&written(directory.path(), terms)).unwrap();
    let linker = Linker::new(&[with(&diseases), with(&drugs)]);
    assert!(linker.has_vectors());
    linker.expect_encoder(&ENCODER).unwrap();
    let mixed = Linker::new(&[
        with(&diseases),
        index(directory.path(), "other-diseases", &[("D9", "bca")]),
    ]);
    assert_eq!(answer(&mixed, "aaaabb", "Disease").given().unwrap().code, "D1");
    let refused = linker.expect_encoder(&[8; 32]);
    assert!(matches!(refused, Err(Error::Model { file, .. }) if file == "diseases.vectors"));
    let near = answer(&linker, "aaaabb", "Disease");
    let given = near.given().unwrap();
    assert_eq!((&*given.code, given.reason, given.score), ("D1", Some(Reason::Near), Some(1.0)));
    let weak = answer(&linker, "aab bcc", "Disease");
    assert_eq!(weak.abstention, Some(Abstention::Weak));
    assert_eq!(weak.candidates[0].code, "D2");
    assert_eq!(answer(&linker, "bbb", "Disease").given(), None, "a drug is no disease");
    assert_eq!(answer(&linker, "bbb", "Drug").given().unwrap().code, "S1");
    assert_eq!(
        answer(&linker, "aaaabb 2", "Disease").given(),
        None,
        "a number that the name lacks"
    );
    let same = answer(&linker, "aab", "Disease");
    assert_eq!(same.given().unwrap().reason, Some(Reason::Exact), "the stages before come first");
}

#[test]
fn a_learned_code_that_is_near_has_the_name_of_the_terminology() {
    let directory = tempfile::tempdir().unwrap();
    let coded =
        Coded { text: "aac".into(), label: "Disease".into(), section: None, code: "D4".into() };
    let info = TermsInfo { name: "ours".into(), system: "TEST".into(), ..TermsInfo::default() };
    let path = directory.path().join("ours.terms");
    learn(std::iter::once(coded), &info, &path).unwrap();
    let ours = Terms::open(&path).unwrap();
    let ours = ours.with_vectors(&written(directory.path(), &ours)).unwrap();
    let linker = Linker::new(&[ours, index(directory.path(), "diseases", &DISEASES)]);
    let near = answer(&linker, "aaaacc", "Disease");
    let given = near.given().unwrap();
    assert_eq!((&*given.code, given.name.as_deref()), ("D4", Some("xyz")), "not \"aac\"");
}

#[test]
fn vectors_of_other_names_and_failures_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let terms = index(directory.path(), "diseases", &DISEASES);
    let path = written(directory.path(), &terms);
    let other = index(directory.path(), "others", &DISEASES);
    let refused = other.with_vectors(&path);
    assert!(matches!(refused, Err(Error::Model { file, .. }) if file == "diseases.vectors"));
    let missing = terms.with_vectors(&directory.path().join("none"));
    assert!(matches!(missing, Err(Error::NotFound(_))));
    let before = std::fs::read(&path).unwrap();
    let cancelled = |_: &[&str]| Err(Error::Cancelled);
    assert!(write_vectors(&terms, &path, &ENCODER, 3, cancelled).is_err());
    assert!(write_vectors(&terms, &path, &ENCODER, 4, embed).is_err(), "another width");
    assert!(write_vectors(&terms, &path, &ENCODER, 0, embed).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), before, "all or nothing");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 3);
}

fn open(bytes: &[u8], terms: &Terms) -> Result<Vectors> {
    let copy = |memory: &mut [u8]| {
        memory.copy_from_slice(bytes);
        Ok(())
    };
    let bytes = Bytes::private(bytes.len(), copy).unwrap();
    Vectors::read(bytes, "small.vectors".into(), &terms.file)
}

/// Opens and searches without a panic; whether it opened, and whether it is whole.
fn tried(bytes: &[u8], terms: &Terms) -> (bool, bool) {
    let look = || match open(bytes, terms) {
        Ok(vectors) => {
            vectors.nearest(&Quantized::new(&[1.0, 2.0, 3.0]), 9, 0.0);
            (true, vectors.verify().is_ok())
        }
        Err(Error::Corrupt { .. } | Error::Unsupported(_) | Error::Model { .. }) => (false, false),
        Err(other) => panic!("{other}"),
    };
    catch_unwind(AssertUnwindSafe(look)).expect("no panic")
}

#[test]
fn damaged_files_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let terms = index(directory.path(), "diseases", &DISEASES);
    let whole = std::fs::read(written(directory.path(), &terms)).unwrap();
    assert_eq!(tried(&whole, &terms), (true, true));
    for at in 0..whole.len() {
        assert_eq!(tried(&whole[..at], &terms), (false, false), "cut off at {at}");
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            assert_eq!(tried(&damaged, &terms), (at >= HEADER, false), "bit {bit} of byte {at}");
        }
    }
    // Whoever seals the header anew gets no further.
    for (at, values) in [(ROWS, [0, 3, 5, u32::MAX]), (WIDTH, [0, 2, 4, u32::MAX])] {
        for value in values {
            let mut damaged = whole.clone();
            damaged[at..at + 4].copy_from_slice(&value.to_le_bytes());
            let seal = Sha256::digest(&damaged[SEALED..HEADER]);
            damaged[SEAL..SEALED].copy_from_slice(&seal);
            assert_eq!(tried(&damaged, &terms), (false, false), "{value} at {at}");
        }
    }
    let mut longer = whole.clone();
    longer.extend([0; 7]);
    let length = longer.len() as u64;
    longer[LENGTH..LENGTH + 8].copy_from_slice(&length.to_le_bytes());
    let seal = Sha256::digest(&longer[SEALED..HEADER]);
    longer[SEAL..SEALED].copy_from_slice(&seal);
    assert_eq!(tried(&longer, &terms), (false, false));
}
