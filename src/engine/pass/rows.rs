//! Quantized rows that several threads write, each its own.

use std::marker::PhantomData;
use std::ops::Range;

use biobert_kernels::{Kernel, QuantRows, ROW_BLOCK};

/// Rows of `k` quantized values, and a block of rows after the last that products may read.
#[derive(Clone, Copy)]
pub(super) struct SharedRows<'a> {
    first: *mut u8,
    rows: usize,
    k: usize,
    stride: usize,
    _bytes: PhantomData<&'a mut [u8]>,
}

// SAFETY: rows are written and read only under the promises of `row` and `range`.
unsafe impl Send for SharedRows<'_> {}
// SAFETY: as above.
unsafe impl Sync for SharedRows<'_> {}

impl<'a> SharedRows<'a> {
    /// As many rows as there are bytes for.
    pub(super) fn new(bytes: &'a mut [u8], k: usize, kernel: &dyn Kernel) -> SharedRows<'a> {
        let stride = kernel.row_bytes(k);
        let rows = (bytes.len() / stride).saturating_sub(ROW_BLOCK);
        SharedRows { first: bytes.as_mut_ptr(), rows, k, stride, _bytes: PhantomData }
    }

    /// A row to write.
    ///
    /// # Safety
    /// Nobody else uses the row meanwhile.
    ///
    /// # Panics
    /// If there is none of this number.
    pub(super) unsafe fn row(&self, index: usize) -> &'a mut [u8] {
        assert!(index < self.rows, "no such row");
        // SAFETY: the row is inside the bytes, and the caller has it to himself.
        unsafe { std::slice::from_raw_parts_mut(self.first.add(index * self.stride), self.stride) }
    }

    /// Some rows to read.
    ///
    /// # Safety
    /// Nobody writes them, or the block of rows after them, meanwhile.
    ///
    /// # Panics
    /// If there are fewer rows.
    pub(super) unsafe fn range(&self, rows: Range<usize>) -> QuantRows<'a> {
        assert!(rows.start <= rows.end && rows.end <= self.rows, "no such rows");
        let bytes = rows.len().next_multiple_of(ROW_BLOCK) * self.stride;
        // SAFETY: `new` left a block of rows after the last.
        let bytes =
            unsafe { std::slice::from_raw_parts(self.first.add(rows.start * self.stride), bytes) };
        QuantRows::new(bytes, rows.len(), self.k, self.stride)
    }
}
