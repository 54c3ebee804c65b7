//! A checkpoint as an ONNX graph: `config.json`, a tokenizer, and `model.onnx`.
//!
//! A BERT is recognised: its weights are taken out of the graph and run on the fast path, once both
//! paths were seen to give the same. Whatever else tract can run goes the general way.

mod find;
mod outputs;
mod pooled;

use std::path::{Path, PathBuf};

pub(crate) use find::find;
use outputs::Given;
use tract_onnx::pb::ModelProto;

use crate::engine::weights::EncoderWeights;
use crate::engine::{Bert, Engine, Fixed, Graph, Outputs, Shape, is_input};
use crate::error::{Error, Result, base_name};
use crate::files::config::{EncoderConfig, Family};
use crate::files::graph_config::GraphConfig;
use crate::files::onnx::{self, GraphWeights};
use crate::files::read_file;
use crate::files::vocab::Vocabulary;
use crate::heads::{Head, Vectors};
use crate::model::compare::compare;
use crate::model::encoder;
use crate::model::labels::Labels;
use crate::model::purpose::{Purpose, head_name};
use crate::model::sentence_transformers;
use crate::model::source::{BertParts, Body, GraphParts, ModelFormat, OpenOptions, Origin, Source};

/// Opens the first of the graphs that were [found](find) which can be; the modules of a model of sentence
/// vectors are in `modules`. Its head, if it has one, is named after `name`.
pub(crate) fn open(
    engine: &Engine,
    directory: &Path,
    modules: &Path,
    paths: &[PathBuf],
    name: &str,
    options: &OpenOptions,
) -> Result<Source> {
    let mut reasons = Vec::new();
    for path in paths {
        match open_one(engine, [directory, modules], path, name, options) {
            Ok(source) => return Ok(source),
            Err(error) => reasons.push(error),
        }
    }
    match <[Error; 1]>::try_from(reasons) {
        Ok([error]) => Err(error),
        Err(reasons) => {
            let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
            Err(Error::Unsupported(reasons.join("; ")))
        }
    }
}

/// Reads a checkpoint whose graph lies in `path`.
fn open_one(
    engine: &Engine,
    [directory, modules]: [&Path; 2],
    path: &Path,
    name: &str,
    options: &OpenOptions,
) -> Result<Source> {
    let config_json = read_file(&directory.join("config.json"))?;
    let labels = Labels::find(&options.labels, &[directory])?;
    let purpose = Purpose::parse(&config_json)?.with_labels(labels);
    let config = GraphConfig::parse(&config_json)?;
    let vocabulary = Vocabulary::open(directory, config.is_roberta())?;
    let file = base_name(path);
    let (proto, sha256) = onnx::read(path, &file, options.loading)?;

    let takes_segments = inputs(&proto, &file)?.contains(&"token_type_ids");
    let onnx::Fixed { batch, length } = onnx::fixed(&proto, &file)?;
    let max_tokens = length.unwrap_or(config.max_tokens());
    if !(8..=config.max_tokens()).contains(&max_tokens) {
        let reason = format!(
            "takes sequences of {max_tokens} tokens only, the model 8 to {}",
            config.max_tokens()
        );
        return Err(Error::Unsupported(format!("{file}: {reason}")));
    }
    let fixed = Fixed { batch: batch.unwrap_or(1), length, padding: config.padding() };
    let shape = Shape {
        vocab_size: config.vocab_size,
        max_tokens,
        segments: if takes_segments { config.type_vocab_size.unwrap_or(2).max(1) } else { 1 },
        hidden: config.hidden(),
        layers: config.layers(),
    };
    let given = Given::of(&proto, &file, &purpose, &head_name(name))?;
    let width = match (&given.outputs, &given.head) {
        (Outputs::Span(_), _) => Some(2),
        (_, Some(head)) => Some(head.spec.labels.len()),
        (_, None) if given.is_vector => None,
        (_, None) => Some(shape.hidden),
    };
    let remark = given.remark() + &fixed.remark() + &find::remark(path);
    // The weights that stay come first: memory after them can go back to the system.
    let fast = match given.is_vector {
        true => Err("it gives vectors of whole texts and no states".into()),
        false => recognise(&proto, &file, &config_json, name, &purpose),
    };
    let outputs = given.outputs.clone();
    let graph = Graph::new(engine, &file, &proto, outputs, width, fixed)?;
    let vectors = vectors(engine, [directory, modules], &file, &proto, &given, (&graph, shape))?;
    drop(proto);
    let general = |graph, vocabulary, reason: String| {
        let parts = GraphParts { graph, vocabulary, reason: reason + &remark };
        (Body::Graph(parts), given.head.into_iter().collect())
    };
    let (body, heads) = match fast {
        Err(reason) => general(graph, vocabulary, reason),
        Ok((config, weights, mut fast_head)) => {
            if let Some(head) = &mut fast_head {
                outputs::end(&mut head.spec, given.ending, &file)?;
            }
            let bert = Bert::new(engine, weights.clone())?;
            match compare(&bert, fast_head.as_ref(), &graph, shape)? {
                Ok(reason) => {
                    let reason = reason + &remark;
                    let parts = BertParts { config, vocabulary, weights, reason };
                    (Body::Bert(parts), fast_head.into_iter().collect())
                }
                Err(reason) => general(graph, vocabulary, reason),
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
        vectors,
        notes: purpose.note().into_iter().collect(),
        passed_over: Vec::new(),
    })
}

/// The vectors that the graph gives itself, where `modules.json` says no more than that.
fn vectors(
    engine: &Engine,
    [directory, modules]: [&Path; 2],
    file: &str,
    proto: &ModelProto,
    given: &Given,
    (graph, shape): (&Graph, Shape),
) -> Result<Option<std::result::Result<Vectors, String>>> {
    if given.is_vector {
        let read = sentence_transformers::given(
            modules,
            directory,
            Shape { hidden: graph.width(), ..shape },
        );
        return Ok(Some(read.map_err(|error| error.to_string())));
    }
    let said = sentence_transformers::vectors(modules, directory, shape);
    match (&given.vector, said) {
        (Some(name), None) => match sentence_transformers::given(modules, directory, shape) {
            Ok(read) => pooled::find(engine, file, proto, name, graph, (read, shape)).map(Some),
            Err(error) => Ok(Some(Err(error.to_string()))),
        },
        (_, said) => Ok(said),
    }
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

/// The parts of a BERT, if that is what the graph is; else why not.
fn recognise(
    proto: &ModelProto,
    file: &str,
    config_json: &[u8],
    name: &str,
    purpose: &Purpose,
) -> std::result::Result<(EncoderConfig, EncoderWeights, Option<Head>), String> {
    let parts = EncoderConfig::parse(config_json).and_then(|config| {
        if config.family != Family::Bert {
            let reason = "only a BERT is taken out of its graph";
            return Err(Error::Unsupported(reason.into()));
        }
        let dict = GraphWeights::new(file, proto)?;
        let weights = encoder::encoder(&dict, &config)?;
        let head = encoder::head(&dict, purpose, &config, &head_name(name))?;
        Ok((config, weights, head))
    });
    parts.map_err(|error| match purpose.architecture() {
        Some(name) if !name.starts_with("Bert") => format!("architecture {name} is not a BERT"),
        _ => format!("the graph is no plain BERT: {error}"),
    })
}
