//! All that a note says.

use crate::clinical::context::Judges;
use crate::error::{Error, Result};
use crate::ffi::boundary::boundary;
use crate::ffi::call::{Call, inputs, names};
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::model::biobert_model;
use crate::ffi::options::biobert_run_options;
use crate::ffi::result::biobert_result;
use crate::ffi::sized::{Options, init, read};
use crate::ffi::status::biobert_status;
use crate::ffi::terms::{biobert_terms, linker};
use crate::ffi::text::{Document, biobert_str, biobert_str16};
use crate::tasks::extract::ExtractOptions;

/// Who judges what a note says of an entity.
pub type biobert_judges = i32;

/// The model's head for assertions, if it has one, the section and the rules together.
pub const BIOBERT_JUDGES_ALL: biobert_judges = 1;
/// The head alone; the model must have one.
pub const BIOBERT_JUDGES_HEAD: biobert_judges = 2;
/// Section and rules alone.
pub const BIOBERT_JUDGES_RULES: biobert_judges = 3;
/// Nobody: assertions are switched off.
pub const BIOBERT_JUDGES_NONE: biobert_judges = 4;

/// Options for reading notes. Set them up with `biobert_extract_options_init`; a field that is 0
/// has its default.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_extract_options {
    /// `sizeof(biobert_extract_options)`.
    pub struct_size: u32,
    /// Who judges assertions; 0 means `BIOBERT_JUDGES_ALL`.
    pub judges: biobert_judges,
    /// Terminologies that give entities their codes. NULL means none.
    pub terms: *const *const biobert_terms,
    /// How many they are.
    pub n_terms: usize,
}

// SAFETY: integers and a pointer.
unsafe impl Options for biobert_extract_options {}

/// Sets `struct_size` to `size`, which must be `sizeof(biobert_extract_options)`, and every
/// other field to 0, which means its default. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_extract_options_init(
    options: *mut biobert_extract_options,
    size: usize,
) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

impl biobert_extract_options {
    /// # Safety
    /// `terms` is NULL or points to `n_terms` pointers to live terminologies.
    unsafe fn convert(self) -> Result<ExtractOptions> {
        let assertion = match self.judges {
            0 | BIOBERT_JUDGES_ALL => Some(Judges::All),
            BIOBERT_JUDGES_HEAD => Some(Judges::Head),
            BIOBERT_JUDGES_RULES => Some(Judges::Rules),
            BIOBERT_JUDGES_NONE => None,
            _ => return Err(Error::Argument("judges of the options is unknown".into())),
        };
        // SAFETY: as promised by the caller.
        let linker = (self.n_terms > 0).then(|| unsafe { linker(self.terms, self.n_terms) });
        Ok(ExtractOptions { assertion, linker: linker.transpose()? })
    }
}

/// Finds all that `n_docs` UTF-8 notes say: sections, entities with their assertions, long forms
/// and attributes, and relations. Read them with `biobert_result_sections`,
/// `biobert_result_entities`, `biobert_result_also`, `biobert_result_attributes`,
/// `biobert_result_links`, `biobert_result_codes`, `biobert_result_relations` and
/// `biobert_result_code_relations`.
///
/// `heads` may name heads for entities, for relations, and at most one for assertions. If
/// `n_heads` is 0, the model's default heads are used; if none for assertions is named, the
/// model's. Where heads mark the same words as kinds that mean the same, such as Problem and
/// Disease, they are one entity, of the head that comes first. `extract` may be NULL for the
/// defaults. A bad document has its own status in the result and does not make the call fail.
///
/// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on
/// failure, including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any
/// number of threads may use one model at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_extract_run(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    docs: *const biobert_str,
    n_docs: usize,
    extract: *const biobert_extract_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || run(model, heads, n_heads, docs, n_docs, extract, options, cancel, out))
    }
}

/// `biobert_extract_run` for UTF-16 notes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_extract_run16(
    model: *const biobert_model,
    heads: *const biobert_str,
    n_heads: usize,
    docs: *const biobert_str16,
    n_docs: usize,
    extract: *const biobert_extract_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || run(model, heads, n_heads, docs, n_docs, extract, options, cancel, out))
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
    extract: *const biobert_extract_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let call = Call::new(model, options, cancel, out)?;
        let (heads, docs) = (names(heads, n_heads)?, inputs(docs, n_docs, "docs")?);
        let extract = read(extract)?.map_or(Ok(ExtractOptions::default()), |o| o.convert())?;
        let found = call.model.extract(&heads, &docs, &extract, &call.options)?;
        call.finish(found);
    }
    Ok(())
}
