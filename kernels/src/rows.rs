//! What is done to a row at a time, written once for every instruction set.

use crate::lanes::{LANES, Lanes, fold, sum};
use crate::math;
use crate::quantize::larger;

#[inline(always)]
pub(crate) fn add(row: &mut [f32], other: &[f32]) {
    assert_eq!(row.len(), other.len());
    for (value, other) in row.iter_mut().zip(other) {
        *value += other;
    }
}

#[inline(always)]
pub(crate) fn bias_gelu(row: &mut [f32], bias: &[f32]) {
    assert_eq!(row.len(), bias.len());
    for (value, bias) in row.iter_mut().zip(bias) {
        *value = math::gelu(*value + bias);
    }
}

#[inline(always)]
pub(crate) fn gate(row: &mut [f32]) {
    let (values, gates) = row.split_at_mut(row.len() / 2);
    assert_eq!(values.len(), gates.len());
    for (value, gate) in values.iter_mut().zip(gates) {
        *value = math::gelu(*value) * *gate;
    }
}

#[inline(always)]
pub(crate) fn rotate(row: &mut [f32], cos: &[f32], sin: &[f32]) {
    let (first, second) = row.split_at_mut(row.len() / 2);
    assert!(first.len() == cos.len() && second.len() == sin.len() && cos.len() == sin.len());
    for (((x, y), cos), sin) in first.iter_mut().zip(second).zip(cos).zip(sin) {
        (*x, *y) = (*x * cos - *y * sin, *y * cos + *x * sin);
    }
}

#[inline(always)]
pub(crate) fn layer_norm(row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32) {
    let total = sum(row);
    normalise(row, total, scale, shift, eps);
}

/// `add`, then `layer_norm`: the sum is taken while the values are at hand.
#[inline(always)]
pub(crate) fn add_norm(row: &mut [f32], other: &[f32], scale: &[f32], shift: &[f32], eps: f32) {
    assert_eq!(row.len(), other.len());
    let total = add_and_sum(row, other);
    normalise(row, total, scale, shift, eps);
}

#[inline(always)]
fn add_and_sum(row: &mut [f32], other: &[f32]) -> f32 {
    let (chunks, rest) = row.as_chunks_mut::<LANES>();
    let (other_chunks, other_rest) = other.as_chunks::<LANES>();
    let mut total = Lanes::splat(0.0);
    for (chunk, other) in chunks.iter_mut().zip(other_chunks) {
        let values = Lanes(*chunk).zip(Lanes(*other), |value: f32, other| value + other);
        total = total.zip(values, |total: f32, value| total + value);
        *chunk = values.0;
    }
    for ((total, value), other) in total.0.iter_mut().zip(rest).zip(other_rest) {
        *value += other;
        *total += *value;
    }
    total.fold(|a, b| a + b)
}

/// Takes the mean from every value; gives the sum of the squares of what is left.
#[inline(always)]
fn centre(row: &mut [f32], mean: f32) -> f32 {
    let (chunks, rest) = row.as_chunks_mut::<LANES>();
    let mut total = Lanes::splat(0.0);
    for chunk in chunks {
        let values = Lanes(*chunk).map(|value| value - mean);
        total = total.zip(values, |total: f32, value| total + value * value);
        *chunk = values.0;
    }
    for (total, value) in total.0.iter_mut().zip(rest) {
        *value -= mean;
        *total += *value * *value;
    }
    total.fold(|a, b| a + b)
}

/// Two passes, as PyTorch does it: the variance is the mean square of what the mean leaves over.
#[inline(always)]
fn normalise(row: &mut [f32], total: f32, scale: &[f32], shift: &[f32], eps: f32) {
    assert!(row.len() == scale.len() && row.len() == shift.len());
    let count = row.len() as f32;
    let mean = total / count;
    let variance = centre(row, mean) / count;
    let deviation = (variance + eps).sqrt();
    for ((value, scale), shift) in row.iter_mut().zip(scale).zip(shift) {
        *value = *value / deviation * scale + shift;
    }
}

#[inline(always)]
pub(crate) fn softmax(row: &mut [f32], factor: f32) {
    let largest = fold(row, f32::NEG_INFINITY, larger, larger);
    for value in row.iter_mut() {
        *value = math::exp((*value - largest) * factor);
    }
    let total = sum(row);
    for value in row.iter_mut() {
        *value /= total;
    }
}
