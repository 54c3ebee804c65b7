//! Every fixture against what PyTorch says of it: the ids of its texts, and logits within 1e-4.

mod support;

use std::path::{Path, PathBuf};

use biobert::{
    ClsPooling, ConvertOptions, Error, Model, OffsetUnit, RunOptions, TokenSequence, convert,
};
use serde_json::Value;
use support::{engine, open};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn reference(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(fixtures().join("reference.json")).unwrap();
    let mut all: Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value(all[name].take()).unwrap()
}

/// All numbers of a JSON value, in order.
fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap() as f32],
    }
}

/// A text, or two, as the model reads them.
fn sequence(model: &Model, entry: &Value) -> TokenSequence {
    let special = model.tokenizer().special();
    let pieces = |key: &str| {
        let text = entry[key].as_str()?;
        Some(model.tokenizer().pieces(text, || Ok(())).unwrap().ids)
    };
    let mut ids = [vec![special.cls], pieces("text").unwrap(), vec![special.sep]].concat();
    let mut first_segment = ids.len();
    if let Some(second) = pieces("pair") {
        ids.extend(special.double_sep.then_some(special.sep));
        ids.extend(second);
        ids.push(special.sep);
    }
    if special.one_segment || entry.get("pair").is_none() {
        first_segment = ids.len();
    }
    TokenSequence { ids, first_segment }
}

/// What the reference has of a model's outputs, as this library computes it.
fn outputs(model: &Model, entry: &Value, sequence: TokenSequence) -> (Vec<f32>, Vec<f32>) {
    let logits = &entry["logits"];
    let tokens = sequence.ids.len();
    let sequences = [sequence];
    if logits.get("first").is_some() {
        let states = model.states(&sequences, model.layers()).unwrap();
        let last = (tokens - 1) * model.hidden();
        let got = [&states[..model.hidden()], &states[last..]].concat();
        return (got, [numbers(&logits["first"]), numbers(&logits["last"])].concat());
    }
    let (head, _) = model.heads().next().unwrap();
    let got = model.logits(head, &sequences).unwrap();
    if logits.get("start").is_some() {
        let column = |at: usize| got.chunks_exact(2).map(move |row| row[at]);
        let got = column(0).chain(column(1)).collect();
        return (got, [numbers(&logits["start"]), numbers(&logits["end"])].concat());
    }
    (got, numbers(logits))
}

fn largest_difference(got: &[f32], want: &[f32]) -> f32 {
    assert_eq!(got.len(), want.len());
    got.iter().zip(want).map(|(got, want)| (got - want).abs()).fold(0.0, f32::max)
}

