//! Work on several items at once whose results are wanted in the order of the items.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};

use rayon::prelude::*;

use crate::engine::workers::{Workers, in_standard_env};
use crate::error::{Error, Result};

impl Workers {
    /// What `work` makes of each item, in order, by all threads. An error ends the rest early.
    pub(crate) fn map<T: Send, R: Send>(
        &self,
        items: Vec<T>,
        work: impl Fn(T) -> Result<R> + Sync,
    ) -> Result<Vec<R>> {
        match self.enter() {
            Some(pool) if items.len() > 1 => {
                let work = |item| in_standard_env(|| work(item));
                pool.install(|| items.into_par_iter().map(work).collect())
            }
            _ => items.into_iter().map(work).collect(),
        }
    }

    /// Does `work` for items, each on one thread, and gives what comes of it to `keep`, on this thread
    /// and in the order of the items. While this thread waits, keeps, or has the next item made, the
    /// others go on with those ahead, which cost `limit` together at most (or are one).
    pub(crate) fn in_order<T: Send, R: Send>(
        &self,
        items: impl Iterator<Item = Result<T>>,
        (cost, limit): (impl Fn(&T) -> u64, u64),
        work: impl Fn(T) -> Result<R> + Sync,
        mut keep: impl FnMut(R) -> Result<()>,
    ) -> Result<()> {
        let mut items = items.fuse().peekable();
        let first = items.next();
        // What is alone is not worth another thread.
        let pool = self.enter().filter(|_| items.peek().is_some());
        let mut items = first.into_iter().chain(items);
        let Some(pool) = pool else {
            return items.try_for_each(|item| keep(work(item?)?));
        };
        let (work, ended) = (&work, &AtomicBool::new(false));
        pool.in_place_scope(|scope| {
            let mut ahead = Ahead { results: VecDeque::new(), cost: 0 };
            let mut run = || {
                for item in &mut items {
                    let item = item?;
                    let cost = cost(&item);
                    while ahead.is_full(cost, limit) {
                        keep(ahead.next()?)?;
                    }
                    let (done, result) = channel();
                    scope.spawn(move |_| {
                        if !ended.load(Ordering::Relaxed) {
                            // Nobody listens any more once the call has failed.
                            let _ = done.send(in_standard_env(|| work(item)));
                        }
                    });
                    ahead.push(cost, result);
                }
                while !ahead.results.is_empty() {
                    keep(ahead.next()?)?;
                }
                Ok(())
            };
            run().inspect_err(|_| ended.store(true, Ordering::Relaxed))
        })
    }
}

/// Results that are being worked on, the next one first, each with what its item costs.
struct Ahead<R> {
    results: VecDeque<(u64, Receiver<Result<R>>)>,
    cost: u64,
}

impl<R> Ahead<R> {
    fn is_full(&self, cost: u64, limit: u64) -> bool {
        !self.results.is_empty() && self.cost.saturating_add(cost) > limit
    }

    fn push(&mut self, cost: u64, result: Receiver<Result<R>>) {
        self.cost += cost;
        self.results.push_back((cost, result));
    }

    /// Waits for the next result.
    fn next(&mut self) -> Result<R> {
        // Nothing comes of a job that panicked; its panic goes on when the scope ends.
        let gone = || Error::Internal("a thread panicked".into());
        let (cost, result) = self.results.pop_front().ok_or_else(gone)?;
        self.cost -= cost;
        result.recv().map_err(|_| gone())?
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use biobert_kernels::{Isa, kernel};

    use super::*;

    fn workers(threads: usize) -> Workers {
        Workers::new(threads, kernel(Isa::best()).unwrap()).unwrap()
    }

    /// Runs items whose work takes the longer the earlier they are; gives what was kept.
    fn run(
        workers: &Workers,
        items: u64,
        limit: u64,
        fails: Option<u64>,
    ) -> (Vec<u64>, Result<()>) {
        let mut kept = Vec::new();
        let work = |item: u64| {
            std::thread::sleep(Duration::from_micros(10 * (items - item)));
            if fails == Some(item) { Err(Error::Cancelled) } else { Ok(item) }
        };
        let end = workers.in_order((0..items).map(Ok), (|_| 1, limit), work, |item| {
            kept.push(item);
            Ok(())
        });
        (kept, end)
    }

    #[test]
    fn results_come_in_order_and_an_error_ends_them_where_it_stands() {
        for threads in 1..4 {
            let workers = workers(threads);
            for (items, limit) in [(0, 4), (1, 4), (2, 4), (100, 1), (100, 4), (100, 1000)] {
                assert_eq!(run(&workers, items, limit, None), ((0..items).collect(), Ok(())));
            }
            let ended = run(&workers, 100, 4, Some(60));
            assert_eq!(ended, ((0..60).collect(), Err(Error::Cancelled)));
        }
    }

    #[test]
    fn no_more_is_ahead_than_the_limit_allows() {
        let (begun, kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |item: u64| {
            let ahead = begun.fetch_add(1, Ordering::SeqCst) - kept.load(Ordering::SeqCst);
            assert!(ahead <= 8, "{ahead} items are ahead");
            Ok(item)
        };
        let keep = |_| {
            kept.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        workers(3).in_order((0..500).map(Ok), (|_| 10, 79), work, keep).unwrap();
        assert_eq!(kept.into_inner(), 500);
    }

    #[test]
    fn a_panic_reaches_the_caller_and_leaves_the_threads_whole() {
        let workers = workers(2);
        let work = |item: u64| if item == 7 { panic!("seven") } else { Ok(item) };
        let call = || workers.in_order((0..100).map(Ok), (|_| 1, 4), work, |_| Ok(()));
        let payload = catch_unwind(AssertUnwindSafe(call)).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"seven"));
        assert_eq!(run(&workers, 50, 4, None).0.len(), 50);
    }

    #[test]
    fn a_call_beside_one_that_has_the_pool_goes_on_alone() {
        let workers = &workers(2);
        let (begun, has_begun) = channel();
        let (release, released) = channel::<()>();
        let released = std::sync::Mutex::new(released);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let work = |item: u64| {
                    let _ = begun.send(());
                    let _ = released.lock().unwrap().recv();
                    Ok(item)
                };
                workers.in_order((0..100).map(Ok), (|_| 1, 50), work, |_| Ok(())).unwrap();
            });
            has_begun.recv().unwrap();
            // Both threads of the pool are blocked and a queue is before them.
            let here = std::thread::current().id();
            let alone = |_: u64| Ok(std::thread::current().id() == here);
            assert!(workers.map(vec![1, 2, 3], alone).unwrap().iter().all(|&here| here));
            assert_eq!(workers.inside(|threads| threads), 1);
            workers
                .in_order((0..9).map(Ok), (|_| 1, 50), alone, |here| {
                    assert!(here);
                    Ok(())
                })
                .unwrap();
            drop(release);
        });
        assert_eq!(workers.inside(|threads| threads), 2);
    }

    #[test]
    fn a_thread_of_the_pool_does_alone_what_it_is_given() {
        let workers = workers(2);
        let alone = |_| {
            let here = std::thread::current().id();
            assert_eq!(workers.threads(), 1);
            workers.map(vec![(); 9], |()| Ok(std::thread::current().id() == here))
        };
        let found = workers.map((0..20).collect(), alone).unwrap();
        assert!(found.concat().iter().all(|&same| same));
        assert_eq!(workers.threads(), 2);
    }
}
