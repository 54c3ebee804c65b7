//! What an operation of ours reads of a tensor.

use candle_core::{CpuStorage, Layout, Result};

/// The numbers of a tensor that lies in one piece.
pub(super) fn values<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let Some((start, end)) = layout.contiguous_offsets() else {
        candle_core::bail!("a tensor in pieces")
    };
    Ok(&storage.as_slice::<f32>()?[start..end])
}
