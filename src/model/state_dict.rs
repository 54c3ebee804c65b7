//! A state dict: the named tensors of a checkpoint, whatever file they lie in.

use std::collections::BTreeMap;

use safetensors::SafeTensors;

use crate::error::{Error, Result};
use crate::model::tensors::{Bytes, TensorFile};
use crate::model::torch::{self, TorchTensor};

/// Named tensors that can be had as f32, in PyTorch's layout.
pub(crate) trait StateDict {
    /// Base name of the file, for errors.
    fn file_name(&self) -> &str;

    /// The shape of a tensor, if there is one of this name.
    fn shape(&self, name: &str) -> Option<Vec<usize>>;

    /// A tensor of a shape. NaN and infinity are refused.
    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>>;
}

/// A tensor that must be there.
pub(crate) fn present<T>(file: &str, name: &str, tensor: Option<T>) -> Result<T> {
    tensor.ok_or_else(|| Error::model(file, format!("{name} is missing")))
}

/// Refuses a tensor of another shape. To be asked before its values are: a shape that nobody wants
/// may claim any memory.
pub(crate) fn expect_shape(file: &str, name: &str, found: &[usize], want: &[usize]) -> Result<()> {
    if found != want {
        let reason = format!("{name} has shape {found:?}, {want:?} was expected");
        return Err(Error::model(file, reason));
    }
    Ok(())
}

/// Refuses values that are not numbers.
pub(crate) fn finite(file: &str, name: &str, values: Vec<f32>) -> Result<Vec<f32>> {
    if values.iter().any(|value| !value.is_finite()) {
        return Err(Error::corrupt(file, format!("{name} holds a value that is not finite")));
    }
    Ok(values)
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

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        Some(self.tensors.tensor(name).ok()?.shape().to_vec())
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.file.f32(&self.tensors, name, shape)
    }
}

/// The tensors of a `pytorch_model.bin`.
pub(crate) struct Pickled<'a> {
    file: &'a str,
    bytes: &'a Bytes,
    tensors: BTreeMap<String, TorchTensor>,
}

impl<'a> Pickled<'a> {
    pub(crate) fn new(file: &'a str, bytes: &'a Bytes) -> Result<Pickled<'a>> {
        Ok(Pickled { file, bytes, tensors: torch::parse(file, bytes)? })
    }
}

impl StateDict for Pickled<'_> {
    fn file_name(&self) -> &str {
        self.file
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        Some(self.tensors.get(name)?.shape().to_vec())
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let tensor = present(self.file, name, self.tensors.get(name))?;
        expect_shape(self.file, name, tensor.shape(), shape)?;
        finite(self.file, name, tensor.f32(self.file, name, self.bytes)?)
    }
}
