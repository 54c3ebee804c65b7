//! Option structs: they begin with their size, so that they can grow.

use crate::error::{Error, Result};

/// A struct of integers, pointers and views that begins with its size in a `u32`.
///
/// # Safety
/// All zeros, and whatever a C program may put into the fields, is a value of the type.
pub(crate) unsafe trait Options: Copy {}

/// Larger than any option struct will ever be.
const LARGEST: usize = 4096;

/// Copies an option struct of any version: a shorter one is filled up with zeros, the tail of a
/// longer one must be zeros.
///
/// # Safety
/// `pointer` is NULL or points to as many bytes as its first `u32` says.
pub(crate) unsafe fn read<T: Options>(pointer: *const T) -> Result<Option<T>> {
    if pointer.is_null() {
        return Ok(None);
    }
    if !pointer.is_aligned() {
        return Err(Error::Argument("options is misaligned".into()));
    }
    // SAFETY: every option struct begins with its size.
    let size = unsafe { pointer.cast::<u32>().read() } as usize;
    if !(size_of::<u32>()..=LARGEST).contains(&size) {
        return Err(Error::Argument("struct_size of the options is not set".into()));
    }
    // SAFETY: the caller promises that many bytes.
    let bytes = unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), size) };
    let known = size.min(size_of::<T>());
    if bytes[known..].iter().any(|&byte| byte != 0) {
        let reason = "the options set a field that this version of the library does not know";
        return Err(Error::Unsupported(reason.into()));
    }
    let mut options = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: `known` bytes are there to read and fit into a `T`.
    unsafe { options.as_mut_ptr().cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), known) };
    // SAFETY: zeros with C's values over them are a `T`, as `Options` promises.
    Ok(Some(unsafe { options.assume_init() }))
}

/// Writes an option struct of the caller's version: its size, and zeros, which mean the defaults.
///
/// # Safety
/// `pointer` is NULL or `size` bytes of it may be written.
pub(crate) unsafe fn init<T: Options>(pointer: *mut T, size: usize) {
    if pointer.is_null() || !pointer.is_aligned() || !(size_of::<u32>()..=LARGEST).contains(&size) {
        return;
    }
    // SAFETY: the caller promises `size` bytes, which hold the size at the front.
    unsafe {
        pointer.cast::<u8>().write_bytes(0, size);
        pointer.cast::<u32>().write(size as u32);
    }
}
