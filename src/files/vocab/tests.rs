//! Files of tokenizers that are damaged, and hashes that heads on disk have.

use std::path::{Path, PathBuf};

use fastrand::Rng;

use super::{Casing, Vocabulary};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

#[test]
fn hashes_are_those_that_heads_on_disk_have() {
    for (name, one_segment, want) in [
        ("bert-token", false, "13a613d1dd262dc5ede4f2562c0a53149afda32f7005a1e3ef3da5a9af10b5a0"),
        (
            "roberta-token-onnx",
            true,
            "497f3c42e96c19081f4c8c5e6818e973a83621f8d985206e72ca9323f10f5bbc",
        ),
        (
            "deberta-token-onnx",
            true,
            "9055c6954613f503fead4f8719122b679ef5129bccf4b8486a387eb3b967f0b6",
        ),
    ] {
        let vocabulary = Vocabulary::open(&fixtures().join(name), false).unwrap();
        let (tokenizer, _) = vocabulary.tokenizer(one_segment, Casing::Vocabulary).unwrap();
        assert!(tokenizer.is(want), "{name}");
        assert_eq!(tokenizer.sha256() == want, name.starts_with("bert"), "{name}");
    }
}

const NAMES: [&str; 8] = [
    "bert-cased",
    "bert-uncased",
    "bert-decoder",
    "bert-legacy",
    "mpnet",
    "modernbert",
    "xlmr",
    "roberta",
];

/// What the readers look for, and what they would rather not find.
const WORDS: [&str; 36] = [
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "4294967295",
    "4294967296",
    "1e308",
    "0.5",
    "\"\"",
    "\" \"",
    "[]",
    "{}",
    "\"[CLS]\"",
    "\"[E1]\"",
    "\"##\"",
    "\"▁\"",
    "\"type\"",
    "\"id\"",
    "\"vocab\"",
    "\"content\"",
    "\"Sequence\"",
    "\"Replace\"",
    "\"Precompiled\"",
    "\"NFKC\"",
    "\"Lowercase\"",
    "\"Strip\"",
    "\"ByteLevel\"",
    "\"Metaspace\"",
    "\"Split\"",
    "\"(a+)+$\"",
    "\"Unigram\"",
    "\"BPE\"",
    "\"WordPiece\"",
    "\"dropout\":0.1",
];

/// Parts of a file that belong together: words, numbers, signs.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => {
                let close = rest[1..].find('"').map_or(rest.len(), |at| at + 2);
                rest.floor_char_boundary(close)
            }
            c if c.is_alphanumeric() || c == '-' => {
                rest.find(|c: char| !c.is_alphanumeric() && !"-.".contains(c)).unwrap_or(rest.len())
            }
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn mutated(bytes: &[u8], random: &mut Rng) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    if random.u8(..4) == 0 {
        let mut bytes = bytes.to_vec();
        let at = random.usize(..bytes.len());
        match random.u8(..3) {
            0 => bytes[at] ^= 1 << random.u8(..8),
            1 => bytes.truncate(at),
            _ => bytes.insert(at, random.u8(..)),
        }
        return bytes;
    }
    let mut tokens = tokens(&text);
    for _ in 0..random.usize(1..4) {
        let at = random.usize(..tokens.len());
        match random.u8(..4) {
            0 => tokens[at] = WORDS[random.usize(..WORDS.len())],
            1 => tokens[at] = tokens[random.usize(..tokens.len())],
            2 => {
                tokens.remove(at);
            }
            _ => {
                let end = (at + random.usize(1..40)).min(tokens.len());
                let part = tokens[at..end].to_vec();
                let to = random.usize(..tokens.len());
                tokens.splice(to..to, part);
            }
        }
        if tokens.is_empty() {
            break;
        }
    }
    tokens.concat().into_bytes()
}

/// Opens that many damaged tokenizers, and reads a text with those that open: how many these were.
fn damaged(rounds: usize, seed: u64) -> usize {
    let mut random = Rng::with_seed(seed);
    let directory = tempfile::tempdir().unwrap();
    let text =
        "Patient with [E1]fever[/E1] and  @GENE$ naïve 中文 <s> [CLS]\n β-blocker ﬁbrosis covid19 ";
    let mut opened = 0;
    for round in 0..rounds {
        let from = fixtures().join("tokenizers").join(NAMES[round % NAMES.len()]);
        let mut files: Vec<(PathBuf, Vec<u8>)> = std::fs::read_dir(&from)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| !path.ends_with("reference.jsonl"))
            .map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect();
        files.sort();
        let victim = random.usize(..files.len());
        for (index, (path, bytes)) in files.iter().enumerate() {
            let bytes = if index == victim { mutated(bytes, &mut random) } else { bytes.clone() };
            std::fs::write(directory.path().join(path.file_name().unwrap()), bytes).unwrap();
        }
        let read = Vocabulary::open(directory.path(), false)
            .and_then(|vocabulary| vocabulary.tokenizer(false, Casing::Vocabulary));
        if let Ok((tokenizer, _)) = read
            && let Ok(pieces) = tokenizer.pieces(text, || Ok(()))
        {
            opened += 1;
            let places = pieces.spans.iter().flat_map(|&(start, end)| [start, end]);
            assert!(
                places.into_iter().all(|at| text.is_char_boundary(at as usize)),
                "round {round}"
            );
            assert!(pieces.spans.iter().all(|(start, end)| start <= end), "round {round}");
            assert!(pieces.spans.is_sorted_by_key(|&(start, _)| start), "round {round}");
            assert!(pieces.ids.len() < 64 * text.len(), "round {round}");
        }
        for (path, _) in &files {
            std::fs::remove_file(directory.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    opened
}

#[test]
fn three_thousand_damaged_tokenizers_give_an_error_or_read_a_text() {
    let opened = damaged(3000, 1);
    assert!((300..2900).contains(&opened), "{opened}");
}

#[test]
#[ignore = "takes an hour"]
fn a_million_damaged_tokenizers_give_an_error_or_read_a_text() {
    for part in 0..1000 {
        let opened = damaged(1000, 1000 + part);
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
        println!("{} of them, {opened} of the last 1000 opened, {peak}", (part + 1) * 1000);
    }
}
