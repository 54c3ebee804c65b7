use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::layout::{HEADER, LENGTH, SEAL, SEALED, seal};
use super::*;
use crate::bytes::Bytes;
use crate::error::Error;
use crate::terms::{Builder, Coded, Concept, Linker, Mention, Terms, TermsInfo, learn};

const DAMAGES: usize = 10_000;
const MENTIONS: [&str; 5] =
    ["Kidney Failure", "failures, kidney", "kidny failure", "chronic kidney disease", "IL-12"];

fn info() -> TermsInfo {
    TermsInfo { name: "small".into(), system: "TEST".into(), ..TermsInfo::default() }
}

/// The bytes of an index with all that one can have; `learned` has contexts, too.
fn bytes(learned: bool) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("small.terms");
    let names =
        ["Kidney Failure", "Renal failure, chronic", "Interleukin-12", "β-Catenin", "Kidney"];
    if learned {
        let coded = names.iter().enumerate().map(|(at, name)| Coded {
            text: (*name).into(),
            label: "Disease".into(),
            section: (at % 2 == 0).then(|| "plan".into()),
            code: format!("L{}", at / 2),
        });
        learn(coded, &info(), &path).unwrap();
    } else {
        let mut builder = Builder::new(info());
        for (at, name) in names.iter().enumerate() {
            let synonyms = vec![format!("{name}s"), format!("{name} syndrome")];
            let concept = Concept { code: format!("C{at}"), name: (*name).into(), synonyms };
            builder.add(concept).unwrap();
        }
        builder.write(&path).unwrap();
    }
    std::fs::read(path).unwrap()
}

fn open(bytes: &[u8]) -> Result<Terms, Error> {
    let copy = |memory: &mut [u8]| {
        memory.copy_from_slice(bytes);
        Ok(())
    };
    let file = File::read(Bytes::private(bytes.len(), copy).unwrap(), "small.terms".into())?;
    Ok(Terms { file: Arc::new(file), kind: None, has_defaults: true, vectors: None })
}

fn look_up(terms: Terms) {
    let linker = Linker::new(&[terms]);
    for text in MENTIONS {
        let mention = Mention { text, expansion: Some("renal failure"), ..Mention::default() };
        assert!(linker.link(&mention).iter().all(|link| link.candidates.len() <= 5));
        linker.link(&Mention { text, ..Mention::default() });
    }
}

/// Changes, cuts off or adds.
fn damage(bytes: &mut Vec<u8>, from: usize, random: &mut fastrand::Rng) {
    match random.u8(0..8) {
        0 => bytes.truncate(random.usize(0..bytes.len())),
        1 => bytes.extend((0..random.usize(1..9)).map(|_| random.u8(..))),
        2 => {
            let at = random.usize(from..bytes.len() - 4);
            bytes[at..at + 4].fill(random.choice([0, 0xFF, 0x7F, 0x80]).unwrap());
        }
        _ => {
            for _ in 0..random.usize(1..5) {
                let at = random.usize(from..bytes.len());
                bytes[at] ^= random.u8(1..);
            }
        }
    }
}

#[test]
fn damaged_files_are_refused() {
    let mut random = fastrand::Rng::with_seed(20);
    let whole = [bytes(false), bytes(true)];
    let (mut at_opening, mut by_hash) = (0, 0);
    for _ in 0..DAMAGES {
        let whole = random.choice(&whole).unwrap();
        let mut damaged = whole.clone();
        damage(&mut damaged, 0, &mut random);
        if damaged == *whole {
            continue;
        }
        match catch_unwind(AssertUnwindSafe(|| open(&damaged))).expect("no panic") {
            Err(Error::Corrupt { .. } | Error::Unsupported(_)) => at_opening += 1,
            Err(other) => panic!("{other}"),
            Ok(terms) => {
                assert!(matches!(terms.verify(), Err(Error::Corrupt { .. })));
                by_hash += 1;
                catch_unwind(AssertUnwindSafe(|| look_up(terms))).expect("no panic");
            }
        }
    }
    assert!(at_opening > 1000 && by_hash > 1000, "{at_opening} {by_hash}");
}

/// Whoever seals the header anew gets as far as the tables.
#[test]
fn no_table_can_do_harm() {
    let mut random = fastrand::Rng::with_seed(21);
    let whole = [bytes(false), bytes(true)];
    let mut opened = 0;
    for round in 0..DAMAGES {
        let mut damaged = random.choice(&whole).unwrap().clone();
        let from = if round % 4 == 0 { SEALED } else { HEADER };
        damage(&mut damaged, from, &mut random);
        if damaged.len() < HEADER {
            continue;
        }
        let length = damaged.len() as u64;
        damaged[LENGTH..LENGTH + 8].copy_from_slice(&length.to_le_bytes());
        let hash = seal(&damaged[SEALED..HEADER]);
        damaged[SEAL..SEALED].copy_from_slice(&hash);
        let tried = catch_unwind(AssertUnwindSafe(|| open(&damaged).map(look_up).is_ok()));
        opened += usize::from(tried.expect("no panic"));
    }
    assert!(opened > 1000, "{opened}");
}

#[test]
fn the_same_concepts_make_the_same_bytes() {
    assert_eq!(bytes(false), bytes(false));
    assert_eq!(bytes(true), bytes(true));
    open(&bytes(true)).unwrap().verify().unwrap();
}
