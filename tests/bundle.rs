//! Bundles: written, merged, damaged, replaced, and the golden one of version 1.

mod support;

use std::path::{Path, PathBuf};

use biobert::{
    ClsPooling, ConvertOptions, Integrity, Loading, Model, OffsetUnit, OpenOptions, Precision,
    RunOptions, TokenSequence, convert,
};
use support::{
    Random, Tensor, classifier, config, encoder, engine, golden, linear, open, write_checkpoint,
};

const NOTE: &str =
    "Patient with fever started insulin 5 mg daily; rash and arthritis, no diabetes mellitus.";

fn bundle(sources: &[&Path], target: &Path) -> biobert::Result<()> {
    let sources: Vec<PathBuf> = sources.iter().map(|path| path.to_path_buf()).collect();
    convert(&engine(), &sources, target, ConvertOptions::default())
}

/// Entities with the bits of their scores, as one text.
fn entities(model: &Model) -> String {
    let options = RunOptions::new(OffsetUnit::Utf8Bytes);
    let result = model.ner(&[], &[NOTE.into()], &options).unwrap();
    let found = &result.documents[0].as_ref().unwrap().spans;
    let line = |e: &biobert::Span| {
        format!("{}..{} {} {} {:08x}\n", e.start, e.end, e.label, e.head, e.score.to_bits())
    };
    found.iter().map(line).collect()
}

fn golden_entities(precision: Precision) -> String {
    let options = OpenOptions { precision: Some(precision), ..Default::default() };
    entities(&Model::open(&engine(), &golden(), options).unwrap())
}

/// Where stands what the golden bundle gives.
fn expected(precision: Precision) -> PathBuf {
    golden().with_extension(format!("{}.txt", precision.name()))
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&file, target).unwrap();
    }
}

#[test]
fn the_golden_bundle_opens_and_gives_what_it_always_gave() {
    for precision in [Precision::F32, Precision::Int8] {
        let got = golden_entities(precision);
        assert!(got.lines().count() > 3, "the random heads find a few entities");
        let expected = std::fs::read_to_string(expected(precision)).unwrap();
        assert_eq!(got, expected, "{precision:?}");
    }
    let model = open(&golden()).unwrap();
    let size: u64 = files(&golden()).iter().map(|file| file.metadata().unwrap().len()).sum();
    assert!(size < 200_000, "the tiny model has {size} bytes");
    let verified = model.verify().unwrap();
    assert_eq!(verified.sequences, 4);
    // Random heads are undecided now and then, so that quantization turns a few decisions.
    assert!(verified.changed * 20 < verified.decisions, "{verified:?}");
    assert!(verified.state_drift < 0.2 && verified.state_drift > 0.0);
}

#[test]
fn converting_the_same_checkpoint_gives_the_golden_weights() {
    let directory = tempfile::tempdir().unwrap();
    let (source, target) = (directory.path().join("tiny"), directory.path().join("bundle"));
    support::write_tiny(&source);
    bundle(&[&source], &target).unwrap();
    for file in ["encoder.safetensors", "vocab.txt", "probe.safetensors", "heads/typed.safetensors"]
    {
        let (got, want) = (std::fs::read(target.join(file)), std::fs::read(golden().join(file)));
        assert!(got.unwrap() == want.unwrap(), "{file} differs from version 1");
    }
}

#[test]
fn every_tensor_starts_on_a_cache_line() {
    for file in ["encoder.safetensors", "heads/typed.safetensors", "probe.safetensors"] {
        let bytes = std::fs::read(golden().join(file)).unwrap();
        let header = u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize + 8;
        assert_eq!(header % 64, 0, "{file}");
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        if file == "encoder.safetensors" {
            for (name, view) in tensors.tensors() {
                let place = view.data().as_ptr().addr() - bytes.as_ptr().addr();
                assert_eq!(place % 64, 0, "{name}");
            }
        }
    }
}

