//! f32 to eight bits, written once for every instruction set.

use crate::lanes::{LANES, Lanes};
use crate::math::ROUND;

/// What a quantized value is held in: a byte, or, where an instruction set has no product of bytes
/// that is exact, the two bytes of an i16 in the order of the processor.
pub(crate) trait Value: Copy + Default {
    fn new(step: u8) -> Self;

    /// As many values as there is room for.
    fn all(bytes: &mut [u8]) -> &mut [Self];
}

impl Value for u8 {
    #[inline(always)]
    fn new(step: u8) -> u8 {
        step
    }

    #[inline(always)]
    fn all(bytes: &mut [u8]) -> &mut [u8] {
        bytes
    }
}

impl Value for [u8; 2] {
    #[inline(always)]
    fn new(step: u8) -> [u8; 2] {
        i16::from(step).to_ne_bytes()
    }

    #[inline(always)]
    fn all(bytes: &mut [u8]) -> &mut [[u8; 2]] {
        bytes.as_chunks_mut().0
    }
}

/// Smallest range that is still divided by; below it a row counts as zeros.
pub(crate) const SMALLEST: f32 = 1e-30;

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

/// Lanes of the extremes: their order is free, and with more of them a lane has fewer values.
const WIDE: usize = 2 * LANES;

/// The smallest and the largest value of each lane, zero among them; element `i` is in lane
/// `i % WIDE`.
struct Extremes {
    low: [f32; WIDE],
    high: [f32; WIDE],
}

impl Extremes {
    #[inline(always)]
    fn of(row: &[f32]) -> Extremes {
        let mut extremes = Extremes { low: [0.0; WIDE], high: [0.0; WIDE] };
        let (chunks, rest) = row.as_chunks::<WIDE>();
        for chunk in chunks {
            extremes.meet(chunk);
        }
        extremes.meet(rest);
        extremes
    }

    #[inline(always)]
    fn meet(&mut self, values: &[f32]) {
        for ((low, high), &value) in self.low.iter_mut().zip(&mut self.high).zip(values) {
            *low = smaller(*low, value);
            *high = larger(*high, value);
        }
    }

    /// Smallest and largest of all.
    #[inline(always)]
    fn range(&self) -> (f32, f32) {
        let (low, high) = (self.low.as_chunks().0, self.high.as_chunks().0);
        let low = Lanes(low[0]).zip(Lanes(low[1]), smaller).fold(smaller);
        let high = Lanes(high[0]).zip(Lanes(high[1]), larger).fold(larger);
        (low, high)
    }
}

/// Quantizes to u8, `value = scale * (q - zero)`: the row's own range, zero within it, in 255 steps.
/// The rest of `out` becomes 0. Gives scale and zero point.
#[inline(always)]
pub(crate) fn to_u8<V: Value>(row: &[f32], out: &mut [V]) -> (f32, i32) {
    let (mut lows, mut highs) = (Lanes::splat(0.0), Lanes::splat(0.0));
    let (chunks, rest) = row.as_chunks::<LANES>();
    for chunk in chunks {
        lows = lows.zip(Lanes(*chunk), smaller);
        highs = highs.zip(Lanes(*chunk), larger);
    }
    if !rest.is_empty() {
        lows = lows.zip(Lanes::padded(rest), smaller);
        highs = highs.zip(Lanes::padded(rest), larger);
    }
    let (low, high) = (lows.fold(smaller), highs.fold(larger));
    steps(row, low, high - low, out)
}

