//! Checkpoints as they are found in the wild, and what is said of those that do not fit.

mod support;

use std::path::Path;

use biobert::{Error, Input, OffsetUnit, QaOptions, Question, RunOptions, TokenSequence};
use safetensors::Dtype;
use support::{Tensor, config, encoder, open, vocab, write_checkpoint, write_json};

fn states(directory: &Path) -> Vec<f32> {
    let model = open(directory).unwrap();
    let sequence = TokenSequence { ids: vec![2, 10, 50, 99, 3], first_segment: 3 };
    model.states(&[sequence], model.layers()).unwrap()
}

fn write(directory: &Path, tensors: &[Tensor]) {
    write_checkpoint(directory, &config("BertModel", &[]), tensors, Dtype::F32);
}

#[test]
fn names_are_understood_in_all_their_spellings() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write(at, &encoder(1));
    let want = states(at);

    let renamed = |rename: &dyn Fn(&str) -> String| {
        let mut tensors = encoder(1);
        tensors.iter_mut().for_each(|tensor| tensor.name = rename(&tensor.name));
        tensors
    };
    let old = |name: &str| {
        name.replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta")
    };
    write(at, &renamed(&|name| format!("bert.{name}")));
    assert_eq!(states(at), want);
    write(at, &renamed(&old));
    assert_eq!(states(at), want);
    let mut tensors = renamed(&|name| format!("bert.{}", old(name)));
    for extra in
        ["bert.embeddings.position_ids", "bert.pooler.dense.weight", "cls.predictions.bias"]
    {
        tensors.push(Tensor { name: extra.into(), shape: vec![2], values: vec![0.0; 2] });
    }
    write(at, &tensors);
    assert_eq!(states(at), want);
}

#[test]
fn a_pointer_of_git_is_told_from_the_file() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), &encoder(1));
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n";
    std::fs::write(directory.path().join("model.safetensors"), pointer).unwrap();
    let error = open(directory.path()).unwrap_err().to_string();
    assert!(error.contains("model.safetensors: a pointer of Git LFS"), "{error}");
}

#[test]
fn other_precisions_are_read() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), &encoder(1));
    let want = states(directory.path());
    write_checkpoint(directory.path(), &config("BertModel", &[]), &encoder(1), Dtype::F64);
    assert_eq!(states(directory.path()), want);
    for (dtype, tolerance) in [(Dtype::F16, 0.05), (Dtype::BF16, 0.3)] {
        write_checkpoint(directory.path(), &config("BertModel", &[]), &encoder(1), dtype);
        let got = states(directory.path());
        let worst = got.iter().zip(&want).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst > 0.0 && worst < tolerance, "{dtype:?} is off by {worst}");
    }
}

#[test]
fn a_token_classification_checkpoint_brings_its_head() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path().join("my model");
    support::write_token_checkpoint(&at);
    let model = open(&at).unwrap();
    let heads: Vec<_> =
        model.heads().map(|(name, spec)| (name.to_string(), spec.labels.clone())).collect();
    assert_eq!(heads, [("my-model".to_string(), ["B", "I", "O"].map(String::from).to_vec())]);
}

#[test]
fn what_does_not_fit_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let refused = |tensors: &[Tensor]| {
        write(at, tensors);
        open(at).unwrap_err().to_string()
    };
    let missing: Vec<Tensor> = encoder(1)
        .into_iter()
        .filter(|tensor| tensor.name != "encoder.layer.1.output.dense.weight")
        .collect();
    assert_eq!(
        refused(&missing),
        "model.safetensors: encoder.layer.1.output.dense.weight is missing"
    );

    let mut wrong = encoder(1);
    wrong[1].shape = vec![32, 64];
    let want = "model.safetensors: embeddings.position_embeddings.weight has shape [32, 64], [64, 32] was expected";
    assert_eq!(refused(&wrong), want);

    let mut more = encoder(1);
    let layer = more.iter().filter(|tensor| tensor.name.contains("layer.1.")).cloned();
    let layer: Vec<Tensor> =
        layer.map(|t| Tensor { name: t.name.replace("layer.1.", "layer.2."), ..t }).collect();
    more.extend(layer);
    let want = "model.safetensors: holds a layer 2, but config.json says num_hidden_layers 2";
    assert_eq!(refused(&more), want);

    write_checkpoint(at, &config("BertForNextWord", &[]), &encoder(1), Dtype::F32);
    assert!(
        matches!(open(at).unwrap_err(), Error::Unsupported(reason) if reason.contains("BertForNextWord"))
    );
}

