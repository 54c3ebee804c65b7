//! Attention of one head over one sequence in integers, written once for every instruction set.
//!
//! Queries are u8 with scale and zero point per row, keys s8 with a scale per row: exact scores.
//! The softmax takes the whole row; probabilities are u8 in proportion to the row's largest, divided
//! by the sum that they had before they were rounded. Values are s8 with a scale per channel of the
//! sequence, counted from the channel's mean: what rounding takes from many small probabilities then
//! goes to the mean and not to nothing, which halves the error of attention.

use std::ops::Range;

use crate::epilogue::store;
use crate::int8::{Block, Dot, Epilogue, GROUP, ROW_BLOCK, product, window};
use crate::lanes::{LANES, Lanes};
use crate::math;
use crate::matrix::{Matrix, MatrixMut};
use crate::panels::{PANEL, QuantPanels};
use crate::quantize::{Value, larger, round_bits, smaller, symmetric};
use crate::sweeps::Sweeps;

/// Memory that one head needs; kept from call to call. About 600 bytes a token of the sequence.
#[derive(Default)]
pub struct AttentionScratch {
    keys: Vec<u8>,
    key_scales: Vec<f32>,
    key_sums: Vec<i32>,
    values: Vec<u8>,
    value_scales: Vec<f32>,
    value_means: Vec<f32>,
    query: Vec<u8>,
    scores: Vec<f32>,
    probabilities: Vec<u8>,
}

impl AttentionScratch {
    /// Room for keys, their scales and their sums. Padding keeps whatever it held: after the sequence
    /// its scores are never looked at, after the width it meets the zeros of the query's padding.
    #[inline(always)]
    pub(crate) fn keys(&mut self, layout: QuantPanels) -> (&mut [u8], &mut [f32], &mut [i32]) {
        self.keys.resize(layout.len(), 0);
        self.key_scales.resize(layout.padded_n(), 0.0);
        self.key_sums.resize(layout.padded_n(), 0);
        (&mut self.keys, &mut self.key_scales, &mut self.key_sums)
    }
}

/// Queries, keys and values of one head: `[rows, width]` each, keys and values of the whole
/// sequence, queries of as many rows as `out` has.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// What is asked.
    pub query: Matrix<'a>,
    /// What answers.
    pub key: Matrix<'a>,
    /// What the answer brings.
    pub value: Matrix<'a>,
    /// What is added to the scores, if anything is.
    pub bias: Option<Bias<'a>>,
}

/// What is added to a score by how far the key is from the query: a relative position bias, or a
/// window, as zeros with [`Bias::OUT_OF_SIGHT`] around them.
#[derive(Debug, Clone, Copy)]
pub struct Bias<'a> {
    /// Nothing is added to keys before this one.
    pub first: usize,
    /// `values[start + key - first - query]` belongs to a key and a query.
    pub values: &'a [f32],
    /// Where query 0 and key `first` are.
    pub start: usize,
}

impl<'a> Bias<'a> {
    /// Makes a probability 0, whatever the score.
    pub const OUT_OF_SIGHT: f32 = -1e30;

    /// What is added to the keys from `first` on, of `length` in all, for a query.
    ///
    /// # Panics
    /// If there are too few values.
    #[inline(always)]
    pub fn of(&self, query: usize, length: usize) -> &'a [f32] {
        match length - self.first {
            // Where all keys are before the first, there may be no value at the start.
            0 => &[],
            keys => &self.values[self.start - query..][..keys],
        }
    }
}

