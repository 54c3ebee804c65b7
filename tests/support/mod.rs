//! A tiny random model for tests: 2 layers × 32, every kind of head, made from a seed.
#![allow(dead_code, reason = "each test program uses a part")]

pub mod families;

use std::path::{Path, PathBuf};

use biobert::{Engine, EngineOptions, Model, OpenOptions};
use half::{bf16, f16};
use safetensors::{Dtype, tensor::TensorView};

pub const HIDDEN: usize = 32;
pub const INNER: usize = 64;
pub const LAYERS: usize = 2;
pub const POSITIONS: usize = 64;
/// Width of the vectors of [`write_modules`].
pub const WIDTH: usize = 24;

/// Seeded numbers (splitmix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// Roughly normal: the sum of twelve uniform numbers (Irwin–Hall).
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| (self.next() >> 40) as f32 / (1 << 24) as f32).sum::<f32>() - 6.0
    }
}

/// A named f32 tensor.
#[derive(Clone)]
pub struct Tensor {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// Writes tensors in a precision.
pub fn write_tensors(path: &Path, tensors: &[Tensor], dtype: Dtype) {
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|tensor| match dtype {
            Dtype::F32 => tensor.values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            Dtype::F16 => {
                tensor.values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect()
            }
            Dtype::BF16 => {
                tensor.values.iter().flat_map(|v| bf16::from_f32(*v).to_le_bytes()).collect()
            }
            Dtype::F64 => tensor.values.iter().flat_map(|v| f64::from(*v).to_le_bytes()).collect(),
            other => panic!("{other:?}"),
        })
        .collect();
    let views = tensors.iter().zip(&bytes).map(|(tensor, bytes)| {
        (&tensor.name, TensorView::new(dtype, tensor.shape.clone(), bytes).unwrap())
    });
    std::fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

/// The vocabulary: letters and digits that spell any ASCII word, and a few words.
pub fn vocab() -> Vec<String> {
    let mut pieces: Vec<String> =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map(String::from).into();
    let characters: Vec<char> = ('a'..='z').chain('0'..='9').collect();
    pieces.extend(characters.iter().map(|c| c.to_string()));
    pieces.extend(characters.iter().map(|c| format!("##{c}")));
    pieces.extend(".,;:()[]+-/%<>=&'\"!?".chars().map(|c| c.to_string()));
    let words = "patient fever aspirin insulin rash the with and no of in mg daily started \
                 diabetes mellitus gene mutation café naive ##itis ##emia ##ine";
    pieces.extend(words.split_whitespace().map(String::from));
    pieces.extend(["中", "文"].map(String::from));
    pieces
}

pub fn config(architecture: &str, labels: &[&str]) -> serde_json::Value {
    let ids: serde_json::Map<String, serde_json::Value> =
        labels.iter().enumerate().map(|(id, label)| (id.to_string(), (*label).into())).collect();
    serde_json::json!({
        "architectures": [architecture], "model_type": "bert", "hidden_act": "gelu",
        "hidden_size": HIDDEN, "intermediate_size": INNER, "num_hidden_layers": LAYERS,
        "num_attention_heads": 2, "vocab_size": vocab().len() + 3, "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2, "layer_norm_eps": 1e-12, "id2label": ids,
    })
}

fn matrix(random: &mut Random, name: &str, shape: [usize; 2], spread: f32) -> [Tensor; 2] {
    let values = |random: &mut Random, count: usize, spread: f32| {
        (0..count).map(|_| random.normal() * spread).collect::<Vec<f32>>()
    };
    let weight = values(random, shape[0] * shape[1], spread);
    let bias = values(random, shape[0], 0.05);
    [
        Tensor { name: format!("{name}.weight"), shape: shape.into(), values: weight },
        Tensor { name: format!("{name}.bias"), shape: vec![shape[0]], values: bias },
    ]
}

fn norm(random: &mut Random, name: &str) -> [Tensor; 2] {
    let scale = (0..HIDDEN).map(|_| 1.0 + random.normal() * 0.1).collect();
    let shift = (0..HIDDEN).map(|_| random.normal() * 0.1).collect();
    [
        Tensor { name: format!("{name}.LayerNorm.weight"), shape: vec![HIDDEN], values: scale },
        Tensor { name: format!("{name}.LayerNorm.bias"), shape: vec![HIDDEN], values: shift },
    ]
}

/// The encoder's tensors, named as `BertModel` names them.
pub fn encoder(seed: u64) -> Vec<Tensor> {
    let random = &mut Random(seed);
    let mut tensors = Vec::new();
    let rows = [("word", vocab().len() + 3), ("position", POSITIONS), ("token_type", 2)];
    for (name, rows) in rows {
        let name = format!("embeddings.{name}_embeddings");
        let [table, _] = matrix(random, &name, [rows, HIDDEN], 1.0);
        tensors.push(table);
    }
    tensors.extend(norm(random, "embeddings"));
    for layer in 0..LAYERS {
        let at = |name: &str| format!("encoder.layer.{layer}.{name}");
        for part in ["query", "key", "value"] {
            let name = at(&format!("attention.self.{part}"));
            tensors.extend(matrix(random, &name, [HIDDEN, HIDDEN], 0.2));
        }
        tensors.extend(matrix(random, &at("attention.output.dense"), [HIDDEN, HIDDEN], 0.2));
        tensors.extend(norm(random, &at("attention.output")));
        tensors.extend(matrix(random, &at("intermediate.dense"), [INNER, HIDDEN], 0.2));
        tensors.extend(matrix(random, &at("output.dense"), [HIDDEN, INNER], 0.2));
        tensors.extend(norm(random, &at("output")));
    }
    tensors
}

/// `classifier.weight` and `classifier.bias`.
pub fn classifier(seed: u64, labels: usize) -> Vec<Tensor> {
    linear(seed, "classifier", labels)
}

/// A linear layer on a state.
pub fn linear(seed: u64, name: &str, outputs: usize) -> Vec<Tensor> {
    matrix(&mut Random(seed), name, [outputs, HIDDEN], 0.5).into()
}

pub fn write_json(path: &Path, value: &serde_json::Value) {
    std::fs::write(path, serde_json::to_string_pretty(value).unwrap()).unwrap();
}

/// `config.json`, `vocab.txt` and `model.safetensors` of any tensors.
pub fn write_checkpoint(
    directory: &Path,
    config: &serde_json::Value,
    tensors: &[Tensor],
    dtype: Dtype,
) {
    std::fs::create_dir_all(directory).unwrap();
    write_json(&directory.join("config.json"), config);
    std::fs::write(directory.join("vocab.txt"), vocab().join("\n") + "\n").unwrap();
    write_tensors(&directory.join("model.safetensors"), tensors, dtype);
}

/// A `BertForTokenClassification` checkpoint.
pub fn write_token_checkpoint(directory: &Path) {
    let mut tensors = encoder(1);
    tensors.iter_mut().for_each(|tensor| tensor.name.insert_str(0, "bert."));
    tensors.extend(classifier(2, 3));
    write_checkpoint(
        directory,
        &config("BertForTokenClassification", &["B", "I", "O"]),
        &tensors,
        Dtype::F32,
    );
}

/// An encoder with a head of every kind: `encoder/` and `heads/`.
pub fn write_tiny(directory: &Path) {
    write_checkpoint(
        &directory.join("encoder"),
        &config("BertModel", &[]),
        &encoder(1),
        Dtype::F32,
    );
    let heads = directory.join("heads");
    std::fs::create_dir_all(&heads).unwrap();
    let specs = [
        (
            "disease",
            serde_json::json!({"task": "ner", "kind": "token", "labels": ["B", "I", "O"], "entity": "Disease"}),
        ),
        (
            "typed",
            serde_json::json!({"task": "ner", "kind": "token", "labels": ["O", "B-Drug", "I-Drug", "B-Gene", "I-Gene"]}),
        ),
        (
            "induces",
            serde_json::json!({"task": "re", "kind": "cls", "labels": ["0", "1"], "label_text": ["no relation", "induces"],
            "first": "Drug", "second": "Disease", "mask": ["@DRUG$", "@DISEASE$"], "negative": "0"}),
        ),
        ("event", serde_json::json!({"task": "classify", "kind": "cls", "labels": ["no", "yes"]})),
        ("answer", serde_json::json!({"task": "qa", "kind": "span", "labels": ["start", "end"]})),
    ];
    for (seed, (name, spec)) in (10..).zip(specs) {
        write_head(&heads, name, &spec, seed);
    }
}

/// The tiny model with two heads more than the golden bundle has: yes or no, and topics of which
/// several may hold.
pub fn write_tiny_with_all(directory: &Path) {
    write_tiny(directory);
    let heads = directory.join("heads");
    let verdict = serde_json::json!({"task": "qa", "kind": "cls", "labels": ["no", "yes"]});
    write_head(&heads, "verdict", &verdict, 30);
    let topics = serde_json::json!({"task": "classify", "kind": "cls", "multi_label": true,
        "labels": ["cardiac", "renal", "skin"], "label_text": ["the heart", "the kidney", "the skin"]});
    write_head(&heads, "topics", &topics, 31);
}

/// The tiny encoder's vectors, 24 wide: `modules.json` and what it names.
pub fn write_modules(encoder: &Path) {
    let modules = ["Transformer", "Pooling", "Dense", "Normalize"].iter().enumerate();
    let modules: Vec<serde_json::Value> = modules
        .map(|(at, class)| {
            let path = if at == 0 { String::new() } else { format!("{at}_{class}") };
            let class = format!("sentence_transformers.models.{class}");
            serde_json::json!({"idx": at, "name": at.to_string(), "path": path, "type": class})
        })
        .collect();
    write_json(&encoder.join("modules.json"), &modules.into());
    let limits = serde_json::json!({"max_seq_length": 32, "do_lower_case": false});
    write_json(&encoder.join("sentence_bert_config.json"), &limits);
    for directory in ["1_Pooling", "2_Dense"] {
        std::fs::create_dir_all(encoder.join(directory)).unwrap();
    }
    let pooling = serde_json::json!({"word_embedding_dimension": HIDDEN,
        "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true});
    write_json(&encoder.join("1_Pooling/config.json"), &pooling);
    let dense = serde_json::json!({"in_features": HIDDEN, "out_features": WIDTH, "bias": true,
        "activation_function": "torch.nn.modules.activation.Tanh"});
    write_json(&encoder.join("2_Dense/config.json"), &dense);
    let weights = encoder.join("2_Dense/model.safetensors");
    write_tensors(&weights, &linear(60, "linear", WIDTH), Dtype::F32);
}

fn write_head(heads: &Path, name: &str, spec: &serde_json::Value, seed: u64) {
    let labels = spec["labels"].as_array().unwrap().len();
    write_json(&heads.join(format!("{name}.json")), spec);
    let weights = heads.join(format!("{name}.safetensors"));
    write_tensors(&weights, &classifier(seed, labels), Dtype::F32);
}

pub fn engine() -> Engine {
    Engine::new(EngineOptions::default()).unwrap()
}

pub fn open(directory: &Path) -> biobert::Result<Model> {
    Model::open(&engine(), directory, OpenOptions::default())
}

/// The committed version-1 bundle of the tiny model.
pub fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/bundle-v1")
}
