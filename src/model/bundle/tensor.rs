//! Tensors on their way into a safetensors file.

use safetensors::{Dtype, tensor::TensorView};

use crate::error::{Error, Result};
use crate::model::bundle::manifest::safetensors_header;

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
}

/// Where tensors and their headers begin: a cache line, and what AMX and AVX-512 like best.
pub(super) const ALIGN: usize = 64;

/// A safetensors file whose tensors, each a multiple of 64 bytes long, start on multiples of 64.
/// The format allows no holes, so the header is filled up with spaces.
pub(crate) fn serialize(tensors: &[Tensor]) -> Result<Vec<u8>> {
    let internal = |_| Error::Internal("the tensors could not be written".into());
    let views = tensors
        .iter()
        .map(|t| Ok((&t.name, TensorView::new(t.dtype, t.shape.clone(), &t.data)?)))
        .collect::<std::result::Result<Vec<_>, safetensors::SafeTensorError>>()
        .map_err(internal)?;
    let file = safetensors::serialize(views, None).map_err(internal)?;
    let header = safetensors_header(&file).len();
    let spaces = header.next_multiple_of(ALIGN) - header;
    let mut aligned = Vec::with_capacity(file.len() + spaces);
    aligned.extend(((header - 8 + spaces) as u64).to_le_bytes());
    aligned.extend_from_slice(&file[8..header]);
    aligned.resize(aligned.len() + spaces, b' ');
    aligned.extend_from_slice(&file[header..]);
    Ok(aligned)
}