#[inline(always)]
pub(crate) fn attention<D: Dot>(
    head: Head<'_>,
    scratch: &mut AttentionScratch,
    mut out: MatrixMut<'_>,
) {
    let Head { query, key, value, bias } = head;
    let (length, width) = (key.rows, key.cols);
    assert!(query.cols == width && value.cols == width && out.cols() == width);
    assert!(value.rows == length && query.rows == out.rows());
    if length == 0 {
        return;
    }
    // SAFETY: a `Dot` type is only named by the tier that has its instructions.
    unsafe { D::Sweeps::keys(key, scratch) };
    pack_values(value, scratch);
    let AttentionScratch {
        keys,
        key_scales,
        key_sums,
        values,
        value_scales,
        query: bytes,
        scores,
        probabilities,
        value_means,
        ..
    } = scratch;
    let key_layout = QuantPanels::new(width, length);
    let value_layout = QuantPanels::new(length, width);
    let columns = key_layout.padded_n();
    let key_stride = key_layout.padded_k() * size_of::<D::Value>();
    let value_stride = value_layout.padded_k() * size_of::<D::Value>();
    bytes.resize(ROW_BLOCK * key_stride, 0);
    scores.resize(ROW_BLOCK * columns, 0.0);
    probabilities.resize(ROW_BLOCK * value_stride, 0);
    // Scores in powers of two: e^x is 2^(x · log₂e).
    let factor = std::f32::consts::LOG2_E / (width as f32).sqrt();

    for first in (0..query.rows).step_by(ROW_BLOCK) {
        let rows = ROW_BLOCK.min(query.rows - first);
        // SAFETY: a `Dot` type is only named by the tier that has its instructions.
        let mut params = unsafe { D::Sweeps::queries(query.rows(first, rows), bytes, key_stride) };
        params.iter_mut().for_each(|(scale, _)| *scale *= factor);
        let epilogue = Scale { params: &params, key_scales, key_sums, scores, columns };
        product::<D>(bytes, key_stride, rows, (keys, values), width, epilogue);
        if let Some(bias) = bias {
            add_bias(&bias, scores, columns, first..first + rows, length);
        }
        let scores = Scores { values: scores, columns, rows, length };
        // SAFETY: as above.
        let shares = unsafe { D::Sweeps::softmax(scores, probabilities, value_stride) };
        let epilogue = Context { shares: &shares, value_scales, value_means, first, out: &mut out };
        product::<D>(probabilities, value_stride, rows, (values, keys), length, epilogue);
    }
}

/// Adds a bias to the scores, in powers of two, of some queries.
#[inline(always)]
fn add_bias(
    bias: &Bias<'_>,
    scores: &mut [f32],
    columns: usize,
    queries: Range<usize>,
    length: usize,
) {
    for (query, scores) in queries.zip(scores.chunks_exact_mut(columns)) {
        for (score, bias) in scores[bias.first..length].iter_mut().zip(bias.of(query, length)) {
            *score += bias * std::f32::consts::LOG2_E;
        }
    }
}

/// From sums of the first product to scores in powers of two.
struct Scale<'a> {
    params: &'a [(f32, i32); ROW_BLOCK],
    key_scales: &'a [f32],
    key_sums: &'a [i32],
    scores: &'a mut [f32],
    columns: usize,
}

impl Epilogue for Scale<'_> {
    #[inline(always)]
    fn block(&mut self, first: usize, rows: usize, column: usize, sums: &Block) {
        // Copies: what is written cannot change them, so they stay in registers.
        let (scales, key_sums) = (*window(self.key_scales, column), *window(self.key_sums, column));
        for (row, sums) in (first..first + rows).zip(&sums.0) {
            let (scale, zero) = self.params[row];
            let scores = &mut self.scores[row * self.columns + column..];
            let scores: &mut [f32; GROUP] = scores.first_chunk_mut().expect("padded to 32");
            for c in 0..GROUP {
                let exact = sums[c].wrapping_sub(zero.wrapping_mul(key_sums[c]));
                scores[c] = exact as f32 * scales[c] * scale;
            }
        }
    }
}

/// Scores in powers of two: `rows` rows of `columns`, of which `length` belong to the sequence.
#[derive(Clone, Copy)]
pub(crate) struct Scores<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) length: usize,
}

