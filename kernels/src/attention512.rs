//! What attention does to rows beside its products, by hand for AVX-512, bit for bit as in
//! [`crate::attention`]: several rows side by side, so that their folds are one.

use std::arch::x86_64::*;

use crate::attention::{AttentionScratch, Scores};
use crate::int8::ROW_BLOCK;
use crate::lanes::LANES;
use crate::math::{self, ROUND};
use crate::matrix::Matrix;
use crate::panels::QuantPanels;
use crate::quantize::{SMALLEST, to_u8};
use crate::quantize512::{first, steps};

/// What [`join`] does.
const MIN: u8 = 0;
const MAX: u8 = 1;
const ADD: u8 = 2;

/// Two values become one; of a minimum and a maximum `b` where one of them is NaN.
#[inline]
#[target_feature(enable = "avx512f")]
fn join<const HOW: u8>(a: __m512, b: __m512) -> __m512 {
    match HOW {
        MIN => _mm512_min_ps(a, b),
        MAX => _mm512_max_ps(a, b),
        _ => _mm512_add_ps(a, b),
    }
}

/// Four times the tree of [`Lanes::fold`](crate::lanes::Lanes::fold); what becomes of row `i` fills
/// quarter `i`.
#[inline]
#[target_feature(enable = "avx512f")]
fn fold<const HOW: u8>([a, b, c, d]: [__m512; 4]) -> __m512 {
    let (low, high) = (_mm512_shuffle_f32x4::<0x44>(a, b), _mm512_shuffle_f32x4::<0xEE>(a, b));
    let ab = join::<HOW>(low, high);
    let (low, high) = (_mm512_shuffle_f32x4::<0x44>(c, d), _mm512_shuffle_f32x4::<0xEE>(c, d));
    let cd = join::<HOW>(low, high);
    let (low, high) = (_mm512_shuffle_f32x4::<0x88>(ab, cd), _mm512_shuffle_f32x4::<0xDD>(ab, cd));
    let pairs = join::<HOW>(low, high);
    let pairs = join::<HOW>(pairs, _mm512_permute_ps::<0b01_00_11_10>(pairs));
    let whole = join::<HOW>(pairs, _mm512_permute_ps::<0b10_11_00_01>(pairs));
    _mm512_permute_ps::<0>(whole)
}

/// The four quarters, each in all of a register.
#[inline]
#[target_feature(enable = "avx512f")]
fn spread(quarters: __m512) -> [__m512; 4] {
    [
        _mm512_shuffle_f32x4::<0x00>(quarters, quarters),
        _mm512_shuffle_f32x4::<0x55>(quarters, quarters),
        _mm512_shuffle_f32x4::<0xAA>(quarters, quarters),
        _mm512_shuffle_f32x4::<0xFF>(quarters, quarters),
    ]
}

/// One value of each quarter.
#[inline]
#[target_feature(enable = "avx512f")]
fn of_quarters(quarters: __m512) -> [f32; 4] {
    let mut lanes = [0.0; LANES];
    // SAFETY: there is room for sixteen.
    unsafe { _mm512_storeu_ps(lanes.as_mut_ptr(), quarters) };
    [lanes[0], lanes[4], lanes[8], lanes[12]]
}

/// See [`crate::attention::softmax`]: four rows at a time, of which some may be nobody's.
#[target_feature(enable = "avx512f")]
pub(crate) fn softmax(of: Scores<'_>, steps: &mut [u8], stride: usize) -> [f32; ROW_BLOCK] {
    let Scores { values: scores, columns, rows, length } = of;
    assert!(rows <= ROW_BLOCK && length <= columns && length <= stride);
    assert!(stride.is_multiple_of(LANES) && scores.len() >= rows.next_multiple_of(4) * columns);
    assert!(steps.len() >= rows.next_multiple_of(4) * stride);
    let mut shares = [0.0; ROW_BLOCK];
    for row in (0..rows).step_by(4) {
        // SAFETY: rows and lengths were compared with the slices above; masks leave out what is
        // after a row, and sixteen steps end where the stride does at the latest.
        unsafe {
            let scores = scores.as_ptr().add(row * columns);
            let steps = steps.as_mut_ptr().add(row * stride);
            let mut most = [_mm512_set1_ps(f32::MIN); 4];
            for at in (0..length).step_by(LANES) {
                for (i, most) in most.iter_mut().enumerate() {
                    let values = load(scores.add(i * columns + at), length - at);
                    *most = _mm512_max_ps(*most, values);
                }
            }
            let most = spread(fold::<MAX>(most));
            let mut totals = [_mm512_setzero_ps(); 4];
            for at in (0..length).step_by(LANES) {
                for i in 0..4 {
                    let values = load(scores.add(i * columns + at), length - at);
                    let powers = power(_mm512_sub_ps(values, most[i]));
                    totals[i] = _mm512_add_ps(totals[i], powers);
                    let bits = _mm512_castps_si512(_mm512_add_ps(powers, _mm512_set1_ps(ROUND)));
                    let out = steps.add(i * stride + at);
                    _mm_storeu_si128(out.cast(), _mm512_cvtepi32_epi8(bits));
                }
            }
            let total = fold::<ADD>(totals);
            let inverse = of_quarters(_mm512_div_ps(_mm512_set1_ps(1.0), total));
            shares[row..][..4].copy_from_slice(&inverse);
        }
    }
    shares
}

