//! Ids that stand for one document each: whoever reads two documents with one id may take them for one.

use crate::data::losses::{lose, running_number};
use crate::data::seen::Seen;
use crate::data::write::Losses;

/// Ids that were given.
#[derive(Default)]
pub(super) struct Unique(Seen);

impl Unique {
    /// The id; where another document has it, the first running number from `number` on that none has, which is
    /// counted.
    pub(super) fn take(&mut self, id: String, number: usize, losses: &mut Losses) -> String {
        if self.0.add(&id) {
            return id;
        }
        lose(losses, "ids that another document has", 1);
        (number..).map(running_number).find(|free| self.0.add(free)).unwrap_or(id)
    }
}