/// Ids and logits of a fixture.
fn agrees_with_pytorch(name: &str) -> Model {
    let model = open(&fixtures().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut worst = 0.0_f32;
    for entry in reference(name) {
        let sequence = sequence(&model, &entry);
        let ids: Vec<u32> = serde_json::from_value(entry["ids"].clone()).unwrap();
        assert_eq!(sequence.ids, ids, "{name}: {}", entry["text"]);
        let segments: Vec<usize> = serde_json::from_value(entry["type_ids"].clone()).unwrap();
        let firsts = segments.iter().filter(|&&segment| segment == 0).count();
        assert_eq!(sequence.first_segment, firsts, "{name}: {}", entry["text"]);
        let (got, want) = outputs(&model, &entry, sequence);
        worst = worst.max(largest_difference(&got, &want));
    }
    let info = model.info();
    println!("{name}: {}, {worst:.1e} from PyTorch; {}", info.path, info.path_reason);
    assert!(worst < 1e-4, "{name} is off by {worst}");
    model
}

fn has_path(name: &str, path: &str, reason: &str) {
    let info = agrees_with_pytorch(name).info();
    assert_eq!(info.path, path, "{name}: {}", info.path_reason);
    assert!(info.path_reason.contains(reason), "{name}: {}", info.path_reason);
}

#[test]
fn weights_are_the_same_in_every_file() {
    agrees_with_pytorch("bert-token");
    for form in ["zip", "legacy", "half", "parameters", "views"] {
        agrees_with_pytorch(&format!("bert-token-{form}"));
    }
    let twin = open(&fixtures().join("bert-token")).unwrap();
    for form in ["zip", "legacy", "parameters", "views"] {
        let model = open(&fixtures().join(format!("bert-token-{form}"))).unwrap();
        let entry = &reference("bert-token")[0];
        let logits = |model: &Model| {
            let (head, _) = model.heads().next().unwrap();
            model.logits(head, &[sequence(model, entry)]).unwrap()
        };
        assert_eq!(logits(&model), logits(&twin), "{form}");
    }
}

#[test]
fn classification_and_answers_come_with_their_heads() {
    let spec = |name: &str| {
        let model = agrees_with_pytorch(name);
        let (_, spec) = model.heads().next().unwrap();
        spec.clone()
    };
    let classify = spec("bert-classify");
    assert_eq!(classify.labels, ["negative", "neutral", "positive"]);
    assert_eq!((classify.pooling(), classify.multi_label()), (Some(ClsPooling::PoolerTanh), None));
    assert_eq!(spec("bert-classify-multi").multi_label(), Some(true));
    assert_eq!(spec("bert-qa").labels, ["start", "end"]);
}

/// A bundle rounds the encoder's weights, but not those of the heads.
#[test]
fn every_kind_of_head_goes_through_a_bundle() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["bert-token-zip", "bert-classify", "bert-classify-multi", "bert-qa"] {
        let bundle = directory.path().join(name);
        let source = fixtures().join(name);
        convert(&engine(), std::slice::from_ref(&source), &bundle, ConvertOptions::default())
            .unwrap();
        let (model, source) = (open(&bundle).unwrap(), open(&source).unwrap());
        let check = model.verify().unwrap();
        assert!(check.logit_drift < 0.3, "{name}: {check:?}");
        let specs = |model: &Model| {
            let (_, spec) = model.heads().next().unwrap();
            (spec.labels.clone(), spec.pooling(), spec.multi_label())
        };
        assert_eq!(specs(&model), specs(&source));
        // Again from the bundle: the head's weights are the same bytes.
        let again = directory.path().join("again");
        convert(&engine(), std::slice::from_ref(&bundle), &again, ConvertOptions::default())
            .unwrap();
        let weights = format!("heads/{name}.safetensors");
        let bytes = |bundle: &Path| std::fs::read(bundle.join(&weights)).unwrap();
        assert_eq!(bytes(&bundle), bytes(&again));
    }
}

#[test]
fn hostile_checkpoints_are_refused_and_run_nothing() {
    let directory = tempfile::tempdir().unwrap();
    for file in ["config.json", "vocab.txt"] {
        std::fs::copy(fixtures().join("bert-token").join(file), directory.path().join(file))
            .unwrap();
    }
    let cases = [
        ("evil.bin", "asks to call something that is no tensor; nothing was called"),
        ("evil-legacy.bin", "asks to call something that is no tensor; nothing was called"),
        ("bomb.bin", "compressed entries"),
        ("bomb-shape.bin", "reaches beyond its storage"),
        ("bomb-stride.bin", "[1048576, 1048576], [122, 32] was expected"),
        ("cut.bin", "not a whole zip archive"),
        ("cut-legacy.bin", "a storage is cut short"),
    ];
    for (file, reason) in cases {
        let source = fixtures().join("hostile").join(file);
        std::fs::copy(source, directory.path().join("pytorch_model.bin")).unwrap();
        let error = open(directory.path()).unwrap_err().to_string();
        assert!(error.starts_with("pytorch_model.bin: "), "{file}: {error}");
        assert!(error.contains(reason), "{file}: {error}");
    }
    assert!(!Path::new("/tmp/biobert-was-run").exists());
}

