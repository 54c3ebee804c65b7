//! The network that is trained: the reader of `model::reader` with gradients, and a loss.

mod crf;
mod loss;
mod lstm;
mod product;
mod storage;

use std::sync::{Arc, Mutex};

use biobert_kernels::Kernel;
use candle_core::backprop::GradStore;
use candle_core::{D, DType, Device, Result, Tensor, Var};

use crate::heads::lstm::DIRECTIONS;
use crate::heads::reader::{EPS, names};
use crate::tag::Tag;
use crate::train::lesson::Goal;
use crate::train::net::crf::Surprise;
use crate::train::net::lstm::Lstm;
use crate::train::net::product::Product;

/// Part of the numbers that a training step leaves out.
const DROPOUT: f64 = 0.2;

/// Rows of several sequences in one list, without padding.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    /// The rows' features, `[rows, layers, hidden]`.
    pub(super) rows: Vec<f32>,
    /// Of each sequence what is right, as in [`Sequence`](crate::train::lesson::Sequence).
    pub(super) targets: Vec<u32>,
    /// Where the rows of each sequence start, and the end of the last.
    pub(super) starts: Vec<usize>,
}

/// Tensors of a head: name, shape, values.
pub(super) type Tensors = Vec<(String, Vec<usize>, Vec<f32>)>;

/// What a network is made of.
#[derive(Debug, Clone)]
pub(super) struct Design {
    pub(super) hidden: usize,
    /// Layers that a learned mix weighs; `None`: the rows are mixed.
    pub(super) mix: Option<usize>,
    /// Weights of the layers that rows were mixed with, `[layers]`, for the head's file; `None` for a
    /// linear head, which reads the last.
    pub(super) mixed: Option<Vec<f32>>,
    /// Rows that are read together.
    pub(super) places: usize,
    pub(super) norm: bool,
    pub(super) body: Body,
    pub(super) goal: Goal,
    pub(super) tags: Arc<[Tag]>,
    /// What each class counts for in the loss.
    pub(super) weights: Option<Vec<f32>>,
}

/// What stands between the norm and the classifier, with its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    Nothing,
    /// The width of each direction.
    Lstm(usize),
    Hidden(usize),
}

/// The parameters.
pub(super) struct Net {
    design: Design,
    kernel: &'static dyn Kernel,
    /// Before the softmax, `[places, layers]`.
    mix: Option<Var>,
    /// Scale and shift of the norm after a learned mix. Before a layer that is learned they add nothing;
    /// without them the rows need no gradients.
    norm: Option<[Var; 2]>,
    body: Layers,
    /// `[width, labels]`.
    classifier: Var,
    classifier_bias: Var,
    /// Transitions and scores of the first label.
    crf: Option<[Var; 2]>,
}

enum Layers {
    Nothing,
    Lstm {
        /// `[hidden, 8 * width]`, the forward direction first.
        input: Var,
        bias: Var,
        /// `[2, 4 * width, width]`.
        recurrent: Var,
        width: usize,
    },
    Hidden {
        weight: Var,
        bias: Var,
    },
}

impl Net {
    /// A network as PyTorch starts one: uniform within one over the square root of the inputs.
    pub(super) fn new(
        design: Design,
        kernel: &'static dyn Kernel,
        random: &mut fastrand::Rng,
    ) -> Result<Net> {
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
        let (hidden, labels) = (design.hidden, design.tags.len());
        let read = design.places * hidden;
        let mix = design.mix.map(|layers| constant(&[design.places, layers], 0.0)).transpose()?;
        let norm = match design.norm && design.mix.is_some() {
            true => Some([constant(&[hidden], 1.0)?, constant(&[hidden], 0.0)?]),
            false => None,
        };
        let (body, width) = match design.body {
            Body::Nothing => (Layers::Nothing, read),
            Body::Lstm(width) => {
                let input = uniform(&[hidden, 8 * width], width)?;
                let bias = uniform(&[8 * width], width)?;
                let recurrent = uniform(&[2, 4 * width, width], width)?;
                (Layers::Lstm { input, bias, recurrent, width }, 2 * width)
            }
            Body::Hidden(width) => {
                let weight = uniform(&[read, width], read)?;
                (Layers::Hidden { weight, bias: uniform(&[width], read)? }, width)
            }
        };
        let crf = match design.goal {
            Goal::Crf => Some([constant(&[labels, labels], 0.0)?, constant(&[labels], 0.0)?]),
            _ => None,
        };
        let classifier = uniform(&[width, labels], width)?;
        let classifier_bias = uniform(&[labels], width)?;
        Ok(Net { design, kernel, mix, norm, body, classifier, classifier_bias, crf })
    }

