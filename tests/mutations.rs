//! The configurations of sentence vectors, damaged in thousands of ways: an answer or a reason, never a panic,
//! and no more memory than the files are worth.

mod support;

use std::path::{Path, PathBuf};

use biobert::{EmbedOptions, Model, OffsetUnit, Pooling, RunOptions};
use support::{Random, engine};

/// What stands in JSON instead of what was there.
const VALUES: [&str; 14] = [
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "18446744073709551615",
    "\"\"",
    "\"../..\"",
    "[]",
    "{}",
    "[[[[[[",
    "\"lasttoken\"",
    "\"torch.nn.modules.activation.ReLU\"",
    "[\"mean\",\"mean\",\"max\"]",
];

/// Damages a file: a byte, a cut, a stretch twice, or a value of JSON.
fn damage(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len().max(1));
        match random.below(5) {
            0 if !bytes.is_empty() => bytes[at] = random.next() as u8,
            1 => bytes.truncate(at),
            2 => {
                let end = (at + random.below(64)).min(bytes.len());
                let twice = bytes[at.min(end)..end].to_vec();
                bytes.splice(at.min(end)..at.min(end), twice);
            }
            _ => {
                let colon = bytes[at.min(bytes.len())..].iter().position(|&byte| byte == b':');
                let Some(start) = colon.map(|colon| at + colon + 1) else { continue };
                let end = bytes[start..].iter().position(|byte| b",}]\n".contains(byte));
                let end = end.map_or(bytes.len(), |end| start + end);
                let value = VALUES[random.below(VALUES.len())];
                bytes.splice(start..end, value.bytes());
            }
        }
    }
    bytes
}

/// Every file of the modules, the encoder's own left out.
fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

fn copy(from: &Path, to: &Path) {
    let mut found = Vec::new();
    files(from, &mut found);
    for path in found {
        let to = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(path, to).unwrap();
    }
}

/// Opens each of `count` damaged models; how many could make vectors all the same.
fn mutate(count: usize, seed: u64) -> usize {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let names = ["v2-dense", "v5-norm", "v6-functions", "v6-prompt-out", "v2-lower"];
    let mut random = Random(seed);
    let engine = engine();
    let embed = EmbedOptions { pooling: Pooling::Model, ..EmbedOptions::default() };
    let run = RunOptions::new(OffsetUnit::Utf8Bytes);
    let mut made = 0;
    for name in names {
        let directory = tempfile::tempdir().unwrap();
        copy(&fixtures.join("bert-token"), directory.path());
        let mut own = Vec::new();
        files(&fixtures.join("sentence").join(name), &mut own);
        copy(&fixtures.join("sentence").join(name), directory.path());
        own.sort();
        for _ in 0..count / names.len() {
            let source = &own[random.below(own.len())];
            let whole = std::fs::read(source).unwrap();
            let relative = source.strip_prefix(fixtures.join("sentence").join(name)).unwrap();
            let target = directory.path().join(relative);
            std::fs::write(&target, damage(&whole, &mut random)).unwrap();
            if let Ok(model) = Model::open(&engine, directory.path(), Default::default()) {
                let found = model.embed(&["no rash".into()], &embed, &run);
                made += usize::from(found.is_ok_and(|found| found.documents[0].is_ok()));
            }
            std::fs::write(&target, whole).unwrap();
        }
    }
    made
}

/// The peak of the process's memory in kB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn damaged_modules_end_in_an_answer_or_a_reason() {
    let count = 4000;
    let made = mutate(count, 1);
    // Neither all nor none: the damage is felt, and some of it does not matter.
    assert!((count / 20..count).contains(&made), "{made}");
    assert!(peak().is_none_or(|peak| peak < 512 << 10), "{:?} kB", peak());
}

/// Run by hand, once in a while.
#[test]
#[ignore = "takes hours"]
fn a_million_damaged_modules() {
    let made = mutate(1_000_000, 2);
    println!("{made} made vectors; peak {:?} kB", peak());
    assert!(peak().is_none_or(|peak| peak < 512 << 10), "{:?} kB", peak());
}
