//! f32 to eight bits, written once for every instruction set.

use crate::lanes::fold;
use crate::math::ROUND;

/// Smallest range that is still divided by; below it a row counts as zeros.
const SMALLEST: f32 = 1e-30;

// Comparisons, not `f32::min` and `max`: their treatment of NaN costs a second instruction.
#[inline(always)]
fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
pub(crate) fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// A whole number from -2²² to 2²² in the low bits: ties to even, whatever the instruction set.
#[inline(always)]
pub(crate) fn round_bits(value: f32) -> u32 {
    (value + ROUND).to_bits()
}

/// Quantizes to u8, `value = scale * (q - zero)`: the row's own range, zero within it, in 255 steps.
/// The rest of `out` becomes 0. Gives scale and zero point.
#[inline(always)]
pub(crate) fn to_u8(row: &[f32], out: &mut [u8]) -> (f32, i32) {
    let low = fold(row, 0.0, smaller, smaller);
    let high = fold(row, 0.0, larger, larger);
    let range = high - low;
    let (out, rest) = out.split_at_mut(row.len());
    rest.fill(0);
    if range.is_nan() || range < SMALLEST {
        out.fill(0);
        return (0.0, 0);
    }
    let inverse = 255.0 / range;
    let zero = -low * inverse + ROUND - ROUND;
    let step = |value: f32| {
        let place = value * inverse + zero;
        round_bits(larger(smaller(place, 255.0), 0.0)) as u8
    };
    for (out, value) in out.iter_mut().zip(row) {
        *out = step(*value);
    }
    (range / 255.0, zero as i32)
}

/// Factor and scale for s8 values whose largest magnitude is given: `q = value * factor`.
#[inline(always)]
pub(crate) fn symmetric(largest: f32) -> (f32, f32) {
    if largest.is_nan() || largest < SMALLEST {
        (0.0, 0.0)
    } else {
        (127.0 / largest, largest / 127.0)
    }
}

/// A row as [`QuantRows`](crate::QuantRows) reads it: values, padding, scale, zero point.
#[inline(always)]
pub(crate) fn row(row: &[f32], out: &mut [u8]) {
    let padded = row.len().next_multiple_of(64);
    let (values, params) = out.split_at_mut(padded);
    let (scale, zero) = to_u8(row, values);
    params[..4].copy_from_slice(&scale.to_ne_bytes());
    params[4..8].copy_from_slice(&zero.to_ne_bytes());
    params[8..].fill(0);
}
