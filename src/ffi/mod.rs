//! The C ABI: one file per C object. These functions only convert; they decide nothing.
//!
//! `include/biobert.h` is generated from this module by cbindgen. Its sections are the files, in the
//! order that `tests/abi` lists; a section's heading is the first line of its file. The ABI only
//! grows: functions, constants and fields are added, never changed.
#![allow(non_camel_case_types, reason = "the names are C's")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the header's first section states it for all functions"
)]

mod assertion;
mod boundary;
mod call;
mod cancel;
mod classify;
mod device;
mod embed;
mod engine;
mod error;
mod extract;
mod fill;
mod found;
mod guard;
mod handle;
mod head;
mod json;
mod library;
mod link;
mod list;
mod model;
mod ner;
mod note;
mod note_result;
mod options;
mod qa;
mod re;
mod result;
mod sections;
mod sentences;
mod sized;
mod status;
mod terms;
mod text;
mod trainer;
mod trainer_examples;
mod trainer_fit;
mod trainer_options;

pub use assertion::*;
pub use cancel::*;
pub use classify::*;
pub use device::*;
pub use embed::*;
pub use engine::*;
pub use error::*;
pub use extract::*;
pub use fill::*;
pub use found::*;
pub use head::*;
pub use json::*;
pub use library::*;
pub use link::*;
pub use model::*;
pub use ner::*;
pub use note::*;
pub use note_result::*;
pub use options::*;
pub use qa::*;
pub use re::*;
pub use result::*;
pub use sections::*;
pub use sentences::*;
pub use status::*;
pub use terms::*;
pub use text::*;
pub use trainer::*;
pub use trainer_examples::*;
pub use trainer_fit::*;
pub use trainer_options::*;

#[cfg(test)]
mod tests;
