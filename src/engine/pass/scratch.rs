//! Memory for what a pass works on: kept from pass to pass, so that in the steady state nothing is
//! allocated.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use biobert_kernels::AttentionScratch;

/// What an encoder has allocated and does not use at the moment.
#[derive(Default)]
pub(in crate::engine) struct Scratch {
    shares: Mutex<Vec<Share>>,
    tasks: Mutex<Vec<Task>>,
}

/// What it holds came from somebody's text.
impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scratch")
    }
}

/// Memory of a share.
#[derive(Default)]
pub(super) struct Share {
    /// The states of all its rows, quantized.
    pub(super) states: Vec<u8>,
    /// What attention gives for a pack.
    pub(super) context: Context,
    /// Where all threads divide the channels of a block.
    pub(super) shared: Block,
}

/// What attention gives for a pack: f32 rows, and quantized ones.
#[derive(Default)]
pub(super) struct Context {
    pub(super) values: Vec<f32>,
    pub(super) quantized: Vec<u8>,
}

/// A block of rows on its way through the feed-forward steps.
#[derive(Default)]
pub(super) struct Block {
    /// The output of attention, then that of the outer layer.
    pub(super) outer: Vec<f32>,
    pub(super) inner: Vec<f32>,
    pub(super) quantized: Vec<u8>,
}

/// Memory of a task.
#[derive(Default)]
pub(super) struct Task {
    /// Query, key and value of a few heads, and those of global tokens.
    pub(super) qkv: Vec<f32>,
    pub(super) global_qkv: Vec<f32>,
    pub(super) heads: Heads,
    pub(super) block: Block,
}

/// Memory of a head's attention.
#[derive(Default)]
pub(super) struct Heads {
    pub(super) attention: AttentionScratch,
    /// Keys and values that do not lie side by side.
    pub(super) seen: Vec<f32>,
}

impl Scratch {
    pub(super) fn with_share<T>(&self, work: impl FnOnce(&mut Share) -> T) -> T {
        lend(&self.shares, work)
    }

    pub(super) fn with_task<T>(&self, work: impl FnOnce(&mut Task) -> T) -> T {
        lend(&self.tasks, work)
    }
}

/// Holders of the lock only push and pop: a panic cannot leave a shelf half changed.
fn lend<S: Default, T>(shelf: &Mutex<Vec<S>>, work: impl FnOnce(&mut S) -> T) -> T {
    let shelf = || shelf.lock().unwrap_or_else(PoisonError::into_inner);
    let lent = shelf().pop();
    let mut lent = lent.unwrap_or_default();
    let result = work(&mut lent);
    shelf().push(lent);
    result
}

/// `length` values, whatever they were before. Never made shorter: the next one who needs it longer
/// would pay for filling it.
pub(super) fn resized<T: Default + Copy>(memory: &mut Vec<T>, length: usize) -> &mut [T] {
    if memory.len() < length {
        memory.resize(length, T::default());
    }
    &mut memory[..length]
}
