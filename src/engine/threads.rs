//! Threads of our own, and their end.

use std::ops::Deref;
use std::thread::{self, JoinHandle};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::{Error, Result};

/// A private pool of threads. When it has been dropped, they are gone: a host may unload the library.
pub(crate) struct Threads {
    // Dropped first: it tells the threads to end.
    pool: ThreadPool,
    _ends: Ends,
}

/// Threads that are waited for. rayon waits for their work, not for their end.
struct Ends {
    handles: Vec<JoinHandle<()>>,
    /// A process that was forked from this one has none of its threads.
    process: u32,
}

impl Threads {
    /// Starts `count` threads.
    pub(crate) fn start(count: usize) -> Result<Threads> {
        let mut ends = Ends { handles: Vec::new(), process: std::process::id() };
        let pool = ThreadPoolBuilder::new()
            .num_threads(count)
            .spawn_handler(|thread| {
                let builder = thread::Builder::new().name(format!("biobert-{}", thread.index()));
                let run = || {
                    // A panic travels to the caller; what it says may quote a text and is not printed.
                    crate::silence::keep_this_thread_silent();
                    thread.run();
                };
                ends.handles.push(builder.spawn(run)?);
                Ok(())
            })
            .build();
        let reason = || "the operating system starts no more threads".into();
        let pool = pool.map_err(|_| Error::Io { file: "threads".into(), reason: reason() })?;
        Ok(Threads { pool, _ends: ends })
    }
}

impl Deref for Threads {
    type Target = ThreadPool;

    fn deref(&self) -> &ThreadPool {
        &self.pool
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            return;
        }
        for handle in self.handles.drain(..) {
            // A thread that drops the pool which it is part of cannot wait for itself.
            if handle.thread().id() != thread::current().id() {
                // A panic in a task has already been given to whoever asked for the task.
                let _ = handle.join();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    /// Takes its time to end.
    struct Slow(#[allow(dead_code, reason = "it is held, not read")] Arc<()>);

    impl Drop for Slow {
        fn drop(&mut self) {
            thread::sleep(Duration::from_millis(50));
        }
    }

    thread_local! {
        static HELD: RefCell<Option<Slow>> = const { RefCell::new(None) };
    }

    #[test]
    fn threads_are_gone_when_their_pool_is() {
        let held = Arc::new(());
        let threads = Threads::start(3).unwrap();
        threads.broadcast(|_| HELD.set(Some(Slow(held.clone()))));
        assert_eq!(Arc::strong_count(&held), 4);
        drop(threads);
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
