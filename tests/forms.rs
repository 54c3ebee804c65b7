//! Checkpoints with something on top or left out: adapters, conditional random fields, regressions, outputs
//! without names, tensors that nothing uses. The answers of the packages that wrote them are in
//! `fixtures/forms.json`.

mod support;

use std::path::{Path, PathBuf};

use biobert::{
    ConvertOptions, Error, Input, Model, OffsetUnit, OpenOptions, Precision, RunOptions,
    TokenSequence, convert,
};
use safetensors::Dtype;
use serde_json::{Value, json};
use support::{
    Tensor, classifier, config, encoder, engine, open, write_checkpoint, write_json, write_tensors,
};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// What is recorded of a fixture.
fn answers(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(fixtures().join("forms.json")).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    all.into_iter().filter(|answer| answer["name"] == name).collect()
}

fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().unwrap() as f32],
    }
}

/// The largest difference of a model's logits to those that are recorded.
fn difference(model: &Model, name: &str) -> f32 {
    let (head, _) = model.heads().next().unwrap();
    let mut worst = 0.0_f32;
    for answer in answers(name) {
        let ids: Vec<u32> = serde_json::from_value(answer["ids"].clone()).unwrap();
        let first_segment = ids.len();
        let found = model.logits(head, &[TokenSequence { ids, first_segment }]).unwrap();
        let want = numbers(&answer["logits"]);
        assert_eq!(found.len(), want.len(), "{name}");
        worst = found.iter().zip(&want).map(|(a, b)| (a - b).abs()).fold(worst, f32::max);
    }
    worst
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// Changes a JSON file.
fn edit(path: &Path, change: impl Fn(&mut Value)) {
    let mut value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    change(&mut value);
    write_json(path, &value);
}

/// The tensors of a file.
fn tensors(path: &Path) -> Vec<Tensor> {
    let bytes = std::fs::read(path).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let tensor = |(name, view): (String, safetensors::tensor::TensorView<'_>)| {
        let values = view.data().as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect();
        Tensor { name, shape: view.shape().to_vec(), values }
    };
    file.tensors().into_iter().map(tensor).collect()
}

const ADAPTERS: [&str; 5] =
    ["lora-token", "lora-patterns", "lora-classify", "lora-embeddings", "lora-dora"];

#[test]
fn adapters_give_what_peft_merges() {
    for name in ADAPTERS {
        let model = open(&fixtures().join(name)).unwrap();
        let worst = difference(&model, name);
        assert!(worst < 1e-5, "{name} is off by {worst}");
        let base = if name == "lora-classify" { "bert-classify" } else { "bert-token" };
        let unchanged = open(&fixtures().join(base)).unwrap();
        assert!(difference(&unchanged, name) > 1e-2, "{name} changes nothing");
        let info = model.info();
        assert!(info.path_reason.contains("with the LoRA adapter adapter_model."), "{name}");
        assert_ne!(info.source, unchanged.info().source);
    }
}

#[test]
fn an_adapter_finds_its_base_beside_it_inside_and_where_it_says() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let want = 1e-5;
    let name = "lora-token";
    copy(&fixtures().join(name), &at("beside"));
    let said = |value: Value| {
        edit(&at("beside/adapter_config.json"), |config| {
            config["base_model_name_or_path"] = value.clone();
        });
    };
    // Nowhere: never from a network.
    for hub in [json!("someone/bert"), Value::Null, json!("../missing")] {
        said(hub);
        let error = open(&at("beside")).unwrap_err();
        let Error::NotFound(reason) = &error else { panic!("{error:?}") };
        assert!(reason.contains("nothing is downloaded: put the base's files beside"), "{reason}");
    }
    // An absolute path.
    said(json!(fixtures().join("bert-token")));
    assert!(difference(&open(&at("beside")).unwrap(), name) < want);
    let told = |directory: &Path| open(directory).unwrap().info().source;
    let sources = told(&at("beside"));
    // Inside, which is taken first; two are one too many.
    copy(&fixtures().join("bert-token"), &at("beside/base"));
    assert!(difference(&open(&at("beside")).unwrap(), name) < want);
    copy(&fixtures().join("bert-token"), &at("beside/other"));
    let error = open(&at("beside")).unwrap_err().to_string();
    assert_eq!(error, "beside: 2 directories inside could be the adapter's base");
    // In the same directory.
    copy(&fixtures().join("bert-token"), &at("beside"));
    assert!(difference(&open(&at("beside")).unwrap(), name) < want);
    assert_eq!(told(&at("beside")), sources);
    // The factor of an adapter is part of what it is.
    edit(&at("beside/adapter_config.json"), |config| config["lora_alpha"] = 7.into());
    assert_ne!(told(&at("beside")), sources);
    // An `encoder/` may be one.
    std::fs::create_dir(at("heads")).unwrap();
    copy(&fixtures().join(name), &at("encoder"));
    copy(&fixtures().join("bert-token"), &at("encoder"));
    assert!(difference(&open(directory.path()).unwrap(), name) < want);
}

