//! Entities, relations, answers, classes and embeddings from biomedical and clinical text, without
//! Python and without a network.
//!
//! ```text
//! text -> sentences -> tokenizer -> window -> packed batch -> encoder (a tract plan) -> heads -> decode -> result
//! ```
//!
//! An [`Engine`] holds threads, instruction set and limits; a [`Model`] is opened on it and shared
//! by any number of threads; a call takes raw text and gives typed results whose offsets point into
//! the caller's original text. The C ABI in `include/biobert.h` is the same, object by object.
//!
//! ```no_run
//! use biobert::{Engine, EngineOptions, Model, OffsetUnit, OpenOptions, RunOptions};
//!
//! let engine = Engine::new(EngineOptions::default())?;
//! let model = Model::open(&engine, "models/bio-minilm".as_ref(), OpenOptions::default())?;
//! let note = "Started metformin for type 2 diabetes.";
//! let result = model.ner(&[], &[note.into()], &RunOptions::new(OffsetUnit::Utf8Bytes))?;
//! for entity in &result.documents[0].as_ref().unwrap().spans {
//!     println!("{} {}", entity.label, &note[entity.start..entity.end]);
//! }
//! # Ok::<(), biobert::Error>(())
//! ```
#![cfg_attr(
    not(feature = "train"),
    allow(dead_code, unused_imports, reason = "some is for learning alone; the whole build looks")
)]

#[cfg(panic = "abort")]
compile_error!("biobert stops panics at its C boundary: build it with panic = \"unwind\"");

mod bytes;
mod clinical;
pub mod data;
pub mod document;
mod engine;
mod error;
pub mod eval;
#[cfg(test)]
mod fault;
pub mod ffi;
mod files;
mod hash;
mod heads;
mod model;
mod sentence;
mod silence;
mod state_dict;
mod tag;
mod tasks;
pub mod terms;
mod text;
pub mod tokenizer;
#[cfg(feature = "train")]
pub mod train;
#[cfg(not(feature = "train"))]
#[path = "untrained.rs"]
mod train;
mod window;

pub use engine::{Cancel, Device, Engine, EngineOptions, LogSink, Precision, RanOn, TokenSequence};
pub use error::{Error, Result};
pub use files::Loading;
pub use files::vocab::Casing;
pub use heads::{ClsPooling, HeadSpec, Kind, Output, Provenance, Task, is_head_name};
pub use model::{
    ConvertOptions, HeadFile, HeadInfo, Info, Integrity, Model, ModelFormat, OpenOptions, Origin,
    VectorInfo, Verification, convert,
};
pub use sentence::sentences;
pub use tasks::classify::{Class, ClassifyInput, DocumentClasses};
pub use tasks::embed::{DocumentEmbedding, EmbedOptions, Pooling};
pub use tasks::extract::{
    Also, DocumentExtract, ExtractOptions, ExtractedEntity, ExtractedRelation, Judges,
};
pub use tasks::fill::{Candidate, DocumentMasks, FillOptions, Mask};
pub use tasks::ner::{DocumentSpans, NerResult, Span};
pub use tasks::qa::{Answer, QaOptions, Question, QuestionAnswers};
pub use tasks::re::{DocumentRelations, GivenEntity, ReOptions, Relation};
pub use tasks::sections::DocumentSections;
pub use tasks::sentences::DocumentSentences;
pub use tasks::{DocFlags, Results, RunOptions, TextRange};
pub use text::{Input, InvalidText, Markup, OffsetUnit, Offsets, Text};
