//! What LoRA adds to a weight: the product of two narrow matrices (Hu et al. 2021), and with DoRA the length of
//! each row (Liu et al. 2024).

use crate::error::{Error, Result};
use crate::files::adapter::config::AdapterConfig;
use crate::state_dict::{StateDict, present};

/// The tensors of one module's change, by their names in the adapter's file.
#[derive(Debug, Default)]
pub(super) struct Lora {
    /// Its whole name.
    pub(super) module: String,
    pub(super) a: Option<String>,
    pub(super) b: Option<String>,
    pub(super) magnitude: Option<String>,
    /// An embedding's matrices lie the other way round.
    pub(super) is_embedding: bool,
}

impl Lora {
    /// The common side of both matrices.
    pub(super) fn rank(&self, dict: &dyn StateDict) -> Result<usize> {
        let module = &self.module;
        let file = dict.file_name();
        let a = present(file, &format!("{module}.lora_A"), self.a.as_ref())?;
        present(file, &format!("{module}.lora_B"), self.b.as_ref())?;
        match dict.shape(a).unwrap_or_default()[..] {
            [rank, _] if rank > 0 => Ok(rank),
            _ => Err(Error::model(file, format!("{a} is no matrix"))),
        }
    }

    /// Changes the module's weight, `[rows, columns]`.
    pub(super) fn merge(
        &self,
        dict: &dyn StateDict,
        config: &AdapterConfig,
        weight: &mut [f32],
        shape: &[usize],
    ) -> Result<()> {
        let (file, module) = (dict.file_name(), &self.module);
        let (&[rows, columns], Some(a), Some(b)) = (shape, &self.a, &self.b) else {
            return Err(Error::model(file, format!("{module} is changed and is no matrix")));
        };
        let rank = self.rank(dict)?;
        let scaling = config.scaling(module, rank)?;
        if self.is_embedding {
            // A is [rank, rows] and B [columns, rank]: their product is turned round.
            let (a, b) = (dict.f32(a, &[rank, rows])?, dict.f32(b, &[columns, rank])?);
            for (row, values) in weight.chunks_exact_mut(columns).enumerate() {
                for (column, value) in values.iter_mut().enumerate() {
                    let sum = |k: usize| b[column * rank + k] * a[k * rows + row];
                    *value += (0..rank).map(sum).sum::<f32>() * scaling;
                }
            }
            return Ok(());
        }
        let (a, b) = (dict.f32(a, &[rank, columns])?, dict.f32(b, &[rows, rank])?);
        let magnitudes = self.magnitude.as_ref().map(|name| dict.f32(name, &[rows])).transpose()?;
        let mut change = vec![0.0; columns];
        for (row, values) in weight.chunks_exact_mut(columns).enumerate() {
            change.fill(0.0);
            for (factor, a) in b[row * rank..][..rank].iter().zip(a.chunks_exact(columns)) {
                change.iter_mut().zip(a).for_each(|(sum, a)| *sum += factor * a);
            }
            values.iter_mut().zip(&change).for_each(|(value, sum)| *value += sum * scaling);
            if let Some(magnitudes) = &magnitudes {
                let length =
                    values.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt();
                let factor = (f64::from(magnitudes[row]) / length) as f32;
                values.iter_mut().for_each(|value| *value *= factor);
            }
        }
        Ok(())
    }
}
