//! What the sums of a linear layer become: zero points and outliers taken off, scaled, biased, and
//! through GELU where that comes next.

use std::marker::PhantomData;

use crate::int8::{Block, Dot, Epilogue, GROUP, QuantRows, QuantWeights, window};
use crate::lanes::LANES;
use crate::math;
use crate::matrix::MatrixMut;
use crate::panels::PANEL;
use crate::quantize::RowParams;

/// What a block needs beside its sums.
pub(crate) struct Terms<'a> {
    /// The quantized rows, from the block's first one on.
    pub(crate) rows: &'a [u8],
    /// Bytes from one row to the next; [`RowParams`] are the last 64 of them.
    pub(crate) stride: usize,
    /// The two panels of weights, one after another.
    pub(crate) panels: &'a [u8],
    pub(crate) scales: &'a [f32; GROUP],
    pub(crate) sums: &'a [i32; GROUP],
    pub(crate) bias: &'a [f32; GROUP],
}

impl Terms<'_> {
    /// Where the parameters of a row of the block begin.
    #[inline(always)]
    pub(crate) fn params(&self, row: usize) -> &[u8; 16] {
        let end = (row + 1) * self.stride;
        self.rows[end - 64..end].first_chunk().expect("64 bytes")
    }
}

/// The epilogue of a linear layer.
pub(crate) struct Scaled<'a, D, const GELU: bool> {
    x: QuantRows<'a>,
    w: QuantWeights<'a>,
    out: MatrixMut<'a>,
    _instructions: PhantomData<D>,
}

impl<'a, D, const GELU: bool> Scaled<'a, D, GELU> {
    pub(crate) fn new(x: QuantRows<'a>, w: QuantWeights<'a>, out: MatrixMut<'a>) -> Self {
        Scaled { x, w, out, _instructions: PhantomData }
    }
}

impl<D: Dot, const GELU: bool> Epilogue for Scaled<'_, D, GELU> {
    #[inline(always)]
    fn block(&mut self, row: usize, rows: usize, channel: usize, sums: &Block) {
        let Scaled { x, w, out, .. } = self;
        let padded_k = w.layout.padded_k();
        let terms = Terms {
            rows: &x.bytes[row * x.stride..(row + rows) * x.stride],
            stride: x.stride,
            panels: &w.bytes[channel * padded_k..][..GROUP * padded_k],
            scales: window(w.scales, channel),
            sums: window(w.sums, channel),
            bias: window(w.bias, channel),
        };
        let cols = GROUP.min(out.cols() - channel);
        // SAFETY: a `Dot` type is only named by the tier that has its instructions.
        unsafe {
            D::scale::<GELU>(sums, &terms, out.part(row..row + rows, channel..channel + cols))
        }
    }
}

/// `out[r][c] = (sums[r][c] - zero · sums[c] + excess · w[outlier][c]) · (scale · scales[c]) +
/// bias[c]`, then [`math::gelu_coarse`] where asked for.
#[inline(always)]
pub(crate) fn scale<const GELU: bool>(sums: &Block, terms: &Terms<'_>, mut out: MatrixMut<'_>) {
    for (row, sums) in (0..out.rows()).zip(&sums.0) {
        let RowParams { scale, zero, outlier, excess } = RowParams::read(terms.params(row));
        let weights = weights_of(terms.panels, outlier as usize);
        let mut values = [0.0; GROUP];
        for c in 0..GROUP {
            let shift = zero.wrapping_mul(terms.sums[c]);
            let beyond = excess.wrapping_mul(weights[c]);
            let exact = sums[c].wrapping_sub(shift).wrapping_add(beyond);
            let value = exact as f32 * (scale * terms.scales[c]) + terms.bias[c];
            values[c] = if GELU { math::gelu_coarse(value) } else { value };
        }
        store(&values, out.row(row));
    }
}

/// The weights of one k: what an outlier's excess is multiplied by.
#[inline(always)]
fn weights_of(panels: &[u8], k: usize) -> [i32; GROUP] {
    // A channel's four bytes, the wanted one moved to the top and its sign spread.
    let left = 24 - 8 * (k as u32 % 4);
    let (words, _) = panels.as_chunks::<4>();
    let at = k / 4 * PANEL;
    let mut weights = [0; GROUP];
    for (half, weights) in weights.as_chunks_mut::<PANEL>().0.iter_mut().enumerate() {
        let words: &[[u8; 4]; PANEL] =
            words[half * words.len() / 2 + at..].first_chunk().expect("a whole panel");
        for c in 0..PANEL {
            weights[c] = i32::from_le_bytes(words[c]) << left >> 24;
        }
    }
    weights
}

/// Writes the channels of a block, or as many as there are.
#[inline(always)]
pub(crate) fn store(values: &[f32; GROUP], out: &mut [f32]) {
    if let [first, second, ..] = out.as_chunks_mut::<LANES>().0 {
        first.copy_from_slice(&values[..LANES]);
        second.copy_from_slice(&values[LANES..]);
        return;
    }
    for (value, out) in values.iter().zip(out) {
        *out = *value;
    }
}
