//! Terminologies.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::ffi::boundary::boundary;
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::handle::{Out, array, borrow, give, release};
use crate::ffi::json::biobert_json;
use crate::ffi::status::biobert_status;
use crate::ffi::text::biobert_str;
use crate::terms::{Linker, Mention, Terms};

/// A terminology: names and their codes, mapped from a file that `biobert terms build` or
/// `biobert terms learn` wrote. Immutable: any number of threads may use it at once, and
/// processes share its pages. Options and results keep what they need of it, so it may be freed
/// before them.
pub struct biobert_terms(pub(crate) Terms);

/// Opens a terminology. `path` is UTF-8 on every system. It takes milliseconds: the structure is
/// checked, the hash of the whole by `biobert_terms_verify`. The file must not be changed while
/// it is open: replace it by renaming another over it. The caller frees `*out`. Safe on untrusted
/// files.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_terms_open_path(
    path: biobert_str,
    out: *mut *mut biobert_terms,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let path = path.path()?;
            let out = Out::new(out, "out")?;
            out.write(give(biobert_terms(Terms::open(path)?)));
            Ok(())
        })
    }
}

/// Makes a terminology with the vectors of its names, from a file that `biobert terms vectors`
/// wrote: `biobert_extract_run` then also finds names near by the encoder, for what it finds no
/// code otherwise (`BIOBERT_REASON_NEAR`). It shares its pages with `terms`, which does not change.
/// `path` is UTF-8 on every system. The file is checked as `biobert_terms_open_path` does;
/// vectors of another terminology give `BIOBERT_E_MODEL`, and so does a run of another model than
/// the one that made them, or of this one in another arithmetic. The caller frees `*out`. Safe on
/// untrusted files.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_terms_with_vectors(
    terms: *const biobert_terms,
    path: biobert_str,
    out: *mut *mut biobert_terms,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let terms = &borrow(terms, "terms")?.0;
            let path = path.path()?;
            let out = Out::new(out, "out")?;
            out.write(give(biobert_terms(terms.with_vectors(path)?)));
            Ok(())
        })
    }
}

/// Describes a terminology as JSON: name, code system, version, licence, source, how many
/// concepts and names. The caller frees `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_terms_info_json(
    terms: *const biobert_terms,
    out: *mut *mut biobert_json,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let terms = &borrow(terms, "terms")?.0;
            let out = Out::new(out, "out")?;
            out.write(biobert_json::new(terms.info())?);
            Ok(())
        })
    }
}

/// Checks every byte of a terminology, and of its vectors, against its SHA-256.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_terms_verify(
    terms: *const biobert_terms,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || borrow(terms, "terms")?.0.verify()) }
}

/// What the terminologies have for words, without a model and so without vectors, as JSON: a list
/// with an object for each code system,
/// `{"system","candidates":[{"code","name","score","reason"}],"abstention"}`; the first candidate
/// is given where `abstention` is `null`. `label` is the kind of the entity, such as `Disease`; it
/// may be empty. The caller frees `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_terms_link_json(
    terms: *const *const biobert_terms,
    n_terms: usize,
    words: biobert_str,
    label: biobert_str,
    out: *mut *mut biobert_json,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let linker = linker(terms, n_terms)?;
            let (text, label) = (words.str("words")?, label.str("label")?);
            let out = Out::new(out, "out")?;
            let mention = Mention { text, expansion: None, label, section: None };
            out.write(biobert_json::new(&linker.link(&mention))?);
            Ok(())
        })
    }
}

/// Adds a reference: the terminology must then be freed once more. Returns its argument, also if
/// that is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_terms_retain(terms: *const biobert_terms) -> *mut biobert_terms {
    guard(std::ptr::null_mut(), || {
        if !terms.is_null() {
            // SAFETY: the header demands a live terminology, which `give` made from an `Arc`.
            unsafe { Arc::increment_strong_count(terms) };
        }
        terms.cast_mut()
    })
}

/// Releases a reference; the last one frees the terminology. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_terms_free(terms: *mut biobert_terms) {
    // SAFETY: the header demands an object of this library that is freed once per reference.
    guard((), || unsafe { release(terms) })
}

/// What links with terminologies; there must be at least one.
///
/// # Safety
/// `terms` points to `count` pointers, each NULL or to a live terminology, unless `count` is 0.
pub(crate) unsafe fn linker(terms: *const *const biobert_terms, count: usize) -> Result<Linker> {
    // SAFETY: as promised by the caller.
    let terms = unsafe { array(terms, count, "terms") }?;
    if terms.is_empty() {
        return Err(Error::Argument("no terminology is given".into()));
    }
    // SAFETY: as promised by the caller.
    let terms = terms.iter().map(|&one| Ok(unsafe { borrow(one, "a terminology") }?.0.clone()));
    Ok(Linker::new(&terms.collect::<Result<Vec<_>>>()?))
}