#[test]
fn a_bert_is_recognised_whatever_exported_it() {
    for name in [
        "bert-token-onnx3",
        "bert-token-onnx2",
        "bert-token-dynamo",
        "bert-token-optimum",
        "bert-classify-onnx",
        "bert-qa-onnx",
        "bert-features-onnx",
        "hostile/external-inside",
    ] {
        has_path(name, "fast", "the graph is a BERT: its ");
    }
}

#[test]
fn other_families_go_the_general_way() {
    for (name, class) in [
        ("roberta-token-onnx", "RobertaForTokenClassification"),
        ("distilbert-token-onnx", "DistilBertForTokenClassification"),
        ("electra-token-onnx", "ElectraForTokenClassification"),
        ("deberta-token-onnx", "DebertaV2ForTokenClassification"),
    ] {
        has_path(name, "general", &format!("architecture {class} is not a BERT"));
    }
}

/// A copy of a fixture, to change.
fn copy(name: &str, to: &Path) {
    for entry in std::fs::read_dir(fixtures().join(name)).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn change_config(directory: &Path, change: impl Fn(&mut Value)) {
    let path = directory.join("config.json");
    let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(&mut config);
    support::write_json(&path, &config);
}

/// Both paths on all kinds of BERT graphs: a graph that is not taken for a BERT runs as it is.
#[test]
fn both_paths_give_the_same() {
    for name in ["bert-token-onnx3", "bert-classify-onnx", "bert-qa-onnx", "bert-features-onnx"] {
        let directory = tempfile::tempdir().unwrap();
        copy(name, directory.path());
        // Another family's name, and nobody looks for BERT's weights.
        change_config(directory.path(), |config| config["model_type"] = "electra".into());
        let model = open(directory.path()).unwrap();
        assert_eq!(model.info().path, "general", "{name}");
        let fast = open(&fixtures().join(name)).unwrap();
        assert_eq!(fast.info().path, "fast", "{name}");
        for entry in reference(name) {
            let got = outputs(&model, &entry, sequence(&model, &entry));
            let want = outputs(&fast, &entry, sequence(&fast, &entry));
            assert!(largest_difference(&got.0, &got.1) < 1e-4, "{name}");
            assert!(largest_difference(&got.0, &want.0) < 1e-4, "{name}");
        }
    }
}

/// What `config.json` says and the graph does not do is found out by running both.
#[test]
fn a_graph_that_computes_something_else_runs_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    copy("bert-token-onnx3", directory.path());
    change_config(directory.path(), |config| config["num_attention_heads"] = 4.into());
    let info = open(directory.path()).unwrap().info();
    assert_eq!(info.path, "general");
    assert!(info.path_reason.contains("no plain BERT: its logits differ by"), "{info:?}");
    change_config(directory.path(), |config| config["num_hidden_layers"] = 3.into());
    let info = open(directory.path()).unwrap().info();
    assert!(
        info.path_reason.contains("layer.2.attention.self.query.weight is missing"),
        "{info:?}"
    );
}

const NOTES: [&str; 6] = [
    "Patient with diabetes mellitus started insulin daily.",
    "Café visit, naïve to statins 🤒 — fièvre 38 °C.\r\n\r\n  Rash 😀😀 on e\u{301}chinacea.",
    "  \n leading blanks, aspirin",
    "<s> [CLS] </s> [MASK] <mask>",
    " \n ",
    "",
];

#[test]
fn entities_of_all_families_lie_in_the_text() {
    for name in [
        "roberta-token-onnx",
        "distilbert-token-onnx",
        "electra-token-onnx",
        "deberta-token-onnx",
        "bert-token-onnx3",
    ] {
        let model = open(&fixtures().join(name)).unwrap();
        let long = NOTES.concat().repeat(50);
        let texts: Vec<&str> = NOTES.into_iter().chain([long.as_str()]).collect();
        let documents: Vec<_> = texts.iter().map(|&text| text.into()).collect();
        let options = RunOptions::new(OffsetUnit::Utf8Bytes);
        let result = model.ner(&[], &documents, &options).unwrap();
        let mut count = 0;
        for (text, document) in texts.iter().zip(&result.documents) {
            for entity in &document.as_ref().unwrap().spans {
                let found = text.get(entity.start..entity.end).expect("on boundaries, inside");
                assert!(!found.is_empty() && found.trim() == found, "{name}: {found:?}");
                assert!(entity.score > 0.0 && entity.score <= 1.0);
                count += 1;
            }
        }
        println!("{name}: {count} entities");
        assert!(count > 0, "{name} finds nothing at all");
    }
}

