//! Ending a call early: cancelled by the caller, or past its deadline. And where the call ran.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant};

use crate::engine::device::RanOn;
use crate::error::{Error, Result};

/// Cancels the calls that it was given to. Clones are the same switch; any thread may use it.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A switch that is off.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Switches on, for good.
    pub fn trigger(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is on.
    pub fn is_triggered(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

const CPU: u8 = 1;
const GPU: u8 = 2;

/// What may end one call early, looked at between blocks of rows of every layer; and where its encoder
/// ran. Clones are of the same call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Control {
    cancel: Option<Cancel>,
    deadline: Option<Instant>,
    /// A sum of [`CPU`] and [`GPU`].
    ran: Arc<AtomicU8>,
}

impl Control {
    /// The time of a deadline counts from now.
    pub(crate) fn new(cancel: Option<Cancel>, deadline: Option<Duration>) -> Control {
        // A deadline too far away for the clock is none.
        let deadline = deadline.and_then(|time| Instant::now().checked_add(time));
        Control { cancel, deadline, ran: Arc::default() }
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.cancel.as_ref().is_some_and(Cancel::is_triggered) {
            return Err(Error::Cancelled);
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::Deadline);
        }
        Ok(())
    }

    /// Where the encoder of the call has run by now.
    pub(crate) fn ran_on(&self) -> RanOn {
        match self.ran.load(Ordering::Relaxed) {
            0 | CPU => RanOn::Cpu,
            GPU => RanOn::Gpu,
            _ => RanOn::Both,
        }
    }
}

impl Control {
    /// Notes that the encoder of the call runs on the processor, as it does if nothing is noted.
    pub(crate) fn ran_on_cpu(&self) {
        self.ran.fetch_or(CPU, Ordering::Relaxed);
    }

    /// Notes that it runs on a GPU.
    pub(crate) fn ran_on_gpu(&self) {
        self.ran.fetch_or(GPU, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_call_note_together_where_it_ran() {
        let call = Control::default();
        assert_eq!(call.ran_on(), RanOn::Cpu);
        let clone = call.clone();
        clone.ran_on_gpu();
        assert_eq!(call.ran_on(), RanOn::Gpu);
        call.ran_on_cpu();
        assert_eq!(clone.ran_on(), RanOn::Both);
        // The next call knows nothing of it, and the processor alone is the processor.
        let next = Control::default();
        next.ran_on_cpu();
        assert_eq!(next.ran_on(), RanOn::Cpu);
    }
}
