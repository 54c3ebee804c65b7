//! An encoder's weights in the form that the engine runs.

use std::ops::Range;
use std::sync::Arc;

use crate::bytes::Bytes;
use crate::engine::Precision;
use crate::engine::linear::Linear;
use crate::engine::quant::QuantLinear;
use crate::error::Result;

/// A LayerNorm.
#[derive(Debug)]
pub(crate) struct Norm {
    pub(crate) scale: Vec<f32>,
    pub(crate) shift: Vec<f32>,
    pub(crate) eps: f32,
}

/// One encoder layer, its linear layers in either arithmetic. Query, key and value are one product,
/// in that order.
#[derive(Debug)]
pub(crate) struct Layer<L> {
    pub(crate) qkv: Arc<L>,
    pub(crate) attention_output: Arc<L>,
    pub(crate) attention_norm: Arc<Norm>,
    pub(crate) intermediate: Arc<L>,
    pub(crate) output: Arc<L>,
    pub(crate) output_norm: Arc<Norm>,
}

impl<L> Layer<L> {
    fn convert<M>(&self, with: impl Fn(&L) -> Result<M>) -> Result<Layer<M>> {
        Ok(Layer {
            qkv: with(&self.qkv)?.into(),
            attention_output: with(&self.attention_output)?.into(),
            attention_norm: self.attention_norm.clone(),
            intermediate: with(&self.intermediate)?.into(),
            output: with(&self.output)?.into(),
            output_norm: self.output_norm.clone(),
        })
    }
}

/// Rows of an embedding.
#[derive(Debug)]
pub(crate) enum Table {
    /// `[rows, width]`.
    F32 { values: Vec<f32>, width: usize },
    /// Bytes of a mapped bundle: row `r` is `bytes[range][r * stride ..]`, times `scales[r]`.
    Int8 { bytes: Bytes, range: Range<usize>, stride: usize, width: usize, scales: Vec<f32> },
}

impl Table {
    /// Adds a row to `out`, which is as wide as the table.
    pub(crate) fn add_row(&self, row: usize, out: &mut [f32]) {
        match self {
            Table::F32 { values, width } => {
                for (out, value) in out.iter_mut().zip(&values[row * width..][..*width]) {
                    *out += value;
                }
            }
            Table::Int8 { bytes, range, stride, width, scales } => {
                let row_bytes = &bytes[range.clone()][row * stride..][..*width];
                for (out, &value) in out.iter_mut().zip(row_bytes) {
                    *out += f32::from(value as i8) * scales[row];
                }
            }
        }
    }

    pub(crate) fn rows(&self) -> usize {
        match self {
            Table::F32 { values, width } => values.len() / width,
            Table::Int8 { scales, .. } => scales.len(),
        }
    }
}

/// Embeddings of words, positions and segments, added up and normalised.
#[derive(Debug)]
pub(crate) struct Embeddings {
    pub(crate) word: Table,
    pub(crate) position: Table,
    pub(crate) segment: Table,
    pub(crate) norm: Norm,
}

/// A whole encoder. Clones share the weights.
#[derive(Debug, Clone)]
pub(crate) struct EncoderWeights {
    pub(crate) embeddings: Arc<Embeddings>,
    pub(crate) layers: Layers,
    pub(crate) hidden: usize,
    pub(crate) attention_heads: usize,
}

/// The layers of an encoder, and with them its arithmetic.
#[derive(Debug, Clone)]
pub(crate) enum Layers {
    F32(Arc<[Layer<Linear>]>),
    Int8(Arc<[Layer<QuantLinear>]>),
}

impl Layers {
    pub(crate) fn len(&self) -> usize {
        match self {
            Layers::F32(layers) => layers.len(),
            Layers::Int8(layers) => layers.len(),
        }
    }

    pub(crate) fn precision(&self) -> Precision {
        match self {
            Layers::F32(_) => Precision::F32,
            Layers::Int8(_) => Precision::Int8,
        }
    }

    /// The same layers in an arithmetic.
    fn convert(self, precision: Precision) -> Result<Layers> {
        Ok(match (self, precision) {
            (Layers::F32(layers), Precision::Int8) => Layers::Int8(
                layers.iter().map(|l| l.convert(QuantLinear::quantize)).collect::<Result<_>>()?,
            ),
            (Layers::Int8(layers), Precision::F32) => Layers::F32(
                layers.iter().map(|l| l.convert(|l| Ok(l.to_f32()))).collect::<Result<_>>()?,
            ),
            (layers, _) => layers,
        })
    }
}

impl EncoderWeights {
    /// The same encoder in an arithmetic.
    pub(crate) fn convert(self, precision: Precision) -> Result<EncoderWeights> {
        Ok(EncoderWeights { layers: self.layers.convert(precision)?, ..self })
    }
}
