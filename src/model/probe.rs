//! The probe of a bundle: a few token sequences with the states that the unquantized checkpoint
//! gave for them in f32, and the logits of every head. A model can check itself against them.

use safetensors::SafeTensors;
use serde::Serialize;

use crate::engine::{Batch, Control, Encoder, Engine, TokenSequence};
use crate::error::{Error, Result};
use crate::files::safetensors::TensorFile;
use crate::files::write::Tensor;
use crate::heads::{Head, largest};
use crate::model::Model;
use crate::tokenizer::Tokenizer;

/// Texts of ours that touch diseases, drugs, genes, numbers and punctuation.
const TEXTS: [&str; 4] = [
    "Mr. Lee, 64, was started on warfarin 5 mg for atrial fibrillation.",
    "Loss of TP53 and BRCA2 is common in ovarian carcinoma; Mus musculus models agree (p < 0.01).",
    "No fever, no rash. Allergic to penicillin: hives in 2009.",
    "Hypokalaemia after furosemide resolved with KCl 40 mmol/day.",
];

/// What a model's check of itself found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verification {
    /// Sequences that were run.
    pub sequences: usize,
    /// Largest absolute difference of a state from the checkpoint's in f32; infinite where a state is
    /// no number.
    pub state_drift: f32,
    /// Largest absolute difference of a logit.
    pub logit_drift: f32,
    /// Decisions compared: a token's label, a sequence's class, a token's start or end logit sign.
    pub decisions: usize,
    /// Decisions that came out differently.
    pub changed: usize,
}

/// The probe sequences of a tokenizer, at most `max_tokens` long.
pub(super) fn sequences(tokenizer: &Tokenizer, max_tokens: usize) -> Result<Vec<TokenSequence>> {
    let special = tokenizer.special();
    let sequence = |text| {
        let pieces = tokenizer.pieces(text, || Ok(()))?;
        let inner = pieces.ids.into_iter().take(max_tokens - 2);
        let ids: Vec<u32> = [special.cls].into_iter().chain(inner).chain([special.sep]).collect();
        Ok(TokenSequence { first_segment: ids.len(), ids })
    };
    TEXTS.into_iter().map(sequence).collect()
}

/// The tensors of `probe.safetensors` for an encoder that still has its f32 weights.
pub(super) fn record(
    encoder: &Encoder,
    sequences: Vec<TokenSequence>,
    heads: &[Head],
) -> Result<Vec<Tensor>> {
    let states = |sequence: TokenSequence| {
        let mut batch = Batch::new();
        batch.push_tokens(&sequence);
        Ok((sequence.ids, encoder.run_last(&batch, &Control::default())?))
    };
    let recorded = sequences.into_iter().map(states).collect::<Result<Vec<_>>>()?;
    Ok(tensors(encoder, recorded, heads))
}

/// The tensors of a bundle's probe with other heads: the states stay the checkpoint's.
pub(super) fn record_again(
    encoder: &Encoder,
    probe: &TensorFile,
    heads: &[Head],
) -> Result<Vec<Tensor>> {
    let parsed = probe.parse()?;
    let mut recorded = Vec::new();
    while let Some(ids) = stored_ids(&parsed, recorded.len()) {
        let states = stored(probe, &parsed, &format!("{}.states", recorded.len()))?;
        if ids.is_empty() || states.len() != ids.len() * encoder.width() {
            return Err(Error::model(probe.file_name(), "states and ids differ in length"));
        }
        recorded.push((ids, states));
    }
    Ok(tensors(encoder, recorded, heads))
}