    /// All parameters, in a fixed order.
    pub(super) fn vars(&self) -> Vec<&Var> {
        let mut vars: Vec<&Var> = self.mix.iter().chain(self.norm.iter().flatten()).collect();
        match &self.body {
            Layers::Nothing => {}
            Layers::Lstm { input, bias, recurrent, .. } => vars.extend([input, bias, recurrent]),
            Layers::Hidden { weight, bias } => vars.extend([weight, bias]),
        }
        vars.extend([&self.classifier, &self.classifier_bias]);
        vars.extend(self.crf.iter().flatten());
        vars
    }

    /// The loss of a batch and its gradients.
    pub(super) fn step(
        &self,
        batch: Batch,
        random: &mut fastrand::Rng,
    ) -> Result<(f32, GradStore)> {
        let Batch { rows, targets, starts } = batch;
        let starts: Arc<[usize]> = starts.into();
        let logits = self.logits(rows, &starts, random)?;
        let loss = match (&self.crf, self.design.goal) {
            (Some([transitions, start]), _) => {
                let (tags, gradients) = (self.design.tags.clone(), Mutex::default());
                let surprise = Surprise { starts, labels: targets, tags, gradients };
                logits.apply_op3(transitions, start, surprise)?
            }
            (None, Goal::Span) => loss::span(&logits, &starts, &targets)?,
            (None, _) => loss::classes(&logits, targets, self.design.weights.as_deref())?,
        };
        Ok((loss.to_scalar()?, loss.backward()?))
    }

    fn logits(
        &self,
        mut rows: Vec<f32>,
        starts: &Arc<[usize]>,
        random: &mut fastrand::Rng,
    ) -> Result<Tensor> {
        let Design { hidden, places, .. } = self.design;
        let count = starts.last().copied().unwrap_or(0);
        if self.design.norm && self.norm.is_none() {
            let (scale, shift) = (vec![1.0; hidden], vec![0.0; hidden]);
            let rows = rows.chunks_exact_mut(hidden);
            rows.for_each(|row| self.kernel.layer_norm(row, &scale, &shift, EPS));
        }
        let mut rows = match (&self.mix, self.design.mix) {
            (Some(mix), Some(layers)) => {
                let rows =
                    Tensor::from_vec(rows, (count / places, places, layers, hidden), &Device::Cpu)?;
                let weights = loss::log_softmax(mix)?.exp()?.reshape((1, places, layers, 1))?;
                rows.broadcast_mul(&weights)?.sum(2)?.reshape((count, hidden))?
            }
            _ => Tensor::from_vec(rows, (count, hidden), &Device::Cpu)?,
        };
        if let Some([scale, shift]) = &self.norm {
            let centred = rows.broadcast_sub(&rows.mean_keepdim(D::Minus1)?)?;
            let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
            let normed = centred.broadcast_div(&(variance + f64::from(EPS))?.sqrt()?)?;
            rows = normed.broadcast_mul(scale)?.broadcast_add(shift)?;
        }
        let product = |x: &Tensor, weight: &Var| x.apply_op2(weight, Product(self.kernel));
        let rows = dropout(&rows.reshape((count / places, places * hidden))?, random)?;
        let read = match &self.body {
            Layers::Nothing => rows,
            Layers::Lstm { input, bias, recurrent, width } => {
                let gates = product(&rows, input)?.broadcast_add(bias)?;
                let (starts, width) = (starts.clone(), *width);
                let lstm = Lstm { kernel: self.kernel, starts, width, tapes: Mutex::default() };
                dropout(&gates.apply_op2(recurrent, lstm)?, random)?
            }
            Layers::Hidden { weight, bias } => {
                dropout(&product(&rows, weight)?.broadcast_add(bias)?.relu()?, random)?
            }
        };
        product(&read, &self.classifier)?.broadcast_add(&self.classifier_bias)
    }