#[test]
fn heads_of_one_encoder_merge_and_others_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    support::write_tiny(&at("tiny"));
    support::write_token_checkpoint(&at("tokens"));
    bundle(&[&at("tiny"), &at("tokens")], &at("both")).unwrap();
    let names =
        |path: &Path| open(path).unwrap().heads().map(|(n, _)| n.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&at("both")), ["answer", "disease", "event", "induces", "typed", "tokens"]);
    // A bundle is a source too, and its encoder goes over byte by byte.
    bundle(&[&golden(), &at("tokens")], &at("again")).unwrap();
    let encoder_of = |path: &Path| std::fs::read(path.join("encoder.safetensors")).unwrap();
    assert!(encoder_of(&at("again")) == encoder_of(&golden()));
    assert_eq!(open(&at("again")).unwrap().verify().unwrap().sequences, 4);

    write_checkpoint(
        &at("other"),
        &config("BertModel", &[]),
        &encoder(99),
        safetensors::Dtype::F32,
    );
    let error = bundle(&[&at("tiny"), &at("other")], &at("never")).unwrap_err().to_string();
    assert_eq!(error, "other: its encoder differs from the first source's: embeddings.norm.scale");
    let error = bundle(&[&at("tiny"), &at("tiny")], &at("never")).unwrap_err().to_string();
    assert_eq!(error, "answer.json: two heads have this name");
    assert!(!at("never").exists());
}

/// A BERT whose vocabulary is byte-level BPE, as a checkpoint and as a bundle.
#[test]
fn a_bundle_keeps_subwords() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    support::write_token_checkpoint(&at("checkpoint"));
    std::fs::remove_file(at("checkpoint").join("vocab.txt")).unwrap();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/roberta-token-onnx");
    let config = at("checkpoint").join("config.json");
    let mut tensors: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&config).unwrap()).unwrap();
    let mut tokenizer: serde_json::Value =
        serde_json::from_slice(&std::fs::read(fixture.join("tokenizer.json")).unwrap()).unwrap();
    let rows = tensors["vocab_size"].as_u64().unwrap();
    let ids = tokenizer["model"]["vocab"].as_object_mut().unwrap();
    ids.retain(|_, id| id.as_u64().unwrap() < rows);
    let known: Vec<String> = ids.keys().cloned().collect();
    let merges = tokenizer["model"]["merges"].as_array_mut().unwrap();
    merges.retain(|merge| {
        let [a, b] = [0, 1].map(|part| merge[part].as_str().unwrap().to_string());
        [&a, &b, &format!("{a}{b}")].iter().all(|piece| known.contains(piece))
    });
    support::write_json(&at("checkpoint").join("tokenizer.json"), &tokenizer);
    tensors["pad_token_id"] = 1.into();
    support::write_json(&config, &tensors);

    bundle(&[&at("checkpoint")], &at("bundle")).unwrap();
    bundle(&[&at("bundle")], &at("again")).unwrap();
    let bytes = |name: &str, file: &str| std::fs::read(at(name).join(file)).unwrap();
    for file in ["tokenizer.json", "tokenizer_config.json"] {
        assert!(bytes("bundle", file) == bytes("again", file), "{file}");
    }
    assert!(!at("bundle").join("vocab.txt").exists());
    let manifest = String::from_utf8(bytes("bundle", "MANIFEST.json")).unwrap();
    assert!(manifest.contains("\"format_version\": 4"));
    let [checkpoint, bundle] = ["checkpoint", "bundle"].map(|name| open(&at(name)).unwrap());
    assert!(checkpoint.tokenizer().special().double_sep);
    assert_eq!(checkpoint.tokenizer().special(), bundle.tokenizer().special());
    let read = |model: &Model| model.tokenizer().pieces(NOTE, || Ok(())).unwrap();
    assert_eq!(read(&checkpoint), read(&bundle));
    assert!(bundle.verify().unwrap().state_drift < 0.2);
}

