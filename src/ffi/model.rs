//! Models.

use std::sync::Arc;

use crate::engine::Precision;
use crate::error::{Error, Result};
use crate::ffi::boundary::boundary;
use crate::ffi::engine::biobert_engine;
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::handle::{Out, borrow, give, release};
use crate::ffi::json::biobert_json;
use crate::ffi::sized::{Options, init, read};
use crate::ffi::status::biobert_status;
use crate::ffi::text::{biobert_str, strings};
use crate::files::Loading;
use crate::files::vocab::Casing;
use crate::model::{Integrity, Model, OpenOptions};

/// A model: tokenizer, encoder and heads. Immutable: any number of threads may use it at once.
/// Results keep what they need of it, so it may be freed before them.
pub struct biobert_model(pub(crate) Model);

/// How thoroughly a bundle is checked when it is opened.
pub type biobert_integrity = i32;
/// Check every byte of every file against its SHA-256.
pub const BIOBERT_INTEGRITY_FULL: biobert_integrity = 1;
/// Check small files as above, but only length and header of the tensor files.
pub const BIOBERT_INTEGRITY_HEADERS: biobert_integrity = 2;

/// Whether a model's files are mapped or copied.
pub type biobert_loading = i32;
/// Map them, so that processes share the pages. Overwriting a mapped file in place kills the
/// process with SIGBUS: replace a model by renaming directories.
pub const BIOBERT_LOADING_MAP: biobert_loading = 1;
/// Read them into memory. Later changes to the files do no harm.
pub const BIOBERT_LOADING_COPY: biobert_loading = 2;

/// The arithmetic of a model.
pub type biobert_precision = i32;
/// 32-bit floating point.
pub const BIOBERT_PRECISION_F32: biobert_precision = 1;
/// 8-bit integers with exact sums: the same bits on every processor. Not for ONNX graphs other than
/// BERT.
pub const BIOBERT_PRECISION_INT8: biobert_precision = 2;

/// What decides whether a WordPiece tokenizer keeps the case of text.
pub type biobert_casing = i32;
/// The vocabulary: for a cased one text is never lower-cased, whatever the checkpoint's files say.
pub const BIOBERT_CASING_VOCABULARY: biobert_casing = 1;
/// The checkpoint's files; where they say nothing, text is lower-cased.
pub const BIOBERT_CASING_FILES: biobert_casing = 2;

/// Options of opening a model. Set them up with `biobert_model_options_init`; a field that is 0 has
/// its default.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_model_options {
    /// `sizeof(biobert_model_options)`.
    pub struct_size: u32,
    /// 0 means `BIOBERT_INTEGRITY_FULL`.
    pub integrity: biobert_integrity,
    /// 0 means `BIOBERT_LOADING_MAP`.
    pub loading: biobert_loading,
    /// 0 means that of the stored weights: int8 for a bundle, f32 for a checkpoint.
    pub precision: biobert_precision,
    /// 0 means `BIOBERT_CASING_VOCABULARY`.
    pub casing: biobert_casing,
    /// Names for the outputs of a checkpoint's head, in their order, as many as it has. NULL means
    /// those that the checkpoint has. A bundle takes none.
    pub labels: *const biobert_str,
    /// How many they are.
    pub n_labels: usize,
}

// SAFETY: integers and a pointer.
unsafe impl Options for biobert_model_options {}

/// Sets `struct_size` to `size`, which must be `sizeof(biobert_model_options)`, and every other
/// field to 0, which means its default. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_options_init(
    options: *mut biobert_model_options,
    size: usize,
) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

impl biobert_model_options {
    /// # Safety
    /// `labels` is NULL or points to `n_labels` names.
    unsafe fn convert(self) -> Result<OpenOptions> {
        let unknown = |field: &str| Error::Argument(format!("{field} of the options is unknown"));
        Ok(OpenOptions {
            integrity: match self.integrity {
                0 | BIOBERT_INTEGRITY_FULL => Integrity::Full,
                BIOBERT_INTEGRITY_HEADERS => Integrity::Headers,
                _ => return Err(unknown("integrity")),
            },
            loading: match self.loading {
                0 | BIOBERT_LOADING_MAP => Loading::Map,
                BIOBERT_LOADING_COPY => Loading::Copy,
                _ => return Err(unknown("loading")),
            },
            precision: match self.precision {
                0 => None,
                BIOBERT_PRECISION_F32 => Some(Precision::F32),
                BIOBERT_PRECISION_INT8 => Some(Precision::Int8),
                _ => return Err(unknown("precision")),
            },
            casing: match self.casing {
                0 | BIOBERT_CASING_VOCABULARY => Casing::Vocabulary,
                BIOBERT_CASING_FILES => Casing::Files,
                _ => return Err(unknown("casing")),
            },
            // SAFETY: as promised by the caller.
            labels: unsafe { strings(self.labels, self.n_labels, "labels", "a label") }?,
        })
    }
}

