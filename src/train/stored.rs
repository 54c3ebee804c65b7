//! Tensors on their way into a safetensors file.

use std::borrow::Cow;

use safetensors::{Dtype, View};

/// A tensor of such a file.
pub(super) struct Stored {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl View for Stored {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        (&self.bytes).into()
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

/// 32-bit floating point numbers.
pub(super) fn f32s(shape: Vec<usize>, values: &[f32]) -> Stored {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Stored { dtype: Dtype::F32, shape, bytes }
}

/// Numbers whose bits count.
pub(super) fn u64s(values: &[u64]) -> Stored {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Stored { dtype: Dtype::U64, shape: vec![values.len()], bytes }
}
