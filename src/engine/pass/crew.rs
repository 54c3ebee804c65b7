//! Who does the steps of a pass: one thread alone, or all threads together.

use std::ops::Range;

use biobert_kernels::ROW_BLOCK;
use rayon::prelude::*;

use crate::engine::control::Control;
use crate::engine::workers::in_standard_env;
use crate::error::Result;

/// One thread, or all of them.
pub(super) enum Crew {
    /// The thread that asks.
    Alone,
    /// So many: those of the pool that the thread which asks is one of.
    Threads(usize),
}

impl Crew {
    pub(super) fn of(threads: usize) -> Crew {
        if threads == 1 { Crew::Alone } else { Crew::Threads(threads) }
    }

    pub(super) fn threads(&self) -> usize {
        match *self {
            Crew::Alone => 1,
            Crew::Threads(threads) => threads,
        }
    }

    /// Does `count` tasks, in any order; the first error ends the rest early.
    pub(super) fn each(
        &self,
        count: usize,
        work: impl Fn(usize) -> Result<()> + Sync,
    ) -> Result<()> {
        match self {
            Crew::Alone => (0..count).try_for_each(work),
            Crew::Threads(_) => (0..count)
                .into_par_iter()
                .with_max_len(1)
                .try_for_each(|index| in_standard_env(|| work(index))),
        }
    }

    /// Divides `count` things among the threads, in parts of a multiple of [`ROW_BLOCK`]. Cancel and
    /// deadline are looked at before each part.
    pub(super) fn parts(
        &self,
        control: &Control,
        count: usize,
        work: impl Fn(Range<usize>) + Sync,
    ) -> Result<()> {
        let size = count.div_ceil(self.threads()).next_multiple_of(ROW_BLOCK);
        self.each(count.div_ceil(size.max(1)), |part| {
            control.check()?;
            work(part * size..count.min((part + 1) * size));
            Ok(())
        })
    }

    /// Does something with each of `count` rows; few rows are divided as well.
    pub(super) fn rows(
        &self,
        control: &Control,
        count: usize,
        work: impl Fn(usize) + Sync,
    ) -> Result<()> {
        let size = count.div_ceil(self.threads()).max(1);
        self.each(count.div_ceil(size), |part| {
            control.check()?;
            (part * size..count.min((part + 1) * size)).for_each(&work);
            Ok(())
        })
    }
}
