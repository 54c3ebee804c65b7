//! Arithmetic of the encoder: the same bits on every instruction set.
//!
//! Each algorithm is written once, over sixteen strided lanes ([`lanes`]), and is compiled once per
//! instruction set: `avx2.rs`, `avx512.rs`, `amx.rs` and `neon.rs` name features, the block size that
//! suits the register file, and the one block of the int8 product that each writes by hand; `tier.rs`
//! does the rest. Four rules make the results equal bit for bit on all of them:
//!
//! * int8 products are summed in i32, exactly, so that their order is free;
//! * no fused multiply-add: a product is rounded before it is added (`rustc` never contracts);
//! * every sum has one fixed order: over `k` one after the other in a product, over sixteen strided
//!   lanes and one tree in a row;
//! * only `+ - * /` and the square root, which IEEE 754 defines exactly; exponential and error
//!   function are ours ([`math`]), since the host's `libm` differs from machine to machine.
//!
//! The rounding mode and flush-to-zero belong to the host; [`FloatEnv`] sets the standard ones for
//! as long as it lives.
//!
//! ```
//! use biobert_kernels::{Isa, Matrix, MatrixMut, Panels, kernel};
//!
//! // out = x * w, with w given as (k, n) -> value.
//! let w = Panels::pack(2, 3, |k, n| (10 * k + n) as f32);
//! let mut out = [0.0; 3];
//! let kernel = kernel(Isa::best()).unwrap();
//! kernel.matmul(Matrix::new(&[1.0, 2.0], 1, 2, 2), &w, MatrixMut::new(&mut out, 1, 3, 3));
//! assert_eq!(out, [20.0, 23.0, 26.0]);
//! ```

pub mod lanes;
pub mod math;

#[cfg(target_arch = "x86_64")]
mod amx;
mod attention;
#[cfg(target_arch = "x86_64")]
mod attention512;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod epilogue;
#[cfg(target_arch = "x86_64")]
mod epilogue512;
mod float_env;
mod int8;
mod isa;
mod matmul;
mod matrix;
#[cfg(target_arch = "aarch64")]
mod neon;
mod panels;
mod portable;
mod quantize;
#[cfg(target_arch = "x86_64")]
mod quantize512;
mod rows;
mod sweeps;
#[cfg(test)]
mod tests;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod tier;

pub use attention::{AttentionScratch, Bias, Head};
pub use float_env::FloatEnv;
pub use int8::{QuantRows, QuantWeights, ROW_BLOCK};
pub use isa::Isa;
pub use matrix::{Matrix, MatrixMut};
pub use panels::{PANEL, Panels, QuantPanels};

/// The operations that an instruction set has to bring. All of them give the same bits on each.
pub trait Kernel: Send + Sync {
    /// The instruction set that this kernel was compiled for.
    fn isa(&self) -> Isa;

    /// `out = x * w`: `x` is `[rows, k]`, `w` is `[k, n]` in panels, `out` is `[rows, n]`.
    ///
    /// # Panics
    /// If the shapes do not fit together.
    fn matmul(&self, x: Matrix<'_>, w: &Panels, out: MatrixMut<'_>);

    /// `out = x * w + bias` in int8 with exact sums, then [`math::gelu_coarse`] where asked for.
    ///
    /// # Panics
    /// If the shapes do not fit together.
    fn linear(&self, x: QuantRows<'_>, w: &QuantWeights<'_>, gelu: bool, out: MatrixMut<'_>);

    /// The products of [`linear`](Kernel::linear) without what comes after them: the limit that
    /// benchmarks compare it with. Gives the total of a few sums.
    ///
    /// # Panics
    /// If there are fewer rows than their shape says.
    fn products(&self, x: QuantRows<'_>, w: &QuantWeights<'_>) -> i32;

    /// `softmax(q * kᵀ / √width + bias) * v` in int8 with exact sums.
    ///
    /// # Panics
    /// If the shapes do not fit together.
    fn attention(&self, head: Head<'_>, scratch: &mut AttentionScratch, out: MatrixMut<'_>);

    /// Bytes of a quantized row of `k` values.
    fn row_bytes(&self, k: usize) -> usize;

    /// Quantizes a row as [`QuantRows`] reads it: whole numbers from 0 to 255 (each in a byte, or in
    /// two on tiers without a product of bytes), zeros up to a multiple of 64, then, in 64 bytes
    /// more, scale (f32), zero point, place of the outlier and its excess in steps (i32 each).
    ///
    /// # Panics
    /// If `out` is not [`row_bytes`](Kernel::row_bytes) long.
    fn quantize(&self, row: &[f32], out: &mut [u8]);

    /// `row += other`, element by element. Both have the same length.
    fn add(&self, row: &mut [f32], other: &[f32]);

    /// `row = gelu(row + bias)` with the exact, erf-based GELU of BERT.
    fn bias_gelu(&self, row: &mut [f32], bias: &[f32]);

    /// `gelu(first half) * second half` into the first half of a row: the gated unit of Shazeer (2020).
    ///
    /// # Panics
    /// If the row has an odd length.
    fn gate(&self, row: &mut [f32]);

    /// Turns a row by angles, given as cosines and sines: value `i` of the first half and value `i` of
    /// the second are a point in the plane (Su et al. 2021).
    ///
    /// # Panics
    /// If there are not as many angles as half the row has values.
    fn rotate(&self, row: &mut [f32], cos: &[f32], sin: &[f32]);

    /// Normalises a row to mean 0 and variance 1, then scales and shifts it.
    fn layer_norm(&self, row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32);

    /// [`add`](Kernel::add), then [`layer_norm`](Kernel::layer_norm), in fewer sweeps.
    fn add_norm(&self, row: &mut [f32], other: &[f32], scale: &[f32], shift: &[f32], eps: f32);

    /// `row = softmax(factor * row)`. An empty row stays empty.
    fn softmax(&self, row: &mut [f32], factor: f32);
}

/// The kernel of an instruction set; `None` where this processor lacks it.
pub fn kernel(isa: Isa) -> Option<&'static dyn Kernel> {
    if !isa.is_available() {
        return None;
    }
    match isa {
        Isa::Portable => Some(&portable::Portable),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => avx2::Avx2::new().map(|k| k as &dyn Kernel),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => avx512::Avx512::new().map(|k| k as &dyn Kernel),
        #[cfg(target_arch = "x86_64")]
        Isa::AvxVnni => avx2::AvxVnni::new().map(|k| k as &dyn Kernel),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512Vnni => avx512::Avx512Vnni::new().map(|k| k as &dyn Kernel),
        #[cfg(target_arch = "x86_64")]
        Isa::Amx => amx::Amx::new().map(|k| k as &dyn Kernel),
        #[cfg(target_arch = "aarch64")]
        Isa::Dotprod => neon::Dotprod::new().map(|k| k as &dyn Kernel),
        #[cfg(target_arch = "aarch64")]
        Isa::I8mm => neon::I8mm::new().map(|k| k as &dyn Kernel),
        // What is left are the tiers of other architectures.
        _ => None,
    }
}
