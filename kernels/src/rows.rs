//! What is done to a row at a time, written once for every instruction set.

use crate::lanes::{fold, sum};
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

/// Two passes, as PyTorch does it: the variance is the mean square of what the mean leaves over.
#[inline(always)]
pub(crate) fn layer_norm(row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32) {
    assert!(row.len() == scale.len() && row.len() == shift.len());
    let count = row.len() as f32;
    let mean = sum(row) / count;
    for value in row.iter_mut() {
        *value -= mean;
    }
    let variance = fold(row, 0.0, |total, value| total + value * value, |a, b| a + b) / count;
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
