//! The base instruction set: what every processor of the target has.

use crate::{Isa, Kernel, Matrix, MatrixMut, Panels, matmul, rows};

pub(crate) struct Portable;

impl Kernel for Portable {
    fn isa(&self) -> Isa {
        Isa::Portable
    }

    /// Two rows: eight of the sixteen SSE2 registers hold sums, four hold weights.
    fn matmul(&self, x: Matrix<'_>, w: &Panels, out: MatrixMut<'_>) {
        matmul::matmul::<2, 1>(x, w, out);
    }

    fn add(&self, row: &mut [f32], other: &[f32]) {
        rows::add(row, other);
    }

    fn bias_gelu(&self, row: &mut [f32], bias: &[f32]) {
        rows::bias_gelu(row, bias);
    }

    fn layer_norm(&self, row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32) {
        rows::layer_norm(row, scale, shift, eps);
    }

    fn softmax(&self, row: &mut [f32], factor: f32) {
        rows::softmax(row, factor);
    }
}
