//! Memory of the GPU, and memory of the processor that the GPU reads and writes by itself.

use std::marker::PhantomData;
use std::sync::Arc;

use cudarc::driver::result;

use crate::engine::cuda::context::Context;
use crate::engine::cuda::failure::failed;
use crate::engine::cuda::layout::Pointer;
use crate::error::Result;

/// A plain number: every pattern of bits is one.
pub(super) trait Number: Copy + Default {}
impl Number for u8 {}
impl Number for i32 {}
impl Number for u32 {}
impl Number for f32 {}

/// Numbers in the memory of the GPU.
#[derive(Debug)]
pub(super) struct Values<T> {
    context: Arc<Context>,
    pointer: Pointer,
    length: usize,
    _values: PhantomData<T>,
}

impl<T: Number> Values<T> {
    /// Memory for `length` numbers, whatever they are. The context is entered, here and below.
    pub(super) fn uninit(context: &Arc<Context>, length: usize) -> Result<Values<T>> {
        // A GPU has no memory of no length.
        let bytes = length.max(1) * size_of::<T>();
        // SAFETY: kernels write what they or others read, or ignore it.
        let pointer = unsafe { result::malloc_sync(bytes) }.map_err(failed("memory of the GPU"))?;
        Ok(Values { context: context.clone(), pointer, length, _values: PhantomData })
    }

    /// Copies numbers there. The last bytes may still be on their way.
    pub(super) fn upload(context: &Arc<Context>, values: &[T]) -> Result<Values<T>> {
        let there = Values::uninit(context, values.len())?;
        if !values.is_empty() {
            // SAFETY: there is room for them, and they may be changed once the call is over.
            let copied = unsafe { result::memcpy_htod_sync(there.pointer, values) };
            copied.map_err(failed("copying to the GPU"))?;
        }
        Ok(there)
    }

    pub(super) fn pointer(&self) -> Pointer {
        self.pointer
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }
}

impl<T> Drop for Values<T> {
    fn drop(&mut self) {
        if let Ok(_entered) = self.context.enter() {
            // SAFETY: allocated once, freed once; whoever let kernels use it has waited for them.
            let _ = unsafe { result::free_sync(self.pointer) };
        }
    }
}

/// Numbers in memory of the processor that stays where it is, so that the GPU copies it by itself.
#[derive(Debug)]
pub(super) struct Pinned<T> {
    context: Arc<Context>,
    pointer: *mut T,
    length: usize,
}

// SAFETY: memory like that of a Vec; the driver binds it to no thread.
unsafe impl<T: Send> Send for Pinned<T> {}

impl<T: Number> Pinned<T> {
    /// Zeros. The context is entered.
    pub(super) fn zeros(context: &Arc<Context>, length: usize) -> Result<Pinned<T>> {
        // Not write-combined, which is slow to read.
        let bytes = length.max(1) * size_of::<T>();
        // SAFETY: filled below.
        let pointer = unsafe { result::malloc_host(bytes, 0) };
        let pointer: *mut T = pointer.map_err(failed("memory that the GPU reads"))?.cast();
        // SAFETY: as many bytes were allocated.
        unsafe { pointer.cast::<u8>().write_bytes(0, bytes) };
        Ok(Pinned { context: context.clone(), pointer, length })
    }

    /// The numbers. No copy is on its way when they are read or written.
    pub(super) fn as_mut(&mut self) -> &mut [T] {
        // SAFETY: so many numbers were allocated and filled.
        unsafe { std::slice::from_raw_parts_mut(self.pointer, self.length) }
    }
}

impl<T> Drop for Pinned<T> {
    fn drop(&mut self) {
        if let Ok(_entered) = self.context.enter() {
            // SAFETY: allocated once, freed once; whoever started copies has waited for them.
            let _ = unsafe { result::free_host(self.pointer.cast()) };
        }
    }
}
