//! The epilogue of a linear layer by hand for AVX-512, bit for bit [`crate::epilogue::scale`]: four rows
//! side by side, so that none waits for the polynomial of another.

use std::arch::x86_64::*;

use crate::epilogue::Terms;
use crate::int8::{Block, GROUP};
use crate::math;
use crate::matrix::MatrixMut;
use crate::panels::PANEL;

/// What is the same for the rows of a panel.
struct Channels {
    panel: *const u8,
    scales: __m512,
    sums: __m512i,
    bias: __m512,
}

/// See [`crate::epilogue::scale`].
///
/// # Safety
/// The processor has AVX-512F.
#[target_feature(enable = "avx512f")]
pub(crate) unsafe fn scale<const GELU: bool>(
    sums: &Block,
    terms: &Terms<'_>,
    mut out: MatrixMut<'_>,
) {
    let (rows, cols) = (out.rows(), out.cols());
    assert!(rows <= sums.0.len() && rows * terms.stride <= terms.rows.len() && cols <= GROUP);
    let panel_bytes = terms.panels.len() / 2;
    for half in 0..cols.div_ceil(PANEL) {
        let first = half * PANEL;
        // SAFETY: `Terms` has 32 values of each and two panels.
        let channels = unsafe {
            Channels {
                panel: terms.panels.as_ptr().add(half * panel_bytes),
                scales: _mm512_loadu_ps(terms.scales.as_ptr().add(first)),
                sums: _mm512_loadu_si512(terms.sums.as_ptr().add(first).cast()),
                bias: _mm512_loadu_ps(terms.bias.as_ptr().add(first)),
            }
        };
        let mut row = 0;
        while row < rows {
            // SAFETY: the rows are inside the block and `terms.rows`, as asserted; a quantized row
            // is at least 64 bytes long and its outlier is one of its values.
            unsafe {
                let params = terms.rows.as_ptr().add((row + 1) * terms.stride - 64).cast();
                let sums = sums.0.as_ptr().add(row).cast::<i32>().add(first);
                if row + 4 <= rows {
                    let v = side::<4, GELU>(sums, params, terms.stride, &channels);
                    for (i, v) in v.into_iter().enumerate() {
                        store(v, &mut out.row(row + i)[first..]);
                    }
                    row += 4;
                } else {
                    let [v] = side::<1, GELU>(sums, params, terms.stride, &channels);
                    store(v, &mut out.row(row)[first..]);
                    row += 1;
                }
            }
        }
    }
}

/// The values of a panel for `N` rows.
///
/// # Safety
/// From `sums` on there are `N` rows of 32 sums of which sixteen are read, from `params` on their
/// parameters, `stride` bytes apart, with outliers inside the panel.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn side<const N: usize, const GELU: bool>(
    sums: *const i32,
    params: *const u8,
    stride: usize,
    channels: &Channels,
) -> [__m512; N] {
    let mut values = [_mm512_setzero_ps(); N];
    for (i, value) in values.iter_mut().enumerate() {
        // SAFETY: the caller's promise; a row's parameters are scale, zero point, outlier, excess.
        unsafe {
            let params = params.add(i * stride).cast::<i32>();
            let outlier = *params.add(2) as usize;
            // A channel's four bytes, the wanted one moved to the top and its sign spread.
            let left = _mm_cvtsi32_si128(24 - 8 * (outlier as i32 & 3));
            let weights = _mm512_loadu_si512(channels.panel.add(outlier / 4 * 64).cast());
            let weights = _mm512_srai_epi32::<24>(_mm512_sll_epi32(weights, left));
            let shift = _mm512_mullo_epi32(_mm512_set1_epi32(*params.add(1)), channels.sums);
            let beyond = _mm512_mullo_epi32(_mm512_set1_epi32(*params.add(3)), weights);
            let exact = _mm512_loadu_si512(sums.add(GROUP * i).cast());
            let exact = _mm512_add_epi32(_mm512_sub_epi32(exact, shift), beyond);
            let scale = _mm512_mul_ps(_mm512_set1_ps(*params.cast()), channels.scales);
            let scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(exact), scale);
            *value = _mm512_add_ps(scaled, channels.bias);
        }
    }
    if GELU {
        for value in &mut values {
            *value = gelu(*value);
        }
    }
    values
}

/// Sixteen values, or as many as there is room for: a mask costs time.
#[inline]
#[target_feature(enable = "avx512f")]
fn store(value: __m512, out: &mut [f32]) {
    let mask = (1_u32 << out.len().min(PANEL)) - 1;
    // SAFETY: there is room for what is written.
    unsafe {
        if out.len() >= PANEL {
            _mm512_storeu_ps(out.as_mut_ptr(), value);
        } else {
            _mm512_mask_storeu_ps(out.as_mut_ptr(), mask as u16, value);
        }
    }
}

/// [`math::gelu_coarse`], operation by operation.
#[inline]
#[target_feature(enable = "avx512f")]
fn gelu(value: __m512) -> __m512 {
    let end = _mm512_set1_ps(math::GELU_END);
    // The value is the second operand, which a NaN passes through.
    let c = _mm512_max_ps(_mm512_set1_ps(-math::GELU_END), _mm512_min_ps(end, value));
    let s = _mm512_mul_ps(c, c);
    let [highest, others @ ..] = math::GELU_POLYNOMIAL;
    let mut p = _mm512_set1_ps(highest);
    for term in others {
        p = _mm512_add_ps(_mm512_mul_ps(p, s), _mm512_set1_ps(term));
    }
    _mm512_mul_ps(value, _mm512_add_ps(_mm512_set1_ps(0.5), _mm512_mul_ps(c, p)))
}
