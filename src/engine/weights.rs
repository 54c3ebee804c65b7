//! An encoder's weights in the form that the engine runs.

use std::ops::Range;
use std::sync::Arc;

use crate::bytes::Bytes;
use crate::engine::Precision;
use crate::engine::linear::Linear;
use crate::engine::quant::QuantLinear;
use crate::engine::sight::Sight;
use crate::error::Result;

/// A LayerNorm, of a sum of states.
#[derive(Debug)]
pub(crate) struct Norm {
    pub(crate) scale: Vec<f32>,
    pub(crate) shift: Vec<f32>,
    pub(crate) eps: f32,
    /// Whether it is only for what the next product reads, while the state stays the sum ("pre-norm", as
    /// in Megatron and ModernBERT). BERT's states are normalised themselves.
    pub(crate) pre: bool,
}

/// One encoder layer, its linear layers in either arithmetic. Query, key and value are one product,
/// in that order.
#[derive(Debug)]
pub(crate) struct Layer<L> {
    pub(crate) sight: Arc<Sight>,
    pub(crate) qkv: Arc<L>,
    /// Those of global tokens, where a window has them (Longformer).
    pub(crate) global_qkv: Option<Arc<L>>,
    pub(crate) attention_output: Arc<L>,
    /// Of the state and what attention adds to it.
    pub(crate) attention_norm: Arc<Norm>,
    /// Whether the intermediate product gives values and gates, one after the other (GeGLU), and not
    /// values for GELU.
    pub(crate) gated: bool,
    pub(crate) intermediate: Arc<L>,
    pub(crate) output: Arc<L>,
    /// Of the state and what the output adds to it: where it is a pre-norm, the one that the next layer
    /// begins with.
    pub(crate) output_norm: Arc<Norm>,
}

impl<L> Layer<L> {
    fn convert<M>(&self, with: impl Fn(&L) -> Result<M>) -> Result<Layer<M>> {
        Ok(Layer {
            sight: self.sight.clone(),
            gated: self.gated,
            global_qkv: self.global_qkv.as_deref().map(&with).transpose()?.map(Arc::new),
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
    pub(crate) position: Option<Table>,
    pub(crate) segment: Option<Table>,
    pub(crate) norm: Arc<Norm>,
    /// From the embeddings' width to the states', where these differ (ELECTRA).
    pub(crate) project: Option<Arc<Linear>>,
}

impl Embeddings {
    /// The sum for one token; `row` is as wide as the tables.
    pub(super) fn sum(&self, token: u32, position: u32, segment: u32, row: &mut [f32]) {
        row.fill(0.0);
        self.word.add_row(token as usize, row);
        let others = [(&self.position, position), (&self.segment, segment)];
        for (table, at) in others {
            if let Some(table) = table {
                table.add_row(at as usize, row);
            }
        }
    }

    /// Width of the tables.
    pub(super) fn width(&self) -> usize {
        self.norm.scale.len()
    }
}

/// A whole encoder. Clones share the weights.
#[derive(Debug, Clone)]
pub(crate) struct EncoderWeights {
    pub(crate) embeddings: Arc<Embeddings>,
    pub(crate) layers: Layers,
    pub(crate) hidden: usize,
    pub(crate) attention_heads: usize,
    /// Biases of distances, `[buckets, heads]`, as they are stored; layers have them by distance.
    pub(crate) relative_bias: Option<Arc<[f32]>>,
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
