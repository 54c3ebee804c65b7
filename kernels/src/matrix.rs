//! Views of row-major matrices whose rows may lie further apart than they are long.

use std::marker::PhantomData;
use std::ops::Range;

/// A read-only `[rows, cols]` view; row `r` starts at `r * stride`.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a> {
    pub(crate) data: &'a [f32],
    pub(crate) rows: usize,
    pub(crate) cols: usize,
    pub(crate) stride: usize,
}

impl<'a> Matrix<'a> {
    /// # Panics
    /// If the last row ends beyond the data.
    pub fn new(data: &'a [f32], rows: usize, cols: usize, stride: usize) -> Self {
        assert!(extent(rows, cols, stride) <= data.len(), "the view is larger than its data");
        Matrix { data, rows, cols, stride }
    }

    #[inline(always)]
    pub(crate) fn row(&self, r: usize) -> &'a [f32] {
        &self.data[r * self.stride..][..self.cols]
    }

    /// `count` rows from `first` on.
    #[inline(always)]
    pub(crate) fn rows(&self, first: usize, count: usize) -> Matrix<'a> {
        Matrix::new(&self.data[first * self.stride..], count, self.cols, self.stride)
    }
}

/// A writable `[rows, cols]` view; row `r` starts at `r * stride`. What lies between its rows is not
/// its own: views of other columns of the same matrix may live beside it.
#[derive(Debug)]
pub struct MatrixMut<'a> {
    data: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
    _data: PhantomData<&'a mut [f32]>,
}

// SAFETY: a view is as good as `&mut` to the elements of its rows, and those may be sent.
unsafe impl Send for MatrixMut<'_> {}

impl<'a> MatrixMut<'a> {
    /// # Panics
    /// If the last row ends beyond the data.
    pub fn new(data: &'a mut [f32], rows: usize, cols: usize, stride: usize) -> Self {
        assert!(extent(rows, cols, stride) <= data.len(), "the view is larger than its data");
        MatrixMut { data: data.as_mut_ptr(), rows, cols, stride, _data: PhantomData }
    }

    /// How many rows there are.
    #[inline(always)]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How long a row is.
    #[inline(always)]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// A row.
    ///
    /// # Panics
    /// If there is none of this number.
    #[inline(always)]
    pub fn row(&mut self, r: usize) -> &mut [f32] {
        assert!(r < self.rows, "no such row");
        // SAFETY: `new` and `part` keep the rows inside the data; `&mut self` keeps them unshared.
        unsafe { std::slice::from_raw_parts_mut(self.data.add(r * self.stride), self.cols) }
    }

    /// Some rows and columns, for as long as the view is not used otherwise.
    ///
    /// # Panics
    /// If they are not inside the view.
    #[inline(always)]
    pub fn part(&mut self, rows: Range<usize>, cols: Range<usize>) -> MatrixMut<'_> {
        // SAFETY: `&mut self` is borrowed for as long as the part lives.
        unsafe { self.shared_part(rows, cols) }
    }

    /// The same, for several threads at once.
    ///
    /// # Safety
    /// Parts that live at the same time have no element in common, and the view is not used
    /// otherwise meanwhile.
    ///
    /// # Panics
    /// If they are not inside the view.
    #[inline(always)]
    pub unsafe fn shared_part(&self, rows: Range<usize>, cols: Range<usize>) -> MatrixMut<'a> {
        assert!(rows.start <= rows.end && rows.end <= self.rows, "rows outside of the view");
        assert!(cols.start <= cols.end && cols.end <= self.cols, "columns outside of the view");
        MatrixMut {
            data: self.data.wrapping_add(rows.start * self.stride + cols.start),
            rows: rows.len(),
            cols: cols.len(),
            ..*self
        }
    }
}

// SAFETY: what `&MatrixMut` gives is its shape, and parts under the promise of `shared_part`.
unsafe impl Sync for MatrixMut<'_> {}

/// How many elements such a view spans.
fn extent(rows: usize, cols: usize, stride: usize) -> usize {
    assert!(cols <= stride, "rows overlap");
    if rows == 0 { 0 } else { (rows - 1) * stride + cols }
}
