//! Safetensors files: validated, read tensor by tensor as f32.

use std::path::Path;

use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::bytes::Bytes;
use crate::error::{Error, Result, base_name};
use crate::files::read::{Loading, load};
use crate::state_dict::{StateDict, expect_shape, finite, present};

/// A file of named tensors.
#[derive(Debug, Clone)]
pub(crate) struct TensorFile {
    bytes: Bytes,
    name: String,
}

impl TensorFile {
    /// Opens a file and validates its header: sizes, no overlap, no holes, exact length.
    pub(crate) fn open(path: &Path, loading: Loading) -> Result<TensorFile> {
        TensorFile::from_bytes(&base_name(path), load(path, loading)?)
    }

    /// The same for a file that is open already.
    pub(crate) fn from_bytes(name: &str, bytes: Bytes) -> Result<TensorFile> {
        let file = TensorFile { bytes, name: name.into() };
        file.parse()?;
        Ok(file)
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    pub(crate) fn file_name(&self) -> &str {
        &self.name
    }

    pub(crate) fn parse(&self) -> Result<SafeTensors<'_>> {
        SafeTensors::deserialize(&self.bytes).map_err(|error| {
            Error::corrupt(&self.name, format!("not a whole safetensors file: {error:?}"))
        })
    }

    /// A tensor of a shape, as f32 whatever its precision. NaN and infinity are refused.
    pub(crate) fn f32(
        &self,
        tensors: &SafeTensors<'_>,
        name: &str,
        shape: &[usize],
    ) -> Result<Vec<f32>> {
        let view = self.view(tensors, name, shape)?;
        let values = to_f32(&view).ok_or_else(|| {
            let dtype = view.dtype();
            Error::Unsupported(format!(
                "{}: {name} is {dtype:?}, not F64, F32, F16 or BF16",
                self.name
            ))
        })?;
        finite(&self.name, name, values)
    }

    /// A tensor of a shape, whatever its type.
    pub(crate) fn view<'a>(
        &self,
        tensors: &SafeTensors<'a>,
        name: &str,
        shape: &[usize],
    ) -> Result<TensorView<'a>> {
        let view = present(&self.name, name, tensors.tensor(name).ok())?;
        expect_shape(&self.name, name, view.shape(), shape)?;
        Ok(view)
    }

    /// Where in [`bytes`](Self::bytes) a tensor of a type and shape lies.
    pub(crate) fn place(
        &self,
        tensors: &SafeTensors<'_>,
        name: &str,
        dtype: Dtype,
        shape: &[usize],
    ) -> Result<std::ops::Range<usize>> {
        let view = self.view(tensors, name, shape)?;
        if view.dtype() != dtype {
            let reason = format!("{name} is {:?}, {dtype:?} was expected", view.dtype());
            return Err(Error::model(&self.name, reason));
        }
        let start = view.data().as_ptr().addr() - self.bytes.as_ptr().addr();
        Ok(start..start + view.data().len())
    }
}

/// The values of an F64, F32, F16 or BF16 tensor; `None` for other types.
fn to_f32(view: &TensorView<'_>) -> Option<Vec<f32>> {
    let data = view.data();
    let values = match view.dtype() {
        Dtype::F64 => data.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b) as f32).collect(),
        Dtype::F32 => data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(),
        Dtype::F16 => data.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f32()).collect(),
        Dtype::BF16 => {
            data.as_chunks().0.iter().map(|&b| bf16::from_le_bytes(b).to_f32()).collect()
        }
        _ => return None,
    };
    Some(values)
}

/// The tensors of a safetensors file.
pub(crate) struct Safetensors<'a> {
    file: &'a TensorFile,
    tensors: SafeTensors<'a>,
}

impl<'a> Safetensors<'a> {
    pub(crate) fn new(file: &'a TensorFile) -> Result<Safetensors<'a>> {
        Ok(Safetensors { file, tensors: file.parse()? })
    }
}

impl StateDict for Safetensors<'_> {
    fn file_name(&self) -> &str {
        self.file.file_name()
    }

    fn names(&self) -> Vec<String> {
        self.tensors.names().into_iter().map(String::from).collect()
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        Some(self.tensors.tensor(name).ok()?.shape().to_vec())
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.file.f32(&self.tensors, name, shape)
    }
}
