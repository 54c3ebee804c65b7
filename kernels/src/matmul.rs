//! The f32 product, written once for every instruction set.
//!
//! ```text
//! for each pair of panels (32 channels, read from L2 again and again)
//!     for each block of R rows of x
//!         R x P sums in registers; for k: load P x 16 weights, R times broadcast, multiply, add
//! ```

use crate::lanes::{LANES, Lanes};
use crate::matrix::{Matrix, MatrixMut};
use crate::panels::Panels;

/// `out = x * w` in blocks of `R` rows and `P` panels; the block size does not change a bit.
#[inline(always)]
pub(crate) fn matmul<const R: usize, const P: usize>(
    x: Matrix<'_>,
    w: &Panels,
    mut out: MatrixMut<'_>,
) {
    assert!(x.cols == w.k() && x.rows == out.rows() && w.n() == out.cols(), "shapes do not fit");
    let mut panel = 0;
    while panel < w.count() {
        if panel + P <= w.count() {
            column::<R, P>(x, w, panel, &mut out);
            panel += P;
        } else {
            column::<R, 1>(x, w, panel, &mut out);
            panel += 1;
        }
    }
}

/// All rows of `x` against panels `panel .. panel + P`.
#[inline(always)]
fn column<const R: usize, const P: usize>(
    x: Matrix<'_>,
    w: &Panels,
    panel: usize,
    out: &mut MatrixMut<'_>,
) {
    let weights: [&[f32]; P] = std::array::from_fn(|p| w.panel(panel + p));
    let mut row = 0;
    while row + R <= x.rows {
        block::<R, P>(std::array::from_fn(|r| x.row(row + r)), weights, row, panel, out);
        row += R;
    }
    while row < x.rows {
        block::<1, P>([x.row(row)], weights, row, panel, out);
        row += 1;
    }
}

/// `R` rows against `P` panels: the sums stay in registers until they are complete.
#[inline(always)]
fn block<const R: usize, const P: usize>(
    x: [&[f32]; R],
    weights: [&[f32]; P],
    row: usize,
    panel: usize,
    out: &mut MatrixMut<'_>,
) {
    let k = x[0].len();
    let weights: [&[[f32; LANES]]; P] = weights.map(|w| &w.as_chunks::<LANES>().0[..k]);
    let x: [&[f32]; R] = x.map(|row| &row[..k]);
    let mut sums = [[Lanes::splat(0.0); P]; R];
    for k in 0..k {
        let w: [Lanes; P] = std::array::from_fn(|p| Lanes(weights[p][k]));
        for r in 0..R {
            let value = Lanes::splat(x[r][k]);
            for p in 0..P {
                sums[r][p] = sums[r][p].zip(w[p].zip(value, |w, x| w * x), |sum, wx| sum + wx);
            }
        }
    }
    for (r, sums) in sums.iter().enumerate() {
        let out = out.row(row + r);
        for (p, sums) in sums.iter().enumerate() {
            let first = (panel + p) * LANES;
            let count = LANES.min(out.len() - first);
            out[first..first + count].copy_from_slice(&sums.0[..count]);
        }
    }
}
