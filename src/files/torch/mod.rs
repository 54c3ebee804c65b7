//! A PyTorch checkpoint, `pytorch_model.bin`, in either form that `torch.save` has written. Nothing
//! in the file is run, and no claim of the file is believed before the file's length bears it out.

mod archive;
mod calls;
mod cursor;
mod legacy;
mod opcode;
mod pickle;
mod state;
mod tensor;
mod value;

use std::collections::BTreeMap;

use crate::bytes::Bytes;
use crate::error::{Error, Result};
use crate::state_dict::{StateDict, expect_shape, finite, present};
use tensor::TorchTensor;

/// The tensors of a checkpoint's state dict, by name. They point into the file: no weight is copied.
fn parse(file: &str, bytes: &[u8]) -> Result<BTreeMap<String, TorchTensor>> {
    if bytes.starts_with(b"PK\x03\x04") {
        archive::parse(file, bytes)
    } else if bytes.starts_with(&[opcode::PROTO]) {
        legacy::parse(file, bytes)
    } else {
        Err(Error::corrupt(file, "not a PyTorch checkpoint"))
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
        Ok(Pickled { file, bytes, tensors: parse(file, bytes)? })
    }
}

impl StateDict for Pickled<'_> {
    fn file_name(&self) -> &str {
        self.file
    }

    fn names(&self) -> Vec<String> {
        self.tensors.keys().cloned().collect()
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

#[cfg(test)]
mod tests;
