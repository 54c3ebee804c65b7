//! A private pool of threads that serves one call at a time.

use std::ops::Deref;
use std::sync::{Mutex, PoisonError};
use std::thread::ThreadId;

use rayon::ThreadPool;

use crate::engine::threads::Threads;

/// The threads, and which call has them.
pub(super) struct Pool {
    threads: Threads,
    owner: Mutex<Option<Owner>>,
}

/// The thread that has entered the pool, and how often.
struct Owner {
    thread: ThreadId,
    times: usize,
}

impl Pool {
    pub(super) fn new(threads: Threads) -> Pool {
        Pool { threads, owner: Mutex::default() }
    }

    pub(super) fn threads(&self) -> usize {
        self.threads.current_num_threads()
    }

    /// Whether this is one of its threads.
    pub(super) fn is_here(&self) -> bool {
        self.threads.current_thread_index().is_some()
    }

    /// The threads, unless another call has them. The same thread may enter again.
    pub(super) fn enter(&self) -> Option<Entered<'_>> {
        let here = std::thread::current().id();
        let mut owner = self.owner.lock().unwrap_or_else(PoisonError::into_inner);
        let owner = owner.get_or_insert(Owner { thread: here, times: 0 });
        (owner.thread == here).then(|| {
            owner.times += 1;
            Entered(self)
        })
    }
}

/// The threads, until this is dropped.
pub(super) struct Entered<'a>(&'a Pool);

impl Deref for Entered<'_> {
    type Target = ThreadPool;

    fn deref(&self) -> &ThreadPool {
        &self.0.threads
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let mut owner = self.0.owner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Owner { times, .. }) = &mut *owner {
            *times -= 1;
            if *times == 0 {
                *owner = None;
            }
        }
    }
}
