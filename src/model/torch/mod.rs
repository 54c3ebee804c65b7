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

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::{Error, Result};
pub(crate) use tensor::TorchTensor;

/// Where the bytes of each storage lie in the file, by the key that the pickle knows them by.
type Storages = BTreeMap<String, Range<usize>>;

/// The tensors of a checkpoint's state dict, by name. They point into the file: no weight is copied.
pub(crate) fn parse(file: &str, bytes: &[u8]) -> Result<BTreeMap<String, TorchTensor>> {
    if bytes.starts_with(b"PK\x03\x04") {
        archive::parse(file, bytes)
    } else if bytes.starts_with(&[opcode::PROTO]) {
        legacy::parse(file, bytes)
    } else {
        Err(Error::corrupt(file, "not a PyTorch checkpoint"))
    }
}

#[cfg(test)]
mod tests;
