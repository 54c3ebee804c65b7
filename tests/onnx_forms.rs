//! Graphs as exporters, quantizers and optimizers leave them: what PyTorch or ONNX Runtime gives for the
//! same model.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use biobert::{EmbedOptions, Model, OffsetUnit, Pooling, RunOptions, TokenSequence};
use serde_json::Value;
use support::open;

fn forms() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/onnx-forms")
}

fn reference() -> BTreeMap<String, Value> {
    serde_json::from_slice(&std::fs::read(forms().join("reference.json")).unwrap()).unwrap()
}

/// The token sequences, each with a graph's outputs.
fn expected(name: &str) -> Vec<(TokenSequence, Vec<Vec<f32>>)> {
    let reference = reference();
    let ids: Vec<Vec<u32>> = serde_json::from_value(reference["ids"].clone()).unwrap();
    let outputs: Vec<Vec<Vec<f32>>> = serde_json::from_value(reference[name].clone()).unwrap();
    let sequence = |ids: Vec<u32>| TokenSequence { first_segment: ids.len(), ids };
    ids.into_iter().map(sequence).zip(outputs).collect()
}

fn near(got: &[f32], want: &[f32], tolerance: f32) {
    assert_eq!(got.len(), want.len());
    let worst = got.iter().zip(want).map(|(got, want)| (got - want).abs()).fold(0.0, f32::max);
    assert!(worst < tolerance, "{worst}");
}

/// Opens a form and says what `info` says of it.
fn opened(name: &str) -> (Model, String) {
    let model = open(&forms().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let info = model.info();
    let reason = format!("{}: {}", info.path, info.path_reason);
    (model, reason)
}

#[test]
fn a_fixed_shape_is_padded_to() {
    for (name, batch) in [("token-fixed", 1), ("token-fixed-batch", 2)] {
        let (model, reason) = opened(name);
        assert!(reason.contains("padded to 16 tokens"), "{reason}");
        assert_eq!(reason.contains("takes 2 sequences at once"), batch == 2, "{reason}");
        assert_eq!(model.max_tokens(), 16);
        for (sequence, want) in expected(name) {
            near(&model.logits(name, &[sequence]).unwrap(), &want[0], 1e-4);
        }
        // A longer text goes in windows.
        let text = "rash and fever ".repeat(20);
        let run = RunOptions::new(OffsetUnit::Utf8Bytes);
        let found = model.ner(&[], &[text.as_str().into()], &run).unwrap();
        assert!(found.documents[0].as_ref().unwrap().flags.windowed);
    }
    let (model, _) = opened("qa-fixed");
    for (sequence, want) in expected("qa-fixed") {
        let pairs = want[0].iter().zip(&want[1]).flat_map(|(start, end)| [*start, *end]);
        near(&model.logits("qa-fixed", &[sequence]).unwrap(), &pairs.collect::<Vec<_>>(), 1e-4);
    }
    let (model, _) = opened("features-fixed");
    for (sequence, want) in expected("features-fixed") {
        near(&model.states(&[sequence], 1).unwrap(), &want[0], 1e-4);
    }
}

#[test]
fn a_function_that_the_graph_ends_in_is_applied_once() {
    for (name, several) in [("classify-softmax", None), ("classify-sigmoid", Some(true))] {
        let (model, reason) = opened(name);
        assert!(reason.contains("is the head's"), "{reason}");
        assert_eq!(model.heads().next().unwrap().1.multi_label(), several);
        for (sequence, want) in expected(name) {
            near(&model.logits(name, &[sequence]).unwrap(), &want[0], 1e-4);
        }
        let run = RunOptions::new(OffsetUnit::Utf8Bytes);
        let found = model.classify(&[], &["no rash".into()], &run).unwrap();
        let classes = &found.documents[0].as_ref().unwrap().classes;
        let sum: f32 = classes.iter().map(|class| class.score).sum();
        assert_eq!((sum - 1.0).abs() < 1e-5, several.is_none(), "{sum}");
    }
}

#[test]
fn a_graph_may_give_vectors() {
    let own = EmbedOptions { pooling: Pooling::Model, ..EmbedOptions::default() };
    let run = RunOptions::new(OffsetUnit::Utf8Bytes);
    for name in ["sentence-both", "sentence-only"] {
        let (model, reason) = opened(name);
        let info = model.info().vectors.unwrap();
        let vector = |text: &str, options: &EmbedOptions| {
            model.embed(&[text.into()], options, &run)?.documents.remove(0)
        };
        for (sequence, want) in expected(name) {
            // The letters of the ids, which the tokenizer makes the same ids of.
            let pieces = std::fs::read_to_string(forms().join(name).join("vocab.txt")).unwrap();
            let pieces: Vec<&str> = pieces.lines().collect();
            let words =
                sequence.ids[1..sequence.ids.len() - 1].iter().map(|&id| pieces[id as usize]);
            let text = words.collect::<Vec<_>>().join(" ").replace(" ##", "");
            assert_eq!(
                model.tokenizer().pieces(&text, || Ok(())).unwrap().ids,
                sequence.ids[1..sequence.ids.len() - 1]
            );
            near(&vector(&text, &own).unwrap().embedding, want.last().unwrap(), 1e-4);
            if name == "sentence-both" {
                near(&model.states(&[sequence], 1).unwrap(), &want[0], 1e-4);
            }
        }
        if name == "sentence-both" {
            assert_eq!((info.pooling, info.steps), (vec!["mean".into()], vec!["length 1".into()]));
            assert!(reason.starts_with("fast"), "{reason}");
        } else {
            assert_eq!((info.width, info.pooling.len()), (6, 0));
            assert!(
                vector("no", &EmbedOptions::default()).is_err() && model.states(&[], 1).is_err()
            );
            assert!(vector("no", &EmbedOptions { tokens: true, ..own.clone() }).is_err());
            assert!(vector(&"no rash ".repeat(60), &own).unwrap().flags.windowed);
        }
    }
}

#[test]
fn quantized_and_optimized_graphs_run_where_there_is_no_plain_one() {
    let files = ["model_quantized.onnx", "model_fp16.onnx", "model_q4.onnx", "model_O2.onnx"];
    for (name, file) in ["token-quantized", "token-fp16", "token-q4", "token-O2"].iter().zip(files)
    {
        let (model, reason) = opened(name);
        assert!(reason.contains(file) && reason.contains("there is no model.onnx"), "{reason}");
        for (sequence, want) in expected(name) {
            let tolerance = if *name == "token-fp16" { 1e-2 } else { 1e-3 };
            near(&model.logits(name, &[sequence]).unwrap(), &want[0], tolerance);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_cache_links_to_files_of_other_names() {
    let cache = tempfile::tempdir().unwrap();
    let (blobs, snapshot) = (cache.path().join("blobs"), cache.path().join("snapshots/1"));
    std::fs::create_dir_all(&blobs).unwrap();
    std::fs::create_dir_all(snapshot.join("onnx")).unwrap();
    for entry in std::fs::read_dir(forms().join("token-fixed")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let blob = format!("blob-of-{}", name.replace('.', ""));
        std::fs::copy(&path, blobs.join(&blob)).unwrap();
        let (link, up) = match name.starts_with("model") {
            true => (snapshot.join("onnx").join(name), "../../.."),
            false => (snapshot.join(name), "../.."),
        };
        std::os::unix::fs::symlink(format!("{up}/blobs/{blob}"), link).unwrap();
    }
    let model = open(&snapshot).unwrap();
    for (sequence, want) in expected("token-fixed") {
        near(&model.logits("1", &[sequence]).unwrap(), &want[0], 1e-4);
    }
}
