//! AVX2: eight lanes a register, sixteen registers.

use crate::{Isa, Kernel, Matrix, MatrixMut, Panels, matmul, rows};

/// Proof that the processor has the instructions: only [`Avx2::new`] gives one out.
pub(crate) struct Avx2 {
    _proof: (),
}

impl Avx2 {
    pub(crate) fn new() -> Option<&'static Avx2> {
        Isa::Avx2.is_available().then_some(&Avx2 { _proof: () })
    }
}

impl Kernel for Avx2 {
    fn isa(&self) -> Isa {
        Isa::Avx2
    }

    fn matmul(&self, x: Matrix<'_>, w: &Panels, out: MatrixMut<'_>) {
        // SAFETY: `self` can only be had where the features below are.
        unsafe { matmul(x, w, out) }
    }

    fn add(&self, row: &mut [f32], other: &[f32]) {
        // SAFETY: as above.
        unsafe { add(row, other) }
    }

    fn bias_gelu(&self, row: &mut [f32], bias: &[f32]) {
        // SAFETY: as above.
        unsafe { bias_gelu(row, bias) }
    }

    fn layer_norm(&self, row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32) {
        // SAFETY: as above.
        unsafe { layer_norm(row, scale, shift, eps) }
    }

    fn softmax(&self, row: &mut [f32], factor: f32) {
        // SAFETY: as above.
        unsafe { softmax(row, factor) }
    }
}

// The features here are the ones that `Isa::is_available` asks for.

/// Five rows: ten registers hold sums, two weights, one the broadcast value, and some are left for products.
#[target_feature(enable = "avx2")]
fn matmul(x: Matrix<'_>, w: &Panels, out: MatrixMut<'_>) {
    matmul::matmul::<5, 1>(x, w, out);
}

#[target_feature(enable = "avx2")]
fn add(row: &mut [f32], other: &[f32]) {
    rows::add(row, other);
}

#[target_feature(enable = "avx2")]
fn bias_gelu(row: &mut [f32], bias: &[f32]) {
    rows::bias_gelu(row, bias);
}

#[target_feature(enable = "avx2")]
fn layer_norm(row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32) {
    rows::layer_norm(row, scale, shift, eps);
}

#[target_feature(enable = "avx2")]
fn softmax(row: &mut [f32], factor: f32) {
    rows::softmax(row, factor);
}
