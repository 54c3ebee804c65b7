//! Relations (RE).

use crate::error::Result;
use crate::ffi::boundary::boundary;
use crate::ffi::call::{Call, inputs, names};
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::handle::array;
use crate::ffi::model::biobert_model;
use crate::ffi::options::biobert_run_options;
use crate::ffi::result::biobert_result;
use crate::ffi::sized::{Options, init, read};
use crate::ffi::status::biobert_status;
use crate::ffi::text::{Document, biobert_str, biobert_str16};
use crate::tasks::re::{GivenEntity, ReOptions};

/// An entity that the caller already knows.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_entity_in {
    /// Index of its document.
    pub doc: u64,
    /// Offset of its first character, in the unit of the call.
    pub start: u64,
    /// Offset after its last character.
    pub end: u64,
    /// Its kind, such as `Chemical`; case does not matter.
    pub kind: biobert_str,
}

/// Options for finding relations. Set them up with `biobert_re_options_init`; a field that is 0 has
/// its default.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_re_options {
    /// `sizeof(biobert_re_options)`.
    pub struct_size: u32,
    /// Not 0: also lists pairs that a head finds unrelated.
    pub unrelated: u32,
}

// SAFETY: integers only.
unsafe impl Options for biobert_re_options {}

/// Sets `struct_size` to `size`, which must be `sizeof(biobert_re_options)`, and every other field
/// to 0, which means its default. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_re_options_init(options: *mut biobert_re_options, size: usize) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

/// Finds the relations of `n_docs` UTF-8 documents with the named heads. If no RE head is named, the
/// model's default RE heads run whose kinds of entity are available; a model that has none runs all.
/// Read the result with `biobert_result_relations` and `biobert_result_spans`.
///
/// A head judges every pair of entities of its kinds in one sentence. The entities are those given
/// in `entities`, or, if that is NULL, those that NER heads find: those among the named heads, and
/// of kinds that these do not find the model's default ones, or any that does. To give an empty
/// list, pass a pointer that is not NULL. An entity with an impossible place makes the call fail.
/// `relations` may be NULL for the defaults.
///
/// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
/// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
/// threads may use one model at once.
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
            Some(given(array(entities, n_entities, "entities")?, n_docs)?)
        };
        let unrelated = read(relations)?.is_some_and(|options| options.unrelated != 0);
        let relations = ReOptions { entities: given.as_deref(), unrelated };
        let found = call.model.re(&heads, &docs, relations, &call.options)?;
        call.finish(found);
    }
    Ok(())
}

/// # Safety
/// The views point to live text.
unsafe fn given(entities: &[biobert_entity_in], n_docs: usize) -> Result<Vec<GivenEntity>> {
    // What is too large for this machine is too large for every document.
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let given = |entity: &biobert_entity_in| {
        let doc = size(entity.doc);
        // SAFETY: as promised by the caller.
        let kind = unsafe { entity.kind.str("an entity's kind") };
        let kind = kind.map_err(|error| match doc < n_docs {
            true => error.of_doc(doc),
            false => error,
        })?;
        let (start, end) = (size(entity.start), size(entity.end));
        Ok(GivenEntity { doc, start, end, kind: kind.to_string() })
    };
    entities.iter().map(given).collect()
}
