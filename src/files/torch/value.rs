//! The values that a pickle is made of.

use safetensors::Dtype;

use crate::files::torch::tensor::size;

/// A value of an [`Unpickler`], for as long as it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(pub(super) u32);

#[derive(Debug)]
pub(super) enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    Text(&'a str),
    Tuple(Vec<Id>),
    List(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    Class(Class),
    Storage(Storage<'a>),
    Tensor(Rebuild),
    /// What no tensor is made of: fractions, numbers above 64 bits, long texts.
    Other,
}

/// Something that a pickle may name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Class {
    OrderedDict,
    /// A tensor, of a storage, an offset, a shape, strides and more.
    Tensor,
    /// A tensor, of the tensor itself and more.
    Parameter,
    Storage(Dtype),
    /// The type of a tensor's elements, such as `torch.float16` in a checkpoint's notes.
    Dtype,
}

/// A block of elements, one or more tensors' own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Storage<'a> {
    pub(super) dtype: Dtype,
    pub(super) key: &'a str,
    pub(super) elements: usize,
}

/// What a tensor is made of: values that nobody has looked at yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rebuild {
    pub(super) storage: Id,
    pub(super) offset: Id,
    pub(super) shape: Id,
    pub(super) stride: Id,
}

impl Storage<'_> {
    pub(super) fn bytes(&self) -> Option<usize> {
        self.elements.checked_mul(size(self.dtype))
    }
}
