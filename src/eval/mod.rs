//! Measures: how well a head does on annotated files.

pub mod conlleval;
mod ner;

pub use ner::evaluate_ner;