#[test]
fn an_adapter_fits_a_base_by_any_of_its_names() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    for name in ["lora-token", "lora-patterns", "lora-embeddings"] {
        copy(&fixtures().join("bert-token"), at);
        copy(&fixtures().join(name), at);
        let weights = at.join("model.safetensors");
        let mut old = tensors(&weights);
        for tensor in &mut old {
            tensor.name = tensor.name.trim_start_matches("bert.").into();
            tensor.name = tensor.name.replace("LayerNorm.weight", "LayerNorm.gamma");
            tensor.name = tensor.name.replace("LayerNorm.bias", "LayerNorm.beta");
        }
        // A base of pre-training has no classifier: the adapter brings it. And has what the adapter's model had not.
        old.retain(|tensor| !tensor.name.starts_with("classifier"));
        let cls = "cls.seq_relationship.weight";
        old.push(Tensor { name: cls.into(), shape: vec![2, 2], values: vec![0.0; 4] });
        std::fs::remove_file(&weights).unwrap();
        write_tensors(&weights, &old, Dtype::F32);
        edit(&at.join("config.json"), |config| {
            config["architectures"] = json!(["BertForPreTraining"]);
            config.as_object_mut().unwrap().remove("id2label");
        });
        let error = open(at).unwrap_err().to_string();
        assert!(error.contains("the 3 outputs of the head have no names"), "{error}");
        std::fs::write(at.join("labels.txt"), "B\nI\nO\n").unwrap();
        let model = open(at).unwrap();
        assert!(difference(&model, name) < 1e-5);
        assert!(model.info().passed_over.iter().any(|remark| remark.contains("pre-training")));
        for file in ["labels.txt", "adapter_config.json", "adapter_model.safetensors"] {
            std::fs::remove_file(at.join(file)).unwrap();
        }
    }
}

#[test]
fn an_adapter_that_does_not_fit_is_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let refused = |change: &dyn Fn(&mut Vec<Tensor>), config: &dyn Fn(&mut Value)| {
        copy(&fixtures().join("bert-token"), at);
        copy(&fixtures().join("lora-token"), at);
        let path = at.join("adapter_model.safetensors");
        let mut changed = tensors(&path);
        change(&mut changed);
        std::fs::remove_file(&path).unwrap();
        write_tensors(&path, &changed, Dtype::F32);
        edit(&at.join("adapter_config.json"), config);
        open(at).unwrap_err().to_string()
    };
    let query = "bert.encoder.layer.1.attention.self.query";
    let without =
        |part: &'static str| move |all: &mut Vec<Tensor>| all.retain(|t| !t.name.contains(part));
    let named = |name: String, shape: [usize; 2]| {
        move |all: &mut Vec<Tensor>| {
            let values = vec![0.0; shape[0] * shape[1]];
            all.push(Tensor { name: name.clone(), shape: shape.into(), values });
        }
    };
    let same = |_: &mut Value| ();
    let cases: [(String, String); 8] = [
        (
            refused(&without("layer.1.attention.self.query.lora_B"), &same),
            format!("adapter_model.safetensors: {query}.lora_B is missing"),
        ),
        (
            refused(&without("layer.1.attention.self.query"), &same),
            "adapter_config.json: target module encoder.layer.1.attention.self.query has no tensors".into(),
        ),
        (
            refused(&|_| (), &|config| config["target_modules"] = json!(["query", "value", "key"])),
            "adapter_config.json: target module key has no tensors in adapter_model.safetensors".into(),
        ),
        (
            refused(&without("classifier"), &same),
            "adapter_config.json: classifier of modules_to_save lacks classifier.bias in".into(),
        ),
        (
            refused(&named("base_model.model.score.weight".into(), [2, 2]), &same),
            "model.safetensors: nothing here uses score.weight".into(),
        ),
        (
            refused(&named(format!("base_model.model.{query}.lora_C.weight"), [2, 2]), &same),
            format!("adapter_model.safetensors: base_model.model.{query}.lora_C.weight is not"),
        ),
        (
            refused(&|_| (), &|config| config["use_dora"] = true.into()),
            "adapter_model.safetensors: bert.encoder.layer.0.attention.self.query and use_dora".into(),
        ),
        (
            refused(&|_| (), &|config| config["peft_type"] = "IA3".into()),
            "adapter_config.json: peft_type IA3 is not supported, only LORA is".into(),
        ),
    ];
    for (found, want) in cases {
        assert!(found.starts_with(&want), "{found}\nis not\n{want}");
    }
    let other = refused(&|all| all[0].name.insert(0, 'x'), &same);
    assert!(other.ends_with("does not begin with base_model.model."), "{other}");
    // What its module does not have, and what is too large for it.
    let ghost = |part: &str, shape| {
        named(
            format!("base_model.model.bert.encoder.layer.7.output.dense.lora_{part}.weight"),
            shape,
        )
    };
    let error = refused(
        &|all| {
            ghost("A", [2, 64])(all);
            ghost("B", [32, 2])(all)
        },
        &same,
    );
    assert!(
        error.ends_with("changes bert.encoder.layer.7.output.dense, which the base does not have")
    );
    let error = refused(
        &|all| {
            let a = all.iter_mut().find(|tensor| tensor.name.contains("lora_A")).unwrap();
            (a.shape, a.values) = (vec![2, 16], vec![0.0; 32]);
        },
        &same,
    );
    assert!(error.contains("has shape [2, 16], [2, 32] was expected"), "{error}");
    // A vocabulary of its own.
    copy(&fixtures().join("lora-token"), &at.join("above"));
    edit(&at.join("above/adapter_config.json"), |config| {
        config["base_model_name_or_path"] = json!(fixtures().join("bert-token"));
    });
    std::fs::write(at.join("above/vocab.txt"), "[UNK]\n[CLS]\n[SEP]\nx\n").unwrap();
    let error = open(&at.join("above")).unwrap_err().to_string();
    assert_eq!(error, "above: its tokenizer_config.json differs from the base's");
}

