//! A tensor as a checkpoint keeps it: a view of a storage, with strides.

use std::ops::Range;

use half::{bf16, f16};
use safetensors::Dtype;

use crate::error::{Error, Result};

/// A tensor whose every element was found to lie within its storage, and its storage within the
/// file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TorchTensor {
    dtype: Dtype,
    shape: Vec<usize>,
    /// How many elements apart neighbours along each dimension lie.
    stride: Vec<usize>,
    /// Where in its storage the tensor begins, in elements.
    offset: usize,
    /// Where in the file its storage lies, in bytes.
    storage: Range<usize>,
}

/// The bytes that an element takes.
pub(super) fn size(dtype: Dtype) -> usize {
    dtype.bitsize() / 8
}

impl TorchTensor {
    /// `None` if an element would lie beyond the storage.
    pub(super) fn new(
        dtype: Dtype,
        shape: Vec<usize>,
        stride: Vec<usize>,
        offset: usize,
        storage: Range<usize>,
    ) -> Option<TorchTensor> {
        let mut last = Some(offset);
        for (&len, &step) in shape.iter().zip(&stride) {
            let reach = len.saturating_sub(1).checked_mul(step);
            last = last.zip(reach).and_then(|(last, reach)| last.checked_add(reach));
        }
        let empty = shape.contains(&0);
        let within = last.is_some_and(|last| last < storage.len() / size(dtype));
        let tensor = TorchTensor { dtype, shape, stride, offset, storage };
        (empty || within).then_some(tensor)
    }

    #[cfg(test)]
    pub(super) fn dtype(&self) -> Dtype {
        self.dtype
    }

    pub(crate) fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The values in row-major order, of an F64, F32, F16 or BF16 tensor. `bytes` is the file that was
    /// parsed, `name` what an error calls the tensor.
    pub(crate) fn f32(&self, file: &str, name: &str, bytes: &[u8]) -> Result<Vec<f32>> {
        let Some(storage) = bytes.get(self.storage.clone()) else {
            return Err(Error::Internal(format!("{file} is not the file that was parsed")));
        };
        // An expanded tensor may claim any number of values backed by a few bytes.
        let Some(count) = self.count() else {
            let reason = format!("{file}: {name} repeats the values of its storage");
            return Err(Error::Unsupported(reason));
        };
        let values = match self.dtype {
            Dtype::F64 => {
                self.gather(count, storage.as_chunks().0, |b| f64::from_le_bytes(b) as f32)
            }
            Dtype::F32 => self.gather(count, storage.as_chunks().0, f32::from_le_bytes),
            Dtype::F16 => {
                self.gather(count, storage.as_chunks().0, |b| f16::from_le_bytes(b).to_f32())
            }
            Dtype::BF16 => {
                self.gather(count, storage.as_chunks().0, |b| bf16::from_le_bytes(b).to_f32())
            }
            dtype => {
                let reason = format!("{file}: {name} is {dtype:?}, not F64, F32, F16 or BF16");
                return Err(Error::Unsupported(reason));
            }
        };
        Ok(values)
    }

    /// The number of values; `None` if the storage has fewer.
    fn count(&self) -> Option<usize> {
        if self.shape.contains(&0) {
            return Some(0);
        }
        let count = self.shape.iter().try_fold(1usize, |count, &len| count.checked_mul(len))?;
        (count <= self.storage.len() / size(self.dtype)).then_some(count)
    }

    fn gather<const N: usize>(
        &self,
        count: usize,
        storage: &[[u8; N]],
        decode: impl Fn([u8; N]) -> f32,
    ) -> Vec<f32> {
        if count == 0 {
            return Vec::new();
        }
        // `new` made sure that no index lies beyond the storage.
        if self.is_contiguous() {
            return storage[self.offset..][..count].iter().map(|&value| decode(value)).collect();
        }
        let mut values = Vec::with_capacity(count);
        let mut visit = |index: usize| values.push(decode(storage[index]));
        walk(&self.shape, &self.stride, self.offset, &mut visit);
        values
    }

    /// Whether the values lie in the storage in row-major order, one after another.
    fn is_contiguous(&self) -> bool {
        let mut next = 1;
        self.shape.iter().zip(&self.stride).rev().all(|(&len, &step)| {
            let fits = len == 1 || step == next;
            next *= len;
            fits
        })
    }
}

/// The place of every element, in row-major order.
fn walk(shape: &[usize], stride: &[usize], at: usize, visit: &mut impl FnMut(usize)) {
    let ([len, shape @ ..], [step, stride @ ..]) = (shape, stride) else { return visit(at) };
    for index in 0..*len {
        walk(shape, stride, at + index * step, visit);
    }
}
