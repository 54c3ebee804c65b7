//! Lists of structs that a result gives.

use crate::error::Result;
use crate::ffi::handle::Out;

/// Where a list of structs goes.
pub(crate) struct List<T> {
    first: Out<*const T>,
    count: Out<usize>,
    stride: Out<usize>,
}

impl<T> List<T> {
    /// # Safety
    /// The pointers are NULL or may be written until the call returns.
    pub(crate) unsafe fn new(
        first: *mut *const T,
        count: *mut usize,
        stride: *mut usize,
        name: &str,
    ) -> Result<List<T>> {
        // SAFETY: as promised by the caller.
        unsafe {
            Ok(List {
                first: Out::new(first, name)?,
                count: Out::new(count, "count")?,
                stride: Out::new(stride, "stride")?,
            })
        }
    }

    pub(crate) fn write(self, list: &[T]) {
        self.first.write(list.as_ptr());
        self.count.write(list.len());
        self.stride.write(size_of::<T>());
    }
}
