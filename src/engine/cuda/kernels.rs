//! The kernels, as the driver has loaded them: the sources in `kernels/cuda` say what they do.

use std::ffi::CString;
use std::sync::Arc;

use cudarc::driver::{result, sys};

use crate::engine::cuda::context::Context;
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

/// A kernel. It lives as long as its [`Kernels`].
#[derive(Debug)]
pub(super) struct Function(sys::CUfunction);

impl Function {
    pub(super) fn raw(&self) -> sys::CUfunction {
        self.0
    }
}

/// The functions of the module.
#[derive(Debug)]
pub(super) struct Kernels {
    pub(super) embed: Function,
    pub(super) add_norm: Function,
    pub(super) quantize: Function,
    /// By tile: as it is, and through GELU.
    pub(super) linear: Vec<[Function; 2]>,
    pub(super) pack: Function,
    pub(super) attend: Vec<Function>,
    _module: Module,
}

impl Kernels {
    /// Loads an image: machine code, or PTX that ends with a zero.
    pub(super) fn load(context: &Arc<Context>, image: &[u8]) -> Result<Kernels> {
        let _entered = context.enter()?;
        let module = Module::load(context, image)?;
        let function = |name: &str| module.function(name);
        let both =
            |tile: &Tile| Ok([function(tile.name)?, function(&format!("{}_gelu", tile.name))?]);
        Ok(Kernels {
            embed: function("embed")?,
            add_norm: function("add_norm")?,
            quantize: function("quantize")?,
            linear: TILES.iter().map(both).collect::<Result<_>>()?,
            pack: function("pack")?,
            attend: HEADS.iter().map(|(_, name)| function(name)).collect::<Result<_>>()?,
            _module: module,
        })
    }
}

// SAFETY: the driver binds a module and its functions to no thread, and launching changes neither.
unsafe impl Send for Kernels {}
// SAFETY: as above.
unsafe impl Sync for Kernels {}

/// What the driver loaded.
#[derive(Debug)]
struct Module {
    context: Arc<Context>,
    raw: sys::CUmodule,
}

impl Module {
    fn load(context: &Arc<Context>, image: &[u8]) -> Result<Module> {
        // SAFETY: an image that `images` has, whole.
        let raw = unsafe { result::module::load_data(image.as_ptr().cast()) };
        let raw = raw.map_err(failed("loading the kernels"))?;
        Ok(Module { context: context.clone(), raw })
    }

    fn function(&self, name: &str) -> Result<Function> {
        let c_name = CString::new(name).unwrap_or_default();
        // SAFETY: a module that is loaded.
        let function = unsafe { result::module::get_function(self.raw, c_name) };
        function.map(Function).map_err(failed("finding a kernel"))
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        if let Ok(_entered) = self.context.enter() {
            // SAFETY: loaded once, unloaded once; no lane is left that could launch.
            let _ = unsafe { result::module::unload(self.raw) };
        }
    }
}
