//! Losses: how unlikely the right classes and the right bounds of answers are.

use candle_core::{D, Device, Result, Tensor};

/// Logarithms of probabilities along the last axis.
pub(super) fn log_softmax(logits: &Tensor) -> Result<Tensor> {
    let sums = logits.log_sum_exp(D::Minus1)?.unsqueeze(D::Minus1)?;
    logits.broadcast_sub(&sums)
}

/// The mean over rows of the negative log likelihood of their classes, each with its class's weight.
/// `logits` is `[rows, classes]`.
pub(super) fn classes(
    logits: &Tensor,
    targets: Vec<u32>,
    weights: Option<&[f32]>,
) -> Result<Tensor> {
    let own = |&target: &u32| weights.map_or(1.0, |weights| weights[target as usize]);
    let own: Vec<f32> = targets.iter().map(own).collect();
    let sum: f32 = own.iter().sum();
    let rows = targets.len();
    let targets = Tensor::from_vec(targets, (rows, 1), &Device::Cpu)?;
    let own = Tensor::from_vec(own, (rows, 1), &Device::Cpu)?;
    let right = log_softmax(logits)?.gather(&targets, 1)?.mul(&own)?;
    right.sum_all()? * f64::from(-1.0 / sum)
}

/// The mean over sequences, starts and ends of the negative log likelihood of the right row. `logits`
/// is `[rows, 2]`; `targets` has a start and an end for each sequence, as rows of it.
pub(super) fn span(logits: &Tensor, starts: &[usize], targets: &[u32]) -> Result<Tensor> {
    let mut sums = Vec::with_capacity(starts.len());
    let mut right = Vec::with_capacity(targets.len());
    for (pair, targets) in starts.windows(2).zip(targets.chunks_exact(2)) {
        let own = logits.narrow(0, pair[0], pair[1] - pair[0])?.t()?.contiguous()?;
        sums.push(own.log_sum_exp(1)?);
        let at = |which: usize| 2 * (pair[0] as u32 + targets[which]) + which as u32;
        right.extend([at(0), at(1)]);
    }
    let count = right.len();
    let right = Tensor::from_vec(right, count, &Device::Cpu)?;
    let right = logits.flatten_all()?.index_select(&right, 0)?;
    (Tensor::cat(&sums, 0)?.sum_all()? - right.sum_all()?)? * (1.0 / count as f64)
}
