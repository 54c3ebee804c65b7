//! How operands lie in the memory of the GPU: see `kernels/cuda/fragments.cuh`.

/// Where something lies in the memory of the GPU.
pub(super) type Pointer = u64;

/// Values of k in a step of the tensor cores.
pub(super) const STEP: usize = 32;
/// Words of sixteen rows or channels in a step.
pub(super) const BLOCK_WORDS: usize = 128;

/// Where a word lies in its block: see `fragments.cuh`.
pub(super) fn word_of(row: usize, k: usize) -> usize {
    let lane = row % 8 * 4 + k % 16 / 4;
    (k / STEP * 32 + lane) * 4 + row / 8 * 2 + k % STEP / 16
}

/// What rows of quantized values are made for: whole blocks of the largest tile.
pub(super) const ROW_BLOCK: usize = 128;
/// What channels are padded to.
pub(super) const CHANNEL_BLOCK: usize = 128;

/// Rows of bytes with their parameters, as `quantize` leaves them.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    pub(super) values: Pointer,
    pub(super) params: Pointer,
}

/// Queries, keys and values in integers, each with its parameters; and where the sequences are.
#[derive(Clone, Copy)]
pub(super) struct Attention {
    pub(super) queries: Rows,
    pub(super) keys: Rows,
    pub(super) values: Rows,
    pub(super) starts: Pointer,
    pub(super) at: Pointer,
    pub(super) sequences: Pointer,
    /// Padded tokens that there is room for.
    pub(super) room: usize,
    pub(super) heads: usize,
    pub(super) width: usize,
}

/// The size of a batch: where kernels read it, and what the grids are made for, which is no less.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub(super) pointer: Pointer,
    pub(super) tokens: usize,
    pub(super) padded_tokens: usize,
}