#[test]
fn a_target_that_is_no_bundle_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let (tiny, target) = (directory.path().join("tiny"), directory.path().join("target"));
    support::write_tiny(&tiny);
    std::fs::create_dir(&target).unwrap();
    std::fs::write(target.join("letter.txt"), "keep me").unwrap();
    assert!(bundle(&[&tiny], &target).is_err());
    assert_eq!(std::fs::read_to_string(target.join("letter.txt")).unwrap(), "keep me");
    std::fs::remove_dir_all(&target).unwrap();
    bundle(&[&tiny], &target).unwrap();
    bundle(&[&tiny], &target).unwrap();
    assert!(open(&target).is_ok());
    let left: Vec<_> =
        std::fs::read_dir(directory.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "temporary files were left: {left:?}");
}

#[test]
fn five_hundred_damages_are_all_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let bundle = directory.path().join("bundle");
    copy(&golden(), &bundle);
    let files = files(&bundle);
    let mut random = Random(500);
    for round in 0..500 {
        // Every file gets its share; the place and the kind of damage are drawn.
        let file = &files[round % files.len()];
        let whole = std::fs::read(file).unwrap();
        let mut damaged = whole.clone();
        let at = random.below(damaged.len());
        let kind = random.below(4);
        match kind {
            0 => damaged[at] ^= 1 << random.below(8),
            1 => damaged[at] = damaged[at].wrapping_add(1 + random.below(255) as u8),
            2 => damaged.truncate(at),
            _ => damaged.insert(at, random.next() as u8),
        }
        std::fs::write(file, &damaged).unwrap();
        for loading in [Loading::Map, Loading::Copy] {
            let options = OpenOptions { loading, ..Default::default() };
            let opened = Model::open(&engine(), &bundle, options);
            assert!(
                opened.is_err(),
                "round {round}: kind {kind} at {at} of {file:?} was not noticed"
            );
        }
        // The quick check may miss a changed weight; it must not fall over it.
        let quick = OpenOptions { integrity: Integrity::Headers, ..Default::default() };
        let _ = Model::open(&engine(), &bundle, quick);
        std::fs::write(file, &whole).unwrap();
    }
    assert!(open(&bundle).is_ok(), "undamaged again, it opens");
}

#[test]
fn a_damaged_checkpoint_gives_an_error_or_a_model_but_never_a_panic() {
    let directory = tempfile::tempdir().unwrap();
    support::write_token_checkpoint(directory.path());
    let file = directory.path().join("model.safetensors");
    let whole = std::fs::read(&file).unwrap();
    let mut random = Random(77);
    for _ in 0..200 {
        let mut damaged = whole.clone();
        if random.below(2) == 0 {
            damaged.truncate(random.below(whole.len()));
        } else {
            // Where the header is: the part that is interpreted.
            damaged[random.below(4000)] ^= 1 << random.below(8);
        }
        std::fs::write(&file, damaged).unwrap();
        if let Ok(model) = open(directory.path()) {
            entities(&model);
        }
    }
}

#[test]
fn files_of_another_bundle_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let bundle = directory.path().join("bundle");
    copy(&golden(), &bundle);
    std::fs::remove_file(bundle.join("vocab.txt")).unwrap();
    assert_eq!(open(&bundle).unwrap_err().to_string(), "vocab.txt does not exist");
    std::fs::write(bundle.join("vocab.txt"), support::vocab().join("\n")).unwrap();
    assert!(open(&bundle).unwrap_err().to_string().starts_with("vocab.txt: "));
}

#[test]
fn a_bundle_of_a_later_version_is_refused_by_its_number() {
    let directory = tempfile::tempdir().unwrap();
    let bundle = directory.path().join("bundle");
    copy(&golden(), &bundle);
    let manifest = bundle.join("MANIFEST.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("\"format_version\": 1", "\"format_version\": 5"))
        .unwrap();
    let error = open(&bundle).unwrap_err().to_string();
    assert_eq!(error, "MANIFEST.json: bundle format 5; this library reads formats 1 to 4");
}

#[test]
fn mapped_and_copied_give_the_same_bits() {
    let want = entities(&open(&golden()).unwrap());
    for loading in [Loading::Map, Loading::Copy] {
        for integrity in [Integrity::Full, Integrity::Headers] {
            let options = OpenOptions { loading, integrity, ..Default::default() };
            assert_eq!(entities(&Model::open(&engine(), &golden(), options).unwrap()), want);
        }
    }
}

