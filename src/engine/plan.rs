//! A BERT's layers as a tract model over the packed batch, in either arithmetic: in f32 a node for each
//! step, in int8 one for all.

use std::sync::Arc;

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::ToDim;

use crate::engine::linear::Linear;
use crate::engine::ops::{Add, AddNorm, Embed, Normalise, float, int8};
use crate::engine::states::Taken;
use crate::engine::weights::{EncoderWeights, Layer, Layers, Norm};

/// The layers that `taken` needs. Inputs: `tokens`, `position`, `segment`, `starts`, `globals`, as in a batch.
/// Outputs: the states of the last of these layers, or of the embeddings and of every layer.
pub(super) fn graph(weights: &EncoderWeights, taken: Taken) -> TractResult<TypedModel> {
    let depth = match taken {
        Taken::After(depth) => depth,
        Taken::Last | Taken::All => weights.layers.len(),
    };
    let mut graph = TypedModel::default();
    let per_token = graph.symbols.sym("T").to_dim();
    let per_sequence = graph.symbols.sym("N").to_dim();
    let borders = graph.symbols.sym("S").to_dim();
    let mut source =
        |name: &str, length: &TDim| graph.add_source(name, u32::fact([length.clone()]));
    let sources = Sources {
        tokens: source("tokens", &per_token)?,
        position: source("position", &per_token)?,
        segment: source("segment", &per_token)?,
        starts: source("starts", &borders)?,
        globals: source("globals", &per_sequence)?,
    };
    match &weights.layers {
        Layers::F32(layers) => {
            float_layers(&mut graph, &sources, weights, &layers[..depth], taken)?
        }
        Layers::Int8(layers) => {
            let Sources { tokens, position, segment, starts, globals } = sources;
            let bert = int8::Bert {
                embeddings: weights.embeddings.clone(),
                layers: layers.clone(),
                depth,
                every: taken == Taken::All,
                hidden: weights.hidden,
                heads: weights.attention_heads,
            };
            let inputs = [starts, globals, position, segment, tokens];
            let states = graph.wire_node("bert", bert, &inputs)?;
            graph.select_output_outlets(&states)?;
        }
    }
    Ok(graph)
}

/// The inputs of a plan.
struct Sources {
    tokens: OutletId,
    position: OutletId,
    segment: OutletId,
    starts: OutletId,
    globals: OutletId,
}

fn float_layers(
    graph: &mut TypedModel,
    sources: &Sources,
    weights: &EncoderWeights,
    layers: &[Layer<Linear>],
    taken: Taken,
) -> TractResult<()> {
    let Sources { tokens, position, segment, starts, globals } = *sources;
    let (heads, hidden) = (weights.attention_heads, weights.hidden);
    let mut nodes = Nodes(graph);
    let embeddings = weights.embeddings.clone();
    let (project, norm) = (embeddings.project.clone(), embeddings.norm.clone());
    // The states, and what the next product reads of them.
    let mut x = nodes.add("embed".into(), Embed { embeddings }, &[tokens, position, segment])?;
    if let Some(project) = &project {
        x = nodes.dense("project".into(), project, false, x)?;
    }
    let mut read = x;
    if norm.pre {
        read = nodes.add("embed_norm".into(), Normalise { norm }, &[x])?;
    }
    let mut states = vec![x];
    for (index, layer) in layers.iter().enumerate() {
        let at = |name: &str| format!("layer.{index}.{name}");
        let mut qkv = nodes.dense(at("qkv"), &layer.qkv, false, read)?;
        if let Some(rotary) = &layer.sight.rotary {
            let rotate = float::Rotate { rotary: rotary.clone(), hidden };
            qkv = nodes.add(at("rotary"), rotate, &[position, qkv])?;
        }
        let (sight, global_qkv) = (layer.sight.clone(), layer.global_qkv.clone());
        let attention = float::Attention { sight, global_qkv, heads, hidden };
        let context = nodes.add(at("attention"), attention, &[starts, globals, read, qkv])?;
        let output =
            nodes.dense(at("attention_output"), &layer.attention_output, false, context)?;
        (x, read) = nodes.add_norm(&at("attention_norm"), &layer.attention_norm, output, x)?;
        let mut inner = nodes.dense(at("intermediate"), &layer.intermediate, !layer.gated, read)?;
        if layer.gated {
            let width = layer.output.weight.k();
            inner = nodes.add(at("gate"), float::Gate { width }, &[inner])?;
        }
        let outer = nodes.dense(at("output"), &layer.output, false, inner)?;
        (x, read) = nodes.add_norm(&at("output_norm"), &layer.output_norm, outer, x)?;
        states.push(x);
    }
    let outputs = if taken == Taken::All { &states } else { &states[layers.len()..] };
    graph.select_output_outlets(outputs)
}

/// Adds nodes of one output to a graph.
struct Nodes<'a>(&'a mut TypedModel);

impl Nodes<'_> {
    fn add(
        &mut self,
        name: String,
        operation: impl Into<Box<dyn TypedOp>>,
        inputs: &[OutletId],
    ) -> TractResult<OutletId> {
        Ok(self.0.wire_node(name, operation, inputs)?[0])
    }

    fn dense(
        &mut self,
        name: String,
        linear: &Arc<Linear>,
        gelu: bool,
        x: OutletId,
    ) -> TractResult<OutletId> {
        self.add(name, float::Dense { linear: linear.clone(), gelu }, &[x])
    }

    /// The states after something was added to them, and what the next product reads of them.
    fn add_norm(
        &mut self,
        name: &str,
        norm: &Arc<Norm>,
        added: OutletId,
        x: OutletId,
    ) -> TractResult<(OutletId, OutletId)> {
        let norm = norm.clone();
        if !norm.pre {
            let x = self.add(name.into(), AddNorm { norm }, &[added, x])?;
            return Ok((x, x));
        }
        let width = norm.scale.len();
        let x = self.add(format!("{name}.sum"), Add { width }, &[added, x])?;
        Ok((x, self.add(name.into(), Normalise { norm }, &[x])?))
    }
}
