//! The base instruction set: what every processor of the target has.

use crate::attention::{self, AttentionScratch, Head};
use crate::int8::{self, Block, Dot, GROUP, Operands, QuantRows, QuantWeights};
use crate::{Isa, Kernel, Matrix, MatrixMut, Panels, matmul, quantize, rows, sweeps};

pub(crate) struct Portable;

impl Kernel for Portable {
    fn isa(&self) -> Isa {
        Isa::Portable
    }

    /// Two rows: eight of the sixteen SSE2 registers hold sums, four hold weights.
    fn matmul(&self, x: Matrix<'_>, w: &Panels, out: MatrixMut<'_>) {
        matmul::matmul::<2, 1>(x, w, out);
    }

    fn linear(&self, x: QuantRows<'_>, w: &QuantWeights<'_>, gelu: bool, out: MatrixMut<'_>) {
        int8::linear::<Plain>(x, w, gelu, out);
    }

    fn products(&self, x: QuantRows<'_>, w: &QuantWeights<'_>) -> i32 {
        int8::products::<Plain>(x, w)
    }

    fn attention(&self, head: Head<'_>, scratch: &mut AttentionScratch, out: MatrixMut<'_>) {
        attention::attention::<Plain>(head, scratch, out);
    }

    fn row_bytes(&self, k: usize) -> usize {
        int8::row_bytes::<u8>(k)
    }

    fn quantize(&self, row: &[f32], out: &mut [u8]) {
        quantize::row::<u8>(row, out);
    }

    fn add(&self, row: &mut [f32], other: &[f32]) {
        rows::add(row, other);
    }

    fn bias_gelu(&self, row: &mut [f32], bias: &[f32]) {
        rows::bias_gelu(row, bias);
    }

    fn gate(&self, row: &mut [f32]) {
        rows::gate(row);
    }

    fn rotate(&self, row: &mut [f32], cos: &[f32], sin: &[f32]) {
        rows::rotate(row, cos, sin);
    }

    fn layer_norm(&self, row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32) {
        rows::layer_norm(row, scale, shift, eps);
    }

    fn add_norm(&self, row: &mut [f32], other: &[f32], scale: &[f32], shift: &[f32], eps: f32) {
        rows::add_norm(row, other, scale, shift, eps);
    }

    fn softmax(&self, row: &mut [f32], factor: f32) {
        rows::softmax(row, factor);
    }
}

/// The int8 block in plain Rust: what all others are compared with.
struct Plain;

impl Dot for Plain {
    type Value = u8;
    type Sweeps = sweeps::Plain<u8>;
    const ROWS: usize = 2;

    unsafe fn dot(of: Operands, _rows: usize, out: &mut Block) {
        let Operands { x, stride, w, steps, .. } = of;
        // SAFETY: the caller's promise.
        let (x, panels) = unsafe {
            let row = |r| std::slice::from_raw_parts(x.add(r * stride), 64 * steps);
            let panels = std::slice::from_raw_parts(w, 64 * GROUP * steps);
            ([row(0), row(1)], panels.split_at(32 * GROUP * steps))
        };
        for (row, sums) in x.into_iter().zip(&mut out.0) {
            for (panel, sums) in [panels.0, panels.1].into_iter().zip(sums.as_chunks_mut().0) {
                *sums = panel_sums(row, panel);
            }
        }
    }
}

/// One row against one panel: four products into each of sixteen sums.
#[inline(always)]
fn panel_sums(row: &[u8], panel: &[u8]) -> [i32; 16] {
    let mut sums = [0; 16];
    for (x, w) in row.as_chunks::<4>().0.iter().zip(panel.as_chunks::<64>().0) {
        let x = x.map(i32::from);
        for (sum, w) in sums.iter_mut().zip(w.as_chunks::<4>().0) {
            let w = w.map(|byte| i32::from(byte as i8));
            *sum += x[0] * w[0] + x[1] * w[1] + x[2] * w[2] + x[3] * w[3];
        }
    }
    sums
}
