//! AdamW (Loshchilov & Hutter 2019). Candle's own keeps its moments to itself, so that a training could
//! not be interrupted and taken up again.

use candle_core::backprop::GradStore;
use candle_core::{Result, Tensor, Var};

const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPS: f64 = 1e-8;
const DECAY: f64 = 0.01;
/// Length that gradients are cut to.
const CLIP: f64 = 5.0;

/// The moments of every parameter.
pub(super) struct AdamW {
    moments: Vec<(Tensor, Tensor)>,
    steps: u64,
}

impl AdamW {
    pub(super) fn new(vars: &[&Var]) -> Result<AdamW> {
        let zeros = |var: &&Var| Ok((var.zeros_like()?, var.zeros_like()?));
        Ok(AdamW { moments: vars.iter().map(zeros).collect::<Result<_>>()?, steps: 0 })
    }

    /// Both moments of every parameter, one parameter after the other.
    pub(super) fn moments(&self) -> impl Iterator<Item = &Tensor> {
        self.moments.iter().flat_map(|(first, second)| [first, second])
    }

    /// Steps that were taken.
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    /// Sets moments and steps as they were.
    pub(super) fn restore(&mut self, moments: Vec<Tensor>, steps: u64) -> Result<()> {
        if moments.len() != 2 * self.moments.len() {
            candle_core::bail!("too few moments");
        }
        let mut moments = moments.into_iter();
        for (first, second) in &mut self.moments {
            (*first, *second) = match (moments.next(), moments.next()) {
                (Some(own_first), Some(own_second)) => (own_first, own_second),
                _ => candle_core::bail!("too few moments"),
            };
        }
        self.steps = steps;
        Ok(())
    }

    /// Changes the parameters by their gradients.
    pub(super) fn step(&mut self, vars: &[&Var], gradients: &GradStore, rate: f64) -> Result<()> {
        self.steps += 1;
        let own: Vec<Option<&Tensor>> = vars.iter().map(|var| gradients.get(var)).collect();
        let mut squares = 0.0;
        for gradient in own.iter().flatten() {
            squares += f64::from(gradient.sqr()?.sum_all()?.to_scalar::<f32>()?);
        }
        let factor = (CLIP / squares.sqrt().max(1e-12)).min(1.0);
        let bias1 = 1.0 - BETA1.powf(self.steps as f64);
        let bias2 = 1.0 - BETA2.powf(self.steps as f64);
        for ((var, gradient), (first, second)) in vars.iter().zip(own).zip(&mut self.moments) {
            let Some(gradient) = gradient else { continue };
            let gradient = (gradient * factor)?.detach();
            *first = ((&*first * BETA1)? + (&gradient * (1.0 - BETA1))?)?;
            *second = ((&*second * BETA2)? + (gradient.sqr()? * (1.0 - BETA2))?)?;
            let size = ((&*second / bias2)?.sqrt()? + EPS)?;
            let change = ((&*first / bias1)? / size)?;
            let value = var.as_detached_tensor();
            var.set(&((value * (1.0 - rate * DECAY))? - (change * rate)?)?)?;
        }
        Ok(())
    }
}
