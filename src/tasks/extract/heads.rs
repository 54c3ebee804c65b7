//! Which heads a call uses.

use std::sync::Arc;

use crate::clinical::context::Judges;
use crate::error::{Error, Result};
use crate::heads::{Head, Task};
use crate::model::Model;
use crate::tasks::extract::options::ExtractOptions;
use crate::tasks::re::Relation;
use crate::tasks::re::document::is_fitted;

/// The head that finds entities, where the model has it, if a call names none: it learnt from notes.
pub(crate) const NOTES: &str = "clinical";
/// The head for relations, where the model has it, if a call names no head at all.
const EFFECT: &str = "effect";

/// The heads of a call, by task.
pub(super) struct Heads {
    pub(super) ner: Vec<Arc<Head>>,
    pub(super) re: Vec<Arc<Head>>,
    pub(super) assertion: Option<Arc<Head>>,
}

impl Heads {
    pub(super) fn new(model: &Model, names: &[String], judges: Option<Judges>) -> Result<Heads> {
        let named = names.iter().map(|name| model.head(name).cloned());
        let mut named: Vec<Arc<Head>> = named.collect::<Result<_>>()?;
        if names.is_empty() {
            named.extend(model.head(EFFECT).ok().cloned());
        }
        let mut heads = Heads { ner: Vec::new(), re: Vec::new(), assertion: None };
        for head in named {
            let known = heads.ner.iter().chain(&heads.re).chain(&heads.assertion);
            if known.into_iter().any(|known| known.name == head.name) {
                return Err(Error::Argument("a head was named twice".into()));
            }
            match head.spec.task() {
                Task::Ner => heads.ner.push(head),
                Task::Re => heads.re.push(head),
                Task::Assertion if heads.assertion.is_none() => heads.assertion = Some(head),
                Task::Assertion => {
                    return Err(Error::Argument("two heads for assertions were named".into()));
                }
                _ => {
                    return Err(Error::Argument(
                        "a head that was named is for another task".into(),
                    ));
                }
            }
        }
        if heads.ner.is_empty() {
            heads.ner = match model.head(NOTES) {
                Ok(head) => vec![head.clone()],
                Err(_) => model.heads_for(Task::Ner, &[])?,
            };
        }
        heads.find_ends(model)?;
        heads.judged_by(model, judges)
    }

    /// The head that relations between codes are told from, if there are codes.
    pub(super) fn stating(&self, options: &ExtractOptions) -> Option<&Head> {
        options.linker.as_ref()?;
        self.re.iter().map(|head| &**head).find(|head| is_fitted(head))
    }

    /// The relations among those that were judged: what their heads do not call unrelated.
    pub(super) fn related(&self, mut judged: Vec<Relation>) -> Vec<Relation> {
        judged.retain(|relation| {
            let head = self.re.iter().find(|head| head.name == relation.head);
            head.and_then(|head| head.spec.negative()) != Some(&*relation.label)
        });
        judged
    }

    /// Adds heads that find what the relation heads relate, where the others do not.
    fn find_ends(&mut self, model: &Model) -> Result<()> {
        let names: Vec<String> = self.ner.iter().map(|head| head.name.to_string()).collect();
        for head in model.finders(&mut self.re, true, &names)? {
            if !self.ner.iter().any(|known| known.name == head.name) {
                self.ner.push(head);
            }
        }
        Ok(())
    }

    /// Who judges assertions: of several heads of the model the first.
    fn judged_by(mut self, model: &Model, judges: Option<Judges>) -> Result<Heads> {
        if matches!(judges, None | Some(Judges::Rules)) {
            self.assertion = None;
        } else if self.assertion.is_none() {
            self.assertion = model.all_heads_for(Task::Assertion).into_iter().next();
        }
        if judges == Some(Judges::Head) && self.assertion.is_none() {
            return Err(Error::NotFound("the model has no head for assertions".into()));
        }
        Ok(self)
    }
}
