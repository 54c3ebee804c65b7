//! The linear layer that every head ends in, and the choice among its outputs.

use crate::engine::linear::Linear;
use crate::engine::weights::Norm;
use crate::error::Result;
use crate::state_dict::StateDict;

/// A LayerNorm of a state dict, where it may be without a shift.
pub(crate) fn norm(dict: &dyn StateDict, name: &str, width: usize, eps: f32) -> Result<Norm> {
    let scale = dict.f32(&format!("{name}.weight"), &[width])?;
    let shift = format!("{name}.bias");
    let shift = match dict.shape(&shift) {
        Some(_) => dict.f32(&shift, &[width])?,
        None => vec![0.0; width],
    };
    Ok(Norm { scale, shift, eps, pre: false })
}

/// A linear layer of a state dict. PyTorch keeps its weights as `[out, in]`.
pub(crate) fn linear(dict: &dyn StateDict, name: &str, k: usize, n: usize) -> Result<Linear> {
    let weight = dict.f32(&format!("{name}.weight"), &[n, k])?;
    Ok(Linear::from_rows(&weight, k, dict.f32(&format!("{name}.bias"), &[n])?))
}

/// Index of the largest value, the first of equals.
pub(crate) fn largest(values: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}
