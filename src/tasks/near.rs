//! Codes by the encoder's vectors: those of an index's names, written once, and those of mentions that no name was
//! found for.

use std::collections::HashMap;
use std::path::Path;

use biobert_kernels::FloatEnv;
use sha2::{Digest, Sha256};

use crate::engine::Control;
use crate::error::{Error, Result};
use crate::hash::hex_of;
use crate::model::Model;
use crate::tasks::RunOptions;
use crate::tasks::embed::{EmbedOptions, Pooling};
use crate::terms::{Linker, Terms, Unlinked, VectorsMade, write_vectors};
use crate::text::{Input, OffsetUnit};

/// Mentions whose vectors are there at the same time.
const TOGETHER: usize = 512;

impl Model {
    /// Writes the vectors of all names of an index: all of them, or nothing. They are the model's own, or, of a model that
    /// does not say how it makes any, the mean of its last states. [`Terms::with_vectors`] opens the file, which serves this
    /// model and its arithmetic alone. `progress` is told how many names are done.
    ///
    /// # Errors
    /// As [`embed`](Model::embed) for texts that are short; [`Error::Unsupported`] where it is not known what the encoder
    /// was read from; [`Error::Io`].
    pub fn write_vectors(
        &self,
        terms: &Terms,
        path: &Path,
        options: &RunOptions,
        progress: &mut dyn FnMut(usize),
    ) -> Result<VectorsMade> {
        let (control, encoder) = (options.control(), encoder(self)?);
        let width = self.vector_width().unwrap_or(self.hidden());
        let mut done = 0;
        write_vectors(terms, path, &encoder, width, |names| {
            let vectors = vectors(self, names, &control)?;
            done += names.len();
            progress(done);
            Ok(vectors)
        })
    }

    /// The hash, in hexadecimal, of all that decides which vectors this model makes of words: encoder, arithmetic,
    /// tokenizer, pooling.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where it is not known what the encoder was read from.
    pub fn vectors_hash(&self) -> Result<String> {
        Ok(hex_of(&encoder(self)?))
    }

    /// Completes the links of mentions by what is near them, where the linker's indices have vectors.
    ///
    /// # Errors
    /// [`Error::Model`] for vectors that another model made, or this one in another arithmetic; else as
    /// [`embed`](Model::embed).
    pub fn link_near(
        &self,
        linker: &Linker,
        unlinked: &mut [Unlinked<'_>],
        options: &RunOptions,
    ) -> Result<()> {
        check(self, linker)?;
        complete(self, linker, unlinked, &options.control())
    }
}

/// Refuses a linker with vectors that are not this model's.
pub(crate) fn check(model: &Model, linker: &Linker) -> Result<()> {
    if linker.has_vectors() { linker.expect_encoder(&encoder(model)?) } else { Ok(()) }
}

/// The same as [`Model::link_near`] as part of another call, which has checked the linker.
pub(crate) fn complete(
    model: &Model,
    linker: &Linker,
    unlinked: &mut [Unlinked<'_>],
    control: &Control,
) -> Result<()> {
    // Notes say the same thing many times.
    let mut same: HashMap<(&str, &str), Vec<&mut Unlinked<'_>>> = HashMap::new();
    for unlinked in unlinked {
        same.entry((unlinked.text, unlinked.label)).or_default().push(unlinked);
    }
    let mut same: Vec<_> = same.into_iter().collect();
    same.sort_unstable_by_key(|(key, _)| *key);
    for same in same.chunks_mut(TOGETHER) {
        let texts: Vec<&str> = same.iter().map(|((text, _), _)| *text).collect();
        let vectors = vectors(model, &texts, control)?;
        let words = same.iter().map(|(words, _)| *words);
        let near = |((text, label), vector): ((&str, &str), Vec<f32>)| {
            control.check()?;
            Ok(linker.near(text, label, &vector))
        };
        let near = model.engine().workers().map(words.zip(vectors).collect(), near)?;
        for ((_, unlinked), near) in same.iter_mut().zip(&near) {
            unlinked.iter_mut().for_each(|unlinked| unlinked.complete(near));
        }
    }
    Ok(())
}

/// The vectors of words, each by itself.
fn vectors(model: &Model, words: &[&str], control: &Control) -> Result<Vec<Vec<f32>>> {
    let pooling = if model.vector_width().is_some() { Pooling::Model } else { Pooling::Mean };
    let embed = EmbedOptions { pooling, ..EmbedOptions::default() };
    let inputs: Vec<Input<'_>> = words.iter().map(|&words| words.into()).collect();
    let options = RunOptions::new(OffsetUnit::Utf8Bytes);
    let mut found = model.embed_within(&inputs, &embed, &options, control)?;
    let found = std::mem::take(&mut found.documents).into_iter();
    found.map(|found| found.map(|found| found.embedding)).collect()
}

/// The hash of all that decides what vectors are made of words.
fn encoder(model: &Model) -> Result<[u8; 32]> {
    let Some(file) = model.encoder_sha256() else {
        let reason = "vectors of names need a model whose encoder is one file";
        return Err(Error::Unsupported(reason.into()));
    };
    let mut hash = Sha256::new();
    let (precision, tokenizer) = (model.precision().name(), model.tokenizer().sha256());
    hash.update(format!("{file}\n{precision}\n{tokenizer}\n"));
    match model.vectors().ok() {
        None => hash.update("mean\n"),
        Some(vectors) => {
            let spec = &vectors.spec;
            let pooling: Vec<String> = spec.pooling.iter().map(|mode| mode.name()).collect();
            let steps: Vec<String> = spec.steps.iter().map(|step| step.name()).collect();
            hash.update(format!("{} {}\n", pooling.join("+"), steps.join("+")));
            let prompt = spec.prompt(None)?;
            let (tokens, with_prompt, lower) =
                (spec.max_tokens, spec.include_prompt, spec.lower_case);
            hash.update(format!("{tokens} {with_prompt} {lower} {prompt}\n"));
            // What becomes of a row tells the weights of the layers.
            let _env = FloatEnv::standard();
            let width = model.hidden() * spec.pooling.len().max(1);
            let row = (0..width).map(|at| (at * 37 % 101) as f32 / 50.0 - 1.0).collect();
            for number in vectors.of_row(model.engine(), row) {
                hash.update(number.to_le_bytes());
            }
        }
    }
    Ok(hash.finalize().into())
}
