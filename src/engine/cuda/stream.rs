//! A stream: work that a GPU does in its order.

use std::ffi::c_void;
use std::sync::Arc;

use cudarc::driver::{result, sys};

use crate::engine::cuda::context::Context;
use crate::engine::cuda::failure::failed;
use crate::engine::cuda::kernels::Function;
use crate::engine::cuda::memory::{Number, Values};
use crate::error::Result;

/// A stream. Its context is entered by whoever calls it.
#[derive(Debug)]
pub(super) struct Stream {
    context: Arc<Context>,
    raw: sys::CUstream,
}

// SAFETY: the driver binds a stream to no thread, and serves several at once.
unsafe impl Send for Stream {}
// SAFETY: as above.
unsafe impl Sync for Stream {}

/// Blocks, threads of each, and bytes of shared memory of each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub(super) blocks: (usize, usize, usize),
    pub(super) threads: u32,
    pub(super) shared: u32,
}

impl Stream {
    pub(super) fn new(context: &Arc<Context>) -> Result<Stream> {
        let raw = result::stream::create(result::stream::StreamKind::NonBlocking);
        let raw = raw.map_err(failed("a stream of the GPU"))?;
        Ok(Stream { context: context.clone(), raw })
    }

    pub(super) fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// Waits until everything so far is done.
    pub(super) fn wait(&self) -> Result<()> {
        // SAFETY: a stream that is alive; so below.
        unsafe { result::stream::synchronize(self.raw) }.map_err(failed("computing on the GPU"))
    }

    /// Starts copying numbers to the GPU.
    ///
    /// # Safety
    /// They live, and nobody changes them, until `wait` has come back.
    pub(super) unsafe fn send<T: Number>(&self, from: &[T], to: &Values<T>) -> Result<()> {
        assert!(from.len() <= to.len());
        // SAFETY: there is room; the rest is the caller's promise.
        let copied = unsafe { result::memcpy_htod_async(to.pointer(), from, self.raw) };
        copied.map_err(failed("copying to the GPU"))
    }

    /// Starts copying numbers from the GPU, as many as `to` has.
    ///
    /// # Safety
    /// `to` lives, and nobody looks at it, until `wait` has come back.
    pub(super) unsafe fn fetch<T: Number>(&self, from: &Values<T>, to: &mut [T]) -> Result<()> {
        assert!(to.len() <= from.len());
        // SAFETY: there are as many; the rest is the caller's promise.
        let copied = unsafe { result::memcpy_dtoh_async(to, from.pointer(), self.raw) };
        copied.map_err(failed("copying from the GPU"))
    }

    /// Launches a kernel.
    ///
    /// # Safety
    /// The arguments are what the kernel declares, and what they point to lives until `wait` has come
    /// back.
    pub(super) unsafe fn launch(
        &self,
        function: &Function,
        grid: Grid,
        arguments: &mut [*mut c_void],
    ) -> Result<()> {
        let (x, y, z) = grid.blocks;
        let blocks = (x as u32, y as u32, z as u32);
        let (threads, shared) = ((grid.threads, 1, 1), grid.shared);
        // SAFETY: the caller's promise.
        let launched = unsafe {
            result::launch_kernel(function.raw(), blocks, threads, shared, self.raw, arguments)
        };
        launched.map_err(failed("launching a kernel"))
    }

    /// Keeps what `launches` launches instead of doing it.
    pub(super) fn record(&self, launches: impl FnOnce() -> Result<()>) -> Result<Recording> {
        let failure = || failed("recording launches");
        let mode = sys::CUstreamCaptureMode::CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
        // SAFETY: as above.
        unsafe { result::stream::begin_capture(self.raw, mode) }.map_err(failure())?;
        let launched = launches();
        // SAFETY: as above. It ends whatever happened: nothing else can be done with the stream before.
        let graph = unsafe { result::stream::end_capture(self.raw) }.map(Graph);
        launched?;
        let graph = graph.map_err(failure())?;
        let default =
            sys::CUgraphInstantiate_flags::CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH;
        // SAFETY: a graph of the driver's; what is made of it lives on by itself.
        let ready = unsafe { result::graph::instantiate(graph.0, default) };
        let raw = ready.map_err(failure())?;
        Ok(Recording { context: self.context.clone(), raw })
    }

    /// Launches what was recorded.
    ///
    /// # Safety
    /// As for each of its launches.
    pub(super) unsafe fn replay(&self, recording: &Recording) -> Result<()> {
        // SAFETY: both are alive.
        let launched = unsafe { result::graph::launch(recording.raw, self.raw) };
        launched.map_err(failed("launching what was recorded"))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Ok(_entered) = self.context.enter() {
            // SAFETY: created once, destroyed once.
            let _ = unsafe { result::stream::destroy(self.raw) };
        }
    }
}

/// What a capture gave, while its context is entered.
struct Graph(sys::CUgraph);

impl Drop for Graph {
    fn drop(&mut self) {
        // SAFETY: made once, destroyed once.
        let _ = unsafe { result::graph::destroy(self.0) };
    }
}

/// Launches that were recorded.
#[derive(Debug)]
pub(super) struct Recording {
    context: Arc<Context>,
    raw: sys::CUgraphExec,
}

// SAFETY: the driver binds a graph to no thread; one at a time uses it.
unsafe impl Send for Recording {}

impl Drop for Recording {
    fn drop(&mut self) {
        if let Ok(_entered) = self.context.enter() {
            // SAFETY: made once, destroyed once.
            let _ = unsafe { result::graph::exec_destroy(self.raw) };
        }
    }
}
