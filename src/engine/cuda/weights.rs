//! An encoder's weights in the memory of the GPU.

use std::sync::Arc;

use biobert_kernels::PANEL;
use cudarc::driver::result;

use crate::engine::cuda::context::Context;
use crate::engine::cuda::failure::failed;
use crate::engine::cuda::layout::{BLOCK_WORDS, CHANNEL_BLOCK, Pointer, STEP, word_of};
use crate::engine::cuda::memory::Values;
use crate::engine::quant::QuantLinear;
use crate::engine::weights;
use crate::error::Result;

/// A linear layer. Channels are padded to [`CHANNEL_BLOCK`] with zeros.
#[derive(Debug)]
pub(super) struct Linear {
    pub(super) k: usize,
    pub(super) n: usize,
    /// In the order of `fragments.cuh`, and as `[k][padded n]`.
    fragments: Values<u32>,
    by_k: Values<u8>,
    scales: Values<f32>,
    sums: Values<i32>,
    bias: Values<f32>,
}

impl Linear {
    pub(super) fn upload(context: &Arc<Context>, from: &QuantLinear) -> Result<Linear> {
        let (layout, values) = (from.layout, from.values());
        let (k, n, steps) = (layout.k(), layout.n(), layout.padded_k() / STEP);
        let padded_n = n.next_multiple_of(CHANNEL_BLOCK);
        let mut fragments = vec![0; padded_n / PANEL * steps * BLOCK_WORDS];
        let mut by_k = vec![0; k * padded_n];
        let panels = values.chunks_exact(layout.padded_k() * PANEL);
        for ((panel, words), block) in
            panels.enumerate().zip(fragments.chunks_exact_mut(steps * BLOCK_WORDS))
        {
            for (at, word) in words.as_chunks::<4>().0.iter().enumerate() {
                let (first, channel) = (at / PANEL * 4, at % PANEL);
                block[word_of(channel, first)] = u32::from_le_bytes(*word);
                for (k, &value) in (first..k).zip(word) {
                    by_k[k * padded_n + panel * PANEL + channel] = value;
                }
            }
        }
        Ok(Linear {
            k,
            n,
            fragments: Values::upload(context, &fragments)?,
            by_k: Values::upload(context, &by_k)?,
            scales: Values::upload(context, &padded(&from.scales, padded_n))?,
            sums: Values::upload(context, &padded(&from.sums, padded_n))?,
            bias: Values::upload(context, &padded(&from.bias, padded_n))?,
        })
    }

    pub(super) fn padded_n(&self) -> usize {
        self.scales.len()
    }

    pub(super) fn fragments(&self) -> Pointer {
        self.fragments.pointer()
    }

    pub(super) fn by_k(&self) -> Pointer {
        self.by_k.pointer()
    }

    pub(super) fn scales(&self) -> Pointer {
        self.scales.pointer()
    }

    pub(super) fn sums(&self) -> Pointer {
        self.sums.pointer()
    }

    pub(super) fn bias(&self) -> Pointer {
        self.bias.pointer()
    }
}

fn padded<T: Copy + Default>(values: &[T], length: usize) -> Vec<T> {
    let mut values = values.to_vec();
    values.resize(length, T::default());
    values
}

/// A LayerNorm.
#[derive(Debug)]
pub(super) struct Norm {
    scale: Values<f32>,
    shift: Values<f32>,
    pub(super) width: usize,
    pub(super) eps: f32,
}

impl Norm {
    pub(super) fn upload(context: &Arc<Context>, from: &weights::Norm) -> Result<Norm> {
        Ok(Norm {
            scale: Values::upload(context, &from.scale)?,
            shift: Values::upload(context, &from.shift)?,
            width: from.scale.len(),
            eps: from.eps,
        })
    }

    pub(super) fn scale(&self) -> Pointer {
        self.scale.pointer()
    }

    pub(super) fn shift(&self) -> Pointer {
        self.shift.pointer()
    }
}

/// Rows of an embedding: f32, or s8 with a scale each.
#[derive(Debug)]
pub(super) enum Table {
    F32(Values<f32>),
    Int8 { values: Values<u8>, scales: Values<f32> },
}

impl Table {
    pub(super) fn upload(context: &Arc<Context>, from: &weights::Table) -> Result<Table> {
        Ok(match from {
            weights::Table::F32 { values, .. } => Table::F32(Values::upload(context, values)?),
            weights::Table::Int8 { bytes, range, stride, width, scales } => {
                let rows = bytes[range.clone()].chunks(*stride).take(scales.len());
                let values: Vec<u8> = rows.flat_map(|row| &row[..*width]).copied().collect();
                Table::Int8 {
                    values: Values::upload(context, &values)?,
                    scales: Values::upload(context, scales)?,
                }
            }
        })
    }

    /// Its values, and their scales: none for f32.
    pub(super) fn pointers(&self) -> (Pointer, Pointer) {
        match self {
            Table::F32(values) => (values.pointer(), 0),
            Table::Int8 { values, scales } => (values.pointer(), scales.pointer()),
        }
    }
}

/// A layer of an encoder.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) qkv: Linear,
    pub(super) attention_output: Linear,
    pub(super) attention_norm: Norm,
    pub(super) intermediate: Linear,
    pub(super) output: Linear,
    pub(super) output_norm: Norm,
}

/// A whole encoder.
#[derive(Debug)]
pub(super) struct Weights {
    /// Words, positions and segments.
    pub(super) tables: [Table; 3],
    pub(super) norm: Norm,
    pub(super) layers: Vec<Layer>,
}

impl Weights {
    /// The context is entered, here and above.
    pub(super) fn upload(
        context: &Arc<Context>,
        embeddings: &weights::Embeddings,
        layers: &[weights::Layer<QuantLinear>],
    ) -> Result<Weights> {
        let weights::Embeddings { word, position, segment, norm: first_norm, .. } = embeddings;
        let width = embeddings.width();
        // A table that a family has not (DistilBERT's segments) is one of a row of zeros.
        let none = weights::Table::F32 { values: vec![0.0; width], width };
        let table = |from: Option<&weights::Table>| Table::upload(context, from.unwrap_or(&none));
        let linear = |from: &QuantLinear| Linear::upload(context, from);
        let norm = |from: &weights::Norm| Norm::upload(context, from);
        let layer = |from: &weights::Layer<QuantLinear>| {
            Ok(Layer {
                qkv: linear(&from.qkv)?,
                attention_output: linear(&from.attention_output)?,
                attention_norm: norm(&from.attention_norm)?,
                intermediate: linear(&from.intermediate)?,
                output: linear(&from.output)?,
                output_norm: norm(&from.output_norm)?,
            })
        };
        let uploaded = Weights {
            tables: [table(Some(word))?, table(position.as_ref())?, table(segment.as_ref())?],
            norm: norm(first_norm)?,
            layers: layers.iter().map(layer).collect::<Result<_>>()?,
        };
        // Other streams read them from now on.
        result::ctx::synchronize().map_err(failed("copying to the GPU"))?;
        Ok(uploaded)
    }
}
