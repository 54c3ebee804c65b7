//! The network that is trained: the head of `model::words`, with gradients.

mod crf;
mod lstm;

use std::sync::{Arc, Mutex};

use biobert_kernels::Kernel;
use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, D, Device, Layout, Result, Tensor, Var};

use crate::model::words::EPS;
use crate::model::words::lstm::DIRECTIONS;
use crate::model::words::names;
use crate::tasks::Tag;
use crate::train::net::crf::Surprise;
use crate::train::net::lstm::Lstm;

/// Part of the numbers that a training step leaves out.
const DROPOUT: f64 = 0.2;

/// Words of several sequences in one list, without padding.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    /// The words' means, `[words, hidden]`.
    pub(super) means: Vec<f32>,
    /// The right label of each word.
    pub(super) labels: Vec<u32>,
    /// Where each sequence starts, and the end of the last.
    pub(super) starts: Vec<usize>,
}

/// Tensors of a head: name, shape, values.
pub(super) type Tensors = Vec<(String, Vec<usize>, Vec<f32>)>;

/// Sizes of the network.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) hidden: usize,
    /// Width of each direction of the LSTM.
    pub(super) width: usize,
    pub(super) labels: usize,
}

/// The parameters.
pub(super) struct Net {
    sizes: Sizes,
    kernel: &'static dyn Kernel,
    tags: Arc<[Tag]>,
    scale: Var,
    shift: Var,
    /// `[hidden, 8 * width]`, the forward direction first.
    input: Var,
    bias: Var,
    /// `[2, 4 * width, width]`.
    recurrent: Var,
    /// `[2 * width, labels]`.
    classifier: Var,
    classifier_bias: Var,
    transitions: Var,
    start: Var,
}

impl Net {
    /// A network as PyTorch starts one: uniform within one over the square root of the inputs.
    pub(super) fn new(
        sizes: Sizes,
        kernel: &'static dyn Kernel,
        tags: Arc<[Tag]>,
        random: &mut fastrand::Rng,
    ) -> Result<Net> {
        let Sizes { hidden, width, labels } = sizes;
        let device = &Device::Cpu;
        let mut uniform = |shape: &[usize], inputs: usize| {
            let bound = 1.0 / (inputs as f32).sqrt();
            let count = shape.iter().product();
            let values = (0..count).map(|_| (2.0 * random.f32() - 1.0) * bound).collect();
            Var::from_vec(values, shape, device)
        };
        let constant = |shape: &[usize], value: f32| {
            Var::from_vec(vec![value; shape.iter().product()], shape, device)
        };
        Ok(Net {
            sizes,
            kernel,
            tags,
            scale: constant(&[hidden], 1.0)?,
            shift: constant(&[hidden], 0.0)?,
            input: uniform(&[hidden, 8 * width], width)?,
            bias: uniform(&[8 * width], width)?,
            recurrent: uniform(&[2, 4 * width, width], width)?,
            classifier: uniform(&[2 * width, labels], 2 * width)?,
            classifier_bias: uniform(&[labels], 2 * width)?,
            transitions: constant(&[labels, labels], 0.0)?,
            start: constant(&[labels], 0.0)?,
        })
    }

    /// All parameters, in a fixed order.
    pub(super) fn vars(&self) -> [&Var; 9] {
        [
            &self.scale,
            &self.shift,
            &self.input,
            &self.bias,
            &self.recurrent,
            &self.classifier,
            &self.classifier_bias,
            &self.transitions,
            &self.start,
        ]
    }

    /// The loss of a batch, a mean over its sequences, and its gradients.
    pub(super) fn step(
        &self,
        batch: Batch,
        random: &mut fastrand::Rng,
    ) -> Result<(f32, GradStore)> {
        let Sizes { hidden, width, .. } = self.sizes;
        let words = batch.labels.len();
        let starts: Arc<[usize]> = batch.starts.into();
        let means = Tensor::from_vec(batch.means, (words, hidden), &Device::Cpu)?;
        let centred = means.broadcast_sub(&means.mean_keepdim(D::Minus1)?)?;
        let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
        let normed = centred.broadcast_div(&(variance + f64::from(EPS))?.sqrt()?)?;
        let normed = normed.broadcast_mul(&self.scale)?.broadcast_add(&self.shift)?;
        let gates = dropout(&normed, random)?.matmul(&self.input)?.broadcast_add(&self.bias)?;
        let lstm =
            Lstm { kernel: self.kernel, starts: starts.clone(), width, tapes: Mutex::default() };
        let read = dropout(&gates.apply_op2(&self.recurrent, lstm)?, random)?;
        let emissions = read.matmul(&self.classifier)?.broadcast_add(&self.classifier_bias)?;
        let surprise = Surprise {
            starts,
            labels: batch.labels,
            tags: self.tags.clone(),
            gradients: Mutex::default(),
        };
        let loss = emissions.apply_op3(&self.transitions, &self.start, surprise)?;
        Ok((loss.to_scalar()?, loss.backward()?))
    }

