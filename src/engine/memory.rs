//! Memory for the rows that go from operation to operation. tract would allocate and free it anew for
//! each node, which for large batches means a page fault for every 4 KB; here a tensor that the plan
//! lets go of gives its memory back to be used again.

use std::fmt;
use std::hash::Hasher;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use biobert_kernels::AttentionScratch;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;

/// What an encoder has allocated and does not use at the moment.
#[derive(Default)]
pub(super) struct Memory {
    floats: Mutex<Vec<Vec<f32>>>,
    bytes: Mutex<Vec<Vec<u8>>>,
    scratch: Mutex<Vec<Scratch>>,
}

/// What it holds came from somebody's text.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

/// Memory of a task: as much as the largest one needed, which the blocks of rows bound.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) rows: Vec<f32>,
    pub(super) attention: AttentionScratch,
}

/// What rows are made of.
pub(super) trait Element: Datum + Default + Copy {
    fn shelf(memory: &Memory) -> &Mutex<Vec<Vec<Self>>>;
}

impl Element for f32 {
    fn shelf(memory: &Memory) -> &Mutex<Vec<Vec<f32>>> {
        &memory.floats
    }
}

impl Element for u8 {
    fn shelf(memory: &Memory) -> &Mutex<Vec<Vec<u8>>> {
        &memory.bytes
    }
}

/// Holders of these locks only push and take: a panic cannot leave a shelf half changed.
fn lock<T>(shelf: &Mutex<T>) -> MutexGuard<'_, T> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// `length` values, whatever they were before: the smallest piece that is large enough, else the
    /// largest there is, made larger.
    pub(super) fn take<T: Element>(self: &Arc<Self>, length: usize) -> Rows<T> {
        let mut shelf = lock(T::shelf(self));
        let fit = |piece: &Vec<T>| {
            if piece.len() >= length { (0, piece.len()) } else { (1, usize::MAX - piece.len()) }
        };
        let best = (0..shelf.len()).min_by_key(|&index| fit(&shelf[index]));
        let mut values = best.map(|index| shelf.swap_remove(index)).unwrap_or_default();
        drop(shelf);
        // Never made shorter: the next one who needs it longer would pay for filling it.
        if values.len() < length {
            values.resize(length, T::default());
        }
        Rows { values, length, home: self.clone() }
    }

    /// Lends memory to a task.
    pub(super) fn with_scratch(&self, work: impl FnOnce(&mut Scratch)) {
        let mut scratch = lock(&self.scratch).pop().unwrap_or_default();
        work(&mut scratch);
        lock(&self.scratch).push(scratch);
    }
}

/// Rows in memory that goes back when they are dropped: the storage of a tensor.
pub(super) struct Rows<T: Element> {
    values: Vec<T>,
    length: usize,
    home: Arc<Memory>,
}

impl<T: Element> Rows<T> {
    /// The rows, `width` values each, as an output of an operation.
    pub(super) fn into_output(self, width: usize) -> TValue {
        let shape = [self.length / width, width];
        Tensor::from_storage(T::datum_type(), &shape, self).into_tvalue()
    }

    /// The rows of an input.
    pub(super) fn of(input: &TValue) -> TractResult<&Rows<T>> {
        input.try_storage_as::<Rows<T>>()
    }
}

impl<T: Element> Deref for Rows<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.values[..self.length]
    }
}

impl<T: Element> DerefMut for Rows<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.values[..self.length]
    }
}

impl<T: Element> Drop for Rows<T> {
    fn drop(&mut self) {
        lock(T::shelf(&self.home)).push(std::mem::take(&mut self.values));
    }
}

/// Two rows are the same if they are one.
impl<T: Element> PartialEq for Rows<T> {
    fn eq(&self, other: &Self) -> bool {
        self.values.as_ptr() == other.values.as_ptr()
    }
}

impl<T: Element> Eq for Rows<T> {}

impl<T: Element> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T: Element> fmt::Display for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values", self.length)
    }
}

impl<T: Element> TensorStorage for Rows<T> {
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