fn tensors(encoder: &Encoder, recorded: Vec<(Vec<u32>, Vec<f32>)>, heads: &[Head]) -> Vec<Tensor> {
    let mut tensors = Vec::new();
    for (index, (ids, states)) in recorded.into_iter().enumerate() {
        let (tokens, hidden) = (ids.len(), encoder.width());
        let ids = ids.into_iter().map(|id| id as i32);
        tensors.push(Tensor::i32(format!("{index}.ids"), vec![tokens], ids));
        for head in heads {
            let logits = probe_logits(encoder.engine(), head, &states, hidden);
            let shape = vec![logits.len() / head.spec.labels.len(), head.spec.labels.len()];
            let name = format!("{index}.logits.{}", head.name);
            tensors.push(Tensor::f32(name, shape, logits.into_iter()));
        }
        let shape = vec![tokens, hidden];
        tensors.push(Tensor::f32(format!("{index}.states"), shape, states.into_iter()));
    }
    tensors
}

fn stored_ids(tensors: &SafeTensors<'_>, index: usize) -> Option<Vec<u32>> {
    let ids = tensors.tensor(&format!("{index}.ids")).ok()?;
    Some(ids.data().as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect())
}

/// The logits of one sequence.
fn probe_logits(engine: &Engine, head: &Head, states: &[f32], hidden: usize) -> Vec<f32> {
    head.logits(engine, &head.rows(states, hidden))
}

impl Model {
    /// Checks what a bundle stores of itself: its probe sequences are run and compared with their
    /// stored f32 states and logits.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a model that is no bundle.
    pub fn verify(&self) -> Result<Verification> {
        let probe = self.shared.probe.as_ref().ok_or_else(|| {
            Error::Unsupported("only a bundle can be verified; convert the checkpoint first".into())
        })?;
        verify(self, probe)
    }
}

/// Runs the probe of a bundle.
fn verify(model: &Model, file: &TensorFile) -> Result<Verification> {
    let tensors = file.parse()?;
    let mut found =
        Verification { sequences: 0, state_drift: 0.0, logit_drift: 0.0, decisions: 0, changed: 0 };
    while let Some(ids) = stored_ids(&tensors, found.sequences) {
        let index = found.sequences;
        let sequence = TokenSequence { first_segment: ids.len(), ids };
        let states = model.states(std::slice::from_ref(&sequence), model.layers())?;
        found.state_drift = found
            .state_drift
            .max(drift(&states, &stored(file, &tensors, &format!("{index}.states"))?)?);
        for head in model.heads.iter() {
            let name = format!("{index}.logits.{}", head.name);
            // A head that was trained later is no part of the bundle.
            if head.spec.kind.reads_layers() || !tensors.names().contains(&&*name) {
                continue;
            }
            let logits = probe_logits(model.engine(), head, &states, model.hidden());
            let want = stored(file, &tensors, &name)?;
            found.logit_drift = found.logit_drift.max(drift(&logits, &want)?);
            let labels = head.spec.labels.len();
            for (got, want) in logits.chunks_exact(labels).zip(want.chunks_exact(labels)) {
                found.decisions += 1;
                found.changed += usize::from(largest(got) != largest(want));
            }
        }
        found.sequences += 1;
    }
    Ok(found)
}

fn stored(file: &TensorFile, tensors: &SafeTensors<'_>, name: &str) -> Result<Vec<f32>> {
    let missing = |_| Error::model(file.file_name(), format!("{name} is missing"));
    let shape = tensors.tensor(name).map_err(missing)?.shape().to_vec();
    file.f32(tensors, name, &shape)
}

fn drift(got: &[f32], want: &[f32]) -> Result<f32> {
    if got.len() != want.len() {
        return Err(Error::model("probe.safetensors", "the probe belongs to another model"));
    }
    let differences = got.iter().zip(want).map(|(got, want)| (got - want).abs());
    // What is no number is as far off as can be; `max` would not see it.
    Ok(differences.map(|d| if d.is_nan() { f32::INFINITY } else { d }).fold(0.0, f32::max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_as_far_off_as_can_be() {
        assert_eq!(drift(&[1.0, -2.0], &[1.5, -2.25]).unwrap(), 0.5);
        assert_eq!(drift(&[f32::NAN, 1.0], &[0.0, 1.0]).unwrap(), f32::INFINITY);
        assert!(drift(&[1.0], &[]).is_err());
    }
}
