//! Pointers from and to C, checked as far as pointers can be.

use std::sync::Arc;

use crate::error::{Error, Result};

/// The object of a pointer that may be NULL.
///
/// # Safety
/// `pointer` is NULL or points to a live `T` that stays alive and unchanged for `'a`.
pub(crate) unsafe fn borrow<'a, T>(pointer: *const T, name: &str) -> Result<&'a T> {
    if !pointer.is_aligned() {
        return Err(Error::Argument(format!("{name} is misaligned")));
    }
    // SAFETY: aligned, and the caller promises the rest.
    unsafe { pointer.as_ref() }.ok_or_else(|| Error::Argument(format!("{name} is NULL")))
}

/// An array that may be NULL if it is empty.
///
/// # Safety
/// `pointer` points to `len` values that stay alive and unchanged for `'a`, unless `len` is 0.
pub(crate) unsafe fn array<'a, T>(pointer: *const T, len: usize, name: &str) -> Result<&'a [T]> {
    if len == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(Error::Argument(format!("{name} is NULL, but its length is {len}")));
    }
    if !pointer.is_aligned() {
        return Err(Error::Argument(format!("{name} is misaligned")));
    }
    if len.checked_mul(size_of::<T>()).is_none_or(|size| size > isize::MAX as usize) {
        return Err(Error::Argument(format!("{name} cannot be {len} long")));
    }
    // SAFETY: not NULL, aligned, of a possible size, and the caller promises the rest.
    Ok(unsafe { std::slice::from_raw_parts(pointer, len) })
}

/// A place to write a result to.
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// # Safety
    /// `pointer` is NULL or may be written until the call returns.
    pub(crate) unsafe fn new(pointer: *mut T, name: &str) -> Result<Out<T>> {
        if pointer.is_null() {
            return Err(Error::Argument(format!("{name} is NULL")));
        }
        if !pointer.is_aligned() {
            return Err(Error::Argument(format!("{name} is misaligned")));
        }
        Ok(Out(pointer))
    }

    /// Writes the result: the last thing that a function does.
    pub(crate) fn write(self, value: T) {
        // SAFETY: `new` was promised that the pointer may be written, and checked it.
        unsafe { self.0.write(value) };
    }
}

/// Gives an object to C, which frees it with [`release`].
pub(crate) fn give<T>(object: T) -> *mut T {
    Arc::into_raw(Arc::new(object)).cast_mut()
}

/// Takes one reference back from C; NULL is none.
///
/// # Safety
/// `pointer` is NULL or comes from [`give`] and holds a reference that nobody uses afterwards.
pub(crate) unsafe fn release<T>(pointer: *const T) {
    if !pointer.is_null() {
        // SAFETY: the caller promises that this is such a reference.
        drop(unsafe { Arc::from_raw(pointer) });
    }
}
