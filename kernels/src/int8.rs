//! The int8 product, written once for every instruction set.
//!
//! Activations are u8 with a scale, a zero point and one outlier per row, weights s8 with a scale per channel;
//! the sums are exact in i32, so the order in which an instruction set adds is free. Each brings
//! only [`Dot`], a block of a few rows and 32 channels:
//!
//! ```text
//! for each pair of panels (32 channels: 64 KB at most for K = 2048, read again and again)
//!     for each block of rows
//!         sums = Dot          in registers or tiles, then 4 KB of i32 on the stack
//!         epilogue            per row: i32 -> f32, by the caller
//! ```

use crate::lanes::LANES;
use crate::math;
use crate::matrix::MatrixMut;
use crate::panels::{PANEL, QuantPanels};
use crate::quantize::RowParams;

/// Bytes of a cache line.
const LINE: usize = 64;

/// Asks for a line to be brought nearer; a hint that changes nothing else.
#[inline(always)]
fn prefetch(line: &[u8]) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch reads nothing that the program could see and never faults.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast());
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    unsafe {
        std::arch::asm!("prfm pldl1keep, [{}]", in(reg) line.as_ptr(), options(nostack, readonly));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let _ = line;
}

/// Channels of a block: two panels.
pub(crate) const GROUP: usize = 2 * PANEL;
/// The most rows of a block. Buffers of quantized rows are padded to a multiple of this, so that
/// no kernel needs a second version for fewer rows.
pub const ROW_BLOCK: usize = 32;

/// The sums of a block; a [`Dot`] fills its first [`Dot::ROWS`] rows.
#[repr(C, align(64))]
pub(crate) struct Block(pub(crate) [[i32; GROUP]; ROW_BLOCK]);

/// What an instruction set brings to the int8 product.
pub(crate) trait Dot {
    /// Rows that one call works on: a divisor of [`ROW_BLOCK`].
    const ROWS: usize;

    /// Before the first call of a product, on the thread that makes it.
    #[inline(always)]
    fn begin() {}

    /// After the last call of a product.
    #[inline(always)]
    fn end() {}

    /// `out[r][c] = Σ x[r][k] · w[k][c]` over `64 * steps` values of k, for all `ROWS` rows.
    ///
    /// # Safety
    /// The processor has the instructions, `begin` was called on this thread; `ROWS` rows of
    /// `64 * steps` bytes each lie `stride` bytes apart from `x` on, and two panels of
    /// `1024 * steps` bytes one after another from `w` on.
    unsafe fn dot(x: *const u8, stride: usize, w: *const u8, steps: usize, out: &mut Block);
}

/// Four values of a row as one word: what an instruction meets sixteen times four weights with.
///
/// # Safety
/// Four bytes can be read from `x`.
#[inline(always)]
#[cfg(target_arch = "x86_64")]
pub(crate) unsafe fn word(x: *const u8) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { x.cast::<i32>().read_unaligned() }
}

/// Rows of u8, padded to 64 bytes each; see [`quantize`](crate::Kernel::quantize) for the layout.
#[derive(Debug, Clone, Copy)]
pub struct QuantRows<'a> {
    bytes: &'a [u8],
    rows: usize,
    k: usize,
}

impl<'a> QuantRows<'a> {
    /// `rows` rows of `k` values. The bytes go on to a multiple of [`ROW_BLOCK`] rows.
    ///
    /// # Panics
    /// If there are fewer bytes.
    pub fn new(bytes: &'a [u8], rows: usize, k: usize) -> Self {
        assert!(rows.next_multiple_of(ROW_BLOCK) * QuantRows::stride(k) <= bytes.len());
        QuantRows { bytes, rows, k }
    }

    /// Bytes from one row to the next: the padded values, then 64 bytes for scale and zero point.
    /// The odd 64 also keep the rows of a block from meeting in one set of the cache.
    pub const fn stride(k: usize) -> usize {
        k.next_multiple_of(64) + 64
    }

    #[inline(always)]
    fn params(&self, row: usize) -> RowParams {
        let at = row * QuantRows::stride(self.k) + self.k.next_multiple_of(64);
        let words: &[u8; 16] = self.bytes[at..].first_chunk().expect("a whole row");
        let word = |index: usize| i32::from_ne_bytes(words.as_chunks().0[index]);
        RowParams {
            scale: f32::from_bits(word(0) as u32),
            zero: word(1),
            outlier: word(2),
            excess: word(3),
        }
    }
}