#[test]
fn directories_that_are_no_models_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let refused = |path: &Path| open(path).unwrap_err();
    assert!(matches!(refused(&at.join("missing")), Error::NotFound(_)));
    assert!(matches!(refused(at), Error::NotFound(reason) if reason.contains("config.json")));
    std::fs::write(at.join("file"), "x").unwrap();
    assert!(matches!(refused(&at.join("file")), Error::Argument(_)));

    write(at, &encoder(1));
    std::fs::remove_file(at.join("model.safetensors")).unwrap();
    assert_eq!(refused(at).to_string(), "model.safetensors does not exist");
    std::fs::write(at.join("pytorch_model.bin.index.json"), "{}").unwrap();
    assert!(refused(at).to_string().starts_with("pytorch_model.bin.index.json: missing field"));
    std::fs::write(at.join("pytorch_model.bin"), "pickled").unwrap();
    assert_eq!(refused(at).to_string(), "pytorch_model.bin: not a PyTorch checkpoint");
    write(at, &encoder(1));
    std::fs::remove_file(at.join("vocab.txt")).unwrap();
    assert!(refused(at).to_string().contains("neither vocab.txt nor tokenizer.json"));
    write(at, &encoder(1));
    std::fs::write(at.join("config.json"), "{").unwrap();
    assert!(refused(at).to_string().starts_with("config.json: the JSON ends early"));
}

#[test]
fn a_vocabulary_of_another_model_is_refused_and_a_shorter_one_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write(at, &encoder(1));
    // The embedding has three rows more than the vocabulary has lines.
    assert_eq!(open(at).unwrap().tokenizer().vocab_len(), vocab().len());
    // Blank lines at the end are no pieces.
    std::fs::write(at.join("vocab.txt"), vocab().join("\n") + "\n\n \n\n\n\n\n").unwrap();
    assert_eq!(open(at).unwrap().tokenizer().vocab_len(), vocab().len());
    let longer: Vec<String> =
        vocab().into_iter().chain((0..4).map(|i| format!("more{i}"))).collect();
    std::fs::write(at.join("vocab.txt"), longer.join("\n")).unwrap();
    assert!(open(at).unwrap_err().to_string().contains("belongs to another model"));
    std::fs::write(at.join("vocab.txt"), "a\nb\n").unwrap();
    assert_eq!(open(at).unwrap_err().to_string(), "vocab.txt: no line holds [CLS]");
    std::fs::write(at.join("vocab.txt"), b"a\n\xFF\n").unwrap();
    assert_eq!(open(at).unwrap_err().to_string(), "vocab.txt: not UTF-8 at byte 2");
}

#[test]
fn tokenizer_json_stands_in_for_vocab_txt() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write(at, &encoder(1));
    let want = open(at).unwrap().tokenizer().pieces("Fever, café.", || Ok(())).unwrap();
    let ids: serde_json::Map<String, serde_json::Value> =
        vocab().into_iter().enumerate().map(|(id, piece)| (piece, id.into())).collect();
    let json = serde_json::json!({
        "truncation": {"max_length": 4, "stride": 0, "strategy": "LongestFirst", "direction": "Right"},
        "padding": {"strategy": {"Fixed": 128}},
        "normalizer": {"type": "BertNormalizer", "lowercase": true, "strip_accents": null, "handle_chinese_chars": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "vocab": ids},
    });
    std::fs::remove_file(at.join("vocab.txt")).unwrap();
    write_json(&at.join("tokenizer.json"), &json);
    assert_eq!(open(at).unwrap().tokenizer().pieces("Fever, café.", || Ok(())).unwrap(), want);
}

