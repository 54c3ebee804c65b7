//! How unlikely the right labels are, as one operation of the autograd: forward and backward sums
//! give the gradients.

use std::sync::{Arc, Mutex, PoisonError};

use candle_core::{CpuStorage, CustomOp3, Device, Layout, Result, Shape, Tensor};

use crate::heads::crf::{Crf, Lattice};
use crate::tag::Tag;
use crate::train::net::storage::values;

/// From emissions, `[rows, labels]`, transitions, `[labels, labels]`, and scores of the first label,
/// `[labels]`, to the mean over sequences of their negative log likelihood.
pub(super) struct Surprise {
    /// Where each sequence starts, and the end of the last.
    pub(super) starts: Arc<[usize]>,
    /// The right label of each row.
    pub(super) labels: Vec<u32>,
    pub(super) tags: Arc<[Tag]>,
    /// The gradients, kept from the forward pass.
    pub(super) gradients: Mutex<Option<[Tensor; 3]>>,
}

impl CustomOp3 for Surprise {
    fn name(&self) -> &'static str {
        "surprise"
    }

    fn cpu_fwd(
        &self,
        emissions: &CpuStorage,
        emissions_at: &Layout,
        transitions: &CpuStorage,
        transitions_at: &Layout,
        start: &CpuStorage,
        start_at: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let emissions = values(emissions, emissions_at)?;
        let mut crf = Crf {
            transitions: values(transitions, transitions_at)?.to_vec(),
            start: values(start, start_at)?.to_vec(),
            end: Vec::new(),
        };
        crf.constrain(&self.tags);
        let count = crf.start.len();
        let mut of_emissions = vec![0.0_f32; emissions.len()];
        let mut of_transitions = vec![0.0_f64; count * count];
        let mut of_start = vec![0.0_f64; count];
        let mut surprise = 0.0;
        let share = 1.0 / (self.starts.len() - 1).max(1) as f64;
        for pair in self.starts.windows(2).filter(|pair| pair[0] < pair[1]) {
            let own = &emissions[pair[0] * count..pair[1] * count];
            let labels = &self.labels[pair[0]..pair[1]];
            let lattice = Lattice::new(&crf, own, 1.0);
            surprise += lattice.log_sum();
            let out = &mut of_emissions[pair[0] * count..pair[1] * count];
            for (gradient, probability) in out.iter_mut().zip(lattice.marginals()) {
                *gradient = (probability * share) as f32;
            }
            for (gradient, probability) in of_start.iter_mut().zip(lattice.marginals()) {
                *gradient += probability * share;
            }
            for (word, &label) in labels.iter().enumerate() {
                let label = label as usize;
                surprise -= f64::from(own[word * count + label]);
                out[word * count + label] -= share as f32;
                if word == 0 {
                    surprise -= f64::from(crf.start[label]);
                    of_start[label] -= share;
                    continue;
                }
                let before = labels[word - 1] as usize;
                surprise -= f64::from(crf.transitions[before * count + label]);
                of_transitions[before * count + label] -= share;
                for from in 0..count {
                    for to in 0..count {
                        of_transitions[from * count + to] += lattice.step(word, from, to) * share;
                    }
                }
            }
        }
        let f32s =
            |numbers: &[f64]| numbers.iter().map(|&number| number as f32).collect::<Vec<_>>();
        let device = &Device::Cpu;
        *self.gradients.lock().unwrap_or_else(PoisonError::into_inner) = Some([
            Tensor::from_vec(of_emissions, emissions_at.dims(), device)?,
            Tensor::from_vec(f32s(&of_transitions), (count, count), device)?,
            Tensor::from_vec(f32s(&of_start), count, device)?,
        ]);
        Ok((CpuStorage::F32(vec![(surprise * share) as f32]), Shape::from(())))
    }

    fn bwd(
        &self,
        _emissions: &Tensor,
        _transitions: &Tensor,
        _start: &Tensor,
        _out: &Tensor,
        outer: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let gradients = self.gradients.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some([emissions, transitions, start]) = gradients else {
            return Ok((None, None, None));
        };
        let scaled = |gradient: Tensor| gradient.broadcast_mul(outer).map(Some);
        Ok((scaled(emissions)?, scaled(transitions)?, scaled(start)?))
    }
}
