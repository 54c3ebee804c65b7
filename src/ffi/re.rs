//! Relations.

use crate::error::Result;
use crate::ffi::boundary::{boundary, guard};
use crate::ffi::call::{Call, inputs, names};
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::error::biobert_error;
use crate::ffi::handle::array;
use crate::ffi::model::biobert_model;
use crate::ffi::options::{Options, biobert_run_options, init, read};
use crate::ffi::result::biobert_result;
use crate::ffi::status::biobert_status;
use crate::ffi::text::{Document, biobert_str, biobert_str16};
use crate::tasks::re::{GivenEntity, RelationOptions};

/// An entity that the caller knows already.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_entity_in {
    /// Index of its document.
    pub doc: u64,
    /// Offset of its first character, in the unit of the call.
    pub start: u64,
    /// Offset behind its last character.
    pub end: u64,
    /// Its kind, such as `Chemical`; capitals do not matter.
    pub kind: biobert_str,
}

/// Options of relations. Set up with `biobert_re_options_init`; 0 is the default.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_re_options {
    /// `sizeof(biobert_re_options)`.
    pub struct_size: u32,
    /// Not 0: pairs are listed too that a head finds unrelated.
    pub unrelated: u32,
}

// SAFETY: integers only.
unsafe impl Options for biobert_re_options {}

/// Writes `size`, which is `sizeof(biobert_re_options)` of the calling program, and zeros, which
/// mean the defaults. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_re_options_init(options: *mut biobert_re_options, size: usize) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

/// Finds relations in `n_docs` UTF-8 documents with the heads named, or with all for this task whose
/// entities are to be had if `n_heads` is 0; see `biobert_result_relations` and
/// `biobert_result_spans`.
///
/// Every pair of entities of a head's kinds in one sentence is judged. The entities are the caller's,
/// or, if `entities` is NULL, those that the model's NER heads find; an empty list is given by a
/// pointer that is not NULL. An entity with an impossible place makes the call fail. `relations` may
/// be NULL for the defaults.
/// `options` must choose a unit. `cancel` may be NULL. On success the caller frees `*out`; on
/// failure, `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE` included, it is not touched. Any number
/// of threads may run on one model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_re_run(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    docs: *const biobert_str,
    n_docs: usize,
    entities: *const biobert_entity_in,
    n_entities: usize,
    relations: *const biobert_re_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            run(
                model, heads, n_heads, docs, n_docs, entities, n_entities, relations, options,
                cancel, out,
            )
        })
    }
}

/// `biobert_re_run` for UTF-16 documents.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_re_run16(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    docs: *const biobert_str16,
    n_docs: usize,
    entities: *const biobert_entity_in,
    n_entities: usize,
    relations: *const biobert_re_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            run(
                model, heads, n_heads, docs, n_docs, entities, n_entities, relations, options,
                cancel, out,
            )
        })
    }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
#[allow(clippy::too_many_arguments, reason = "they are the C function's")]
unsafe fn run<D: Document>(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    docs: *const D,
    n_docs: usize,
    entities: *const biobert_entity_in,
    n_entities: usize,
    relations: *const biobert_re_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let call = Call::new(model, options, cancel, out)?;
        let (heads, docs) = (names(heads, n_heads)?, inputs(docs, n_docs, "docs")?);
        let given = if entities.is_null() && n_entities == 0 {
            None
        } else {
            Some(given(array(entities, n_entities, "entities")?)?)
        };
        let unrelated = read(relations)?.is_some_and(|options| options.unrelated != 0);
        let relations = RelationOptions { entities: given.as_deref(), unrelated };
        let found = call.model.relations(&heads, &docs, relations, &call.options)?;
        call.finish(found);
    }
    Ok(())
}

/// # Safety
/// The views point to live text.
unsafe fn given(entities: &[biobert_entity_in]) -> Result<Vec<GivenEntity>> {
    // What is too large for this machine is too large for every document.
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let given = |entity: &biobert_entity_in| {
        Ok(GivenEntity {
            document: size(entity.doc),
            start: size(entity.start),
            end: size(entity.end),
            // SAFETY: as promised by the caller.
            kind: unsafe { entity.kind.str("an entity's kind") }?.to_string(),
        })
    };
    entities.iter().map(given).collect()
}