#[test]
fn tokenizer_config_is_followed() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write(at, &encoder(1));
    write_json(
        &at.join("tokenizer_config.json"),
        &serde_json::json!({"do_lower_case": true, "strip_accents": false}),
    );
    let model = open(at).unwrap();
    let cafe = vocab().iter().position(|piece| piece == "café").unwrap() as u32;
    assert_eq!(model.tokenizer().pieces("CAFÉ", || Ok(())).unwrap().ids, [cafe]);
    write_json(&at.join("tokenizer_config.json"), &serde_json::json!({"do_lower_case": false}));
    assert!(open(at).unwrap().info().cased);
}

#[test]
fn weights_in_several_files_are_those_of_one() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write(at, &encoder(1));
    let want = states(at);
    let tensors = encoder(1);
    let (first, second) = tensors.split_at(tensors.len() / 3);
    let names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    let mut map = serde_json::Map::new();
    for (name, part) in names.iter().zip([first, second]) {
        support::write_tensors(&at.join(name), part, Dtype::F32);
        map.extend(part.iter().map(|tensor| (tensor.name.clone(), (*name).into())));
    }
    std::fs::remove_file(at.join("model.safetensors")).unwrap();
    let index = at.join("model.safetensors.index.json");
    let json = |map: &serde_json::Map<String, serde_json::Value>| serde_json::json!({"metadata": {"total_size": 1}, "weight_map": map});
    write_json(&index, &json(&map));
    assert_eq!(states(at), want);
    let model = open(at).unwrap();
    assert!(model.info().path_reason.ends_with("from model.safetensors.index.json"));

    // A tensor that its file lacks, one that no file has, and a file that is not there.
    let tensor = first[0].name.clone();
    map.insert(tensor.clone(), names[1].into());
    write_json(&index, &json(&map));
    let error = open(at).unwrap_err().to_string();
    assert_eq!(error, format!("{}: {tensor} is missing", names[1]));
    map.remove(&tensor);
    write_json(&index, &json(&map));
    let error = open(at).unwrap_err().to_string();
    assert!(error.starts_with("model.safetensors.index.json: ") && error.ends_with("is missing"));
    map.insert(tensor, "model-00003-of-00002.safetensors".into());
    write_json(&index, &json(&map));
    let error = open(at).unwrap_err().to_string();
    assert_eq!(error, "model-00003-of-00002.safetensors does not exist");
}

#[test]
fn configurations_without_a_model_type_are_taken_for_a_berts() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    write(at, &encoder(1));
    let want = states(at);
    let whole = config("BertModel", &[]);
    let mut silent = whole.clone();
    silent.as_object_mut().unwrap().retain(|key, _| key != "model_type" && key != "architectures");
    silent["type_vocab_size"] = 2.into();
    // The oldest of Hugging Face's.
    write_json(&at.join("config.json"), &silent);
    assert_eq!(states(at), want);
    let reason = open(at).unwrap().info().path_reason;
    assert!(reason.ends_with("names no model_type and was taken for a BERT's"), "{reason}");
    // Who has one segment is no BERT.
    silent["type_vocab_size"] = 1.into();
    write_json(&at.join("config.json"), &silent);
    assert!(matches!(open(at).unwrap_err(), Error::Unsupported(_)));
    // Google's.
    silent["type_vocab_size"] = 2.into();
    std::fs::remove_file(at.join("config.json")).unwrap();
    write_json(&at.join("bert_config.json"), &silent);
    assert_eq!(states(at), want);
}