    /// What a head's file has.
    pub(super) fn tensors(&self) -> Result<Tensors> {
        let width = self.sizes.width;
        let mut tensors = Vec::new();
        let mut add = |name: &str, tensor: &Tensor| {
            let values = tensor.contiguous()?.flatten_all()?.to_vec1()?;
            tensors.push((name.to_string(), tensor.dims().to_vec(), values));
            Ok::<_, candle_core::Error>(())
        };
        add("norm.weight", &self.scale)?;
        add("norm.bias", &self.shift)?;
        for (index, direction) in DIRECTIONS.into_iter().enumerate() {
            let [input, bias, recurrent] = names(direction);
            add(input, &self.input.narrow(1, index * 4 * width, 4 * width)?.t()?)?;
            add(bias, &self.bias.narrow(0, index * 4 * width, 4 * width)?)?;
            add(recurrent, &self.recurrent.get(index)?)?;
        }
        add("classifier.weight", &self.classifier.t()?)?;
        add("classifier.bias", &self.classifier_bias)?;
        add("crf.transitions", &self.transitions)?;
        add("crf.start", &self.start)?;
        Ok(tensors)
    }
}

/// Leaves out some numbers and makes the others as much larger.
fn dropout(x: &Tensor, random: &mut fastrand::Rng) -> Result<Tensor> {
    let kept = (1.0 / (1.0 - DROPOUT)) as f32;
    let mut factor = || if f64::from(random.f32()) < DROPOUT { 0.0 } else { kept };
    let mask = (0..x.elem_count()).map(|_| factor()).collect();
    x.mul(&Tensor::from_vec(mask, x.dims(), &Device::Cpu)?)
}

/// The numbers of a tensor that lies in one piece.
fn values<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let Some((start, end)) = layout.contiguous_offsets() else {
        candle_core::bail!("a tensor in pieces")
    };
    Ok(&storage.as_slice::<f32>()?[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use biobert_kernels::Isa;

    fn net(random: &mut fastrand::Rng) -> Net {
        let tags = ["B", "I", "O"].map(|label| Tag::parse(label, &"X".into()));
        let kernel = biobert_kernels::kernel(Isa::Portable).unwrap();
        let net = Net::new(Sizes { hidden: 5, width: 3, labels: 3 }, kernel, tags.into(), random);
        net.unwrap()
    }

    fn batch(random: &mut fastrand::Rng) -> Batch {
        let means = (0..35).map(|_| 2.0 * random.f32() - 1.0).collect();
        Batch { means, labels: vec![0, 1, 2, 2, 0, 1, 1], starts: vec![0, 3, 3, 7] }
    }

    #[test]
    fn gradients_are_what_a_small_change_makes() {
        let random = &mut fastrand::Rng::with_seed(1);
        let net = net(random);
        // So that nothing stands at a point of its own.
        for var in net.vars() {
            let values = (0..var.elem_count()).map(|_| random.f32() - 0.5).collect();
            var.set(&Tensor::from_vec(values, var.dims(), &Device::Cpu).unwrap()).unwrap();
        }
        let batch = batch(random);
        // The same numbers are left out each time.
        let step = || net.step(batch.clone(), &mut fastrand::Rng::with_seed(7)).unwrap();
        let (_, gradients) = step();
        for (index, var) in net.vars().into_iter().enumerate() {
            let gradient =
                gradients.get(var).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
            let values = var.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            for at in 0..values.len() {
                let change = 1e-2;
                let loss = |by: f32| {
                    let mut changed = values.clone();
                    changed[at] += by;
                    var.set(&Tensor::from_vec(changed, var.dims(), &Device::Cpu).unwrap()).unwrap();
                    step().0
                };
                let slope = (loss(change) - loss(-change)) / (2.0 * change);
                loss(0.0);
                assert!(
                    (slope - gradient[at]).abs() < 2e-3,
                    "{index}/{at}: {slope} {}",
                    gradient[at]
                );
            }
        }
    }
}
