//! Versions of the format of bundles and heads: each is written only where it is needed, and all stay
//! readable. `tests/golden` has what each version wrote.

mod support;

use std::path::{Path, PathBuf};

use biobert::{
    ConvertOptions, EmbedOptions, FillOptions, HeadFile, Model, OffsetUnit, OpenOptions, Pooling,
    Precision, RunOptions, Task, convert,
};
use safetensors::Dtype;
use serde_json::{Value, json};
use support::{
    HIDDEN, LAYERS, Random, Tensor, classifier, engine, golden, linear, open, write_json,
    write_tensors,
};

const NOTE: &str = "Patient with fever started insulin 5 mg daily; rash and arthritis.";

fn kept(name: &str) -> PathBuf {
    golden().with_file_name(name)
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What version 2 can hold and version 1 cannot: a head behind a pooler, one with several labels, and a
/// head by itself that reads every layer.
fn write_second(directory: &Path) {
    let source = directory.join("source");
    support::write_tiny_with_all(&source);
    let spec = json!({"task": "classify", "kind": "cls", "labels": ["mild", "severe"],
        "pooling": "pooler_tanh"});
    write_json(&source.join("heads/severity.json"), &spec);
    let tensors = [classifier(40, 2), linear(41, "pooler", HIDDEN)].concat();
    write_tensors(&source.join("heads/severity.safetensors"), &tensors, Dtype::F32);
    convert(&engine(), &[source], &directory.join("bundle-v2"), ConvertOptions::default()).unwrap();

    let head = directory.join("head-v2");
    std::fs::create_dir_all(&head).unwrap();
    let spec = json!({"format_version": 2, "task": "ner", "kind": "words",
        "labels": ["B-Drug", "I-Drug", "O"], "calibration": 1.5, "date": "2026-11-27"});
    write_json(&head.join("head.json"), &spec);
    write_tensors(&head.join("head.safetensors"), &words_tensors(), Dtype::F32);
}

/// What version 3 can hold and version 2 cannot: an assertion head, a relation between several kinds, default
/// heads, vectors.
fn write_third(directory: &Path) {
    let source = directory.join("source-3");
    support::write_tiny(&source);
    support::write_modules(&source.join("encoder"));
    let heads = source.join("heads");
    let mut induces = read(&heads.join("induces.json"));
    induces["first"] = json!(["Drug", "Chemical"]);
    write_json(&heads.join("induces.json"), &induces);
    let spec = json!({"task": "assertion", "kind": "token", "reads": "first pieces",
        "labels": ["absent", "present", "possible", "other-person", "historical"]});
    write_json(&heads.join("assertion.json"), &spec);
    write_tensors(&heads.join("assertion.safetensors"), &classifier(61, 5), Dtype::F32);
    let default_heads = Some(vec!["disease".into(), "induces".into()]);
    let options = ConvertOptions { default_heads, ..ConvertOptions::default() };
    convert(&engine(), &[source], &directory.join("bundle-v3"), options).unwrap();
}

/// An LSTM two wide and a CRF.
fn words_tensors() -> Vec<Tensor> {
    let (width, labels) = (2, 3);
    let shapes = [
        ("mix", vec![1, LAYERS + 1]),
        ("norm.weight", vec![HIDDEN]),
        ("norm.bias", vec![HIDDEN]),
        ("lstm.weight_ih_l0", vec![4 * width, HIDDEN]),
        ("lstm.bias_ih_l0", vec![4 * width]),
        ("lstm.weight_hh_l0", vec![4 * width, width]),
        ("lstm.weight_ih_l0_reverse", vec![4 * width, HIDDEN]),
        ("lstm.bias_ih_l0_reverse", vec![4 * width]),
        ("lstm.weight_hh_l0_reverse", vec![4 * width, width]),
        ("classifier.weight", vec![labels, 2 * width]),
        ("classifier.bias", vec![labels]),
        ("crf.transitions", vec![labels, labels]),
        ("crf.start", vec![labels]),
    ];
    let random = &mut Random(50);
    let value = |random: &mut Random| random.below(2001) as f32 / 1000.0 - 1.0;
    let tensor = |(name, shape): (&str, Vec<usize>)| {
        let values = (0..shape.iter().product()).map(|_| value(random)).collect();
        Tensor { name: name.into(), shape, values }
    };
    shapes.into_iter().map(tensor).collect()
}

/// Classes and entities in f32, with the bits of their scores.
fn answers(bundle: &Path, head: &Path) -> String {
    let options = RunOptions::new(OffsetUnit::Utf8Bytes);
    let in_f32 = OpenOptions { precision: Some(Precision::F32), ..Default::default() };
    let model = Model::open(&engine(), bundle, in_f32).unwrap();
    let head = HeadFile::open(head).unwrap();
    let model = model.with_head(&head, Some("drug")).unwrap();
    let classes = model.classify(&[], &[NOTE.into()], &options).unwrap();
    let classes = classes.documents[0].as_ref().unwrap().classes.iter();
    let entities = model.ner(&["drug".into()], &[NOTE.into()], &options).unwrap();
    let entities = entities.documents[0].as_ref().unwrap().spans.iter();
    let class = |c: &biobert::Class| format!("{} {} {:08x}\n", c.head, c.label, c.score.to_bits());
    let entity = |e: &biobert::Span| {
        format!("{}..{} {} {:08x}\n", e.start, e.end, e.label, e.score.to_bits())
    };
    classes.map(class).chain(entities.map(entity)).collect()
}

#[test]
fn version_2_opens_and_gives_what_it_always_gave() {
    let got = answers(&kept("bundle-v2"), &kept("head-v2"));
    assert!(got.lines().count() > 7, "{got}");
    assert_eq!(got, std::fs::read_to_string(kept("bundle-v2.txt")).unwrap());
}

/// The vector of the note in f32, by its bits.
fn third_answers(bundle: &Path) -> String {
    let in_f32 = OpenOptions { precision: Some(Precision::F32), ..Default::default() };
    let model = Model::open(&engine(), bundle, in_f32).unwrap();
    let embed = EmbedOptions { pooling: Pooling::Model, ..EmbedOptions::default() };
    let found = model.embed(&[NOTE.into()], &embed, &RunOptions::new(OffsetUnit::Utf8Bytes));
    let found = found.unwrap();
    let vector = &found.documents[0].as_ref().unwrap().embedding;
    vector.iter().map(|value| format!("vector {:08x}\n", value.to_bits())).collect()
}

#[test]
fn version_3_opens_and_gives_what_it_always_gave() {
    let model = open(&kept("bundle-v3")).unwrap();
    assert_eq!((model.default_heads().len(), model.vector_width()), (2, Some(support::WIDTH)));
    let (_, spec) = model.heads().find(|(name, _)| *name == "assertion").unwrap();
    assert_eq!((spec.task(), spec.labels[3].as_str()), (Task::Assertion, "other-person"));
    let (_, spec) = model.heads().find(|(name, _)| *name == "induces").unwrap();
    assert_eq!(spec.related(), [&["Drug", "Chemical"][..], &["Disease"]]);
    let got = third_answers(&kept("bundle-v3"));
    assert_eq!(got, std::fs::read_to_string(kept("bundle-v3.txt")).unwrap());
}

/// What may stand at a mask in f32: ids, and probabilities by their bits.
fn fourth_answers(bundle: &Path) -> String {
    let in_f32 = OpenOptions { precision: Some(Precision::F32), ..Default::default() };
    let model = Model::open(&engine(), bundle, in_f32).unwrap();
    let text = "Patient with [MASK] started insulin.";
    let run = RunOptions::new(OffsetUnit::Utf8Bytes);
    let found = model.fill(&[text.into()], &FillOptions::default(), &run).unwrap();
    let candidates = &found.documents[0].as_ref().unwrap().masks[0].candidates;
    candidates.iter().map(|one| format!("{} {:08x}\n", one.id, one.score.to_bits())).collect()
}

#[test]
fn version_4_opens_and_gives_what_it_always_gave() {
    assert_eq!(open(&kept("bundle-v4-fill")).unwrap().mask_token(), Some("[MASK]"));
    let got = fourth_answers(&kept("bundle-v4-fill"));
    assert_eq!(got, std::fs::read_to_string(kept("bundle-v4-fill.txt")).unwrap());
}

/// Once for the version.
#[test]
#[ignore = "writes what is kept of version 4"]
fn write_version_4() {
    let target = kept("bundle-v4-fill");
    assert!(!target.exists(), "there is one: it stays as it is");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bert-fill");
    convert(&engine(), &[source], &target, ConvertOptions::default()).unwrap();
    std::fs::write(kept("bundle-v4-fill.txt"), fourth_answers(&target)).unwrap();
}

/// Once for the version.
#[test]
#[ignore = "writes what is kept of version 3"]
fn write_version_3() {
    assert!(!kept("bundle-v3").exists(), "there is one: it stays as it is");
    let directory = tempfile::tempdir().unwrap();
    write_third(directory.path());
    std::fs::rename(directory.path().join("bundle-v3"), kept("bundle-v3")).unwrap();
    std::fs::write(kept("bundle-v3.txt"), third_answers(&kept("bundle-v3"))).unwrap();
}

/// Once for the version.
#[test]
#[ignore = "writes what is kept of version 2"]
fn write_version_2() {
    assert!(!kept("bundle-v2").exists(), "there is one: it stays as it is");
    let directory = tempfile::tempdir().unwrap();
    write_second(directory.path());
    for name in ["bundle-v2", "head-v2"] {
        std::fs::rename(directory.path().join(name), kept(name)).unwrap();
    }
    let answers = answers(&kept("bundle-v2"), &kept("head-v2"));
    std::fs::write(kept("bundle-v2.txt"), answers).unwrap();
}

#[test]
fn a_version_is_written_only_where_it_is_needed() {
    let directory = tempfile::tempdir().unwrap();
    let (source, target) = (directory.path().join("tiny"), directory.path().join("first"));
    support::write_tiny(&source);
    convert(&engine(), &[source], &target, ConvertOptions::default()).unwrap();
    assert_eq!(read(&target.join("MANIFEST.json"))["format_version"], 1);
    assert!(read(&target.join("heads/disease.json")).get("format_version").is_none());

    write_second(directory.path());
    let second = directory.path().join("bundle-v2");
    assert_eq!(read(&second.join("MANIFEST.json"))["format_version"], 2);
    for (head, version) in [("disease", None), ("topics", Some(2)), ("severity", Some(2))] {
        let json = read(&second.join(format!("heads/{head}.json")));
        assert_eq!(json.get("format_version").and_then(Value::as_u64), version, "{head}");
    }
    write_third(directory.path());
    let third = directory.path().join("bundle-v3");
    assert_eq!(read(&third.join("MANIFEST.json"))["format_version"], 3);
    for (head, version) in [("disease", None), ("induces", Some(3)), ("assertion", Some(3))] {
        let json = read(&third.join(format!("heads/{head}.json")));
        assert_eq!(json.get("format_version").and_then(Value::as_u64), version, "{head}");
    }
    let again = directory.path().join("again");
    convert(&engine(), std::slice::from_ref(&third), &again, ConvertOptions::default()).unwrap();
    let of = |bundle: &Path| {
        let mut manifest = read(&bundle.join("MANIFEST.json"));
        ["default_heads", "vectors", "heads", "files"].map(|field| match field {
            "files" => manifest[field]["vectors.safetensors"].take(),
            field => manifest[field].take(),
        })
    };
    assert_eq!(of(&again), of(&third));
    // What is converted again stays what it was.
    let both = directory.path().join("both");
    convert(&engine(), &[golden()], &both, ConvertOptions::default()).unwrap();
    assert_eq!(read(&both.join("MANIFEST.json"))["format_version"], 1);
}

/// Before version 2 had its number, files with what it holds said nothing, or 1.
#[test]
fn what_says_no_version_or_the_first_opens_whatever_it_holds() {
    let directory = tempfile::tempdir().unwrap();
    let head = directory.path().join("head");
    std::fs::create_dir(&head).unwrap();
    std::fs::copy(kept("head-v2/head.safetensors"), head.join("head.safetensors")).unwrap();
    let mut json = read(&kept("head-v2/head.json"));
    for version in [Some(1), None] {
        match version {
            Some(version) => json["format_version"] = version.into(),
            None => drop(json.as_object_mut().unwrap().remove("format_version")),
        }
        write_json(&head.join("head.json"), &json);
        let model: Model = open(&golden()).unwrap();
        model.with_head(&HeadFile::open(&head).unwrap(), None).unwrap();
    }
    json["format_version"] = 5.into();
    json["from_the_future"] = true.into();
    write_json(&head.join("head.json"), &json);
    let error = HeadFile::open(&head).unwrap_err().to_string();
    assert_eq!(error, "head.json: head format 5; this library reads formats 1 to 4");
    json["format_version"] = 2.into();
    write_json(&head.join("head.json"), &json);
    let error = HeadFile::open(&head).unwrap_err().to_string();
    assert!(error.starts_with("head.json: unknown field `from_the_future`"), "{error}");
}
