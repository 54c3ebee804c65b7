//! AVX-512: sixteen lanes a register, thirty-two registers.

use crate::{Isa, Kernel, Matrix, MatrixMut, Panels, matmul, rows};

/// Proof that the processor has the instructions: only [`Avx512::new`] gives one out.
pub(crate) struct Avx512 {
    _proof: (),
}

impl Avx512 {
    pub(crate) fn new() -> Option<&'static Avx512> {
        Isa::Avx512.is_available().then_some(&Avx512 { _proof: () })
    }
}

impl Kernel for Avx512 {
    fn isa(&self) -> Isa {
        Isa::Avx512
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

/// Eight rows and two panels: sixteen registers hold sums, two weights, and products have room.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn matmul(x: Matrix<'_>, w: &Panels, out: MatrixMut<'_>) {
    matmul::matmul::<8, 2>(x, w, out);
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn add(row: &mut [f32], other: &[f32]) {
    rows::add(row, other);
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn bias_gelu(row: &mut [f32], bias: &[f32]) {
    rows::bias_gelu(row, bias);
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn layer_norm(row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32) {
    rows::layer_norm(row, scale, shift, eps);
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn softmax(row: &mut [f32], factor: f32) {
    rows::softmax(row, factor);
}