/// A run without a blank is no word of any language; it is read all the same, and in time.
#[test]
fn texts_without_any_gap_are_read() {
    for name in ["roberta-token-onnx", "deberta-token-onnx", "electra-token-onnx"] {
        let model = open(&fixtures().join(name)).unwrap();
        for unit in ["a", "😀", "-", "aspirin", "\u{a0}", "\n", "e\u{301}"] {
            let text = unit.repeat(200_000 / unit.len());
            let pieces = model.tokenizer().pieces(&text, || Ok(())).unwrap();
            let inside = |&(start, end): &(u32, u32)| text.get(start as usize..end as usize);
            assert!(pieces.spans.iter().all(|span| inside(span).is_some()), "{name}: {unit:?}");
            assert!(pieces.spans.is_sorted_by_key(|span| span.1), "{name}: {unit:?}");
        }
    }
}

#[test]
fn threads_and_batches_change_nothing() {
    let name = "deberta-token-onnx";
    let options = biobert::EngineOptions { threads: 3, token_budget: 7, ..Default::default() };
    let engine = biobert::Engine::new(options).unwrap();
    let many = Model::open(&engine, &fixtures().join(name), Default::default()).unwrap();
    let one = open(&fixtures().join(name)).unwrap();
    let entities = |model: &Model| {
        let documents: Vec<_> = NOTES.into_iter().map(|text| text.into()).collect();
        let options = RunOptions::new(OffsetUnit::Utf16Units);
        let result = model.ner(&[], &documents, &options).unwrap();
        let documents = result.documents.iter();
        documents.map(|document| document.as_ref().unwrap().spans.clone()).collect::<Vec<_>>()
    };
    assert_eq!(entities(&many), entities(&one));
}

#[test]
fn what_a_graph_cannot_do_is_said() {
    let model = open(&fixtures().join("roberta-token-onnx")).unwrap();
    let sequence = TokenSequence { ids: vec![0, 5, 6, 2], first_segment: 4 };
    let error = model.states(std::slice::from_ref(&sequence), model.layers()).unwrap_err();
    assert!(matches!(error, Error::Unsupported(_)), "{error}");
    let pair = TokenSequence { first_segment: 2, ..sequence };
    assert!(model.logits("roberta-token-onnx", &[pair]).is_err());
    let long = TokenSequence { ids: vec![5; 65], first_segment: 65 };
    assert_eq!(model.max_tokens(), 64);
    assert!(model.logits("roberta-token-onnx", &[long]).is_err());

    let directory = tempfile::tempdir().unwrap();
    let convert = |name: &str| {
        let target = directory.path().join("bundle");
        convert(&engine(), &[fixtures().join(name)], &target, ConvertOptions::default())
    };
    let error = convert("roberta-token-onnx").unwrap_err().to_string();
    assert!(error.contains("only what runs on the fast path can become a bundle"), "{error}");
    convert("bert-classify-onnx").unwrap();
    let bundle = open(&directory.path().join("bundle")).unwrap();
    assert!(bundle.verify().unwrap().logit_drift < 0.3);
}

