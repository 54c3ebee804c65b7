//! `encoder.safetensors`: an encoder's weights as int8 in panels, and back.
//!
//! Linear weights: symmetric, −127..127, one f32 scale per output channel, layout
//! `[n / 16][k / 4][16][4]` with zero padding, column sums as i32. Rows of the word embedding:
//! symmetric, one f32 scale per row. Position and segment embeddings: f32, since every token adds
//! the same few rows, so that their rounding would be a bias and not noise (0.1 to 0.3 F1 on
//! NCBI-disease). LayerNorms: f32. Every tensor starts on a multiple of 64 bytes.

use std::sync::Arc;

use biobert_kernels::{PANEL, QuantPanels};
use safetensors::{Dtype, SafeTensors};

use crate::engine::Sight;
use crate::engine::linear::Linear;
use crate::engine::quant::{QuantLinear, quantize};
use crate::engine::weights::{Embeddings, EncoderWeights, Layer, Layers, Norm, Table};
use crate::error::{Error, Result};
use crate::files::config::EncoderConfig;
use crate::files::safetensors::TensorFile;
use crate::files::write::{ALIGN, Tensor};
use crate::model::encoder::sights;
use crate::model::source::Integrity;

/// Everything of an encoder, in the order of the model. `layers` are those of `weights` in int8.
pub(crate) fn tensors(
    weights: &EncoderWeights,
    layers: &[Layer<QuantLinear>],
    config: &EncoderConfig,
) -> Vec<Tensor> {
    let mut out = Vec::new();
    let width = config.embedding_size;
    let embeddings = &weights.embeddings;
    put_int8_table(&mut out, "embeddings.word", &embeddings.word, width);
    let tables = [
        ("embeddings.position", &embeddings.position),
        ("embeddings.segment", &embeddings.segment),
    ];
    for (name, table) in tables {
        if let Some(table) = table {
            put_f32_table(&mut out, name, table, width);
        }
    }
    put_norm(&mut out, "embeddings.norm", &embeddings.norm);
    if let Some(project) = &embeddings.project {
        put_f32_linear(&mut out, "embeddings.project", project);
    }
    if let Some(biases) = &weights.relative_bias {
        put_rows(&mut out, "relative_bias", biases, weights.attention_heads);
    }
    for (index, layer) in layers.iter().enumerate() {
        let at = |name: &str| format!("layer.{index}.{name}");
        put_linear(&mut out, &at("qkv"), &layer.qkv);
        if let Some(global_qkv) = &layer.global_qkv {
            put_linear(&mut out, &at("global_qkv"), global_qkv);
        }
        put_linear(&mut out, &at("attention_output"), &layer.attention_output);
        put_norm(&mut out, &at("attention_norm"), &layer.attention_norm);
        put_linear(&mut out, &at("intermediate"), &layer.intermediate);
        put_linear(&mut out, &at("output"), &layer.output);
        put_norm(&mut out, &at("output_norm"), &layer.output_norm);
    }
    out
}

/// Row `row` of a table in f32.
fn table_row(table: &Table, row: usize, width: usize) -> Vec<f32> {
    let mut values = vec![0.0; width];
    table.add_row(row, &mut values);
    values
}

fn put_int8_table(out: &mut Vec<Tensor>, name: &str, table: &Table, width: usize) {
    let (rows, stride) = (table.rows(), width.next_multiple_of(ALIGN));
    let mut data = vec![0; rows * stride];
    let mut scales = vec![0.0; rows.next_multiple_of(PANEL)];
    for (row, bytes) in data.chunks_exact_mut(stride).enumerate() {
        let row_values = table_row(table, row, width);
        let (values, scale) = quantize(row_values.iter().copied());
        scales[row] = scale;
        for (byte, value) in bytes.iter_mut().zip(values) {
            *byte = value as u8;
        }
    }
    let name = |part: &str| format!("{name}.{part}");
    out.push(Tensor { name: name("weight"), dtype: Dtype::I8, shape: vec![rows, stride], data });
    out.push(Tensor::f32(name("scale"), vec![scales.len()], scales.into_iter()));
}

fn put_f32_table(out: &mut Vec<Tensor>, name: &str, table: &Table, width: usize) {
    let (rows, stride) = (table.rows(), width.next_multiple_of(PANEL));
    let row = |row| {
        let mut values = table_row(table, row, width);
        values.resize(stride, 0.0);
        values
    };
    let values = (0..rows).flat_map(row);
    out.push(Tensor::f32(format!("{name}.weight"), vec![rows, stride], values));
}

