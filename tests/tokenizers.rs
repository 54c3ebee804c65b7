//! Tokenizers of every family, with added tokens in every form, against what transformers makes of the same
//! texts; and what contradictory and damaged files give.

mod support;

use std::path::{Path, PathBuf};

use biobert::{Casing, ConvertOptions, Model, OpenOptions, convert};
use serde_json::{Value, json};
use support::{HIDDEN, config, encoder, engine, open, write_json, write_tensors};

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

/// A checkpoint with the vocabulary of the tests, changed by these files.
fn write_plain(directory: &Path, files: &[(&str, Value)]) {
    write_bert(directory, support::vocab().len() + 3);
    std::fs::write(directory.join("vocab.txt"), support::vocab().join("\n")).unwrap();
    for (name, json) in files {
        write_json(&directory.join(name), json);
    }
}

/// A `tokenizer.json` of these pieces, as BERT's.
fn word_piece(pieces: &[String]) -> Value {
    let ids: serde_json::Map<String, Value> =
        pieces.iter().zip(0..).map(|(piece, id)| (piece.clone(), id.into())).collect();
    json!({
        "added_tokens": [],
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "lowercase": true, "strip_accents": null, "handle_chinese_chars": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "max_input_chars_per_word": 100, "vocab": ids},
    })
}