/// The entities of a text as they stand in it.
fn found<'a>(model: &Model, text: &'a str) -> Vec<&'a str> {
    let options = RunOptions::new(OffsetUnit::Utf8Bytes);
    let found = model.ner(&[], &[Input::from(text)], &options).unwrap().documents.remove(0);
    found.unwrap().spans.iter().map(|span| &text[span.start..span.end]).collect()
}

#[test]
fn a_conditional_random_field_chooses_as_the_packages_do() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["bert-crf", "bert-crf-other"] {
        let path = fixtures().join(name);
        let model = open(&path).unwrap();
        assert!(model.info().heads[0].crf);
        let mut differ = 0;
        for answer in answers(name) {
            let text = answer["text"].as_str().unwrap();
            assert_eq!(json!(found(&model, text)), answer["entities"], "{name}");
            differ += usize::from(answer["entities"] != answer["without"]);
        }
        assert!(differ > 0, "the field makes no difference");
        // And through a bundle, in f32 as there its head's numbers are.
        let bundle = directory.path().join(name);
        convert(&engine(), &[path], &bundle, ConvertOptions::default()).unwrap();
        let manifest = std::fs::read_to_string(bundle.join("MANIFEST.json")).unwrap();
        assert!(manifest.contains("\"format_version\": 4"));
        let options = OpenOptions { precision: Some(Precision::F32), ..Default::default() };
        let again = Model::open(&engine(), &bundle, options).unwrap();
        assert!(again.info().heads[0].crf);
        assert!(again.verify().is_ok());
    }
}