    /// What a head's file has.
    pub(super) fn tensors(&self) -> Result<Tensors> {
        let mut tensors = Vec::new();
        let mut add = |name: &str, tensor: &Tensor| {
            let values = tensor.contiguous()?.flatten_all()?.to_vec1()?;
            tensors.push((name.to_string(), tensor.dims().to_vec(), values));
            Ok::<_, candle_core::Error>(())
        };
        match (&self.mix, &self.design.mixed) {
            (Some(mix), _) => add("mix", &loss::log_softmax(mix)?.exp()?)?,
            (None, Some(mixed)) => {
                add("mix", &Tensor::from_vec(mixed.clone(), (1, mixed.len()), &Device::Cpu)?)?;
            }
            (None, None) => {}
        }
        if let Some([scale, shift]) = &self.norm {
            add("norm.weight", scale)?;
            add("norm.bias", shift)?;
        } else if self.design.norm {
            let hidden = self.design.hidden;
            add("norm.weight", &Tensor::ones(hidden, DType::F32, &Device::Cpu)?)?;
            add("norm.bias", &Tensor::zeros(hidden, DType::F32, &Device::Cpu)?)?;
        }
        match &self.body {
            Layers::Nothing => {}
            Layers::Lstm { input, bias, recurrent, width } => {
                for (index, direction) in DIRECTIONS.into_iter().enumerate() {
                    let [input_name, bias_name, recurrent_name] = names(direction);
                    add(input_name, &input.narrow(1, index * 4 * width, 4 * width)?.t()?)?;
                    add(bias_name, &bias.narrow(0, index * 4 * width, 4 * width)?)?;
                    add(recurrent_name, &recurrent.get(index)?)?;
                }
            }
            Layers::Hidden { weight, bias } => {
                add("hidden.weight", &weight.t()?)?;
                add("hidden.bias", bias)?;
            }
        }
        add("classifier.weight", &self.classifier.t()?)?;
        add("classifier.bias", &self.classifier_bias)?;
        if let Some([transitions, start]) = &self.crf {
            add("crf.transitions", transitions)?;
            add("crf.start", start)?;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use biobert_kernels::Isa;

    const BATCH_ROWS: usize = 8;

    fn net(design: impl FnOnce(&mut Design), random: &mut fastrand::Rng) -> Net {
        let tags = ["B", "I", "O"].map(|label| Tag::parse(label, &"X".into()));
        let mut own = Design {
            hidden: 5,
            mix: None,
            mixed: None,
            places: 1,
            norm: true,
            body: Body::Nothing,
            goal: Goal::Crf,
            tags: tags.into(),
            weights: None,
        };
        design(&mut own);
        Net::new(own, biobert_kernels::kernel(Isa::Portable).unwrap(), random).unwrap()
    }

    /// Each gradient against what a small change makes.
    fn check(net: &Net, targets: &[u32], starts: &[usize], random: &mut fastrand::Rng) {
        // So that nothing stands at a point of its own.
        for var in net.vars() {
            let values = (0..var.elem_count()).map(|_| random.f32() - 0.5).collect();
            var.set(&Tensor::from_vec(values, var.dims(), &Device::Cpu).unwrap()).unwrap();
        }
        let numbers = BATCH_ROWS * net.design.mix.unwrap_or(1) * 5;
        let rows = (0..numbers).map(|_| 2.0 * random.f32() - 1.0).collect();
        let batch = Batch { rows, targets: targets.into(), starts: starts.into() };
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
                    (slope - gradient[at]).abs() < 3e-3,
                    "{index}/{at}: {slope} {}",
                    gradient[at]
                );
            }
        }
    }

    #[test]
    fn gradients_are_what_a_small_change_makes() {
        let random = &mut fastrand::Rng::with_seed(1);
        let labels = [0, 1, 2, 2, 0, 1, 1, 2];
        let crf = net(|design| design.body = Body::Lstm(3), random);
        check(&crf, &labels, &[0, 3, 3, 8], random);
        let words = |design: &mut Design| {
            (design.mix, design.goal, design.norm) = (Some(3), Goal::Rows, false);
        };
        check(&net(words, random), &labels, &[0, 8], random);
        let places = |design: &mut Design| {
            (design.mix, design.places, design.body) = (Some(2), 4, Body::Hidden(6));
            (design.goal, design.weights) = (Goal::Class, Some(vec![1.0, 2.0, 0.5]));
        };
        check(&net(places, random), &[2, 1], &[0, 4, 8], random);
        let span = |design: &mut Design| {
            (design.body, design.goal) = (Body::Lstm(2), Goal::Span);
            design.tags = design.tags[..2].into();
        };
        check(&net(span, random), &[1, 2, 0, 0], &[0, 5, 8], random);
    }
}