/// A checkpoint that TensorFlow saved, with what else its training left in it.
#[test]
fn a_tensorflow_checkpoint_is_read_by_its_directory_its_prefix_and_its_index() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let want = states(&fixtures.join("bert-token"));
    let directory = fixtures.join("bert-tensorflow");
    for path in ["", "model.ckpt-3", "model.ckpt-3.index"] {
        let path = if path.is_empty() { directory.clone() } else { directory.join(path) };
        assert_eq!(states(&path), want);
        let reason = open(&path).unwrap().info().path_reason;
        assert!(
            reason.starts_with("the weights are a BERT's, from model.ckpt-3.index"),
            "{reason}"
        );
    }

    // Of several the latest, if it is said which that is.
    let copy = tempfile::tempdir().unwrap();
    let at = copy.path();
    for entry in std::fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, at.join(path.file_name().unwrap())).unwrap();
    }
    std::fs::write(at.join("model.ckpt-2.index"), "older").unwrap();
    assert_eq!(states(at), want);
    std::fs::remove_file(at.join("checkpoint")).unwrap();
    let error = open(at).unwrap_err().to_string();
    assert!(error.ends_with("2 TensorFlow checkpoints; name one by its .index file"), "{error}");
    let error = open(&at.join("model.ckpt-2")).unwrap_err().to_string();
    assert_eq!(error, "model.ckpt-2.index: not a whole index: it is too short");
    std::fs::remove_file(at.join("model.ckpt-2.index")).unwrap();

    // One bit, wherever it is, is noticed or is in what nobody reads.
    let refused_or_same = |path: &Path| match open(path) {
        Ok(_) => assert_eq!(states(path), want),
        Err(Error::Corrupt { .. } | Error::Model { .. } | Error::Unsupported(_)) => {}
        Err(error) => panic!("{error:?}"),
    };
    let mut random = support::Random(5);
    for file in ["model.ckpt-3.index", "model.ckpt-3.data-00000-of-00001"] {
        let path = at.join(file);
        let whole = std::fs::read(&path).unwrap();
        for round in 0..300 {
            let mut bytes = whole.clone();
            let place = random.below(bytes.len());
            match round % 3 {
                0 => bytes.truncate(place),
                _ => bytes[place] ^= 1 << random.below(8),
            }
            // Another file, since the one before may still be mapped.
            std::fs::remove_file(&path).unwrap();
            std::fs::write(&path, bytes).unwrap();
            refused_or_same(at);
        }
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, whole).unwrap();
    }
    assert_eq!(states(at), want);
}

#[test]
fn a_fine_tuned_tensorflow_checkpoint_brings_its_head() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let options = RunOptions::new(OffsetUnit::Utf8Bytes);
    let text: [Input<'_>; 1] = ["no fever and no rash, aspirin daily".into()];
    let ner = |name: &str| {
        let model = open(&fixtures.join(name)).unwrap();
        let found = model.ner(&[], &text, &options).unwrap().documents.remove(0).unwrap();
        // Heads are called after their directories.
        found.spans.iter().map(|s| (s.start, s.end, s.label.clone(), s.score)).collect::<Vec<_>>()
    };
    let found = ner("bert-tensorflow-token");
    assert!(!found.is_empty());
    assert_eq!(found, ner("bert-token"));
    let qa = |name: &str| {
        let model = open(&fixtures.join(name)).unwrap();
        let question = [Question { weights: &[], question: "rash?".into(), passages: &text }];
        let answers = model.qa(&[], &question, &QaOptions::default(), &options).unwrap();
        let answers = answers.documents[0].as_ref().unwrap().answers.clone();
        answers.iter().map(|a| (a.start, a.end, a.score)).collect::<Vec<_>>()
    };
    let found = qa("bert-tensorflow-qa");
    assert!(!found.is_empty());
    assert_eq!(found, qa("bert-qa"));

    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(fixtures.join("bert-tensorflow-token")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    let labels = copy.path().join("labels.txt");
    std::fs::write(&labels, "B\nO\n").unwrap();
    let error = open(copy.path()).unwrap_err().to_string();
    assert_eq!(error, "labels.txt: 2 labels, but the head has 3 outputs");
    std::fs::remove_file(labels).unwrap();
    let error = open(copy.path()).unwrap_err().to_string();
    assert!(error.starts_with("the output layer has 3 outputs without names"), "{error}");
}