/// The weights of a linear layer as a bundle holds them: views of its bytes.
#[derive(Debug, Clone, Copy)]
pub struct QuantWeights<'a> {
    /// Shape, and with it the place of each value.
    pub layout: QuantPanels,
    /// s8 values in panels.
    pub bytes: &'a [u8],
    /// Scale of each channel, padded as the channels are.
    pub scales: &'a [f32],
    /// Sum of each channel's values, padded likewise.
    pub sums: &'a [i32],
    /// Bias of each channel, padded likewise.
    pub bias: &'a [f32],
}

/// Gives every row of every block of 32 channels to `epilogue` as `(row, first channel, sums)`.
/// `x` has `rows` rows, padded to a multiple of [`ROW_BLOCK`], each `64 * steps` bytes long.
#[inline(always)]
pub(crate) fn product<D: Dot>(
    x: &[u8],
    stride: usize,
    rows: usize,
    w: &[u8],
    steps: usize,
    mut epilogue: impl FnMut(usize, usize, &[i32; GROUP]),
) {
    let group_bytes = steps * 64 * GROUP;
    if rows == 0 || group_bytes == 0 {
        return;
    }
    assert!(64 * steps <= stride && x.len() >= rows.next_multiple_of(D::ROWS) * stride);
    assert!(ROW_BLOCK.is_multiple_of(D::ROWS) && w.len().is_multiple_of(group_bytes));
    let mut block = Block([[0; GROUP]; ROW_BLOCK]);
    D::begin();
    let ahead = group_bytes.div_ceil(rows.div_ceil(D::ROWS)).next_multiple_of(LINE);
    for (group, panels) in w.chunks_exact(group_bytes).enumerate() {
        let mut next = w[(group + 1) * group_bytes..].chunks(ahead);
        for first in (0..rows).step_by(D::ROWS) {
            // With few rows the product waits for memory: fetch a share of the next panels.
            next.next().unwrap_or_default().chunks(LINE).for_each(prefetch);
            // SAFETY: a `Dot` type is only named by the tier that has its instructions; the
            // assertions above keep the rows and `chunks_exact` the panels inside their slices.
            unsafe {
                let x = x.as_ptr().add(first * stride);
                D::dot(x, stride, panels.as_ptr(), steps, &mut block);
            }
            for (row, sums) in (first..rows).zip(&block.0[..D::ROWS]) {
                epilogue(row, group * GROUP, sums);
            }
        }
    }
    D::end();
}

/// `out = x * w + bias`, then GELU where asked for, for values that are quantized next.
#[inline(always)]
pub(crate) fn linear<D: Dot>(
    x: QuantRows<'_>,
    w: &QuantWeights<'_>,
    gelu: bool,
    out: MatrixMut<'_>,
) {
    // Two loops, so that neither asks in every row.
    if gelu {
        scaled::<D>(x, w, out, math::gelu_coarse)
    } else {
        scaled::<D>(x, w, out, |value| value)
    }
}

#[inline(always)]
fn scaled<D: Dot>(
    x: QuantRows<'_>,
    w: &QuantWeights<'_>,
    mut out: MatrixMut<'_>,
    activation: impl Fn(f32) -> f32,
) {
    let (k, n) = (w.layout.k(), w.layout.n());
    assert!(x.k == k && x.rows == out.rows && out.cols == n, "shapes do not fit");
    assert!(w.bytes.len() == w.layout.len(), "the weights have another shape");
    let steps = w.layout.padded_k() / 64;
    product::<D>(x.bytes, QuantRows::stride(k), x.rows, w.bytes, steps, |row, first, sums| {
        let RowParams { scale, zero, outlier, excess } = x.params(row);
        let scales: &[f32; GROUP] = window(w.scales, first);
        let weight_sums: &[i32; GROUP] = window(w.sums, first);
        let bias: &[f32; GROUP] = window(w.bias, first);
        let panels = &w.bytes[first * 64 * steps..][..64 * steps * GROUP];
        let outlier = weights_of(panels, outlier as usize);
        let mut values = [0.0; GROUP];
        for c in 0..GROUP {
            let shift = zero.wrapping_mul(weight_sums[c]);
            let beyond = excess.wrapping_mul(outlier[c]);
            let exact = sums[c].wrapping_sub(shift).wrapping_add(beyond);
            values[c] = activation(exact as f32 * (scale * scales[c]) + bias[c]);
        }
        store(&values, &mut out.row(row)[first..]);
    });
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

/// The 32 values of a block's channels.
#[inline(always)]
pub(crate) fn window<T>(values: &[T], first: usize) -> &[T; GROUP] {
    values[first..].first_chunk().expect("channels are padded to 32")
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
