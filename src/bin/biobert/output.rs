//! What the three forms of output have in common.

use biobert::Error;

use crate::failure::Result;
use crate::highlight::Found;

/// Where results go, in one of the three forms.
pub trait Output {
    /// A document that was read. `found` lists its entities with their text.
    fn document(&mut self, index: usize, text: &str, found: &[Found<'_>]) -> Result<()>;
    /// A document that could not be read.
    fn failed(&mut self, index: usize, error: &Error) -> Result<()>;
    /// The end.
    fn finish(&mut self) -> Result<()>;
}
