//! AVX-512, without and with its dot product.

use std::arch::x86_64::*;

use crate::attention::{self, AttentionScratch, Head};
use crate::epilogue::Terms;
use crate::epilogue512;
use crate::int8::{self, Block, Dot, Operands, QuantRows, QuantWeights, word};
use crate::tier::tier;
use crate::{Isa, Kernel, Matrix, MatrixMut, Panels, matmul, quantize, rows, sweeps};

tier! {
    /// Sixteen lanes a register, thirty-two registers. Of a block of eight rows and two panels
    /// sixteen registers hold sums, two weights, and products have room.
    Avx512, "avx512f,avx512bw,avx512dq,avx512vl", rows: 8, panels: 2, dot: Widened
}

tier! {
    /// The same with AVX-512-VNNI.
    Avx512Vnni, "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni", rows: 8, panels: 2, dot: Vnni
}

/// `vpmaddwd` on values of 16 bits, as on AVX2.
struct Widened;

impl Dot for Widened {
    type Value = [u8; 2];
    type Sweeps = sweeps::Plain<[u8; 2]>;
    const ROWS: usize = 8;

    #[inline(always)]
    unsafe fn dot(of: Operands, _rows: usize, out: &mut Block) {
        // SAFETY: the caller's promise.
        unsafe { widened(of, out) }
    }

    #[inline(always)]
    unsafe fn scale<const GELU: bool>(sums: &Block, terms: &Terms<'_>, out: MatrixMut<'_>) {
        // SAFETY: the caller's promise.
        unsafe { epilogue512::scale::<GELU>(sums, terms, out) }
    }
}

/// Eight rows and one panel at a time: sixteen sums, each of eight channels' two pairs.
///
/// # Safety
/// As [`Dot::dot`].
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn widened(of: Operands, out: &mut Block) {
    let Operands { x, stride, w, steps, k: used, .. } = of;
    // The first pair of every channel, and the second.
    let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    let odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    for panel in 0..2 {
        let mut sums = [[_mm512_setzero_si512(); 2]; 8];
        for k in (0..used).step_by(4) {
            if panel == 0 && k.is_multiple_of(64) {
                of.fetch(k / 64);
            }
            // SAFETY: four values from `k` on are inside the rows, sixteen times as many bytes
            // inside the panel.
            unsafe {
                let w = w.add(1024 * steps * panel + 16 * k).cast();
                let w = [_mm256_loadu_si256(w), _mm256_loadu_si256(w.add(1))];
                let w = w.map(|w| _mm512_cvtepi8_epi16(w));
                for (r, sums) in sums.iter_mut().enumerate() {
                    let x = x.add(r * stride + 2 * k).cast::<i64>().read_unaligned();
                    let x = _mm512_set1_epi64(x);
                    for (sum, w) in sums.iter_mut().zip(w) {
                        *sum = _mm512_add_epi32(*sum, _mm512_madd_epi16(x, w));
                    }
                }
            }
        }
        for ([low, high], out) in sums.into_iter().zip(&mut out.0) {
            let sums = _mm512_add_epi32(
                _mm512_permutex2var_epi32(low, even, high),
                _mm512_permutex2var_epi32(low, odd, high),
            );
            // SAFETY: these are sixteen sums.
            unsafe { _mm512_storeu_si512(out[16 * panel..][..16].as_mut_ptr().cast(), sums) };
        }
    }
}

/// `vpdpbusd` on 512 bits.
pub(crate) struct Vnni;

impl Dot for Vnni {
    type Value = u8;
    type Sweeps = sweeps::Wide;
    const ROWS: usize = 8;

    #[inline(always)]
    unsafe fn dot(of: Operands, rows: usize, out: &mut Block) {
        // SAFETY: the caller's promise.
        unsafe { if rows > 4 { vnni::<8>(of, out) } else { vnni::<4>(of, out) } }
    }

    #[inline(always)]
    unsafe fn scale<const GELU: bool>(sums: &Block, terms: &Terms<'_>, out: MatrixMut<'_>) {
        // SAFETY: the caller's promise.
        unsafe { epilogue512::scale::<GELU>(sums, terms, out) }
    }
}

/// Eight rows and two panels: sixteen sums, so that none waits for its own last product, and ten
/// loads for sixteen products. Four rows, where there are no more, take half the time.
///
/// # Safety
/// As [`Dot::dot`].
#[target_feature(enable = "avx512f,avx512vnni")]
unsafe fn vnni<const ROWS: usize>(of: Operands, out: &mut Block) {
    let Operands { x, stride, w, steps, k: used, .. } = of;
    let mut sums = [[_mm512_setzero_si512(); 2]; ROWS];
    for step in 0..steps {
        of.fetch(step);
        for k in (64 * step..used.min(64 * (step + 1))).step_by(4) {
            // SAFETY: `k` is inside the rows, sixteen times as much inside each panel.
            unsafe {
                let panels = [w.add(16 * k), w.add(1024 * steps + 16 * k)];
                let w = panels.map(|w| _mm512_loadu_si512(w.cast()));
                for (r, sums) in sums.iter_mut().enumerate() {
                    let x = _mm512_set1_epi32(word(x.add(r * stride + k)));
                    for (sum, w) in sums.iter_mut().zip(w) {
                        *sum = _mm512_dpbusd_epi32(*sum, x, w);
                    }
                }
            }
        }
    }
    for (sums, out) in sums.iter().zip(&mut out.0) {
        for (sum, out) in sums.iter().zip(out.as_chunks_mut::<16>().0) {
            // SAFETY: `out` is sixteen sums.
            unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), *sum) };
        }
    }
}
