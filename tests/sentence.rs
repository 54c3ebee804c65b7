//! Models as sentence-transformers saves them, versions 2, 5 and 6: the vectors that the package makes.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use biobert::{
    ConvertOptions, DocumentEmbedding, EmbedOptions, Model, OffsetUnit, Pooling, RunOptions,
    convert,
};
use serde_json::Value;
use support::{engine, open};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The package's vectors of each text, by prompt and by model.
type Reference = BTreeMap<String, BTreeMap<String, Vec<Vec<f32>>>>;

fn reference() -> (Vec<String>, Reference) {
    let json = std::fs::read(fixtures().join("sentence/reference.json")).unwrap();
    let mut json: BTreeMap<String, Value> = serde_json::from_slice(&json).unwrap();
    let texts = serde_json::from_value(json.remove("texts").unwrap()).unwrap();
    let models =
        json.into_iter().map(|(name, value)| (name, serde_json::from_value(value).unwrap()));
    (texts, models.collect())
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(path, to).unwrap();
        }
    }
}

/// A model as it was saved: its encoder is that of `bert-token`.
fn write(name: &str, to: &Path) {
    copy(&fixtures().join("bert-token"), to);
    copy(&fixtures().join("sentence").join(name), to);
}

fn own(prompt: Option<&str>) -> EmbedOptions {
    let prompt = prompt.map(String::from);
    EmbedOptions { pooling: Pooling::Model, prompt, ..EmbedOptions::default() }
}

fn embed(model: &Model, text: &str, options: &EmbedOptions) -> biobert::Result<DocumentEmbedding> {
    let run = RunOptions::new(OffsetUnit::UnicodeScalars);
    model.embed(&[text.into()], options, &run)?.documents.remove(0)
}

/// The largest difference of two vectors.
fn difference(got: &[f32], want: &[f32]) -> f32 {
    assert_eq!(got.len(), want.len());
    got.iter().zip(want).map(|(got, want)| (got - want).abs()).fold(0.0, f32::max)
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
fn every_saved_form_gives_the_packages_vectors_and_a_bundle_keeps_them() {
    let (texts, models) = reference();
    assert_eq!(models.len(), 18);
    for (name, prompts) in models {
        let directory = tempfile::tempdir().unwrap();
        let (source, bundle) = (directory.path().join("source"), directory.path().join("bundle"));
        write(&name, &source);
        let model = open(&source).unwrap();
        assert!(model.info().notes.is_empty(), "{name}: {:?}", model.info().notes);
        convert(&engine(), &[source], &bundle, ConvertOptions::default()).unwrap();
        let manifest = std::fs::read(bundle.join("MANIFEST.json")).unwrap();
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        // A mean and a length are what version 3 knew.
        let third = ["v2-plain", "v6-mean", "v6-max-length"].contains(&&*name);
        assert_eq!(manifest["format_version"], if third { 3 } else { 4 }, "{name}");
        let bundle = open(&bundle).unwrap();
        let about = |model: &Model| serde_json::to_value(model.info().vectors).unwrap();
        assert_eq!(about(&bundle), about(&model), "{name}");
        for (prompt, vectors) in prompts {
            let options = own(Some(&*prompt).filter(|prompt| *prompt != "default"));
            for (text, want) in texts.iter().zip(&vectors) {
                let got = embed(&model, text, &options).unwrap().embedding;
                let worst = difference(&got, want);
                assert!(worst < 1e-5, "{name} {prompt}: {worst}");
                assert_eq!(model.vector_width(), Some(want.len()));
                let cosine = cosine(&embed(&bundle, text, &options).unwrap().embedding, want);
                assert!(cosine > 0.98, "{name} {prompt}: {cosine} in int8");
            }
        }
    }
}
