//! f32 to eight bits, written once for every instruction set.

use crate::lanes::{LANES, Lanes, fold};
use crate::math::ROUND;

/// Smallest range that is still divided by; below it a row counts as zeros.
const SMALLEST: f32 = 1e-30;

// Comparisons, not `f32::min` and `max`: their treatment of NaN costs a second instruction.
#[inline(always)]
pub(crate) fn smaller(a: f32, b: f32) -> f32 {
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
    steps(row, low, high - low, out)
}

/// Quantizes to u8 in 255 steps from `low` on; what is farther gets the nearest step.
#[inline(always)]
fn steps(row: &[f32], low: f32, range: f32, out: &mut [u8]) -> (f32, i32) {
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

/// How often a value is there.
#[inline(always)]
fn count(value: f32, row: &[f32]) -> f32 {
    let one = |count: f32, other: f32| if other == value { count + 1.0 } else { count };
    fold(row, 0.0, one, |a, b| a + b)
}

/// Where a value is that is there once. Looks at the whole row: to stop early would cost a fold of
/// the lanes in every chunk.
#[inline(always)]
fn place_of(value: f32, row: &[f32]) -> usize {
    let (chunks, rest) = row.as_chunks::<LANES>();
    // The number of the chunk, counted from 1, in the lane where the value is.
    let mut found = Lanes::splat(0);
    for (index, chunk) in chunks.iter().enumerate() {
        let number = index as u32 + 1;
        found = found.zip(Lanes(*chunk), |found, v| if v == value { number } else { found });
    }
    let mut place = chunks.len() * LANES;
    for (lane, &number) in found.0.iter().enumerate() {
        if number != 0 {
            return (number as usize - 1) * LANES + lane;
        }
    }
    for other in rest {
        if *other == value {
            break;
        }
        place += 1;
    }
    place
}

/// How much farther than all others a value must be to be taken out of the range.
const FARTHER: f32 = 1.1;
/// The farthest that it may be, in ranges of the others: its excess over the steps stays small.
const FARTHEST: f32 = 64.0;

/// What [`QuantRows`](crate::QuantRows) knows of a row: `value = scale * (q - zero)`, and one value
/// more: that at `outlier` is `excess` steps beyond what its q says. The states of trained encoders
/// have such a value in most rows, and the others would share a third of the steps.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct RowParams {
    pub(crate) scale: f32,
    pub(crate) zero: i32,
    pub(crate) outlier: i32,
    pub(crate) excess: i32,
}

impl RowParams {
    /// From the 64 bytes after the values.
    #[inline(always)]
    pub(crate) fn read(bytes: &[u8; 16]) -> RowParams {
        let word = |index: usize| i32::from_ne_bytes(bytes.as_chunks().0[index]);
        let scale = f32::from_bits(word(0) as u32);
        RowParams { scale, zero: word(1), outlier: word(2), excess: word(3) }
    }
}

/// Quantizes a row of states: values, padding, then [`RowParams`] in 64 bytes.
#[inline(always)]
pub(crate) fn row(row: &[f32], out: &mut [u8]) {
    let padded = row.len().next_multiple_of(64);
    let (values, params) = out.split_at_mut(padded);
    let RowParams { scale, zero, outlier, excess } = with_outlier(row, values);
    params[..4].copy_from_slice(&scale.to_ne_bytes());
    params[4..8].copy_from_slice(&zero.to_ne_bytes());
    params[8..12].copy_from_slice(&outlier.to_ne_bytes());
    params[12..16].copy_from_slice(&excess.to_ne_bytes());
}

#[inline(always)]
fn with_outlier(row: &[f32], out: &mut [u8]) -> RowParams {
    let low = fold(row, 0.0, smaller, smaller);
    let high = fold(row, 0.0, larger, larger);
    let outlier = if high > -low { high } else { low };
    let others = |value: f32| if value == outlier { 0.0 } else { value };
    let others_low = fold(row, 0.0, |low, value| smaller(low, others(value)), smaller);
    let others_high = fold(row, 0.0, |high, value| larger(high, others(value)), larger);

    let range = larger(others_high - others_low, outlier.abs() / FARTHEST);
    // Written so that NaN goes this way.
    let is_far = high - low >= FARTHER * range;
    let is_alone = || count(outlier, row) == 1.0;
    if !is_far || !is_alone() {
        let (scale, zero) = steps(row, low, high - low, out);
        return RowParams { scale, zero, outlier: 0, excess: 0 };
    }
    let (scale, zero) = steps(row, others_low, range, out);
    let place = outlier * (255.0 / range) + zero as f32;
    let excess = (place - larger(smaller(place, 255.0), 0.0) + ROUND - ROUND) as i32;
    RowParams { scale, zero, outlier: place_of(outlier, row) as i32, excess }
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