fn put_norm(out: &mut Vec<Tensor>, name: &str, norm: &Norm) {
    for (part, values) in [("scale", &norm.scale), ("shift", &norm.shift)] {
        out.push(padded(format!("{name}.{part}"), values, values.len().next_multiple_of(PANEL)));
    }
}

fn padded(name: String, values: &[f32], length: usize) -> Tensor {
    let zeros = std::iter::repeat_n(0.0, length - values.len());
    Tensor::f32(name, vec![length], values.iter().copied().chain(zeros))
}

/// Rows of `width` values, and rows of zeros up to a multiple of [`PANEL`].
fn put_rows(out: &mut Vec<Tensor>, name: &str, values: &[f32], width: usize) {
    let rows = (values.len() / width).next_multiple_of(PANEL);
    let zeros = std::iter::repeat_n(0.0, rows * width - values.len());
    let values = values.iter().copied().chain(zeros);
    out.push(Tensor::f32(name.into(), vec![rows, width], values));
}

/// As PyTorch keeps it: `[n, k]`.
fn put_f32_linear(out: &mut Vec<Tensor>, name: &str, linear: &Linear) {
    let (k, n) = (linear.weight.k(), linear.weight.n());
    let values = (0..n).flat_map(|n| (0..k).map(move |k| linear.weight.value(k, n)));
    put_rows(out, &format!("{name}.weight"), &values.collect::<Vec<_>>(), k);
    out.push(padded(format!("{name}.bias"), &linear.bias, n.next_multiple_of(PANEL)));
}

fn put_linear(out: &mut Vec<Tensor>, name: &str, linear: &QuantLinear) {
    let QuantLinear { layout, scales, sums, bias, .. } = linear;
    let shape = vec![layout.padded_n() / PANEL, layout.padded_k() / 4, PANEL, 4];
    let data = linear.values().to_vec();
    out.push(Tensor { name: format!("{name}.weight"), dtype: Dtype::I8, shape, data });
    out.push(Tensor::f32(format!("{name}.scale"), vec![scales.len()], scales.iter().copied()));
    out.push(Tensor::i32(format!("{name}.sums"), vec![sums.len()], sums.iter().copied()));
    out.push(Tensor::f32(format!("{name}.bias"), vec![bias.len()], bias.iter().copied()));
}

/// Reads an encoder back: int8 weights and rows stay where they are. Every value is looked at under
/// [`Integrity::Full`] only, so that a quick opening does not touch the pages.
pub(crate) fn weights(
    file: &TensorFile,
    config: &EncoderConfig,
    integrity: Integrity,
) -> Result<EncoderWeights> {
    Reader { file, tensors: file.parse()?, config, integrity }.encoder()
}

struct Reader<'a> {
    file: &'a TensorFile,
    tensors: SafeTensors<'a>,
    config: &'a EncoderConfig,
    integrity: Integrity,
}