/// Sixteen scores, the smallest number where a row of `left` has ended: a mask costs time.
///
/// # Safety
/// Up to sixteen of them can be read.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn load(scores: *const f32, left: usize) -> __m512 {
    // SAFETY: the caller's promise.
    unsafe {
        if left >= LANES {
            _mm512_loadu_ps(scores)
        } else {
            _mm512_mask_loadu_ps(_mm512_set1_ps(f32::MIN), first(left), scores)
        }
    }
}

/// 255 times [`math::exp2_coarse`], operation by operation.
#[inline]
#[target_feature(enable = "avx512f")]
fn power(x: __m512) -> __m512 {
    let round = _mm512_set1_ps(ROUND);
    // "Not less" and not "at least": a NaN passes through.
    let not_tiny = _mm512_cmp_ps_mask::<_CMP_NLT_UQ>(x, _mm512_set1_ps(math::EXP2_END));
    let rounded = _mm512_add_ps(x, round);
    let r = _mm512_sub_ps(x, _mm512_sub_ps(rounded, round));
    let [highest, others @ ..] = math::EXP2_POLYNOMIAL;
    let mut p = _mm512_set1_ps(highest);
    for term in others {
        p = _mm512_add_ps(_mm512_mul_ps(p, r), _mm512_set1_ps(term));
    }
    let exponent = _mm512_slli_epi32::<23>(_mm512_castps_si512(rounded));
    let value = _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(p), exponent));
    _mm512_maskz_mul_ps(not_tiny, value, _mm512_set1_ps(255.0))
}

/// See [`crate::quantize::to_u8`]: four rows at a time. Gives scales and zero points.
#[target_feature(enable = "avx512f,avx512bw")]
pub(crate) fn queries(
    query: Matrix<'_>,
    bytes: &mut [u8],
    stride: usize,
) -> [(f32, i32); ROW_BLOCK] {
    let mut params = [(0.0, 0); ROW_BLOCK];
    let (rows, width) = (query.rows, query.cols);
    assert!(rows <= ROW_BLOCK && width <= stride && stride.is_multiple_of(64));
    assert!(bytes.len() >= rows.next_multiple_of(4) * stride);
    let round = _mm512_set1_ps(ROUND);
    let (all, zero) = (_mm512_set1_ps(255.0), _mm512_setzero_ps());
    for row in (0..rows).step_by(4) {
        // The last row once more where there are none.
        let from: [_; 4] = [0, 1, 2, 3].map(|i| query.row((row + i).min(rows - 1)).as_ptr());
        // SAFETY: masks leave out what is after a row; the assertions keep what is written inside.
        unsafe {
            let (mut lows, mut highs) = ([zero; 4], [zero; 4]);
            for at in (0..width).step_by(LANES) {
                let mask = first(width - at);
                for i in 0..4 {
                    let values = _mm512_maskz_loadu_ps(mask, from[i].add(at));
                    lows[i] = _mm512_min_ps(lows[i], values);
                    highs[i] = _mm512_max_ps(highs[i], values);
                }
            }
            let (low, high) = (fold::<MIN>(lows), fold::<MAX>(highs));
            let range = _mm512_sub_ps(high, low);
            let is_range = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(range, _mm512_set1_ps(SMALLEST));
            if is_range != __mmask16::MAX {
                for i in row..rows.min(row + 4) {
                    params[i] = to_u8(query.row(i), &mut bytes[i * stride..][..stride]);
                }
                continue;
            }
            let inverse = _mm512_div_ps(all, range);
            let minus = _mm512_xor_si512(_mm512_castps_si512(low), _mm512_set1_epi32(i32::MIN));
            let zeros = _mm512_mul_ps(_mm512_castsi512_ps(minus), inverse);
            let zeros = _mm512_sub_ps(_mm512_add_ps(zeros, round), round);
            let is_number = _mm512_cmp_ps_mask::<_CMP_ORD_Q>(zeros, zeros);
            let zeros = _mm512_maskz_mov_ps(is_number, zeros);
            let scales = of_quarters(_mm512_div_ps(range, all));
            for (i, zero) in of_quarters(zeros).into_iter().enumerate() {
                params[row + i] = (scales[i], zero as i32);
            }
            for (i, (inverse, zero)) in spread(inverse).into_iter().zip(spread(zeros)).enumerate() {
                let out = bytes.as_mut_ptr().add((row + i) * stride);
                for at in (0..width).step_by(64) {
                    let steps = steps(from[i].add(at), width - at, inverse, zero);
                    _mm512_storeu_si512(out.add(at).cast(), steps);
                }
            }
        }
    }
    params
}

