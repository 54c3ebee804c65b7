//! Ending a call early: cancelled by the caller, or past its deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

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

/// What may end one call early. Looked at between blocks of rows of every layer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Control {
    cancel: Option<Cancel>,
    deadline: Option<Instant>,
}

impl Control {
    /// The time of a deadline counts from now.
    pub(crate) fn new(cancel: Option<Cancel>, deadline: Option<Duration>) -> Control {
        // A deadline too far away for the clock is none.
        Control { cancel, deadline: deadline.and_then(|time| Instant::now().checked_add(time)) }
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
}
