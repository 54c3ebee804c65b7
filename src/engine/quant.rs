//! A linear layer in int8: from f32, and back.

use std::ops::Range;

use biobert_kernels::{Panels, QuantPanels, QuantWeights};

use crate::bytes::Bytes;
use crate::engine::linear::Linear;
use crate::error::{Error, Result};

/// A linear layer whose weights are symmetric int8 with one scale per output channel. Scales, sums
/// and bias are padded with zeros as the channels are.
#[derive(Debug)]
pub(crate) struct QuantLinear {
    pub(crate) layout: QuantPanels,
    /// The weights are `bytes[range]`: in the mapped file, where they come from one.
    pub(crate) bytes: Bytes,
    pub(crate) range: Range<usize>,
    pub(crate) scales: Vec<f32>,
    /// Sum of each channel's values.
    pub(crate) sums: Vec<i32>,
    pub(crate) bias: Vec<f32>,
}

/// Quantizes values that share a scale: symmetric, ties to even, −128 never.
pub(crate) fn quantize(
    values: impl Iterator<Item = f32> + Clone,
) -> (impl Iterator<Item = i8>, f32) {
    let largest = values.clone().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    let scale = largest / 127.0;
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    (values.map(move |value| (value * inverse).round_ties_even().clamp(-127.0, 127.0) as i8), scale)
}

impl QuantLinear {
    /// Quantizes a layer into memory of this process.
    pub(crate) fn quantize(linear: &Linear) -> Result<QuantLinear> {
        let (k, n) = (linear.weight.k(), linear.weight.n());
        let layout = QuantPanels::new(k, n);
        let mut scales = vec![0.0; layout.padded_n()];
        let mut sums = vec![0; layout.padded_n()];
        let mut bias = linear.bias.clone();
        bias.resize(layout.padded_n(), 0.0);
        let bytes = Bytes::private(layout.len(), |bytes| {
            for channel in 0..n {
                let (values, scale) = quantize((0..k).map(|k| linear.weight.value(k, channel)));
                scales[channel] = scale;
                for (k, value) in values.enumerate() {
                    bytes[layout.index(k, channel)] = value as u8;
                    sums[channel] += i32::from(value);
                }
            }
            Ok(())
        });
        let bytes = bytes.map_err(|error| Error::Io {
            file: "int8 weights".into(),
            reason: format!("no memory: {}", error.kind()),
        })?;
        Ok(QuantLinear { layout, range: 0..bytes.len(), bytes, scales, sums, bias })
    }

    /// The values that the integers stand for.
    pub(crate) fn to_f32(&self) -> Linear {
        let (layout, values) = (self.layout, self.values());
        let value = |k, n| f32::from(values[layout.index(k, n)] as i8) * self.scales[n];
        let weight = Panels::pack(layout.k(), layout.n(), value);
        Linear { weight, bias: self.bias[..layout.n()].to_vec() }
    }

    /// The weights as they lie in a bundle.
    pub(crate) fn values(&self) -> &[u8] {
        &self.bytes[self.range.clone()]
    }

    /// What the kernels read.
    pub(crate) fn weights(&self) -> QuantWeights<'_> {
        let QuantLinear { layout, scales, sums, bias, .. } = self;
        QuantWeights { layout: *layout, bytes: self.values(), scales, sums, bias, next: &[] }
    }
}
