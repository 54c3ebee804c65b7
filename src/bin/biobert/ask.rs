//! `biobert ask`: answers from an index, with their sources.

use crate::args::AskArgs;
use crate::failure::Result;

pub fn run(_args: AskArgs) -> Result<()> {
    Ok(())
}
