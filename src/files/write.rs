//! Tensors on their way into a safetensors file.

use std::borrow::Cow;
use std::collections::HashMap;

use safetensors::{Dtype, View};

use crate::error::{Error, Result};

/// A tensor on its way into a file.
pub(crate) struct Tensor {
    pub(crate) name: String,
    pub(crate) dtype: Dtype,
    pub(crate) shape: Vec<usize>,
    pub(crate) data: Vec<u8>,
}

impl Tensor {
    pub(crate) fn f32(
        name: String,
        shape: Vec<usize>,
        values: impl Iterator<Item = f32>,
    ) -> Tensor {
        Tensor { name, dtype: Dtype::F32, shape, data: values.flat_map(f32::to_le_bytes).collect() }
    }

    pub(crate) fn i32(
        name: String,
        shape: Vec<usize>,
        values: impl Iterator<Item = i32>,
    ) -> Tensor {
        Tensor { name, dtype: Dtype::I32, shape, data: values.flat_map(i32::to_le_bytes).collect() }
    }

    /// A list of numbers whose bits count.
    pub(crate) fn u64(name: String, values: &[u64]) -> Tensor {
        let data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Tensor { name, dtype: Dtype::U64, shape: vec![values.len()], data }
    }
}

impl View for &Tensor {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        (&self.data).into()
    }

    fn data_len(&self) -> usize {
        self.data.len()
    }
}

/// Where tensors and their headers begin: a cache line, and what AMX and AVX-512 like best.
pub(crate) const ALIGN: usize = 64;

/// The length field and the JSON of a safetensors file; the whole file where that is broken.
pub(crate) fn safetensors_header(bytes: &[u8]) -> &[u8] {
    let length = bytes.first_chunk().map(|&length| u64::from_le_bytes(length));
    let end = length.and_then(|length| usize::try_from(length).ok()?.checked_add(8));
    end.and_then(|end| bytes.get(..end)).unwrap_or(bytes)
}

/// A safetensors file; where each tensor is a multiple of 64 bytes long, all start on multiples of 64.
/// The format allows no holes, so the header is filled up with spaces.
pub(crate) fn serialize(
    tensors: &[Tensor],
    metadata: Option<HashMap<String, String>>,
) -> Result<Vec<u8>> {
    let views = tensors.iter().map(|tensor| (&tensor.name, tensor));
    let file = safetensors::serialize(views, metadata)
        .map_err(|_| Error::Internal("the tensors could not be written".into()))?;
    let header = safetensors_header(&file).len();
    let spaces = header.next_multiple_of(ALIGN) - header;
    let mut aligned = Vec::with_capacity(file.len() + spaces);
    aligned.extend(((header - 8 + spaces) as u64).to_le_bytes());
    aligned.extend_from_slice(&file[8..header]);
    aligned.resize(aligned.len() + spaces, b' ');
    aligned.extend_from_slice(&file[header..]);
    Ok(aligned)
}
