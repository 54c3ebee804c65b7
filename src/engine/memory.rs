//! Memory for the f32 rows that go from operation to operation. tract would allocate and free it anew for
//! each node, which for large batches means a page fault for every 4 KB; here a tensor that the plan
//! lets go of gives its memory back to be used again.

use std::fmt;
use std::hash::Hasher;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;

/// What an encoder has allocated and does not use at the moment.
#[derive(Default)]
pub(super) struct Memory(Mutex<Vec<Vec<f32>>>);

/// What it holds came from somebody's text.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

impl Memory {
    /// Holders of the lock only push and take: a panic cannot leave the shelf half changed.
    fn shelf(&self) -> MutexGuard<'_, Vec<Vec<f32>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `length` values, whatever they were before: the smallest piece that is large enough, else the
    /// largest there is, made larger.
    pub(super) fn take(self: &Arc<Self>, length: usize) -> Rows {
        let mut shelf = self.shelf();
        let fit = |piece: &Vec<f32>| {
            if piece.len() >= length { (0, piece.len()) } else { (1, usize::MAX - piece.len()) }
        };
        let best = (0..shelf.len()).min_by_key(|&index| fit(&shelf[index]));
        let mut values = best.map(|index| shelf.swap_remove(index)).unwrap_or_default();
        drop(shelf);
        // Never made shorter: the next one who needs it longer would pay for filling it.
        if values.len() < length {
            values.resize(length, 0.0);
        }
        Rows { values, length, home: self.clone() }
    }
}

/// Rows in memory that goes back when they are dropped: the storage of a tensor.
pub(super) struct Rows {
    values: Vec<f32>,
    length: usize,
    home: Arc<Memory>,
}

impl Rows {
    /// The rows, `width` values each, as an output of an operation.
    pub(super) fn into_output(self, width: usize) -> TValue {
        let shape = [self.length / width, width];
        Tensor::from_storage(f32::datum_type(), &shape, self).into_tvalue()
    }

    /// The rows of an input.
    pub(super) fn of(input: &TValue) -> TractResult<&Rows> {
        input.try_storage_as::<Rows>()
    }
}

impl Deref for Rows {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[..self.length]
    }
}

impl DerefMut for Rows {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[..self.length]
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        self.home.shelf().push(std::mem::take(&mut self.values));
    }
}

/// Two rows are the same if they are one.
impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.values.as_ptr() == other.values.as_ptr()
    }
}

impl Eq for Rows {}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values", self.length)
    }
}

impl TensorStorage for Rows {
    fn byte_len(&self) -> usize {
        size_of_val(&**self)
    }

    fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn deep_clone(&self) -> Box<dyn TensorStorage> {
        let mut copy = self.home.take(self.length);
        copy.copy_from_slice(self);
        Box::new(copy)
    }

    fn as_plain_ram(&self) -> Option<&PlainStorage> {
        None
    }

    fn as_plain_ram_mut(&mut self) -> Option<&mut PlainStorage> {
        None
    }

    fn into_plain_ram(self: Box<Self>) -> Option<PlainStorage> {
        None
    }

    fn dyn_hash(&self, state: &mut dyn Hasher) {
        state.write_usize(self.values.as_ptr().addr());
    }

    fn exotic_fact(&self, _shape: &[usize]) -> TractResult<Option<Box<dyn ExoticFact>>> {
        Ok(None)
    }

    /// The layout is that of any tensor.
    fn is_exotic(&self) -> bool {
        false
    }
}
