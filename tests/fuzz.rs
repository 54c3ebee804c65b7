//! The seeds of the fuzz targets, as they are and changed for ten seconds each: what fuzzing found once
//! is not found again, and what a change breaks is seen before the fuzzer runs for hours.

#[path = "../fuzz/bodies.rs"]
mod bodies;
mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use bodies::{TARGETS, root};
use support::Random;

const TIME: Duration = Duration::from_secs(10);
const LARGEST: usize = 16 << 10;

/// Seeds that are wrong as they are.
const WRONG: [&str; 1] = ["object"];

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let directory = root().join("fuzz/seeds").join(target);
    let entries = std::fs::read_dir(directory).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_string();
    paths.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
}

/// Numbers that lengths, offsets and counters go wrong on.
const NUMBERS: [u64; 9] =
    [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, i32::MAX as u64, u32::MAX as u64, u64::MAX];

/// Some bytes, changed in one to four places.
fn mutate(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = (at + 1 + random.below(16)).min(bytes.len());
        match random.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = random.next() as u8,
            2 => drop(bytes.drain(at..end)),
            3 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            4 => {
                let number = NUMBERS[random.below(NUMBERS.len())].to_le_bytes();
                let part = &number[..1 << random.below(4)];
                let end = (at + part.len()).min(bytes.len());
                bytes.splice(at..end, part.iter().copied());
            }
            5 if !other.is_empty() => {
                let from = random.below(other.len());
                let part = &other[from..(from + 1 + random.below(64)).min(other.len())];
                bytes.splice(at..end, part.iter().copied());
            }
            // A digit, of which JSON and text have many.
            6 => {
                if let Some(digit) = bytes[at..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                    *digit = b'0' + random.below(10) as u8;
                }
            }
            7 if random.below(8) == 0 => bytes.truncate(at),
            _ => bytes.insert(at, b"\0\n\t\"{}[],:-\xFF"[random.below(12)]),
        }
    }
    bytes.truncate(LARGEST);
}

fn run(name: &str) {
    let started = Instant::now();
    run_while(name, |_| started.elapsed() < TIME);
}

/// Changes the seeds of a target for as long as it is wanted, by the number of runs.
fn run_while(name: &str, wanted: impl Fn(usize) -> bool) {
    let (_, body) = TARGETS.into_iter().find(|(target, _)| *target == name).unwrap();
    let seeds = seeds(name);
    assert!(!seeds.is_empty());
    for (seed, bytes) in &seeds {
        assert_eq!(body(bytes), !WRONG.contains(&seed.as_str()), "{name}/{seed}");
    }
    let random = &mut Random(1);
    let (mut runs, mut good) = (0, 0);
    while wanted(runs) {
        let mut bytes = seeds[random.below(seeds.len())].1.clone();
        let other = &seeds[random.below(seeds.len())].1;
        mutate(random, &mut bytes, other);
        let Ok(taken) = catch_unwind(AssertUnwindSafe(|| body(&bytes))) else {
            let path = std::env::temp_dir().join(format!("biobert-fuzz-{name}-{runs}"));
            std::fs::write(&path, &bytes).unwrap();
            panic!("run {runs} of {name}: the bytes are in {}", path.display());
        };
        (runs, good) = (runs + 1, good + usize::from(taken));
    }
    println!("{name}: {runs} runs, {good} of them taken for good");
    assert!(good > 0 && good < runs || name == "text", "{name}: changes reach nothing");
}

/// `cargo test --release --test fuzz -- --ignored a_million`: minutes each.
mod a_million {
    macro_rules! readers {
        ($($name:ident)*) => { $(
            #[test]
            #[ignore = "takes minutes"]
            fn $name() {
                super::bodies::ONLY_OPEN.store(true, std::sync::atomic::Ordering::Relaxed);
                super::run_while(stringify!($name), |runs| runs < 1_000_000);
            }
        )* };
    }

    readers! { adapter shards tensorflow terms_source terms vectors }
}

macro_rules! targets {
    ($($name:ident)*) => { $(#[test] fn $name() { run(stringify!($name)); })* };
}

targets! { text checkpoint pickle onnx bundle annotated adapter shards tensorflow pubtator bioc_xml bioc_json brat terms_source terms vectors markup jsonl csv words }

#[test]
fn every_target_is_run_and_is_a_target_of_cargo_fuzz() {
    let own = std::fs::read_to_string(root().join("tests/fuzz.rs")).unwrap();
    let list = own.split("targets! { ").nth(1).unwrap().split(" }").next().unwrap();
    let names: Vec<&str> = TARGETS.into_iter().map(|(name, _)| name).collect();
    assert_eq!(list.split(' ').collect::<Vec<_>>(), names);
    for name in names {
        let path = root().join(format!("fuzz/fuzz_targets/{name}.rs"));
        assert!(std::fs::read_to_string(path).unwrap().contains(&format!("bodies::{name}(")));
    }
}
