//! Steps by hand for AVX-512, bit for bit those of [`crate::quantize`].

use std::arch::x86_64::*;

use crate::lanes::LANES;
use crate::math::ROUND;

/// The first `count` of sixteen lanes, all where there are more.
#[inline(always)]
pub(crate) fn first(count: usize) -> __mmask16 {
    ((1_u32 << count.min(LANES)) - 1) as __mmask16
}

/// The steps of 64 values, zeros where a row of `left` has ended.
///
/// # Safety
/// Up to 64 of them can be read.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
pub(crate) unsafe fn steps(
    values: *const f32,
    left: usize,
    inverse: __m512,
    zero: __m512,
) -> __m512i {
    let mut parts = [_mm512_setzero_ps(); 4];
    for (c, part) in parts.iter_mut().enumerate() {
        let values = values.wrapping_add(c * LANES);
        // SAFETY: the caller's promise; a mask costs time.
        *part = unsafe {
            match left >= 64 {
                true => _mm512_loadu_ps(values),
                false => _mm512_maskz_loadu_ps(first(left.saturating_sub(c * LANES)), values),
            }
        };
    }
    let [a, b, c, d] = parts;
    // Both narrow to the nearest number that there is.
    let ab = _mm512_packs_epi32(place(a, inverse, zero), place(b, inverse, zero));
    let cd = _mm512_packs_epi32(place(c, inverse, zero), place(d, inverse, zero));
    let steps = _mm512_packus_epi16(ab, cd);
    // That leaves the quarters of the four registers in this order.
    let order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    let steps = _mm512_permutexvar_epi32(order, steps);
    match left >= 64 {
        true => steps,
        false => _mm512_maskz_mov_epi8((1 << left) - 1, steps),
    }
}

/// Steps that are not bounded yet.
#[inline]
#[target_feature(enable = "avx512f")]
fn place(value: __m512, inverse: __m512, zero: __m512) -> __m512i {
    let round = _mm512_set1_ps(ROUND);
    let step = _mm512_add_ps(_mm512_mul_ps(value, inverse), zero);
    let bits = _mm512_castps_si512(_mm512_add_ps(step, round));
    _mm512_sub_epi32(bits, _mm512_castps_si512(round))
}