/// Byte-level BPE as it came before there was `tokenizer.json`.
#[test]
fn vocab_json_and_merges_stand_in_for_tokenizer_json() {
    let directory = tempfile::tempdir().unwrap();
    copy("roberta-token-onnx", directory.path());
    let want = open(directory.path()).unwrap();
    let json = std::fs::read(directory.path().join("tokenizer.json")).unwrap();
    let json: Value = serde_json::from_slice(&json).unwrap();
    support::write_json(&directory.path().join("vocab.json"), &json["model"]["vocab"]);
    std::fs::remove_file(directory.path().join("tokenizer.json")).unwrap();
    let model = open(directory.path()).unwrap();
    assert_eq!(model.tokenizer().special(), want.tokenizer().special());
    assert!(model.tokenizer().special().double_sep);
    for note in NOTES {
        let pieces = |model: &Model| model.tokenizer().pieces(note, || Ok(())).unwrap();
        assert_eq!(pieces(&model), pieces(&want));
    }
}

#[test]
fn hostile_graphs_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    copy("bert-token-onnx3", directory.path());
    let graph = directory.path().join("model.onnx");
    let cases = [
        ("unknown-op.onnx", "model.onnx: operator FancyNormalization is not supported"),
        ("wrong-rank.onnx", "model.onnx: logits has 1 dimensions, 3 were expected"),
        ("external.onnx", "model.onnx: names a file of weights outside of its directory"),
    ];
    for (file, reason) in cases {
        std::fs::copy(fixtures().join("hostile").join(file), &graph).unwrap();
        assert_eq!(open(directory.path()).unwrap_err().to_string(), reason, "{file}");
    }
    std::fs::write(&graph, "").unwrap();
    assert_eq!(open(directory.path()).unwrap_err().to_string(), "model.onnx: empty");
    std::fs::rename(&graph, directory.path().join("model_quantized.onnx")).unwrap();
    let error = open(directory.path()).unwrap_err().to_string();
    assert_eq!(error, "model_quantized.onnx: empty");
}

#[cfg(unix)]
#[test]
fn weights_beside_a_graph_are_no_way_out_of_its_directory() {
    let directory = tempfile::tempdir().unwrap();
    let inside = directory.path().join("model");
    std::fs::create_dir(&inside).unwrap();
    copy("hostile/external-inside", &inside);
    let (data, secret) = (inside.join("model.onnx_data"), directory.path().join("secret"));
    assert!(open(&inside).is_ok());
    std::fs::rename(&data, &secret).unwrap();
    assert!(matches!(open(&inside).unwrap_err(), Error::NotFound(_)));
    std::os::unix::fs::symlink(&secret, &data).unwrap();
    let error = open(&inside).unwrap_err().to_string();
    assert!(error.contains("outside of its directory"), "{error}");
    std::fs::remove_file(&data).unwrap();
    let bytes = std::fs::read(&secret).unwrap();
    std::fs::write(&data, &bytes[..bytes.len() / 2]).unwrap();
    let error = open(&inside).unwrap_err().to_string();
    assert!(error.contains("more values than the file beside it holds"), "{error}");
}

/// The peak of the process's memory in kB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn damaged_graphs_end_in_an_error_and_cost_no_memory() {
    let directory = tempfile::tempdir().unwrap();
    let mut random = support::Random(7);
    for name in ["bert-token-onnx3", "bert-token-dynamo", "roberta-token-onnx"] {
        copy(name, directory.path());
        let path = directory.path().join("model.onnx");
        let whole = std::fs::read(&path).unwrap();
        for parts in 1..40 {
            std::fs::write(&path, &whole[..whole.len() * parts / 40]).unwrap();
            open(directory.path()).unwrap_err();
        }
        let mut opened = 0;
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..1 + random.below(4) {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
            std::fs::write(&path, bytes).unwrap();
            if let Ok(model) = open(directory.path()) {
                opened += 1;
                let options = RunOptions::new(OffsetUnit::Utf8Bytes);
                // Weights may have become anything: an answer or an error.
                let _ = model.ner(&[], &[NOTES[0].into()], &options);
            }
        }
        println!("{name}: {opened} of 150 damaged graphs still open");
    }
    if let Some(peak) = peak() {
        println!("peak memory {} MB", peak / 1024);
        assert!(peak < 2 << 20, "{peak} kB");
    }
}
