//! A BERT's layers as a tract model over the packed batch, in either arithmetic.

use std::sync::Arc;

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::ToDim;

use crate::engine::linear::Linear;
use crate::engine::ops::{AddNorm, Embed, float, int8};
use crate::engine::quant::QuantLinear;
use crate::engine::states::Taken;
use crate::engine::weights::{EncoderWeights, Layer, Layers};

/// The operations that differ between f32 and int8.
trait Arithmetic {
    /// Whether linear layers read quantized rows, which come beside the states.
    const QUANTIZED: bool;

    fn dense(linear: &Arc<Self>) -> Box<dyn TypedOp>;
    fn dense_gelu(linear: &Arc<Self>) -> Box<dyn TypedOp>;
    fn attention(heads: usize, hidden: usize) -> Box<dyn TypedOp>;
}

impl Arithmetic for Linear {
    const QUANTIZED: bool = false;

    fn dense(linear: &Arc<Self>) -> Box<dyn TypedOp> {
        Box::new(float::Dense { linear: linear.clone(), gelu: false })
    }

    fn dense_gelu(linear: &Arc<Self>) -> Box<dyn TypedOp> {
        Box::new(float::Dense { linear: linear.clone(), gelu: true })
    }

    fn attention(heads: usize, hidden: usize) -> Box<dyn TypedOp> {
        Box::new(float::Attention { heads, hidden })
    }
}

impl Arithmetic for QuantLinear {
    const QUANTIZED: bool = true;

    fn dense(linear: &Arc<Self>) -> Box<dyn TypedOp> {
        Box::new(int8::Dense(linear.clone()))
    }

    fn dense_gelu(linear: &Arc<Self>) -> Box<dyn TypedOp> {
        Box::new(int8::DenseGelu(linear.clone()))
    }

    fn attention(heads: usize, hidden: usize) -> Box<dyn TypedOp> {
        Box::new(int8::Attention { heads, hidden })
    }
}

/// The layers that `taken` needs. Inputs: `tokens`, `position`, `segment`, `starts`, as in a batch.
/// Outputs: the states of the last of these layers, or of the embeddings and of every layer.
pub(super) fn graph(weights: &EncoderWeights, taken: Taken) -> TractResult<TypedModel> {
    let depth = match taken {
        Taken::After(depth) => depth,
        Taken::Last | Taken::All => weights.layers.len(),
    };
    match &weights.layers {
        Layers::F32(layers) => wire(weights, &layers[..depth], taken),
        Layers::Int8(layers) => wire(weights, &layers[..depth], taken),
    }
}

fn wire<L: Arithmetic>(
    weights: &EncoderWeights,
    layers: &[Layer<L>],
    taken: Taken,
) -> TractResult<TypedModel> {
    let mut graph = TypedModel::default();
    let per_token = graph.symbols.sym("T").to_dim();
    let per_sequence = graph.symbols.sym("S").to_dim();
    let mut source =
        |name: &str, length: &TDim| graph.add_source(name, u32::fact([length.clone()]));
    let tokens = source("tokens", &per_token)?;
    let position = source("position", &per_token)?;
    let segment = source("segment", &per_token)?;
    let starts = source("starts", &per_sequence)?;

    // Gives the first output and the last: of states, these are the states and what linear layers
    // read, which in f32 is the same.
    let mut node = |name: String, operation: Box<dyn TypedOp>, inputs: &[OutletId]| {
        let outlets = graph.wire_node(name, operation, inputs)?;
        Ok::<_, TractError>((outlets[0], outlets[outlets.len() - 1]))
    };
    let linear = |x: OutletId| if L::QUANTIZED { tvec!(x, tokens) } else { tvec!(x) };
    // The last states go to heads, which read f32.
    let quantize = |last: bool| L::QUANTIZED && !last;

    let embeddings = weights.embeddings.clone();
    let embed = Embed { embeddings, quantize: quantize(layers.is_empty()) };
    let (mut x, mut q) = node("embed".into(), Box::new(embed), &[tokens, position, segment])?;
    let mut states = vec![x];
    for (index, layer) in layers.iter().enumerate() {
        let at = |name: &str| format!("layer.{index}.{name}");
        let (qkv, _) = node(at("qkv"), L::dense(&layer.qkv), &linear(q))?;
        let attention = L::attention(weights.attention_heads, weights.hidden);
        let (context, _) = node(at("attention"), attention, &[starts, qkv])?;
        let dense = L::dense(&layer.attention_output);
        let (attended, _) = node(at("attention_output"), dense, &linear(context))?;
        let norm = layer.attention_norm.clone();
        let add_norm = AddNorm { norm, quantize: quantize(false) };
        (x, q) = node(at("attention_norm"), Box::new(add_norm), &[attended, x])?;
        let dense = L::dense_gelu(&layer.intermediate);
        let (inner, _) = node(at("intermediate"), dense, &linear(q))?;
        let (outer, _) = node(at("output"), L::dense(&layer.output), &linear(inner))?;
        let norm = layer.output_norm.clone();
        let add_norm = AddNorm { norm, quantize: quantize(index + 1 == layers.len()) };
        (x, q) = node(at("output_norm"), Box::new(add_norm), &[outer, x])?;
        states.push(x);
    }
    let outputs = if taken == Taken::All { &states } else { &states[layers.len()..] };
    graph.select_output_outlets(outputs)?;
    Ok(graph)
}
