//! Tokenizers of every family, with added tokens in every form, against what transformers makes of the same
//! texts; and what contradictory and damaged files give.

mod support;

use std::path::{Path, PathBuf};

use biobert::{Casing, ConvertOptions, Model, OpenOptions, convert};
use serde_json::{Value, json};
use support::{HIDDEN, Random, config, encoder, engine, open, write_json, write_tensors};

/// Rows of the word embedding: more than any of the vocabularies has.
const ROWS: usize = 600;

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

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tokenizers")
}

/// A BERT of random weights, without a vocabulary.
fn write_bert(directory: &Path, rows: usize) {
    std::fs::create_dir_all(directory).unwrap();
    let mut config = config("BertModel", &[]);
    config["vocab_size"] = rows.into();
    write_json(&directory.join("config.json"), &config);
    let mut tensors = encoder(1);
    let words = tensors.iter_mut().find(|tensor| tensor.name.contains("word")).unwrap();
    words.shape[0] = rows;
    words.values = (0..rows * HIDDEN).map(|at| (at % 97) as f32 / 97.0 - 0.5).collect();
    write_tensors(&directory.join("model.safetensors"), &tensors, safetensors::Dtype::F32);
}

/// The same with the vocabulary of a fixture.
fn write_with(directory: &Path, from: &Path) {
    write_bert(directory, ROWS);
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, directory.join(path.file_name().unwrap())).unwrap();
    }
}

fn to_bundle(from: &Path, to: &Path) -> Model {
    convert(&engine(), &[from.to_path_buf()], to, ConvertOptions::default()).unwrap();
    open(to).unwrap()
}

fn ids(model: &Model, text: &str) -> Vec<u32> {
    model.tokenizer().pieces(text, || Ok(())).unwrap().ids
}

/// How many texts there are, and those that are read in another way than the reference says.
fn differing(model: &Model, reference: &Path) -> (usize, Vec<String>) {
    let lines = std::fs::read_to_string(reference).unwrap();
    let mut differing = Vec::new();
    for line in lines.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let text = entry["text"].as_str().unwrap();
        let pieces = model.tokenizer().pieces(text, || Ok(())).unwrap();
        let special = model.tokenizer().special();
        let (got, want) = match entry["pair"].as_str() {
            Some(second) => {
                let mut all = [vec![special.cls], pieces.ids, vec![special.sep]].concat();
                all.extend(special.double_sep.then_some(special.sep));
                all.extend(ids(model, second));
                all.push(special.sep);
                (json!(all), entry["ids"].clone())
            }
            None => (json!([pieces.ids, pieces.spans]), json!([entry["ids"], entry["spans"]])),
        };
        if got != want {
            differing.push(format!("{text:?}\n  here {got}\n  ref. {want}"));
        }
    }
    (lines.lines().count(), differing)
}

#[test]
fn texts_are_read_as_transformers_reads_them_and_bundles_keep_that() {
    let directory = tempfile::tempdir().unwrap();
    for name in NAMES {
        let (checkpoint, bundle) = (directory.path().join(name), directory.path().join("bundle"));
        write_with(&checkpoint, &fixtures().join(name));
        let reference = fixtures().join(name).join("reference.jsonl");
        let model = open(&checkpoint).unwrap();
        let (count, other) = differing(&model, &reference);
        assert!(count > 20 && other.is_empty(), "{name}: {}", other.join("\n"));
        let kept = to_bundle(&checkpoint, &bundle);
        let (_, other) = differing(&kept, &reference);
        assert!(other.is_empty(), "{name} as a bundle: {}", other.join("\n"));
        assert_eq!(kept.tokenizer().vocab_len(), model.tokenizer().vocab_len());
        // A bundle of the bundle has the same files.
        let again = directory.path().join("again");
        to_bundle(&bundle, &again);
        for file in ["vocab.txt", "tokenizer.json", "tokenizer_config.json"] {
            let [first, second] = [&bundle, &again].map(|at| std::fs::read(at.join(file)).ok());
            assert!(first == second, "{name}: {file}");
        }
        std::fs::remove_dir_all(&bundle).unwrap();
    }
}

/// As `make_tokenizers.py target/tokenizers 20000` writes them.
#[test]
#[ignore = "needs many texts, which the script writes"]
fn many_texts_are_read_as_transformers_reads_them() {
    let directory = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tokenizers");
    for name in NAMES {
        let checkpoint = directory.path().join(name);
        write_with(&checkpoint, &root.join(name));
        let (count, other) =
            differing(&open(&checkpoint).unwrap(), &root.join(name).join("reference.jsonl"));
        println!("{name}: {} of {count} texts agree", count - other.len());
        for text in other.iter().take(5) {
            println!("{text}");
        }
    }
}

#[test]
fn the_frame_of_sequences_never_comes_out_of_a_text() {
    let directory = tempfile::tempdir().unwrap();
    let texts = "a [CLS] b [SEP] [PAD][MASK] </s><s> <pad> <mask> [UNK] <unk> <|endoftext|>";
    for name in NAMES {
        let checkpoint = directory.path().join(name);
        write_with(&checkpoint, &fixtures().join(name));
        let model = open(&checkpoint).unwrap();
        let special = model.tokenizer().special();
        let found = ids(&model, texts);
        assert!(!found.contains(&special.cls) && !found.contains(&special.sep), "{name}");
    }
}
