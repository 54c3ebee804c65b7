//! A BERT's layers as a tract model over the packed batch, in either arithmetic: in f32 a node for each
//! step, in int8 one for all.

use std::sync::Arc;

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::ToDim;

use crate::engine::linear::Linear;
use crate::engine::ops::{AddNorm, Embed, float, int8};
use crate::engine::states::Taken;
use crate::engine::weights::{EncoderWeights, Layer, Layers};

/// The layers that `taken` needs. Inputs: `tokens`, `position`, `segment`, `starts`, as in a batch.
/// Outputs: the states of the last of these layers, or of the embeddings and of every layer.
pub(super) fn graph(weights: &EncoderWeights, taken: Taken) -> TractResult<TypedModel> {
    let depth = match taken {
        Taken::After(depth) => depth,
        Taken::Last | Taken::All => weights.layers.len(),
    };
    let mut graph = TypedModel::default();
    let per_token = graph.symbols.sym("T").to_dim();
    let per_sequence = graph.symbols.sym("S").to_dim();
    let mut source =
        |name: &str, length: &TDim| graph.add_source(name, u32::fact([length.clone()]));
    let sources = Sources {
        tokens: source("tokens", &per_token)?,
        position: source("position", &per_token)?,
        segment: source("segment", &per_token)?,
        starts: source("starts", &per_sequence)?,
    };
    match &weights.layers {
        Layers::F32(layers) => {
            float_layers(&mut graph, &sources, weights, &layers[..depth], taken)?
        }
        Layers::Int8(layers) => {
            let Sources { tokens, position, segment, starts } = sources;
            let bert = int8::Bert {
                embeddings: weights.embeddings.clone(),
                layers: layers.clone(),
                depth,
                every: taken == Taken::All,
                heads: weights.attention_heads,
            };
            let states = graph.wire_node("bert", bert, &[starts, position, segment, tokens])?;
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
}

fn float_layers(
    graph: &mut TypedModel,
    sources: &Sources,
    weights: &EncoderWeights,
    layers: &[Layer<Linear>],
    taken: Taken,
) -> TractResult<()> {
    let Sources { tokens, position, segment, starts } = *sources;
    let mut node = |name: String, operation: Box<dyn TypedOp>, inputs: &[OutletId]| {
        Ok::<_, TractError>(graph.wire_node(name, operation, inputs)?[0])
    };
    let dense =
        |linear: &Arc<Linear>, gelu: bool| Box::new(float::Dense { linear: linear.clone(), gelu });
    let embed = Embed { embeddings: weights.embeddings.clone() };
    let mut x = node("embed".into(), Box::new(embed), &[tokens, position, segment])?;
    let mut states = vec![x];
    for (index, layer) in layers.iter().enumerate() {
        let at = |name: &str| format!("layer.{index}.{name}");
        let qkv = node(at("qkv"), dense(&layer.qkv, false), &[x])?;
        let attention = float::Attention { heads: weights.attention_heads, hidden: weights.hidden };
        let context = node(at("attention"), Box::new(attention), &[starts, qkv])?;
        let output = dense(&layer.attention_output, false);
        let attended = node(at("attention_output"), output, &[context])?;
        let norm = AddNorm { norm: layer.attention_norm.clone() };
        x = node(at("attention_norm"), Box::new(norm), &[attended, x])?;
        let inner = node(at("intermediate"), dense(&layer.intermediate, true), &[x])?;
        let outer = node(at("output"), dense(&layer.output, false), &[inner])?;
        let norm = AddNorm { norm: layer.output_norm.clone() };
        x = node(at("output_norm"), Box::new(norm), &[outer, x])?;
        states.push(x);
    }
    let outputs = if taken == Taken::All { &states } else { &states[layers.len()..] };
    graph.select_output_outlets(outputs)
}