/// See [`crate::attention::pack_keys`]: a panel at a time, the last key once more where there are
/// none.
#[target_feature(enable = "avx512f,avx512bw")]
pub(crate) fn keys(key: Matrix<'_>, scratch: &mut AttentionScratch) {
    let layout = QuantPanels::new(key.cols, key.rows);
    let width = key.cols;
    let (keys, scales, sums) = scratch.keys(layout);
    let ones = _mm512_set1_epi16(1);
    for token in (0..key.rows).step_by(LANES) {
        let mut from = [key.data.as_ptr(); LANES];
        for (i, from) in from.iter_mut().enumerate() {
            *from = key.row((token + i).min(key.rows - 1)).as_ptr();
        }
        let lines = &mut keys[layout.index(0, token)..][..layout.padded_k() * LANES];
        // SAFETY: masks leave out what is after a row; each sixteen values of a row are four lines,
        // as many as the padded width has.
        unsafe {
            let mut largest = _mm512_setzero_ps();
            for group in 0..4 {
                let mut most = [_mm512_setzero_ps(); 4];
                for at in (0..width).step_by(LANES) {
                    let mask = first(width - at);
                    for (i, most) in most.iter_mut().enumerate() {
                        let values = _mm512_maskz_loadu_ps(mask, from[4 * i + group].add(at));
                        *most = _mm512_max_ps(*most, _mm512_abs_ps(values));
                    }
                }
                // Row `4 * i + group` is then where it belongs.
                largest = _mm512_mask_mov_ps(largest, 0x1111 << group, fold::<MAX>(most));
            }
            let is_range = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(largest, _mm512_set1_ps(SMALLEST));
            let most = _mm512_set1_ps(127.0);
            let mut factors = [0.0; LANES];
            _mm512_storeu_ps(factors.as_mut_ptr(), _mm512_maskz_div_ps(is_range, most, largest));
            let scale = _mm512_maskz_div_ps(is_range, largest, most);
            _mm512_storeu_ps(scales[token..][..LANES].as_mut_ptr(), scale);
            let mut total = _mm512_setzero_si512();
            for at in (0..width).step_by(LANES) {
                let mask = first(width - at);
                // Quarter `j` of a group: word `j` of its four keys.
                let mut groups = [_mm512_setzero_si512(); 4];
                for (group, words) in groups.iter_mut().enumerate() {
                    let mut bits = [_mm512_setzero_si512(); 4];
                    for (i, bits) in bits.iter_mut().enumerate() {
                        let i = 4 * group + i;
                        let values = _mm512_maskz_loadu_ps(mask, from[i].add(at));
                        let values = _mm512_mul_ps(values, _mm512_set1_ps(factors[i]));
                        let rounded = _mm512_add_ps(values, _mm512_set1_ps(ROUND));
                        let byte = _mm512_set1_epi32(0xFF);
                        *bits = _mm512_and_si512(_mm512_castps_si512(rounded), byte);
                    }
                    *words = _mm512_packus_epi16(
                        _mm512_packus_epi32(bits[0], bits[1]),
                        _mm512_packus_epi32(bits[2], bits[3]),
                    );
                }
                for (line, words) in turned(groups).into_iter().enumerate() {
                    _mm512_storeu_si512(
                        lines.as_mut_ptr().add(at * LANES + line * 64).cast(),
                        words,
                    );
                    let pairs = _mm512_maddubs_epi16(_mm512_set1_epi8(1), words);
                    total = _mm512_add_epi32(total, _mm512_madd_epi16(pairs, ones));
                }
            }
            _mm512_storeu_si512(sums[token..][..LANES].as_mut_ptr().cast(), total);
        }
    }
}

/// Quarter `j` of register `i` to quarter `i` of register `j`.
#[inline]
#[target_feature(enable = "avx512f")]
fn turned([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    let (ab, cd) = (_mm512_shuffle_i32x4::<0x44>(a, b), _mm512_shuffle_i32x4::<0x44>(c, d));
    let (high_ab, high_cd) =
        (_mm512_shuffle_i32x4::<0xEE>(a, b), _mm512_shuffle_i32x4::<0xEE>(c, d));
    [
        _mm512_shuffle_i32x4::<0x88>(ab, cd),
        _mm512_shuffle_i32x4::<0xDD>(ab, cd),
        _mm512_shuffle_i32x4::<0x88>(high_ab, high_cd),
        _mm512_shuffle_i32x4::<0xDD>(high_ab, high_cd),
    ]
}
