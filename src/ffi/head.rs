//! Heads that were trained on the device.

use crate::ffi::boundary::{boundary, guard};
use crate::ffi::error::biobert_error;
use crate::ffi::handle::{Out, borrow, give, release};
use crate::ffi::json::biobert_json;
use crate::ffi::model::biobert_model;
use crate::ffi::status::biobert_status;
use crate::ffi::text::biobert_str;
use crate::model::HeadFile;

/// A head that was trained on a model's encoder, by itself. Immutable: any number of threads,
/// concurrently. Models keep what they need of it; it may be freed before them.
pub struct biobert_head(pub(crate) HeadFile);

/// Opens a directory with `head.json` and `head.safetensors`; the head is called as the directory.
/// `path` is UTF-8 on every system. The caller frees `*out`. Safe on untrusted files.
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

/// Writes a head into a directory, which is made if need be; a head that was there is replaced.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_head_save_path(
    head: *const biobert_head,
    path: biobert_str,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || borrow(head, "head")?.0.save(path.path()?)) }
}

/// What a head says of itself, as JSON: task, labels, hashes of its encoder, tokenizer and data,
/// licence, date, metrics. The caller frees `*out`.
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

/// Makes a model with one more head, called `name`, or by its own name if `name` is empty. Encoder and
/// tokenizer are shared, so that this takes little time and memory; `model` stays as it is, and calls
/// that run on it are not touched. A head of another encoder is refused with `BIOBERT_E_MODEL`, a name
/// that is taken with `BIOBERT_E_ARGUMENT`. The caller frees `*out`.
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