#[test]
fn what_files_say_against_each_other_is_told() {
    let mut file = word_piece(&support::vocab());
    file["normalizer"]["lowercase"] = false.into();
    let mut other = word_piece(&support::vocab());
    other["model"]["vocab"]["another"] = support::vocab().len().into();
    other["model"]["unk_token"] = "[MASK]".into();
    let rows = support::vocab().len() + 3;
    type Case<'a> = (&'a [(&'a str, Value)], &'a [&'a str]);
    let cases: [Case; 5] = [
        (
            &[
                ("tokenizer.json", file.clone()),
                ("tokenizer_config.json", json!({"do_lower_case": true})),
            ],
            &[
                "do_lower_case is true in tokenizer_config.json and false in tokenizer.json: tokenizer_config.json is followed",
            ],
        ),
        (
            &[
                ("tokenizer.json", file),
                (
                    "tokenizer_config.json",
                    json!({"do_lower_case": true, "tokenizer_class": "PreTrainedTokenizerFast"}),
                ),
            ],
            &[
                "do_lower_case is true in tokenizer_config.json and false in tokenizer.json: tokenizer.json is followed",
            ],
        ),
        (
            &[
                ("tokenizer.json", other),
                ("tokenizer_config.json", json!({"unk_token": "[UNK]", "do_lower_case": true})),
            ],
            &[
                "vocab.txt and tokenizer.json hold different pieces: tokenizer.json is followed",
                "tokenizer_config.json names [UNK] as a special token, [MASK] is used",
            ],
        ),
        (
            &[("tokenizer_config.json", json!({"cls_token": "<s>", "do_lower_case": true}))],
            &["tokenizer_config.json names <s> as a special token, [CLS] is used"],
        ),
        (
            &[
                ("added_tokens.json", json!({"fever": rows - 1})),
                ("tokenizer_config.json", json!({"do_lower_case": true})),
            ],
            &["added_tokens.json gives fever the id 124, the vocabulary 98, which is followed"],
        ),
    ];
    for (files, want) in cases {
        let directory = tempfile::tempdir().unwrap();
        write_plain(directory.path(), files);
        assert_eq!(open(directory.path()).unwrap().info().notes, want);
    }
}

#[test]
fn what_cannot_be_followed_is_refused_by_its_name() {
    let rows = support::vocab().len() + 3;
    let of = |change: &dyn Fn(&mut Value)| {
        let mut file = word_piece(&support::vocab());
        change(&mut file);
        file
    };
    let fixture = |name: &str| -> Value {
        let file = std::fs::read(fixtures().join(name).join("tokenizer.json")).unwrap();
        serde_json::from_slice(&file).unwrap()
    };
    let subword = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut file = fixture(name);
        change(&mut file);
        file
    };
    let cases = [
        ("added_tokens.json", json!({"[E1]": rows}), format!("added tokens: the added token [E1] has the id {rows}, but the word embedding has only {rows} rows")),
        ("added_tokens.json", json!({"[E1]": rows - 1, "[E2]": rows - 1}), format!("added_tokens.json: [E2] and [E1] have one id, {}", rows - 1)),
        ("added_tokens.json", json!({"": 7}), "added_tokens.json: an added token is empty".into()),
        ("added_tokens.json", json!({"[E1]": rows - 2, "[e1]": rows - 1}), "added tokens: two added tokens are read alike, or one as nothing".into()),
        ("tokenizer_config.json", json!({"added_tokens_decoder": {"x": {"content": "[E1]"}}}), "tokenizer_config.json: an added token has no number".into()),
        ("tokenizer_config.json", json!({"added_tokens_decoder": {"3": {"content": "[E1]", "lstrip": 1}}}), "tokenizer_config.json: invalid type: integer `1`, expected a boolean".into()),
        ("tokenizer.json", of(&|file| file["pre_tokenizer"]["type"] = "Whitespace".into()), "tokenizer.json: pre_tokenizer Whitespace is not supported with WordPiece, only BertPreTokenizer is".into()),
        ("tokenizer.json", of(&|file| file["normalizer"]["type"] = "NFKC".into()), "tokenizer.json: normalizer NFKC is not supported with WordPiece, only BertNormalizer is".into()),
        ("tokenizer.json", of(&|file| file["model"]["type"] = "WordLevel".into()), "tokenizer.json: only WordPiece, BPE and Unigram are supported".into()),
        ("tokenizer.json", subword("modernbert", &|file| file["model"]["dropout"] = 0.1.into()), "tokenizer.json: the model's dropout is not supported".into()),
        ("tokenizer.json", subword("xlmr", &|file| file["normalizer"] = json!({"type": "Prepend", "prepend": "x"})), "tokenizer.json: the normalizer Prepend is not supported".into()),
        ("tokenizer.json", subword("xlmr", &|file| file["normalizer"] = json!({"type": "Replace", "pattern": {"String": "a"}, "content": "a".repeat(65)})), "tokenizer.json: the normalizer Replace makes texts too long".into()),
        ("tokenizer.json", subword("xlmr", &|file| file["model"]["unk_id"] = Value::Null), "tokenizer.json: the model names no piece for what it cannot spell (unk_id)".into()),
    ];
    for (name, json, want) in cases {
        let directory = tempfile::tempdir().unwrap();
        write_plain(directory.path(), &[(name, json)]);
        let refused = open(directory.path()).map(|_| ()).unwrap_err().to_string();
        assert_eq!(refused, want);
    }
}

#[test]
fn added_tokens_of_several_words_are_found_at_the_seams_of_long_texts_too() {
    let directory = tempfile::tempdir().unwrap();
    let id = support::vocab().len() as u32;
    write_plain(directory.path(), &[("added_tokens.json", json!({"history of": id}))]);
    let model = open(directory.path()).unwrap();
    let text = "history of ".repeat(20_000);
    let pieces = model.tokenizer().pieces(&text, || Ok(())).unwrap();
    assert_eq!(pieces.ids, vec![id; 20_000]);
    assert!(pieces.spans.iter().zip(0..).all(|(&span, at)| span == (11 * at, 11 * at + 10)));
}

#[test]
fn case_is_the_vocabularys_or_that_of_the_files() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write_bert(at, 2000);
    let mut pieces = support::vocab();
    pieces.extend((0..1001).map(|number| format!("A{number}")));
    pieces.push("Fever".into());
    std::fs::write(at.join("vocab.txt"), pieces.join("\n")).unwrap();
    let lower = pieces.iter().position(|piece| piece == "fever").unwrap() as u32;
    let bundle = tempfile::tempdir().unwrap();
    for (config, want, note) in [
        (
            json!({}),
            lower,
            "does not say whether to lower-case, and the vocabulary is cased: text is lower-cased all the same",
        ),
        (
            json!({"do_lower_case": true}),
            lower,
            "asks for lower-casing, but the vocabulary is cased: text is lower-cased all the same",
        ),
        (json!({"do_lower_case": false}), pieces.len() as u32 - 1, ""),
    ] {
        write_json(&at.join("tokenizer_config.json"), &config);
        assert_eq!(ids(&open(at).unwrap(), "Fever"), [pieces.len() as u32 - 1]);
        let target = bundle.path().join("model");
        to_bundle(at, &target);
        for path in [at, &target] {
            let options = OpenOptions { casing: Casing::Files, ..Default::default() };
            let model = Model::open(&engine(), path, options).unwrap();
            assert_eq!(ids(&model, "Fever"), [want]);
            assert_eq!(model.info().notes.len(), usize::from(!note.is_empty()));
            assert!(model.info().notes.iter().all(|told| told.ends_with(note)));
        }
    }
}
