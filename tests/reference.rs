//! Checks against references that do not belong to the project: PyTorch's states and logits, Hugging
//! Face's tokenization, accuracy on public corpora. They need a directory `../shared` and are
//! skipped, with a line that says so, where there is none. Run with `--nocapture` to see the lines.

use std::path::PathBuf;

use biobert::{Engine, EngineOptions, Model, OpenOptions, TokenSequence};
use safetensors::SafeTensors;

/// A file or directory of the reference material.
fn shared(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if path.exists() {
        println!("reference check ran: {}", path.file_name().unwrap_or_default().display());
        return Some(path);
    }
    println!("reference check SKIPPED, no {}", path.display());
    None
}

fn values(tensors: &SafeTensors<'_>, name: &str) -> Vec<f32> {
    let data = tensors.tensor(name).unwrap().data();
    data.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
}

fn integers(tensors: &SafeTensors<'_>, name: &str) -> Vec<u32> {
    let view = tensors.tensor(name).unwrap();
    match view.dtype() {
        safetensors::Dtype::I64 => view.data().as_chunks().0.iter().map(|&b| i64::from_le_bytes(b) as u32).collect(),
        safetensors::Dtype::I32 => view.data().as_chunks().0.iter().map(|&b| i32::from_le_bytes(b) as u32).collect(),
        other => panic!("{name} is {other:?}"),
    }
}

fn largest_difference(got: &[f32], want: &[f32]) -> f32 {
    assert_eq!(got.len(), want.len());
    got.iter().zip(want).map(|(got, want)| (got - want).abs()).fold(0.0, f32::max)
}

#[test]
fn states_and_logits_are_those_of_pytorch() {
    let Some(directory) = shared("model/bio-minilm") else { return };
    let bytes = std::fs::read(directory.join("parity.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    for isa in Engine::isa_available() {
        for threads in [1, 2] {
            let options = EngineOptions { isa: Some(isa.into()), threads, ..Default::default() };
            let engine = Engine::new(options).unwrap();
            let model = Model::open(&engine, &directory, OpenOptions::default()).unwrap();
            let mut worst = 0.0_f32;
            for index in 0..8 {
                let ids = integers(&tensors, &format!("{index}.input_ids"));
                let segments = integers(&tensors, &format!("{index}.token_type_ids"));
                let first_segment = segments.iter().filter(|&&segment| segment == 0).count();
                let sequence = [TokenSequence { ids, first_segment }];
                let mut compare = |got: Vec<f32>, name: &str| {
                    let want = values(&tensors, &format!("{index}.{name}"));
                    worst = worst.max(largest_difference(&got, &want));
                };
                compare(model.states(&sequence, 6).unwrap(), "last_hidden_state");
                compare(model.states(&sequence, 3).unwrap(), "layer_3");
                for (head, _) in model.heads() {
                    compare(model.logits(head, &sequence).unwrap(), &format!("logits.{head}"));
                }
            }
            println!("{isa}, {threads} thread(s): largest difference from PyTorch {worst:.2e}");
            assert!(worst < 1e-4);
        }
    }
}
