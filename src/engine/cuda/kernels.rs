//! The kernels, as the driver has loaded them: the sources in `kernels/cuda` say what they do.

use std::sync::Arc;

use cudarc::driver::{CudaContext, CudaFunction};
use cudarc::nvrtc::Ptx;

use crate::engine::cuda::failure::failed;
use crate::error::Result;

/// The widest states: shared memory has that many rows.
pub(super) const WIDEST: usize = 1500;

/// The three forms of a product: rows and channels of a block of threads, and its shared memory.
pub(super) const TILES: [Tile; 3] = [
    Tile { name: "linear_128", side: 128, threads: 128, shared: 49_152 },
    Tile { name: "linear_64", side: 64, threads: 128, shared: 24_576 },
    Tile { name: "linear_32", side: 32, threads: 128, shared: 24_576 },
];

pub(super) struct Tile {
    pub(super) name: &'static str,
    pub(super) side: usize,
    pub(super) threads: u32,
    pub(super) shared: u32,
}

/// Widths of a head, padded, that attention is compiled for.
pub(super) const HEADS: [(usize, &str); 4] =
    [(32, "attend_32"), (64, "attend_64"), (96, "attend_96"), (128, "attend_128")];
/// The widest head.
pub(super) const WIDEST_HEAD: usize = 128;

/// The functions of the module.
#[derive(Debug)]
pub(super) struct Kernels {
    pub(super) embed: CudaFunction,
    pub(super) add_norm: CudaFunction,
    pub(super) quantize: CudaFunction,
    /// By tile: as it is, and through GELU.
    pub(super) linear: Vec<[CudaFunction; 2]>,
    pub(super) pack: CudaFunction,
    pub(super) attend: Vec<CudaFunction>,
}

impl Kernels {
    pub(super) fn load(context: &Arc<CudaContext>, image: Vec<u8>) -> Result<Kernels> {
        let module = context.load_module(Ptx::from_binary(image));
        let module = module.map_err(failed("loading the kernels"))?;
        let function = |name: &str| module.load_function(name).map_err(failed("finding a kernel"));
        let both =
            |tile: &Tile| Ok([function(tile.name)?, function(&format!("{}_gelu", tile.name))?]);
        Ok(Kernels {
            embed: function("embed")?,
            add_norm: function("add_norm")?,
            quantize: function("quantize")?,
            linear: TILES.iter().map(both).collect::<Result<_>>()?,
            pack: function("pack")?,
            attend: HEADS.iter().map(|(_, name)| function(name)).collect::<Result<_>>()?,
        })
    }
}
