//! What a note says beyond the words of its findings: one folder an idea. Algorithms know no word of
//! medicine; the words are data beside them. Nothing here knows a model: texts, sentences and entities in,
//! places in bytes out.
//!
//! `check` is called now and then in long work; its error ends it (cancel, deadline).

pub(crate) mod abbreviations;
pub(crate) mod as_needed;
pub(crate) mod context;
pub(crate) mod measurements;
pub(crate) mod medication;
pub(crate) mod no_finding;
mod quantity;
pub(crate) mod sections;
