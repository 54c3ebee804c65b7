//! AVX2, without and with its dot product.

use std::arch::x86_64::*;

use crate::attention::{self, AttentionScratch, Head};
use crate::int8::{self, Block, Dot, Operands, QuantRows, QuantWeights, word};
use crate::panels::PANEL;
use crate::tier::tier;
use crate::{Isa, Kernel, Matrix, MatrixMut, Panels, matmul, quantize, rows, sweeps};

tier! {
    /// Eight lanes a register, sixteen registers. Of a block of four rows and one panel eight
    /// registers hold sums, two weights, and products have room.
    Avx2, "avx2", rows: 4, panels: 1, dot: Widened
}

tier! {
    /// The same with AVX-VNNI.
    AvxVnni, "avx2,avxvnni", rows: 4, panels: 1, dot: Vnni
}

/// `vpmaddwd` on values of 16 bits: exact for every u8 and s8, which `vpmaddubsw` with its saturation
/// is not. The rows are quantized to i16, so that only weights have to be widened.
struct Widened;

impl Dot for Widened {
    type Value = [u8; 2];
    type Sweeps = sweeps::Plain<[u8; 2]>;
    const ROWS: usize = 4;

    #[inline(always)]
    unsafe fn dot(of: Operands, _rows: usize, out: &mut Block) {
        // SAFETY: the caller's promise.
        unsafe { widened(of, out) }
    }
}

/// Four rows and eight channels at a time: eight sums, each of four channels' even and odd pairs.
///
/// # Safety
/// As [`Dot::dot`].
#[target_feature(enable = "avx2")]
unsafe fn widened(of: Operands, out: &mut Block) {
    let Operands { x, stride, w, steps, k: used, .. } = of;
    for channel in (0..2 * PANEL).step_by(8) {
        let mut sums = [[_mm256_setzero_si256(); 2]; 4];
        let first = 1024 * steps * (channel / PANEL) + 4 * (channel % PANEL);
        for k in (0..used).step_by(4) {
            if channel == 0 && k.is_multiple_of(64) {
                of.fetch(k / 64);
            }
            // SAFETY: four values from `k` on are inside the rows, sixteen times as many bytes
            // inside the panel.
            unsafe {
                let w = w.add(first + 16 * k).cast();
                let w = [_mm_loadu_si128(w), _mm_loadu_si128(w.add(1))];
                let w = w.map(|w| _mm256_cvtepi8_epi16(w));
                for (r, sums) in sums.iter_mut().enumerate() {
                    let x = x.add(r * stride + 2 * k).cast::<i64>().read_unaligned();
                    let x = _mm256_set1_epi64x(x);
                    for (sum, w) in sums.iter_mut().zip(w) {
                        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(x, w));
                    }
                }
            }
        }
        for (sums, out) in sums.into_iter().zip(&mut out.0) {
            // Pairs of neighbours within 128 bits, then the quarters back in order.
            let sums = _mm256_hadd_epi32(sums[0], sums[1]);
            let sums = _mm256_permute4x64_epi64::<0b11_01_10_00>(sums);
            // SAFETY: these are eight sums.
            unsafe { _mm256_storeu_si256(out[channel..][..8].as_mut_ptr().cast(), sums) };
        }
    }
}

/// `vpdpbusd` on 256 bits.
struct Vnni;

impl Dot for Vnni {
    type Value = u8;
    type Sweeps = sweeps::Plain<u8>;
    const ROWS: usize = 6;

    #[inline(always)]
    unsafe fn dot(of: Operands, rows: usize, out: &mut Block) {
        // SAFETY: the caller's promise.
        unsafe {
            match rows {
                5.. => vnni::<6>(of, out),
                3..=4 => vnni::<4>(of, out),
                _ => vnni::<2>(of, out),
            }
        }
    }
}

/// Six rows and one panel at a time: twelve sums, so that none waits for its own last product.
///
/// # Safety
/// As [`Dot::dot`].
#[target_feature(enable = "avx2,avxvnni")]
unsafe fn vnni<const ROWS: usize>(of: Operands, out: &mut Block) {
    let Operands { x, stride, w, steps, k: used, .. } = of;
    for panel in 0..2 {
        let mut sums = [[_mm256_setzero_si256(); 2]; ROWS];
        for k in (0..used).step_by(4) {
            if panel == 0 && k.is_multiple_of(64) {
                of.fetch(k / 64);
            }
            // SAFETY: `k` is inside the rows, sixteen times as much inside the panel.
            unsafe {
                let w = w.add(1024 * steps * panel + 16 * k);
                let w = [_mm256_loadu_si256(w.cast()), _mm256_loadu_si256(w.add(32).cast())];
                for (r, sums) in sums.iter_mut().enumerate() {
                    let x = _mm256_set1_epi32(word(x.add(r * stride + k)));
                    for (sum, w) in sums.iter_mut().zip(w) {
                        *sum = _mm256_dpbusd_avx_epi32(*sum, x, w);
                    }
                }
            }
        }
        for (sums, out) in sums.iter().zip(&mut out.0) {
            for (sum, out) in sums.iter().zip(out[16 * panel..].as_chunks_mut::<8>().0) {
                // SAFETY: `out` is eight sums.
                unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), *sum) };
            }
        }
    }
}
