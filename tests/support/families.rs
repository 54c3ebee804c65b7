//! Tiny encoders of every family, and what `transformers` computes with them.

use std::path::Path;

use biobert::TokenSequence;
use safetensors::Dtype;
use serde_json::Value;

use super::{Random, Tensor, write_checkpoint};

/// The cases of `families.json`: a configuration, the shapes of its tensors, sequences and their states.
pub fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/families.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

pub fn name(case: &Value) -> &str {
    case["config"]["architectures"][0].as_str().unwrap()
}

/// `values` of `make_families.py`.
fn values(name: &str, shape: &[usize]) -> Vec<f32> {
    let seed = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |seed, byte| {
        (seed ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
    });
    let mut random = Random(seed);
    let value = |unit: f64| match shape {
        [_] if name.ends_with("weight") => 1.0 + 0.2 * unit,
        [_] => 0.1 * unit,
        _ if name.contains("embedding") && !name.contains("project") => 0.5 * unit,
        _ if name.contains("relative") => 2.0 * unit,
        _ => 2.0 / (shape[1] as f64).sqrt() * unit,
    };
    let count = shape.iter().product();
    let unit = |bits: u64| (bits >> 40) as f64 / f64::from(1 << 23) - 1.0;
    (0..count).map(|_| value(unit(random.next())) as f32).collect()
}

fn tensors(case: &Value) -> Vec<Tensor> {
    let shapes = case["tensors"].as_object().unwrap();
    let tensor = |(name, shape): (&String, &Value)| {
        let shape: Vec<usize> = serde_json::from_value(shape.clone()).unwrap();
        Tensor { name: name.clone(), values: values(name, &shape), shape }
    };
    shapes.iter().map(tensor).collect()
}

pub fn write(case: &Value, directory: &Path) {
    write_checkpoint(directory, &case["config"], &tensors(case), Dtype::F32);
}

pub fn numbers<T: serde::de::DeserializeOwned>(value: &Value) -> Vec<T> {
    serde_json::from_value(value.clone()).unwrap()
}

/// The sequences of a case. `first_segment`: `transformers` was told of no second segment.
pub fn sequence(of: &Value) -> TokenSequence {
    let ids: Vec<u32> = numbers(&of["ids"]);
    TokenSequence { first_segment: ids.len(), ids }
}
