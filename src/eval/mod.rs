//! Measures: how well a head does on annotated files.

pub mod bioasq;
pub mod conlleval;
pub mod labelled;
pub(crate) mod ner;
pub(crate) mod table;
pub mod yesno;

pub use bioasq::evaluate_factoid;
pub use labelled::evaluate_labelled;
pub use ner::evaluate_ner;
pub use yesno::evaluate_yes_no;

/// A part of a whole in percent, rounded to two places; 0 of nothing.
pub(crate) fn percent(part: usize, of: usize) -> f64 {
    rounded(if of == 0 { 0.0 } else { 100.0 * part as f64 / of as f64 })
}

/// F1 in percent of what is right, what was predicted and what there is.
pub(crate) fn f1(right: usize, predicted: usize, gold: usize) -> f64 {
    percent(2 * right, predicted + gold)
}

/// Two places, as the measuring scripts print.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