#[test]
fn fields_in_other_forms_are_refused_and_allen_nlps_table_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let weights = at.join("model.safetensors");
    let with = |change: &dyn Fn(&mut Vec<Tensor>)| {
        copy(&fixtures().join("bert-crf"), at);
        let mut changed = tensors(&weights);
        change(&mut changed);
        std::fs::remove_file(&weights).unwrap();
        write_tensors(&weights, &changed, Dtype::F32);
        open(at)
    };
    let crf = |name: &str| format!("crf.{name}");
    // Without a first and a last label nobody knows which form it is.
    let error = with(&|all| {
        all.retain(|t| t.name != crf("start_transitions") && t.name != crf("end_transitions"));
    });
    let want = "model.safetensors: nothing here uses crf.transitions, so that the model would compute something else";
    assert_eq!(error.unwrap_err().to_string(), want);
    let error = with(&|all| all.retain(|t| t.name != crf("end_transitions"))).unwrap_err();
    assert_eq!(error.to_string(), "model.safetensors: crf.end_transitions is missing");
    // The inside of an entity may not come first, nor may it follow O; and the last token, [SEP], is O.
    let mut mask = vec![1.0; 25];
    for forbidden in [2 * 5 + 1, 3 * 5 + 1, 4, 5 + 4] {
        mask[forbidden] = 0.0;
    }
    let model = with(&|all| {
        let name = crf("_constraint_mask");
        all.push(Tensor { name, shape: vec![5, 5], values: mask.clone() });
    })
    .unwrap();
    assert!(model.info().heads[0].crf);
    // Without a B before it no word is an I: with B forbidden too, nothing is found.
    for label in 0..5 {
        mask[label * 5] = 0.0;
    }
    let model = with(&|all| {
        let name = crf("_constraint_mask");
        all.push(Tensor { name, shape: vec![5, 5], values: mask.clone() });
    })
    .unwrap();
    assert!(found(&model, "No rash with fever and aspirin.").is_empty());
}

#[test]
fn a_regression_gives_its_number() {
    let name = "bert-regression";
    let path = fixtures().join(name);
    let model = open(&path).unwrap();
    assert!(model.info().heads[0].regression);
    assert!(difference(&model, name) < 1e-5);
    let options = RunOptions::new(OffsetUnit::Utf8Bytes);
    let text = "Patient with diabetes mellitus started insulin daily.";
    let classes = model.classify(&[], &[text.into()], &options).unwrap().documents.remove(0);
    let classes = classes.unwrap().classes;
    let want = numbers(&answers(name)[0]["logits"])[0];
    assert!((classes[0].score - want).abs() < 1e-5 && !classes[0].holds);
    assert!(!(0.0..=1.0).contains(&want), "the fixture shows nothing");

    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let bundle = at.join("bundle");
    convert(&engine(), &[path], &bundle, ConvertOptions::default()).unwrap();
    assert!(open(&bundle).unwrap().info().heads[0].regression);
    // Several numbers are in the order of the head.
    let (source, copied) = (fixtures().join("bert-classify"), at.join("copied"));
    copy(&source, &copied);
    edit(&copied.join("config.json"), |config| config["problem_type"] = "regression".into());
    let model = open(&copied).unwrap();
    let classes = model.classify(&[], &[text.into()], &options).unwrap().documents.remove(0);
    let labels: Vec<String> =
        classes.unwrap().classes.iter().map(|class| class.label.to_string()).collect();
    assert_eq!(labels, ["negative", "neutral", "positive"]);
    assert!(!open(&source).unwrap().info().heads[0].regression);
}

#[test]
fn outputs_without_names_are_named_by_a_file_or_by_the_caller() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let write = |labels: &[&str]| {
        let tensors = [encoder(1), classifier(2, 3)].concat();
        write_checkpoint(at, &config("BertForTokenClassification", labels), &tensors, Dtype::F32);
    };
    let labels = |options: OpenOptions| {
        let model = Model::open(&engine(), at, options)?;
        Ok::<_, Error>((model.info().heads[0].labels.clone(), model.info().notes))
    };
    let given = |names: &[&str]| OpenOptions {
        labels: names.iter().map(ToString::to_string).collect(),
        ..Default::default()
    };
    write(&[]);
    let error = labels(given(&[])).unwrap_err().to_string();
    assert!(
        error.starts_with(
            "config.json: id2label is missing: the 3 outputs of the head have no names; put"
        ),
        "{error}"
    );
    assert_eq!(labels(given(&["O", "B", "I"])).unwrap().0, ["O", "B", "I"]);
    let error = labels(given(&["O", "B"])).unwrap_err();
    assert_eq!(error, Error::Argument("labels: 2 labels, but the head has 3 outputs".into()));
    let error = labels(given(&["O", "B", "B"])).unwrap_err().to_string();
    assert_eq!(error, "labels: label 3 has the name of another");

    // Numbers are no names.
    write(&["LABEL_0", "LABEL_1", "LABEL_2"]);
    let (found, notes) = labels(given(&[])).unwrap();
    assert_eq!(found[2], "LABEL_2");
    assert!(
        notes
            .iter()
            .any(|note| note.contains("its labels are numbers; put their names into labels.txt"))
    );
    std::fs::write(at.join("labels.txt"), "B\r\nI\r\nO\r\n\r\n").unwrap();
    let (found, notes) = labels(given(&[])).unwrap();
    assert_eq!(found, ["B", "I", "O"]);
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!(labels(given(&["x", "y", "O"])).unwrap().0, ["x", "y", "O"]);
    std::fs::write(at.join("labels.txt"), "B\n\nO\n").unwrap();
    let error = labels(given(&[])).unwrap_err().to_string();
    assert_eq!(error, "labels.txt: label 2 has no name");

    // Names of the checkpoint stand above those of the file, and it is said if they differ.
    std::fs::write(at.join("labels.txt"), "B\nI\nO\n").unwrap();
    write(&["O", "B-Drug", "I-Drug"]);
    let (found, notes) = labels(given(&[])).unwrap();
    assert_eq!(found, ["O", "B-Drug", "I-Drug"]);
    assert_eq!(notes, ["labels.txt differs from id2label of config.json, which is followed"]);
    let bundle = support::golden();
    let error = Model::open(&engine(), &bundle, given(&["a"])).unwrap_err().to_string();
    assert!(error.starts_with("labels name the outputs of a checkpoint's head"), "{error}");
    let error =
        Model::open(&engine(), &fixtures().join("bert-qa"), given(&["a", "b"])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "labels: a head that answers questions has no labels to be named"
    );
}

