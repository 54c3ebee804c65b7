//! Heads: trained, saved and opened by themselves.

use crate::ffi::boundary::boundary;
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::handle::{Out, borrow, give, release};
use crate::ffi::json::biobert_json;
use crate::ffi::model::biobert_model;
use crate::ffi::status::biobert_status;
use crate::ffi::text::biobert_str;
use crate::model::HeadFile;

/// A head on its own, trained on the encoder of a model. Immutable: any number of threads may use
/// it at once. Models keep what they need of it, so it may be freed before them.
pub struct biobert_head(pub(crate) HeadFile);

/// Opens a directory with `head.json` and `head.safetensors`. The head has the name of the
/// directory. `path` is UTF-8 on every system. The caller frees `*out`. Safe on untrusted files.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_head_open_path(
    path: biobert_str,
    out: *mut *mut biobert_head,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let path = path.path()?;
            let out = Out::new(out, "out")?;
            out.write(give(biobert_head(HeadFile::open(path)?)));
            Ok(())
        })
    }
}

/// Writes a head to a directory, which is created if necessary. A head that is there is replaced.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_head_save_path(
    head: *const biobert_head,
    path: biobert_str,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || borrow(head, "head")?.0.save(path.path()?)) }
}

/// Describes a head as JSON: task, labels, hashes of its encoder, tokenizer and data, licence,
/// date, metrics. The caller frees `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_head_info_json(
    head: *const biobert_head,
    out: *mut *mut biobert_json,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let head = &borrow(head, "head")?.0;
            let out = Out::new(out, "out")?;
            out.write(biobert_json::new(head.spec())?);
            Ok(())
        })
    }
}

/// Frees a head. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_head_free(head: *mut biobert_head) {
    // SAFETY: the header demands an object of this library that is freed once.
    guard((), || unsafe { release(head) })
}

/// Makes a model with one more head, named `name`, or by the head's own name if `name` is empty. It
/// shares encoder and tokenizer with `model`, so this takes little time and memory; `model` does
/// not change, nor do calls that run on it. A head of another encoder gives `BIOBERT_E_MODEL`, a
/// name that is taken `BIOBERT_E_ARGUMENT`. The own name of a head that was not saved is `trained`.
/// The caller frees `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_with_head(
    model: *const biobert_model,
    head: *const biobert_head,
    name: biobert_str,
    out: *mut *mut biobert_model,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let (model, head) = (&borrow(model, "model")?.0, &borrow(head, "head")?.0);
            let name = Some(name.str("name")?).filter(|name| !name.is_empty());
            let out = Out::new(out, "out")?;
            out.write(give(biobert_model(model.with_head(head, name)?)));
            Ok(())
        })
    }
}
