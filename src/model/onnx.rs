//! A checkpoint as an ONNX graph: `config.json`, a tokenizer, and `model.onnx`.
//!
//! A BERT is recognised: its weights are taken out of the graph and run on the fast path, once both
//! paths were seen to give the same. Whatever else tract can run goes the general way.

use std::path::{Path, PathBuf};

use tract_onnx::pb::ModelProto;

use crate::engine::{Bert, Engine, Graph, Outputs, Shape, is_input};
use crate::error::{Error, Result, base_name};
use crate::files::config::BertConfig;
use crate::files::graph_config::GraphConfig;
use crate::files::onnx::{self, GraphWeights};
use crate::files::vocab::Vocabulary;
use crate::files::{Loading, read_file};
use crate::heads::{Head, Kind, Weights};
use crate::model::bert;
use crate::model::compare::compare;
use crate::model::purpose::{Purpose, head_name};
use crate::model::source::{BertParts, Body, GraphParts, ModelFormat, Origin, Source};

/// Where exporters put the graph.
const PLACES: [&str; 2] = ["model.onnx", "onnx/model.onnx"];

/// The ONNX file of a checkpoint directory, if there is one.
pub(crate) fn find(directory: &Path) -> Result<Option<PathBuf>> {
    let found = PLACES.iter().map(|place| directory.join(place)).find(|path| path.exists());
    let quantized = PLACES.map(|place| place.replace(".onnx", "_quantized.onnx"));
    match quantized.iter().find(|place| directory.join(place).exists()) {
        Some(place) if found.is_none() => Err(Error::Unsupported(format!(
            "{}: quantized graphs are not supported; export the model in f32 as model.onnx",
            base_name(Path::new(place))
        ))),
        _ => Ok(found),
    }
}

/// Reads a checkpoint whose graph was [found](find). Its head, if it has one, is named after `name`.
pub(crate) fn open(
    engine: &Engine,
    directory: &Path,
    path: &Path,
    name: &str,
    loading: Loading,
) -> Result<Source> {
    let config_json = read_file(&directory.join("config.json"))?;
    let purpose = Purpose::parse(&config_json)?;
    let config = GraphConfig::parse(&config_json)?;
    let vocabulary = Vocabulary::open(directory, config.is_roberta())?;
    let file = base_name(path);
    let (proto, sha256) = onnx::read(path, &file, loading)?;

    let takes_segments = inputs(&proto, &file)?.contains(&"token_type_ids");
    let shape = Shape {
        vocab_size: config.vocab_size,
        max_tokens: config.max_tokens(),
        segments: if takes_segments { config.type_vocab_size.unwrap_or(2).max(1) } else { 1 },
        hidden: config.hidden(),
        layers: config.layers(),
    };
    let (outputs, head) = outputs(&proto, &file, &purpose, &head_name(name))?;
    let width = match (&outputs, &head) {
        (Outputs::Span(_), _) => 2,
        (_, Some(head)) => head.spec.labels.len(),
        (_, None) => shape.hidden,
    };
    // The weights that stay come first: memory after them can go back to the system.
    let fast = recognise(&proto, &file, &config_json, vocabulary, name, &purpose);
    let graph = Graph::new(engine, &file, &proto, outputs, width)?;
    drop(proto);
    let (body, heads) = match fast {
        Err((vocabulary, reason)) => {
            let parts = GraphParts { graph, vocabulary, reason };
            (Body::Graph(parts), head.into_iter().collect())
        }
        Ok((mut parts, fast_head)) => {
            let bert = Bert::new(engine, parts.weights.clone())?;
            match compare(&bert, fast_head.as_ref(), &graph, shape)? {
                Ok(reason) => {
                    parts.reason = reason;
                    (Body::Bert(parts), fast_head.into_iter().collect())
                }
                Err(reason) => {
                    let vocabulary = Vocabulary::WordPiece(parts.vocab);
                    let parts = GraphParts { graph, vocabulary, reason };
                    (Body::Graph(parts), head.into_iter().collect())
                }
            }
        }
    };
    Ok(Source {
        format: ModelFormat::Onnx,
        shape,
        config_json,
        body,
        heads,
        bundle: None,
        origins: vec![Origin { name: name.into(), sha256 }],
        licence: None,
        default_heads: Vec::new(),
        masked: None,
        vectors: None,
    })
}

