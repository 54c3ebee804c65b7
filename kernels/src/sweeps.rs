//! What is done to whole rows around the products, as an instruction set wants it done: all give the
//! same bits.

use std::marker::PhantomData;

use crate::attention::{self, AttentionScratch, Scores};
#[cfg(target_arch = "x86_64")]
use crate::attention512;
use crate::int8::ROW_BLOCK;
use crate::matrix::Matrix;
use crate::quantize::{Value, to_u8};

/// The sweeps of an instruction set.
pub(crate) trait Sweeps {
    /// Quantizes up to [`ROW_BLOCK`] queries as [`to_u8`] does, each to `stride` bytes; gives scales
    /// and zero points.
    ///
    /// # Safety
    /// The processor has the instructions; so for the other two.
    unsafe fn queries(
        query: Matrix<'_>,
        bytes: &mut [u8],
        stride: usize,
    ) -> [(f32, i32); ROW_BLOCK];

    /// See [`attention::pack_keys`].
    ///
    /// # Safety
    /// As above.
    unsafe fn keys(key: Matrix<'_>, scratch: &mut AttentionScratch);

    /// See [`attention::softmax`]: each row to `stride` bytes. Gives the share of a step in each row.
    ///
    /// # Safety
    /// As above.
    unsafe fn softmax(scores: Scores<'_>, bytes: &mut [u8], stride: usize) -> [f32; ROW_BLOCK];
}

/// Written once for every instruction set.
pub(crate) struct Plain<V>(PhantomData<V>);

impl<V: Value> Sweeps for Plain<V> {
    #[inline(always)]
    unsafe fn queries(
        query: Matrix<'_>,
        bytes: &mut [u8],
        stride: usize,
    ) -> [(f32, i32); ROW_BLOCK] {
        let mut params = [(0.0, 0); ROW_BLOCK];
        let rows = bytes.chunks_exact_mut(stride).take(query.rows);
        for (row, (bytes, params)) in rows.zip(&mut params).enumerate() {
            *params = to_u8(query.row(row), V::all(bytes));
        }
        params
    }

    #[inline(always)]
    unsafe fn keys(key: Matrix<'_>, scratch: &mut AttentionScratch) {
        attention::pack_keys(key, scratch);
    }

    #[inline(always)]
    unsafe fn softmax(of: Scores<'_>, bytes: &mut [u8], stride: usize) -> [f32; ROW_BLOCK] {
        let mut shares = [0.0; ROW_BLOCK];
        let rows = bytes.chunks_exact_mut(stride).take(of.rows);
        for (row, (bytes, share)) in rows.zip(&mut shares).enumerate() {
            let scores = &of.values[row * of.columns..][..of.columns];
            // The row's largest is 255, so the sum is not 0.
            *share = 1.0 / attention::softmax(scores, of.length, V::all(bytes));
        }
        shares
    }
}

/// By hand for AVX-512.
#[cfg(target_arch = "x86_64")]
pub(crate) struct Wide;

#[cfg(target_arch = "x86_64")]
impl Sweeps for Wide {
    #[inline(always)]
    unsafe fn queries(
        query: Matrix<'_>,
        bytes: &mut [u8],
        stride: usize,
    ) -> [(f32, i32); ROW_BLOCK] {
        // SAFETY: the caller's promise.
        unsafe { attention512::queries(query, bytes, stride) }
    }

    #[inline(always)]
    unsafe fn keys(key: Matrix<'_>, scratch: &mut AttentionScratch) {
        // SAFETY: as above.
        unsafe { attention512::keys(key, scratch) }
    }

    #[inline(always)]
    unsafe fn softmax(of: Scores<'_>, bytes: &mut [u8], stride: usize) -> [f32; ROW_BLOCK] {
        // SAFETY: as above.
        unsafe { attention512::softmax(of, bytes, stride) }
    }
}
