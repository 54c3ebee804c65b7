//! NEON with its int8 products. Their intrinsics are not stable yet, so each is one line of assembly.

use std::arch::aarch64::*;
use std::arch::asm;

use crate::attention::{self, AttentionScratch, Head};
use crate::int8::{self, Block, Dot, GROUP, Operands, QuantRows, QuantWeights};
use crate::tier::tier;
use crate::{Isa, Kernel, Matrix, MatrixMut, Panels, matmul, quantize, rows, sweeps};

tier! {
    /// Four lanes a register, thirty-two registers. Of a block of four rows and one panel sixteen
    /// registers hold sums, four weights, and products have room.
    Dotprod, "neon,dotprod", rows: 4, panels: 1, dot: Signed
}

tier! {
    /// The same with FEAT_I8MM.
    I8mm, "neon,i8mm", rows: 4, panels: 1, dot: Squares
}

/// Where an eighth of two panels lies, four times: half of every 64 bytes of one panel.
///
/// # Safety
/// As [`Dot::dot`]; `quarter` is less than 4.
#[inline(always)]
unsafe fn half_panel(w: *const u8, steps: usize, quarter: usize) -> *const u8 {
    // SAFETY: the second panel lies after the first.
    unsafe { w.add(1024 * steps * (quarter / 2) + 32 * (quarter % 2)) }
}

/// The eight sums of a row and half a panel.
#[inline]
#[target_feature(enable = "neon")]
fn store([low, high]: [int32x4_t; 2], out: &mut [i32; GROUP], quarter: usize) {
    let out = out[8 * quarter..][..8].as_mut_ptr();
    // SAFETY: `out` points to eight sums.
    unsafe {
        vst1q_s32(out, low);
        vst1q_s32(out.add(4), high);
    }
}

/// `sdot`: the values of the rows become signed by subtracting 128.
struct Signed;

impl Dot for Signed {
    type Value = u8;
    type Sweeps = sweeps::Plain<u8>;
    const ROWS: usize = 8;

    #[inline(always)]
    unsafe fn dot(of: Operands, _rows: usize, out: &mut Block) {
        // SAFETY: the caller's promise.
        unsafe { signed(of, out) }
    }
}

/// Eight rows and half a panel at a time, and a ninth row in which every value is -128: its sums
/// are by how much the others are too small.
///
/// # Safety
/// As [`Dot::dot`].
#[target_feature(enable = "neon,dotprod")]
unsafe fn signed(of: Operands, out: &mut Block) {
    let Operands { x, stride, w, steps, .. } = of;
    let sign = vdupq_n_u8(0x80);
    for quarter in 0..4 {
        // SAFETY: the caller's promise.
        let w = unsafe { half_panel(w, steps, quarter) };
        let mut sums = [[vdupq_n_s32(0); 2]; 9];
        for k in (0..64 * steps).step_by(16) {
            if quarter == 0 && k.is_multiple_of(64) {
                of.fetch(k / 64);
            }
            // SAFETY: `k` is inside the rows, sixteen times as much inside the panel.
            unsafe {
                let row = |r| veorq_u8(vld1q_u8(x.add(r * stride + k)), sign);
                let x: [_; 9] =
                    std::array::from_fn(|r| vreinterpretq_s8_u8(if r < 8 { row(r) } else { sign }));
                let w = w.add(16 * k);
                four_values::<0>(&mut sums, &x, w);
                four_values::<1>(&mut sums, &x, w.add(64));
                four_values::<2>(&mut sums, &x, w.add(128));
                four_values::<3>(&mut sums, &x, w.add(192));
            }
        }
        let [rows @ .., [c, d]] = sums;
        for ([a, b], out) in rows.into_iter().zip(&mut out.0) {
            store([vsubq_s32(a, c), vsubq_s32(b, d)], out, quarter);
        }
    }
}

