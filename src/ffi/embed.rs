//! Embeddings.

use crate::error::{Error, Result};
use crate::ffi::boundary::boundary;
use crate::ffi::call::{Call, inputs};
use crate::ffi::cancel::biobert_cancel;
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::model::biobert_model;
use crate::ffi::options::biobert_run_options;
use crate::ffi::result::biobert_result;
use crate::ffi::sized::{Options, init, read};
use crate::ffi::status::biobert_status;
use crate::ffi::text::{Document, biobert_str, biobert_str16};
use crate::tasks::embed::{EmbedOptions, Pooling};

/// How the states of a document become one vector.
pub type biobert_pooling = i32;
/// The mean over all tokens, without `[CLS]` and `[SEP]`.
pub const BIOBERT_POOLING_MEAN: biobert_pooling = 1;
/// The state of `[CLS]`; with several windows, their mean.
pub const BIOBERT_POOLING_CLS: biobert_pooling = 2;
/// What the model says itself (`modules.json` of its checkpoint): one or several ways of pooling
/// over all tokens with `[CLS]` and `[SEP]`, linear layers, norms, length 1. Of the last layer
/// only. A model for which `biobert_model_vector_width` gives 0 does not have it:
/// `BIOBERT_E_UNSUPPORTED`.
pub const BIOBERT_POOLING_MODEL: biobert_pooling = 3;

/// Options of embeddings. Set them up with `biobert_embed_options_init`; a field that is 0 has its
/// default.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_embed_options {
    /// `sizeof(biobert_embed_options)`.
    pub struct_size: u32,
    /// 0 means `BIOBERT_POOLING_MEAN`.
    pub pooling: biobert_pooling,
    /// Not 0: take the states of layer `layer`. 0: take those of the last layer.
    pub choose_layer: u32,
    /// The layer, if `choose_layer` is not 0. Layer 0 is the embeddings.
    pub layer: u32,
    /// Not 0: scale vectors to length 1.
    pub normalize: u32,
    /// Not 0: also give the place and state of every token.
    pub tokens: u32,
    /// The prompt that is put before each text, by its name; of `BIOBERT_POOLING_MODEL` alone. A NULL
    /// `ptr`: the model's default one, if it has one; an empty name: none.
    pub prompt: biobert_str,
}

// SAFETY: integers and a view only.
unsafe impl Options for biobert_embed_options {}

/// Sets `struct_size` to `size`, which must be `sizeof(biobert_embed_options)`, and every other
/// field to 0, which means its default. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_embed_options_init(
    options: *mut biobert_embed_options,
    size: usize,
) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

impl biobert_embed_options {
    /// # Safety
    /// The prompt points to as many bytes as it says.
    unsafe fn convert(self) -> Result<EmbedOptions> {
        Ok(EmbedOptions {
            pooling: match self.pooling {
                0 | BIOBERT_POOLING_MEAN => Pooling::Mean,
                BIOBERT_POOLING_CLS => Pooling::Cls,
                BIOBERT_POOLING_MODEL => Pooling::Model,
                _ => return Err(Error::Argument("pooling of the options is unknown".into())),
            },
            layer: (self.choose_layer != 0).then_some(self.layer as usize),
            normalize: self.normalize != 0,
            tokens: self.tokens != 0,
            prompt: match self.prompt.ptr.is_null() {
                true => None,
                // SAFETY: as promised by the caller.
                false => Some(unsafe { self.prompt.str("the prompt") }?.into()),
            },
        })
    }
}

/// Turns `n_docs` UTF-8 documents into vectors. Read them with `biobert_result_embedding`,
/// `biobert_result_tokens` and `biobert_result_states`.
///
/// A document that is too long for the model is read in windows; each token has its state from the
/// window with most context for it. A bad document has its own status in the result. `embed` may be
/// NULL for the defaults.
///
/// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
/// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
/// threads may use one model at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_embed_run(
    model: *const biobert_model,
    docs: *const biobert_str,
    n_docs: usize,
    embed: *const biobert_embed_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || run(model, docs, n_docs, embed, options, cancel, out)) }
}

/// `biobert_embed_run` for UTF-16 documents.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_embed_run16(
    model: *const biobert_model,
    docs: *const biobert_str16,
    n_docs: usize,
    embed: *const biobert_embed_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe { boundary(error, || run(model, docs, n_docs, embed, options, cancel, out)) }
}

/// # Safety
/// Pointers are NULL or point to as much as they say.
#[allow(clippy::too_many_arguments, reason = "they are the C function's")]
unsafe fn run<D: Document>(
    model: *const biobert_model,
    docs: *const D,
    n_docs: usize,
    embed: *const biobert_embed_options,
    options: *const biobert_run_options,
    cancel: *const biobert_cancel,
    out: *mut *mut biobert_result,
) -> Result<()> {
    // SAFETY: as promised by the caller.
    unsafe {
        let call = Call::new(model, options, cancel, out)?;
        let docs = inputs(docs, n_docs, "docs")?;
        let embed =
            read(embed)?.map_or(Ok(EmbedOptions::default()), |options| options.convert())?;
        let found = call.model.embed(&docs, &embed, &call.options)?;
        call.finish(found);
    }
    Ok(())
}