/// From sums of the second product to what attention gives.
struct Context<'a, 'o> {
    shares: &'a [f32; ROW_BLOCK],
    value_scales: &'a [f32],
    value_means: &'a [f32],
    /// The row of `out` that row 0 of the product belongs to.
    first: usize,
    out: &'a mut MatrixMut<'o>,
}

impl Epilogue for Context<'_, '_> {
    #[inline(always)]
    fn block(&mut self, first: usize, rows: usize, column: usize, sums: &Block) {
        let scales = *window(self.value_scales, column);
        let means = *window(self.value_means, column);
        for (row, sums) in (first..first + rows).zip(&sums.0) {
            let share = self.shares[row];
            let mut values = [0.0; GROUP];
            for c in 0..GROUP {
                values[c] = sums[c] as f32 * (scales[c] * share) + means[c];
            }
            store(&values, &mut self.out.row(self.first + row)[column..]);
        }
    }
}

/// `2^(score - largest)` in 255 steps for the first `length` scores; gives the sum before it was
/// rounded to steps. What is in `out` after them stays: it meets the zeros after the values.
#[inline(always)]
pub(crate) fn softmax<V: Value>(scores: &[f32], length: usize, out: &mut [V]) -> f32 {
    let chunks = scores.as_chunks::<LANES>().0;
    let (chunks, rest) = chunks.split_at(length / LANES);
    let mut largest = Lanes::splat(f32::MIN);
    for chunk in chunks {
        largest = largest.zip(Lanes(*chunk), larger);
    }
    // What is after the sequence is as good as -∞.
    let rest = rest.first().map(|chunk| first_lanes(Lanes(*chunk), length % LANES));
    if let Some(rest) = rest {
        largest = largest.zip(rest, larger);
    }
    let largest = largest.fold(larger);
    let mut total = Lanes::splat(0.0);
    let (steps, rest_steps) = out.as_chunks_mut().0.split_at_mut(chunks.len());
    for (chunk, steps) in chunks.iter().zip(steps) {
        total = powers(Lanes(*chunk), largest, total, steps);
    }
    if let (Some(rest), [steps, ..]) = (rest, rest_steps) {
        total = powers(rest, largest, total, steps);
    }
    total.fold(|a, b| a + b)
}

/// The first lanes, and the smallest number in the others.
#[inline(always)]
fn first_lanes(mut values: Lanes, count: usize) -> Lanes {
    for (lane, value) in values.0.iter_mut().enumerate() {
        *value = if lane < count { *value } else { f32::MIN };
    }
    values
}

/// Sixteen steps of a softmax; adds what they were before rounding to `total`.
#[inline(always)]
fn powers<V: Value>(scores: Lanes, largest: f32, total: Lanes, steps: &mut [V; LANES]) -> Lanes {
    let values = scores.map(|score| math::exp2_coarse(score - largest) * 255.0);
    *steps = values.map(|value| V::new(round_bits(value) as u8)).0;
    total.zip(values, |total: f32, value| total + value)
}

#[inline(always)]
pub(crate) fn pack_keys(key: Matrix<'_>, scratch: &mut AttentionScratch) {
    let layout = QuantPanels::new(key.cols, key.rows);
    let (keys, key_scales, key_sums) = scratch.keys(layout);
    for token in 0..key.rows {
        let row = key.row(token);
        let (chunks, rest) = row.as_chunks::<LANES>();
        let magnitude = |most: f32, value: f32| larger(most, value.abs());
        let mut most = Lanes::splat(0.0);
        for chunk in chunks {
            most = most.zip(Lanes(*chunk), magnitude);
        }
        if !rest.is_empty() {
            most = most.zip(Lanes::padded(rest), magnitude);
        }
        let (factor, scale) = symmetric(most.fold(larger));
        let first = layout.index(0, token);
        let mut sums = Lanes::splat(0);
        for (index, chunk) in chunks.iter().enumerate() {
            let at = first + index * LANES * PANEL;
            sums = pack_key(Lanes(*chunk), factor, sums, &mut keys[at..]);
        }
        if !rest.is_empty() {
            let at = first + chunks.len() * LANES * PANEL;
            sums = pack_key(Lanes::padded(rest), factor, sums, &mut keys[at..]);
        }
        key_scales[token] = scale;
        key_sums[token] = sums.fold(|a, b| a + b);
    }
}