#[test]
fn a_bundle_may_be_replaced_while_it_is_in_use() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    copy(&golden(), &at("model"));
    let model = open(&at("model")).unwrap();
    let want = entities(&model);
    let running = std::thread::spawn({
        let (model, want) = (model.clone(), want.clone());
        move || (0..200).all(|_| entities(&model) == want)
    });
    let mut tensors = encoder(5);
    tensors.extend(classifier(6, 3));
    tensors
        .iter_mut()
        .filter(|t| !t.name.starts_with("class"))
        .for_each(|t: &mut Tensor| t.name.insert_str(0, "bert."));
    let labels = ["B", "I", "O"];
    write_checkpoint(
        &at("new"),
        &config("BertForTokenClassification", &labels),
        &tensors,
        safetensors::Dtype::F32,
    );
    bundle(&[&at("new")], &at("model")).unwrap();
    assert!(running.join().unwrap(), "the open model changed under the run");
    assert_eq!(entities(&model), want);
    assert_ne!(entities(&open(&at("model")).unwrap()), want, "opened anew, it is the new model");
}

/// A checkpoint of each class on one encoder: one bundle, with the pooler in the head that reads it.
#[test]
fn token_classes_sequence_classes_and_answers_merge() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let write = |name: &str, class: &str, labels: &[&str], head: Vec<Tensor>| {
        let mut tensors = encoder(1);
        tensors.iter_mut().for_each(|tensor| tensor.name.insert_str(0, "bert."));
        tensors.extend(head);
        write_checkpoint(&at(name), &config(class, labels), &tensors, safetensors::Dtype::F32);
    };
    write("ner", "BertForTokenClassification", &["B", "I", "O"], classifier(2, 3));
    let pooled = [linear(3, "bert.pooler.dense", 32), classifier(4, 2)].concat();
    // No names of labels: they are numbered.
    write("event", "BertForSequenceClassification", &[], pooled);
    write("answer", "BertForQuestionAnswering", &[], linear(5, "qa_outputs", 2));
    let merged = at("merged");
    bundle(&[&at("ner"), &at("event"), &at("answer")], &merged).unwrap();
    let model = open(&merged).unwrap();
    let heads: Vec<_> = model.heads().map(|(name, spec)| (name, spec.pooling())).collect();
    assert_eq!(heads, [("ner", None), ("event", Some(ClsPooling::PoolerTanh)), ("answer", None)]);
    let (_, event) = model.heads().nth(1).unwrap();
    assert_eq!(event.labels, ["LABEL_0", "LABEL_1"]);
    assert!(model.verify().unwrap().logit_drift < 0.5);

    // The same heads in a directory, on the encoder as it was.
    let plain = at("plain");
    write_checkpoint(
        &plain.join("encoder"),
        &config("BertModel", &[]),
        &encoder(1),
        safetensors::Dtype::F32,
    );
    std::fs::rename(merged.join("heads"), plain.join("heads")).unwrap();
    let plain = open(&plain).unwrap();
    let sequence = [TokenSequence { ids: vec![2, 10, 50, 99, 3], first_segment: 3 }];
    for name in ["ner", "event", "answer"] {
        let checkpoint = open(&at(name)).unwrap().logits(name, &sequence).unwrap();
        assert_eq!(plain.logits(name, &sequence).unwrap(), checkpoint, "{name}");
    }
}

#[test]
fn a_pooling_that_is_not_known_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let refused = |head: &str, pooling: &str| {
        support::write_tiny(directory.path());
        let path = directory.path().join(format!("heads/{head}.json"));
        let mut spec: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        spec["pooling"] = pooling.into();
        support::write_json(&path, &spec);
        open(directory.path()).unwrap_err().to_string()
    };
    assert!(refused("event", "max").contains("unknown variant `max`, expected one of `cls`"));
    assert_eq!(refused("event", "pooler_tanh"), "event.safetensors: pooler.weight is missing");
    assert!(
        refused("disease", "pooler_tanh")
            .contains("`pooling` is not a field of a head for this task")
    );
}
