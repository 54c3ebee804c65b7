//! The threads of an engine: the caller's own, or a private pool. Never a global one.

use biobert_kernels::{FloatEnv, Kernel, ROW_BLOCK};

use crate::engine::pool::{Entered, Pool};
use crate::engine::threads::Threads;
use crate::error::Result;

/// Who does the work, and with which instructions.
pub(crate) struct Workers {
    pool: Option<Pool>,
    kernel: &'static dyn Kernel,
}

impl std::fmt::Debug for Workers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Workers({}, {})", self.threads(), self.kernel.isa().name())
    }
}

/// Does a task of a pool's thread, which starts with the floating-point environment of whoever started
/// it.
pub(super) fn in_standard_env<R>(task: impl FnOnce() -> R) -> R {
    let _env = FloatEnv::standard();
    task()
}

impl Workers {
    /// One thread is the caller's; more are a pool of their own.
    pub(crate) fn new(threads: usize, kernel: &'static dyn Kernel) -> Result<Workers> {
        let pool = (threads > 1).then(|| Threads::start(threads)).transpose()?;
        Ok(Workers { pool: pool.map(Pool::new), kernel })
    }

    pub(crate) fn kernel(&self) -> &'static dyn Kernel {
        self.kernel
    }

    /// Threads that may share what the caller has to do, if no other call has them: one if it is one
    /// of the pool's, which has work of its own and leaves the others to theirs.
    pub(crate) fn threads(&self) -> usize {
        self.pool.as_ref().filter(|pool| !pool.is_here()).map_or(1, Pool::threads)
    }

    /// The pool, for as long as the guard lives: `None` if there is none, if this is one of its
    /// threads, or while another call has it. Who gets none does his work alone, on his own thread:
    /// in the pool's queue he would wait for whatever the other call has put there.
    pub(super) fn enter(&self) -> Option<Entered<'_>> {
        self.pool.as_ref().filter(|pool| !pool.is_here())?.enter()
    }

    /// Does every task, in any order, on all threads; the first error ends the rest early.
    pub(crate) fn each<T: Send>(
        &self,
        tasks: Vec<T>,
        work: impl Fn(T) -> Result<()> + Sync,
    ) -> Result<()> {
        self.map(tasks, work).map(drop)
    }

    /// Does `work` on a thread of the pool, where rayon's iterators share it with the others, and tells
    /// it how many threads these are: entering the pool costs more than a step of a small encoder.
    /// Without the pool, `work` runs here and is told that it is alone.
    pub(super) fn inside<T: Send>(&self, work: impl FnOnce(usize) -> T + Send) -> T {
        match self.enter() {
            Some(pool) => pool.install(|| in_standard_env(|| work(pool.current_num_threads()))),
            None => work(1),
        }
    }

    /// How many rows of `rows` a task gets: all threads busy to the end, weights read for many rows
    /// at once.
    pub(crate) fn rows_per_task(&self, rows: usize) -> usize {
        // A block of 128 of BERT-base's inner states, 1.5 MB in f32, nearly lies in L2; 64 and 96
        // rows were slower, 256 no faster.
        let tasks = rows.div_ceil(128).next_multiple_of(self.threads());
        rows.div_ceil(tasks.max(1)).next_multiple_of(ROW_BLOCK).max(ROW_BLOCK)
    }
}
