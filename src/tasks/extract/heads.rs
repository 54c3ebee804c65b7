//! Which heads a call uses.

use std::sync::Arc;

use crate::clinical::context::Judges;
use crate::error::{Error, Result};
use crate::heads::{Head, Task};
use crate::model::Model;

/// The heads of a call, by task.
pub(super) struct Heads {
    pub(super) ner: Vec<Arc<Head>>,
    pub(super) re: Vec<Arc<Head>>,
}

impl Heads {
    pub(super) fn new(model: &Model, names: &[String], _judges: Option<Judges>) -> Result<Heads> {
        let mut heads = Heads { ner: Vec::new(), re: Vec::new() };
        if names.is_empty() {
            heads.ner = model.heads_for(Task::Ner, &[])?;
            return Ok(heads);
        }
        for name in names {
            let head = model.head(name)?.clone();
            match head.spec.task() {
                Task::Ner => heads.ner.push(head),
                Task::Re => heads.re.push(head),
                _ => {
                    return Err(Error::Argument(
                        "a head that was named is for another task".into(),
                    ));
                }
            }
        }
        if heads.ner.is_empty() {
            return Err(Error::Argument("none of the heads that were named finds entities".into()));
        }
        Ok(heads)
    }
}