/// The `LANE`-th four values of the rows meet the eight channels' four bytes at `w`.
///
/// # Safety
/// 32 bytes can be read from `w` on.
#[inline]
#[target_feature(enable = "neon,dotprod")]
unsafe fn four_values<const LANE: usize>(
    sums: &mut [[int32x4_t; 2]; 9],
    x: &[int8x16_t; 9],
    w: *const u8,
) {
    // SAFETY: the caller's promise.
    let w = unsafe { [vld1q_s8(w.cast()), vld1q_s8(w.add(16).cast())] };
    for (sums, x) in sums.iter_mut().zip(x) {
        for (sum, w) in sums.iter_mut().zip(w) {
            *sum = sdot::<LANE>(*sum, w, *x);
        }
    }
}

/// `sum[c] += w[4c] · x[0] + … + w[4c + 3] · x[3]`, with x counted from `4 * LANE` on.
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn sdot<const LANE: usize>(mut sum: int32x4_t, w: int8x16_t, x: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction is there, and only these registers take part.
    unsafe {
        asm!(
            "sdot {sum:v}.4s, {w:v}.16b, {x:v}.4b[{lane}]",
            sum = inout(vreg) sum,
            w = in(vreg) w,
            x = in(vreg) x,
            lane = const LANE,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sum
}

/// `usmmla`: two rows, two channels and eight values at once, unsigned by signed. Ordering the
/// registers costs less than the products of `sudot` that it saves: 48 vector instructions for the
/// work of 64.
struct Squares;

impl Dot for Squares {
    type Value = u8;
    type Sweeps = sweeps::Plain<u8>;
    const ROWS: usize = 8;

    #[inline(always)]
    unsafe fn dot(of: Operands, _rows: usize, out: &mut Block) {
        // SAFETY: the caller's promise.
        unsafe { squares(of, out) }
    }
}

/// Eight rows and half a panel at a time: sixteen squares of sums.
///
/// # Safety
/// As [`Dot::dot`].
#[target_feature(enable = "neon,i8mm")]
unsafe fn squares(of: Operands, out: &mut Block) {
    let Operands { x, stride, w, steps, .. } = of;
    for quarter in 0..4 {
        // SAFETY: the caller's promise.
        let w = unsafe { half_panel(w, steps, quarter) };
        let mut sums = [[vdupq_n_s32(0); 4]; 4];
        for k in (0..64 * steps).step_by(8) {
            if quarter == 0 && k.is_multiple_of(64) {
                of.fetch(k / 64);
            }
            // SAFETY: `k` is inside the rows, sixteen times as much inside the panel.
            let (x, [a, b, c, d]) = unsafe {
                let x: [_; 4] = std::array::from_fn(|pair| {
                    let x = x.add(2 * pair * stride + k);
                    vcombine_u8(vld1_u8(x), vld1_u8(x.add(stride)))
                });
                // Four values of channels 0 to 3 and 4 to 7, then the next four values.
                (x, [0, 16, 64, 80].map(|at| vld1q_s32(w.add(16 * k + at).cast())))
            };
            let w = [vzip1q_s32(a, c), vzip2q_s32(a, c), vzip1q_s32(b, d), vzip2q_s32(b, d)];
            for (sums, x) in sums.iter_mut().zip(x) {
                for (sum, w) in sums.iter_mut().zip(w) {
                    *sum = usmmla(*sum, x, vreinterpretq_s8_s32(w));
                }
            }
        }
        for (sums, [even, odd]) in sums.into_iter().zip(out.0.as_chunks_mut().0) {
            let (low, high) =
                (sums.map(|sum| vget_low_s32(sum)), sums.map(|sum| vget_high_s32(sum)));
            let row = |[a, b, c, d]: [_; 4]| [vcombine_s32(a, b), vcombine_s32(c, d)];
            store(row(low), even, quarter);
            store(row(high), odd, quarter);
        }
    }
}

/// `sum[2r + c] += x[8r] · w[8c] + … + x[8r + 7] · w[8c + 7]` for r and c of 0 and 1.
#[inline]
#[target_feature(enable = "neon,i8mm")]
fn usmmla(mut sum: int32x4_t, x: uint8x16_t, w: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction is there, and only these registers take part.
    unsafe {
        asm!(
            "usmmla {sum:v}.4s, {x:v}.16b, {w:v}.16b",
            sum = inout(vreg) sum,
            x = in(vreg) x,
            w = in(vreg) w,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sum
}
