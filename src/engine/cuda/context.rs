//! The context of a GPU, which everything else belongs to.

use std::sync::Arc;

use cudarc::driver::{result, sys};

use crate::engine::cuda::failure::failed;
use crate::error::Result;

/// The primary context of a GPU: what else uses the GPU in this process may share it.
#[derive(Debug)]
pub(super) struct Context {
    device: sys::CUdevice,
    raw: sys::CUcontext,
}

// SAFETY: the driver lets any thread use a context; `enter` makes it current where that is asked for.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    /// That of a device that the driver has given.
    pub(super) fn retain(device: sys::CUdevice) -> Result<Arc<Context>> {
        // SAFETY: a device of the driver's.
        let raw = unsafe { result::primary_ctx::retain(device) };
        let raw = raw.map_err(failed("opening the GPU"))?;
        Ok(Arc::new(Context { device, raw }))
    }

    /// Makes this the thread's context. A host may use CUDA too: its own one comes back when the guard is
    /// dropped.
    pub(super) fn enter(&self) -> Result<Entered> {
        let before = result::ctx::get_current().map_err(failed("the thread's context"))?;
        // SAFETY: a context that is retained.
        unsafe { result::ctx::set_current(self.raw) }.map_err(failed("entering the GPU"))?;
        Ok(Entered { before: before.unwrap_or(std::ptr::null_mut()) })
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: retained once, released once. A driver that fails at it keeps the context.
        let _ = unsafe { result::primary_ctx::release(self.device) };
    }
}

/// The context that was current before.
pub(super) struct Entered {
    before: sys::CUcontext,
}

impl Drop for Entered {
    fn drop(&mut self) {
        // SAFETY: a context that was current on this thread, or none. If a host ends one meanwhile, the
        // driver says so and nothing changes.
        let _ = unsafe { result::ctx::set_current(self.before) };
    }
}