/// The names of the graph's inputs. Old files list the weights among them too.
fn inputs<'a>(proto: &'a ModelProto, file: &str) -> Result<Vec<&'a str>> {
    let Some(graph) = &proto.graph else { return Err(Error::corrupt(file, "holds no graph")) };
    let is_weight = |name: &str| graph.initializer.iter().any(|tensor| tensor.name == name);
    let names = graph.input.iter().map(|input| input.name.as_str());
    let names: Vec<&str> = names.filter(|name| !is_weight(name)).collect();
    if let Some(name) = names.iter().find(|name| !is_input(name)) {
        let reason = "its inputs must be input_ids, attention_mask and token_type_ids";
        return Err(Error::Unsupported(format!(
            "{file}: an input {}; {reason}",
            onnx::shown(name)
        )));
    }
    if !names.contains(&"input_ids") {
        return Err(Error::model(file, "has no input input_ids"));
    }
    Ok(names)
}

/// What the graph gives, and the head that this makes.
fn outputs(
    proto: &ModelProto,
    file: &str,
    purpose: &Purpose,
    name: &str,
) -> Result<(Outputs, Option<Head>)> {
    let names = proto.graph.iter().flat_map(|graph| &graph.output);
    let names: Vec<&str> = names.map(|output| output.name.as_str()).collect();
    // A sole output is the one that is meant, whatever its name.
    let find = |name: &str| match names.as_slice() {
        [sole] => Ok(sole.to_string()),
        names if names.contains(&name) => Ok(name.to_string()),
        _ => Err(Error::model(file, format!("has no output {name}"))),
    };
    let Some(kind) = purpose.kind()? else {
        return Ok((Outputs::States(find("last_hidden_state")?), None));
    };
    let outputs = match kind {
        Kind::Cls => Outputs::Sequence(find("logits")?),
        Kind::Span => Outputs::Span([find("start_logits")?, find("end_logits")?]),
        // No checkpoint says that its head reads all layers.
        _ => Outputs::Tokens(find("logits")?),
    };
    let head = purpose.head(0)?;
    let head = head.map(|spec| Head { name: name.into(), spec, weights: Weights::Graph });
    Ok((outputs, head))
}

/// The parts of a BERT, if that is what the graph is; else the vocabulary again, and why not.
fn recognise(
    proto: &ModelProto,
    file: &str,
    config_json: &[u8],
    vocabulary: Vocabulary,
    name: &str,
    purpose: &Purpose,
) -> std::result::Result<(BertParts, Option<Head>), (Vocabulary, String)> {
    let vocab = match vocabulary {
        Vocabulary::WordPiece(vocab) => vocab,
        other => return Err((other, general(purpose))),
    };
    let parts = BertConfig::parse(config_json).and_then(|config| {
        let dict = GraphWeights::new(file, proto)?;
        let weights = bert::encoder(&dict, &config)?;
        let head = bert::head(&dict, purpose, config.hidden_size, &head_name(name))?;
        Ok((config, weights, head))
    });
    match parts {
        Ok((config, weights, head)) => {
            Ok((BertParts { config, vocab, weights, reason: String::new() }, head))
        }
        Err(_) if !is_bert(purpose) => Err((Vocabulary::WordPiece(vocab), general(purpose))),
        Err(error) => {
            let reason = format!("the graph is no plain BERT: {error}");
            Err((Vocabulary::WordPiece(vocab), reason))
        }
    }
}

fn is_bert(purpose: &Purpose) -> bool {
    purpose.architecture().is_none_or(|name| name.starts_with("Bert"))
}

fn general(purpose: &Purpose) -> String {
    match purpose.architecture() {
        Some(name) if !is_bert(purpose) => format!("architecture {name} is not a BERT"),
        _ => "its tokenizer is not BERT's".into(),
    }
}