/// Packs sixteen values of one key, four words of its column; adds them to `sums`.
#[inline(always)]
fn pack_key(values: Lanes, factor: f32, sums: Lanes<i32>, panel: &mut [u8]) -> Lanes<i32> {
    let bits = values.map(|value| round_bits(value * factor));
    let bytes = bits.map(|bits| bits as u8);
    let column = &mut panel[..3 * 4 * PANEL + 4];
    for (group, word) in bytes.0.as_chunks::<4>().0.iter().enumerate() {
        column[group * 4 * PANEL..][..4].copy_from_slice(word);
    }
    sums.zip(bits, |sum: i32, bits| sum + i32::from(bits as i8))
}

#[inline(always)]
fn pack_values(value: Matrix<'_>, scratch: &mut AttentionScratch) {
    let layout = QuantPanels::new(value.rows, value.cols);
    scratch.values.resize(layout.len(), 0);
    scratch.value_scales.resize(layout.padded_n(), 0.0);
    scratch.value_means.resize(layout.padded_n(), 0.0);
    for first in (0..layout.padded_n()).step_by(LANES) {
        if first + LANES <= value.cols {
            pack_channels(layout, first, scratch, |token| Lanes::load(&value.row(token)[first..]));
        } else {
            // The last channels, and zeros after them.
            pack_channels(layout, first, scratch, |token| {
                let rest = value.row(token).get(first..).unwrap_or_default();
                Lanes(std::array::from_fn(|lane| rest.get(lane).copied().unwrap_or(0.0)))
            });
        }
    }
}

/// Packs sixteen channels of all tokens; `row` gives those of one.
#[inline(always)]
fn pack_channels(
    layout: QuantPanels,
    first: usize,
    scratch: &mut AttentionScratch,
    row: impl Fn(usize) -> Lanes,
) {
    let tokens = layout.k();
    let (mut low, mut high, mut total) = (row(0), row(0), row(0));
    for token in 1..tokens {
        let values = row(token);
        (low, high) = (low.zip(values, smaller), high.zip(values, larger));
        total = total.zip(values, |total: f32, value| total + value);
    }
    let means = total.map(|total| total / tokens as f32);
    let above = high.zip(means, |high: f32, mean| high - mean);
    let spread = above.zip(means.zip(low, |mean: f32, low| mean - low), larger);
    let factors = spread.map(|spread| symmetric(spread).0);
    scratch.value_means[first..][..LANES].copy_from_slice(&means.0);
    let scales = &mut scratch.value_scales[first..][..LANES];
    scales.copy_from_slice(&spread.map(|spread| symmetric(spread).1).0);
    let panel = &mut scratch.values[layout.index(0, first)..][..layout.padded_k() * PANEL];
    for (group, out) in panel.as_chunks_mut::<{ 4 * PANEL }>().0.iter_mut().enumerate() {
        let mut words = Lanes::splat(0);
        for (place, token) in (4 * group..tokens.min(4 * group + 4)).enumerate() {
            let values = row(token).zip(means, |value: f32, mean| value - mean);
            let bytes = values.zip(factors, |value, factor| round_bits(value * factor) & 0xFF);
            words = words.zip(bytes, |word: u32, byte| word | byte << (8 * place));
        }
        for (out, word) in out.as_chunks_mut().0.iter_mut().zip(words.0) {
            *out = word.to_le_bytes();
        }
    }
}