#[test]
fn tensors_that_nothing_uses_are_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let named = |name: &str| Tensor { name: name.into(), shape: vec![2], values: vec![0.0; 2] };
    let with = |names: &[&str], architecture: &str| {
        let mut tensors = [encoder(1), classifier(2, 3)].concat();
        tensors.extend(names.iter().map(|name| named(name)));
        write_checkpoint(at, &config(architecture, &["B", "I", "O"]), &tensors, Dtype::F32);
        open(at)
    };
    let token = "BertForTokenClassification";
    for name in [
        "lstm.weight_ih_l0",
        "bilstm.weight_hh_l0_reverse",
        "dense.weight",
        "crf.transitions",
        "encoder.layer.0.output.adapters.news.adapter_down.0.weight",
        "prompt_embeddings.weight",
        "qa_outputs.weight",
    ] {
        let error = with(&[name], token).unwrap_err();
        assert!(matches!(error, Error::Unsupported(_)));
        let want = format!(
            "model.safetensors: nothing here uses {name}, so that the model would compute something else"
        );
        assert_eq!(error.to_string(), want);
    }
    let error = with(&["a", "b", "c", "d", "e"], token).unwrap_err().to_string();
    assert!(error.contains("nothing here uses a, b, c and 2 more"), "{error}");
    // An encoder's checkpoint with a head that its class does not have.
    assert!(
        with(&[], "BertModel")
            .unwrap_err()
            .to_string()
            .contains("uses classifier.bias, classifier.weight")
    );
    let model = with(
        &["cls.seq_relationship.bias", "bert.embeddings.position_ids", "loss_fct.weight"],
        token,
    )
    .unwrap();
    let passed = model.info().passed_over;
    assert_eq!(passed.len(), 3, "{passed:?}");

    // A classifier under another name.
    let mut tensors = [encoder(1), classifier(2, 3)].concat();
    let classifier = tensors.iter_mut().filter(|tensor| tensor.name.starts_with("classifier"));
    classifier.for_each(|tensor| tensor.name = tensor.name.replace("classifier", "hidden2tag"));
    write_checkpoint(at, &config(token, &["B", "I", "O"]), &tensors, Dtype::F32);
    let error = open(at).unwrap_err().to_string();
    let want = "model.safetensors: classifier.weight is missing; nothing here uses hidden2tag.bias, hidden2tag.weight";
    assert_eq!(error, want);
}

#[test]
fn fields_that_change_the_computation_are_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let fields = [
        ("is_decoder", json!(true)),
        ("add_cross_attention", json!(true)),
        ("pruned_heads", json!({"0": [1]})),
        ("quantization_config", json!({"quant_method": "gptq", "bits": 4})),
        ("hidden_act", json!("quick_gelu")),
        ("position_embedding_type", json!("rotary")),
    ];
    for (field, value) in fields {
        let mut config = config("BertModel", &[]);
        config[field] = value;
        write_checkpoint(at, &config, &encoder(1), Dtype::F32);
        let error = open(at).unwrap_err();
        assert!(matches!(error, Error::Unsupported(_)));
        assert!(error.to_string().starts_with(&format!("config.json: {field} ")), "{error}");
    }
}