/// Quantizes to u8 in 255 steps from `low` on; what is farther gets the nearest step.
#[inline(always)]
fn steps<V: Value>(row: &[f32], low: f32, range: f32, out: &mut [V]) -> (f32, i32) {
    let (out, rest) = out.split_at_mut(row.len());
    if !rest.is_empty() {
        rest.fill(V::default());
    }
    if range.is_nan() || range < SMALLEST {
        out.fill(V::default());
        return (0.0, 0);
    }
    let inverse = 255.0 / range;
    let zero = -low * inverse + ROUND - ROUND;
    // Of two NaN the instruction chooses which one comes out: leave only that of the row.
    let zero = if zero.is_nan() { 0.0 } else { zero };
    let (chunks, rest) = row.as_chunks::<64>();
    let (out_chunks, out_rest) = out.as_chunks_mut::<64>();
    for (chunk, out) in chunks.iter().zip(out_chunks) {
        steps_of(chunk, inverse, zero, out);
    }
    steps_of(rest, inverse, zero, out_rest);
    (range / 255.0, zero as i32)
}

#[inline(always)]
fn steps_of<V: Value>(values: &[f32], inverse: f32, zero: f32, out: &mut [V]) {
    for (out, value) in out.iter_mut().zip(values) {
        // Bounded as an integer: one instruction narrows and bounds many of them.
        let step = round_bits(value * inverse + zero).wrapping_sub(ROUND.to_bits());
        *out = V::new((step as i32).clamp(0, 255) as u8);
    }
}

/// A value that is farther from zero than any other on its side, and how far the next one is.
struct Farthest {
    place: usize,
    next: f32,
}

/// Where `outlier` is in a row, `None` if it is there more than once. `lanes` are the extremes of
/// its side: only one lane has it, and only that one has to be looked at value by value.
#[inline(always)]
fn farthest(outlier: f32, lanes: &[f32; WIDE], row: &[f32]) -> Option<Farthest> {
    let side = 1.0_f32.copysign(outlier);
    let lane = lanes.iter().position(|&v| v == outlier)?;
    // Selects, not branches: which value it is cannot be foretold.
    let (mut next, mut place, mut count) = (0.0, 0, 0);
    for (index, &value) in row.iter().skip(lane).step_by(WIDE).enumerate() {
        let is_it = value == outlier;
        count += u32::from(is_it);
        place = if is_it { index } else { place };
        next = larger(next, if is_it { 0.0 } else { side * value });
    }
    let place = lane + place * WIDE;
    let mut others = *lanes;
    others[lane] = 0.0;
    let halves = others.as_chunks().0;
    let side_of = |a: f32, b: f32| larger(side * a, side * b);
    let next = larger(next, Lanes(halves[0]).zip(Lanes(halves[1]), side_of).fold(larger));
    (count == 1 && next != side * outlier).then_some(Farthest { place, next })
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
pub(crate) fn row<V: Value>(row: &[f32], out: &mut [u8]) {
    let padded = row.len().next_multiple_of(64) * size_of::<V>();
    let (values, params) = out.split_at_mut(padded);
    let RowParams { scale, zero, outlier, excess } = with_outlier(row, V::all(values));
    params[..4].copy_from_slice(&scale.to_ne_bytes());
    params[4..8].copy_from_slice(&zero.to_ne_bytes());
    params[8..12].copy_from_slice(&outlier.to_ne_bytes());
    params[12..16].copy_from_slice(&excess.to_ne_bytes());
}

#[inline(always)]
fn with_outlier<V: Value>(row: &[f32], out: &mut [V]) -> RowParams {
    let extremes = Extremes::of(row);
    let (low, high) = extremes.range();
    let is_above = high > -low;
    let (outlier, lanes) = if is_above { (high, &extremes.high) } else { (low, &extremes.low) };
    if let Some(Farthest { place, next }) = farthest(outlier, lanes, row) {
        let (others_low, others_high) = if is_above { (low, next) } else { (-next, high) };
        let range = larger(others_high - others_low, outlier.abs() / FARTHEST);
        if high - low >= FARTHER * range {
            let (scale, zero) = steps(row, others_low, range, out);
            let step = outlier * (255.0 / range) + zero as f32;
            let excess = (step - larger(smaller(step, 255.0), 0.0) + ROUND - ROUND) as i32;
            return RowParams { scale, zero, outlier: place as i32, excess };
        }
    }
    let (scale, zero) = steps(row, low, high - low, out);
    RowParams { scale, zero, outlier: 0, excess: 0 }
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