impl Reader<'_> {
    fn encoder(&self) -> Result<EncoderWeights> {
        let config = self.config;
        let layers = config.num_hidden_layers;
        if self.tensors.names().iter().any(|name| name.starts_with(&format!("layer.{layers}."))) {
            let reason = format!("holds a layer {layers}, config.json has {layers}");
            return Err(Error::corrupt(self.file.file_name(), reason));
        }
        let family = config.family;
        let (width, hidden) = (config.embedding_size, config.hidden_size);
        let position = family
            .has_position_table()
            .then(|| self.f32_table("embeddings.position", config.max_tokens()));
        let segment = (config.type_vocab_size > 0)
            .then(|| self.f32_table("embeddings.segment", config.type_vocab_size));
        let project =
            (width != hidden).then(|| self.f32_linear("embeddings.project", width, hidden));
        let embeddings = Embeddings {
            word: self.int8_table("embeddings.word", config.vocab_size)?,
            position: position.transpose()?,
            segment: segment.transpose()?,
            norm: self.norm("embeddings.norm", width, !family.has_embedding_norm())?.into(),
            project: project.transpose()?.map(Into::into),
        };
        let relative = config
            .relative_buckets
            .map(|buckets| self.rows("relative_bias", buckets, config.num_attention_heads));
        let relative = relative.transpose()?;
        let sights = sights(config, relative.as_deref());
        let layers = sights.into_iter().enumerate().map(|(index, sight)| self.layer(index, sight));
        Ok(EncoderWeights {
            embeddings: embeddings.into(),
            layers: Layers::Int8(layers.collect::<Result<_>>()?),
            hidden,
            attention_heads: config.num_attention_heads,
            relative_bias: relative.map(Into::into),
        })
    }

    fn layer(&self, index: usize, sight: Arc<Sight>) -> Result<Layer<QuantLinear>> {
        let at = |name: &str| format!("layer.{index}.{name}");
        let config = self.config;
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let (pre, gated) = (config.family.has_pre_norm(), config.family.is_gated());
        // The norm after the last layer is that of the states themselves.
        let is_last = index + 1 == config.num_hidden_layers;
        let global_qkv =
            config.family.has_globals().then(|| self.linear(&at("global_qkv"), hidden, 3 * hidden));
        Ok(Layer {
            sight,
            qkv: self.linear(&at("qkv"), hidden, 3 * hidden)?.into(),
            global_qkv: global_qkv.transpose()?.map(Into::into),
            attention_output: self.linear(&at("attention_output"), hidden, hidden)?.into(),
            attention_norm: self.norm(&at("attention_norm"), hidden, pre)?.into(),
            gated,
            intermediate: self
                .linear(&at("intermediate"), hidden, if gated { 2 * inner } else { inner })?
                .into(),
            output: self.linear(&at("output"), inner, hidden)?.into(),
            output_norm: self.norm(&at("output_norm"), hidden, pre && !is_last)?.into(),
        })
    }

    fn f32_linear(&self, name: &str, k: usize, n: usize) -> Result<Linear> {
        let weight = self.rows(&format!("{name}.weight"), n, k)?;
        let bias = self.vector(&format!("{name}.bias"), n, n.next_multiple_of(PANEL))?;
        Ok(Linear::from_rows(&weight, k, bias))
    }

    /// Rows without those of the padding.
    fn rows(&self, name: &str, rows: usize, width: usize) -> Result<Vec<f32>> {
        let stored = [rows.next_multiple_of(PANEL), width];
        let mut values = self.file.f32(&self.tensors, name, &stored)?;
        values.truncate(rows * width);
        Ok(values)
    }

    /// A vector without its padding.
    fn vector(&self, name: &str, length: usize, stored: usize) -> Result<Vec<f32>> {
        let mut values = self.file.f32(&self.tensors, name, &[stored])?;
        values.truncate(length);
        Ok(values)
    }

    fn norm(&self, name: &str, width: usize, pre: bool) -> Result<Norm> {
        let stored = width.next_multiple_of(PANEL);
        let part = |part: &str| self.vector(&format!("{name}.{part}"), width, stored);
        Ok(Norm {
            scale: part("scale")?,
            shift: part("shift")?,
            eps: self.config.layer_norm_eps,
            pre,
        })
    }

    /// Place of an int8 tensor that holds no −128.
    fn int8(&self, name: &str, shape: &[usize]) -> Result<std::ops::Range<usize>> {
        let range = self.file.place(&self.tensors, name, Dtype::I8, shape)?;
        let full = self.integrity == Integrity::Full;
        if full && self.file.bytes()[range.clone()].contains(&(i8::MIN as u8)) {
            return Err(Error::corrupt(
                self.file.file_name(),
                format!("{name} holds the value -128"),
            ));
        }
        Ok(range)
    }

    fn f32_table(&self, name: &str, rows: usize) -> Result<Table> {
        let width = self.config.embedding_size;
        let stride = width.next_multiple_of(PANEL);
        let padded = self.file.f32(&self.tensors, &format!("{name}.weight"), &[rows, stride])?;
        let values = padded.chunks_exact(stride).flat_map(|row| &row[..width]).copied().collect();
        Ok(Table::F32 { values, width })
    }

    fn int8_table(&self, name: &str, rows: usize) -> Result<Table> {
        let width = self.config.embedding_size;
        let stride = width.next_multiple_of(ALIGN);
        let range = self.int8(&format!("{name}.weight"), &[rows, stride])?;
        let scales = self.vector(&format!("{name}.scale"), rows, rows.next_multiple_of(PANEL))?;
        Ok(Table::Int8 { bytes: self.file.bytes().clone(), range, stride, width, scales })
    }

    fn linear(&self, name: &str, k: usize, n: usize) -> Result<QuantLinear> {
        let layout = QuantPanels::new(k, n);
        let shape = [layout.padded_n() / PANEL, layout.padded_k() / 4, PANEL, 4];
        let stored = layout.padded_n();
        let sums = format!("{name}.sums");
        let sums = self.file.place(&self.tensors, &sums, Dtype::I32, &[stored])?;
        let sums = self.file.bytes()[sums].as_chunks().0;
        Ok(QuantLinear {
            layout,
            range: self.int8(&format!("{name}.weight"), &shape)?,
            bytes: self.file.bytes().clone(),
            scales: self.vector(&format!("{name}.scale"), stored, stored)?,
            sums: sums.iter().map(|&bytes| i32::from_le_bytes(bytes)).collect(),
            bias: self.vector(&format!("{name}.bias"), stored, stored)?,
        })
    }
}
