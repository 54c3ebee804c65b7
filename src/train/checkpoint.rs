//! Where a training stood at the end of an epoch, bit for bit.

use candle_core::{Device, Tensor, Var};
use safetensors::SafeTensors;

use crate::error::Result;
use crate::files::write::{self, serialize};
use crate::train::adamw::AdamW;
use crate::train::net::Tensors;
use crate::train::report::Epoch;

/// The best head so far.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Best {
    pub(super) score: f64,
    /// From 1.
    pub(super) epoch: usize,
    pub(super) tensors: Tensors,
}

/// The state of a training between two epochs.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Checkpoint {
    /// Every epoch that was done.
    pub(super) history: Vec<Epoch>,
    /// Looks at the held-out data since one was better than all before.
    pub(super) looks_in_vain: usize,
    pub(super) best: Option<Best>,
    /// Where chance stands.
    pub(super) random: u64,
    /// The parameters, and the optimizer's two moments of each.
    tensors: Tensors,
    steps: u64,
}

const PARAMETERS: &str = "parameter.";
const BEST: &str = "best.";
const FINGERPRINT: &str = "fingerprint";

impl Checkpoint {
    /// Notes the head after an epoch if none was better.
    pub(super) fn look(&mut self, head: Best) {
        let best = self.best.as_ref().map(|best| best.score);
        // Nothing right yet is a start, not a standstill.
        self.looks_in_vain += usize::from(best.is_some_and(|best| best > 0.0));
        if best.is_none_or(|best| head.score > best) {
            self.looks_in_vain = 0;
        }
        // Of equals the later: it has learnt more, and a score of few texts is often the same.
        if best.is_none_or(|best| head.score >= best) {
            self.best = Some(head);
        }
    }

    /// Notes the parameters, the optimizer and chance.
    pub(super) fn take(
        &mut self,
        vars: &[&Var],
        optimizer: &AdamW,
        random: u64,
    ) -> candle_core::Result<()> {
        self.tensors.clear();
        let parameters = vars.iter().map(|var| var.flatten_all()?.to_vec1());
        let parameters = parameters.collect::<candle_core::Result<Vec<Vec<f32>>>>()?;
        for (index, values) in parameters.iter().chain(optimizer.moments()).enumerate() {
            self.tensors.push((index.to_string(), vec![values.len()], values.clone()));
        }
        (self.steps, self.random) = (optimizer.steps(), random);
        Ok(())
    }

    /// Sets the parameters and the optimizer as they were.
    pub(super) fn restore(&self, vars: &[&Var], optimizer: &mut AdamW) -> candle_core::Result<()> {
        let mut values = self.tensors.iter().map(|(_, _, values)| values);
        for var in vars {
            let Some(values) = values.next() else { candle_core::bail!("too few parameters") };
            var.set(&Tensor::from_vec(values.clone(), var.dims(), &Device::Cpu)?)?;
        }
        optimizer.restore(values, self.steps)
    }

    /// The bytes of a file that [`read`](Self::read) takes with the same fingerprint only.
    pub(super) fn bytes(&self, fingerprint: &str) -> Result<Vec<u8>> {
        let (score, epoch) = self.best.as_ref().map_or((0.0, 0), |best| (best.score, best.epoch));
        let counts =
            [self.random, self.steps, self.looks_in_vain as u64, epoch as u64, score.to_bits()];
        // What was not looked at is no number.
        let f1 = |epoch: &Epoch| epoch.f1.unwrap_or(f64::NAN).to_bits();
        let losses: Vec<f32> = self.history.iter().map(|epoch| epoch.loss).collect();
        let f1: Vec<u64> = self.history.iter().map(f1).collect();
        let mut stored = vec![
            write::Tensor::u64("counts".into(), &counts),
            write::Tensor::f32("losses".into(), vec![losses.len()], losses.into_iter()),
            write::Tensor::u64("f1".into(), &f1),
        ];
        let best = self.best.iter().flat_map(|best| &best.tensors).map(|tensor| (BEST, tensor));
        let all = self.tensors.iter().map(|tensor| (PARAMETERS, tensor)).chain(best);
        // Names are sorted in a file: numbers keep the order.
        for (index, (kind, (name, shape, values))) in all.enumerate() {
            let name = format!("{kind}{index:03}.{name}");
            stored.push(write::Tensor::f32(name, shape.clone(), values.iter().copied()));
        }
        let metadata = [(FINGERPRINT.to_string(), fingerprint.to_string())].into();
        serialize(&stored, Some(metadata))
    }

    /// A checkpoint of a training with this fingerprint; `None` if it is of another, or damaged: then
    /// the training starts anew.
    pub(super) fn read(bytes: &[u8], fingerprint: &str) -> Option<Checkpoint> {
        let (_, metadata) = SafeTensors::read_metadata(bytes).ok()?;
        if metadata.metadata().as_ref()?.get(FINGERPRINT)? != fingerprint {
            return None;
        }
        let file = SafeTensors::deserialize(bytes).ok()?;
        let u64s = |name: &str| {
            let data = file.tensor(name).ok()?.data().as_chunks().0;
            Some(data.iter().map(|&bytes| u64::from_le_bytes(bytes)).collect::<Vec<u64>>())
        };
        let f32s = |data: &[u8]| -> Vec<f32> {
            data.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
        };
        let &[random, steps, looks_in_vain, epoch, score] = u64s("counts")?.as_slice() else {
            return None;
        };
        let losses = f32s(file.tensor("losses").ok()?.data());
        let f1 = u64s("f1")?.into_iter().map(|bits| Some(f64::from_bits(bits)));
        let f1 = f1.map(|f1| f1.filter(|f1| !f1.is_nan()));
        let history = losses.into_iter().zip(f1).map(|(loss, f1)| Epoch { loss, f1 }).collect();
        let mut names = file.names();
        names.sort_unstable();
        let named = |kind: &str| -> Option<Tensors> {
            let own = names.iter().filter_map(|name| Some((*name, name.strip_prefix(kind)?)));
            let tensor = |(full, rest): (&str, &str)| {
                let view = file.tensor(full).ok()?;
                let (_, name) = rest.split_once('.')?;
                Some((name.to_string(), view.shape().to_vec(), f32s(view.data())))
            };
            own.map(tensor).collect()
        };
        let best =
            Best { score: f64::from_bits(score), epoch: epoch as usize, tensors: named(BEST)? };
        Some(Checkpoint {
            history,
            looks_in_vain: looks_in_vain as usize,
            best: (epoch > 0).then_some(best),
            random,
            tensors: named(PARAMETERS)?,
            steps,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_comes_back_bit_for_bit_or_not_at_all() {
        let tensors: Tensors =
            (0..12).map(|i| (format!("t.{i}"), vec![1, 2], vec![0.1, i as f32])).collect();
        let checkpoint = Checkpoint {
            history: vec![Epoch { loss: 0.3, f1: None }, Epoch { loss: 0.1, f1: Some(71.23) }],
            looks_in_vain: 3,
            best: Some(Best { score: 71.23, epoch: 2, tensors: tensors[..2].into() }),
            random: u64::MAX,
            tensors,
            steps: 77,
        };
        let bytes = checkpoint.bytes("one").unwrap();
        assert_eq!(Checkpoint::read(&bytes, "one"), Some(checkpoint));
        assert_eq!(Checkpoint::read(&bytes, "other"), None);
        assert_eq!(Checkpoint::read(&bytes[..bytes.len() - 1], "one"), None);
        let empty = Checkpoint::default();
        assert_eq!(Checkpoint::read(&empty.bytes("one").unwrap(), "one"), Some(empty));
    }
}
