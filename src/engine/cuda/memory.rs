//! Memory of the GPU.

use std::sync::Arc;

use cudarc::driver::{CudaSlice, CudaStream, DevicePtr, DeviceRepr};

use crate::engine::cuda::failure::failed;
use crate::engine::cuda::layout::Pointer;
use crate::error::Result;

/// Values on the GPU.
#[derive(Debug)]
pub(super) struct Values<T> {
    slice: CudaSlice<T>,
    pointer: Pointer,
}

impl<T: DeviceRepr> Values<T> {
    /// Copies values there, on a stream; a GPU has none of no length.
    pub(super) fn upload(stream: &Arc<CudaStream>, values: &[T]) -> Result<Values<T>> {
        let mut there = Values::uninit(stream, values.len())?;
        if !values.is_empty() {
            let copied = stream.memcpy_htod(values, &mut there.slice);
            copied.map_err(failed("copying to the GPU"))?;
        }
        Ok(there)
    }

    /// Memory for `length` values, whatever they are.
    pub(super) fn uninit(stream: &Arc<CudaStream>, length: usize) -> Result<Values<T>> {
        // SAFETY: kernels write what they or others read, or ignore it.
        let slice = unsafe { stream.alloc(length.max(1)) };
        let slice = slice.map_err(failed("memory of the GPU"))?;
        let pointer = slice.device_ptr(stream).0;
        Ok(Values { slice, pointer })
    }

    pub(super) fn pointer(&self) -> Pointer {
        self.pointer
    }

    pub(super) fn slice(&self) -> &CudaSlice<T> {
        &self.slice
    }

    pub(super) fn slice_mut(&mut self) -> &mut CudaSlice<T> {
        &mut self.slice
    }

    pub(super) fn len(&self) -> usize {
        self.slice.len()
    }
}
