//! Encoders of every family on the fast path, against what `transformers` computes with the same weights.

mod support;

use biobert::{ConvertOptions, Engine, EngineOptions, Model, OpenOptions, Precision, convert};
use serde_json::Value;
use support::families::{cases, name, numbers, sequence, write};
use support::{engine, open};

fn worst(got: &[f32], want: &[f32]) -> f32 {
    assert_eq!(got.len(), want.len());
    got.iter().zip(want).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Rows of some tokens.
fn rows(all: &[f32], tokens: &[usize], width: usize) -> Vec<f32> {
    tokens.iter().flat_map(|at| &all[at * width..][..width]).copied().collect()
}

/// The largest difference of a model's states and logits from those of a case.
fn difference(model: &Model, case: &Value) -> f32 {
    let mut most = 0.0_f32;
    let head = model.heads().next().unwrap().0.to_string();
    for of in case["sequences"].as_array().unwrap() {
        let (sequence, tokens) = ([sequence(of)], numbers::<usize>(&of["tokens"]));
        let layers = of["states"].as_array().unwrap();
        for (at, want) in layers.iter().enumerate() {
            let layer = model.layers() + 1 - layers.len() + at;
            let states = model.states(&sequence, layer).unwrap();
            most = most.max(worst(&rows(&states, &tokens, model.hidden()), &numbers(want)));
        }
        let (logits, want) = (model.logits(&head, &sequence).unwrap(), numbers(&of["logits"]));
        let labels = want.len() / tokens.len();
        let got = if logits.len() == want.len() { logits } else { rows(&logits, &tokens, labels) };
        most = most.max(worst(&got, &want));
    }
    most
}

#[test]
fn every_family_computes_what_transformers_does() {
    for case in cases() {
        let directory = tempfile::tempdir().unwrap();
        write(&case, directory.path());
        let model = open(directory.path()).unwrap();
        assert_eq!(model.info().path, "fast");
        let most = difference(&model, &case);
        println!("{}: {most}", name(&case));
        assert!(most < 2e-5, "{} differs by {most}", name(&case));
    }
}

#[test]
fn a_bundle_of_every_family_has_the_same_bits_everywhere_and_is_near() {
    for case in cases().iter().filter(|case| name(case).ends_with("ForSequenceClassification")) {
        let directory = tempfile::tempdir().unwrap();
        let (from, bundle) = (directory.path().join("from"), directory.path().join("bundle"));
        write(case, &from);
        convert(&engine(), std::slice::from_ref(&from), &bundle, ConvertOptions::default())
            .unwrap();
        let exact = open(&from).unwrap();
        let sequences: Vec<_> =
            case["sequences"].as_array().unwrap().iter().map(sequence).collect();
        let layers = exact.layers();
        let want = exact.states(&sequences, layers).unwrap();

        let mut first: Option<Vec<u32>> = None;
        for isa in Engine::isa_available() {
            for threads in [1, 3] {
                let options =
                    EngineOptions { isa: Some(isa.into()), threads, ..Default::default() };
                let engine = Engine::new(options).unwrap();
                // From the bundle, and from the checkpoint in int8.
                let int8 = OpenOptions { precision: Some(Precision::Int8), ..Default::default() };
                for from in [&bundle, &from] {
                    let model = Model::open(&engine, from, int8.clone()).unwrap();
                    let states = model.states(&sequences, layers).unwrap();
                    let head = model.heads().next().unwrap().0.to_string();
                    let logits = model.logits(&head, &sequences).unwrap();
                    let bits: Vec<u32> =
                        states.iter().chain(&logits).map(|v| v.to_bits()).collect();
                    if *from == bundle {
                        let first = first.get_or_insert_with(|| bits.clone());
                        assert_eq!(*first, bits, "{} on {isa}, {threads} threads", name(case));
                    }
                    let error = relative_error(&states, &want);
                    // Embeddings are rounded in a bundle.
                    assert!(error < 0.06, "{}: {error}", name(case));
                }
            }
        }
        let model = open(&bundle).unwrap();
        let found = model.verify().unwrap();
        assert!(found.state_drift < 0.5 && found.sequences == 4, "{found:?}");
        let info = model.info();
        assert!(info.path == "fast" && info.format == "bundle", "{info:?}");
        let manifest = std::fs::read(bundle.join("MANIFEST.json")).unwrap();
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        let version = if name(case).starts_with("Bert") { 2 } else { 4 };
        assert_eq!(manifest["format_version"], version, "{}", name(case));
    }
}

/// The norm of what differs over that of what should be.
fn relative_error(got: &[f32], want: &[f32]) -> f64 {
    let square = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>();
    let off = square(&mut got.iter().zip(want).map(|(a, b)| f64::from(a - b)));
    (off / square(&mut want.iter().map(|&v| f64::from(v)))).sqrt()
}