/// Opens a bundle, or a checkpoint directory with `model.safetensors`, `pytorch_model.bin` or
/// `model.onnx`. `path` is UTF-8 on every system; `options` may be NULL for the defaults. The
/// caller frees `*out`. Safe on untrusted files: nothing in them is run.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_open_path(
    engine: *const biobert_engine,
    path: biobert_str,
    options: *const biobert_model_options,
    out: *mut *mut biobert_model,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let engine = &borrow(engine, "engine")?.0;
            let path = path.path()?;
            let options = read(options)?.map_or(Ok(OpenOptions::default()), |o| o.convert())?;
            let out = Out::new(out, "out")?;
            out.write(give(biobert_model(Model::open(engine, path, options)?)));
            Ok(())
        })
    }
}

/// Describes a model as JSON: format, path taken, precision, instruction set, heads, limits,
/// source, notes. The caller frees `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_info_json(
    model: *const biobert_model,
    out: *mut *mut biobert_json,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let model = &borrow(model, "model")?.0;
            let out = Out::new(out, "out")?;
            out.write(biobert_json::new(&model.info())?);
            Ok(())
        })
    }
}

/// How many heads a model has. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_head_count(model: *const biobert_model) -> usize {
    // SAFETY: as the header demands of callers.
    guard(0, || unsafe { model.as_ref() }.map_or(0, |model| model.0.heads().count()))
}

/// How wide the vectors of `BIOBERT_POOLING_MODEL` are. 0 if the model does not say how to make any,
/// and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_vector_width(model: *const biobert_model) -> usize {
    // SAFETY: as the header demands of callers.
    guard(0, || unsafe { model.as_ref() }.and_then(|model| model.0.vector_width()).unwrap_or(0))
}

/// What stands for a missing word in the texts of `biobert_fill_run`, such as `[MASK]`. Empty if the
/// model cannot fill it, and for NULL. The view lives as long as the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_mask_token(model: *const biobert_model) -> biobert_str {
    guard(biobert_str::of(""), || {
        // SAFETY: as the header demands of callers.
        let token = unsafe { model.as_ref() }.and_then(|model| model.0.mask_token());
        biobert_str::of(token.unwrap_or_default())
    })
}

/// The name of a head by its index. The view lives as long as the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_head_name(
    model: *const biobert_model,
    index: usize,
    out: *mut biobert_str,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let model = &borrow(model, "model")?.0;
            let name = model.heads().nth(index).map(|(name, _)| name);
            let name = name.ok_or_else(|| Error::Argument("index is out of range".into()))?;
            Out::new(out, "out")?.write(biobert_str::of(name));
            Ok(())
        })
    }
}

/// How many labels a head has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_label_count(
    model: *const biobert_model,
    head: biobert_str,
    out: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let model = &borrow(model, "model")?.0;
            let head = model.head(head.str("head")?)?;
            Out::new(out, "out")?.write(head.spec.labels.len());
            Ok(())
        })
    }
}

/// The name of a head's label by its index. The view lives as long as the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_label_name(
    model: *const biobert_model,
    head: biobert_str,
    index: usize,
    out: *mut biobert_str,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let model = &borrow(model, "model")?.0;
            let label = model.head(head.str("head")?)?.spec.labels.get(index);
            let label = label.ok_or_else(|| Error::Argument("index is out of range".into()))?;
            Out::new(out, "out")?.write(biobert_str::of(label));
            Ok(())
        })
    }
}

/// Runs the self-check of a bundle and gives what it found as JSON, for the caller to judge:
/// `{"sequences","state_drift","logit_drift","decisions","changed"}`. A drift is `null` if a value
/// was not a number. The files themselves were checked when the model was opened. The caller frees
/// `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_verify(
    model: *const biobert_model,
    out: *mut *mut biobert_json,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let model = &borrow(model, "model")?.0;
            let out = Out::new(out, "out")?;
            out.write(biobert_json::new(&model.verify()?)?);
            Ok(())
        })
    }
}

/// Adds a reference: the model must then be freed once more. Returns its argument, also if that is
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_retain(model: *const biobert_model) -> *mut biobert_model {
    guard(std::ptr::null_mut(), || {
        if !model.is_null() {
            // SAFETY: the header demands a live model, which `give` made from an `Arc`.
            unsafe { Arc::increment_strong_count(model) };
        }
        model.cast_mut()
    })
}

/// Releases a reference; the last one frees the model. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_model_free(model: *mut biobert_model) {
    // SAFETY: the header demands an object of this library that is freed once per reference.
    guard((), || unsafe { release(model) })
}
