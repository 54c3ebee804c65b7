//! An encoder's weights in the form that the engine runs.

use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::Panels;

use crate::model::tensors::Bytes;

/// A linear layer: `x * weight + bias`.
#[derive(Debug)]
pub(crate) struct Linear {
    pub(crate) weight: Panels,
    pub(crate) bias: Vec<f32>,
}

/// A LayerNorm.
#[derive(Debug)]
pub(crate) struct Norm {
    pub(crate) scale: Vec<f32>,
    pub(crate) shift: Vec<f32>,
    pub(crate) eps: f32,
}

/// One encoder layer. Query, key and value are one product, in that order.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pub(crate) qkv: Arc<Linear>,
    pub(crate) attention_output: Arc<Linear>,
    pub(crate) attention_norm: Arc<Norm>,
    pub(crate) intermediate: Arc<Linear>,
    pub(crate) output: Arc<Linear>,
    pub(crate) output_norm: Arc<Norm>,
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
    pub(crate) layers: Vec<Layer>,
    pub(crate) hidden: usize,
    pub(crate) attention_heads: usize,
}
