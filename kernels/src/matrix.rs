//! Views of row-major matrices whose rows may lie further apart than they are long.

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
}

/// A writable `[rows, cols]` view; row `r` starts at `r * stride`.
#[derive(Debug)]
pub struct MatrixMut<'a> {
    pub(crate) data: &'a mut [f32],
    pub(crate) rows: usize,
    pub(crate) cols: usize,
    pub(crate) stride: usize,
}

impl<'a> MatrixMut<'a> {
    /// # Panics
    /// If the last row ends beyond the data.
    pub fn new(data: &'a mut [f32], rows: usize, cols: usize, stride: usize) -> Self {
        assert!(extent(rows, cols, stride) <= data.len(), "the view is larger than its data");
        MatrixMut { data, rows, cols, stride }
    }

    #[inline(always)]
    pub(crate) fn row(&mut self, r: usize) -> &mut [f32] {
        &mut self.data[r * self.stride..][..self.cols]
    }
}

/// How many elements such a view spans.
fn extent(rows: usize, cols: usize, stride: usize) -> usize {
    assert!(cols <= stride, "rows overlap");
    if rows == 0 { 0 } else { (rows - 1) * stride + cols }
}
