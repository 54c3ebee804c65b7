//! AdamW (Loshchilov & Hutter 2019). Candle's own keeps its moments to itself, so that a training could
//! not be interrupted and taken up again.

use candle_core::backprop::GradStore;
use candle_core::{Device, Result, Tensor, Var};

const BETA1: f32 = 0.9;
const BETA2: f32 = 0.999;
const EPS: f32 = 1e-8;
const DECAY: f64 = 0.01;
/// Length that gradients are cut to.
const CLIP: f64 = 5.0;

/// The moments of every parameter.
pub(super) struct AdamW {
    moments: Vec<[Vec<f32>; 2]>,
    steps: u64,
}

impl AdamW {
    pub(super) fn new(vars: &[&Var]) -> AdamW {
        let zeros = |var: &&Var| [(); 2].map(|()| vec![0.0; var.elem_count()]);
        AdamW { moments: vars.iter().map(zeros).collect(), steps: 0 }
    }

    /// Both moments of every parameter, one parameter after the other.
    pub(super) fn moments(&self) -> impl Iterator<Item = &Vec<f32>> {
        self.moments.iter().flatten()
    }

    /// Steps that were taken.
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    /// Sets moments and steps as they were.
    pub(super) fn restore<'a>(
        &mut self,
        moments: impl Iterator<Item = &'a Vec<f32>>,
        steps: u64,
    ) -> Result<()> {
        let mut moments = moments.cloned();
        for own in self.moments.iter_mut().flatten() {
            match moments.next().filter(|moment| moment.len() == own.len()) {
                Some(moment) => *own = moment,
                None => candle_core::bail!("moments of other parameters"),
            }
        }
        self.steps = steps;
        Ok(())
    }

    /// Changes the parameters by their gradients.
    pub(super) fn step(&mut self, vars: &[&Var], gradients: &GradStore, rate: f64) -> Result<()> {
        self.steps += 1;
        let numbers = |tensor: &Tensor| tensor.flatten_all()?.to_vec1::<f32>();
        let own = |var: &&Var| gradients.get(var).map(numbers).transpose();
        let own: Vec<Option<Vec<f32>>> = vars.iter().map(own).collect::<Result<_>>()?;
        let squares: f64 = own.iter().flatten().flatten().map(|&g| f64::from(g).powi(2)).sum();
        let factor = (CLIP / squares.sqrt().max(1e-12)).min(1.0) as f32;
        let bias = |beta: f32| (1.0 - f64::from(beta).powf(self.steps as f64)) as f32;
        let (bias1, bias2) = (bias(BETA1), bias(BETA2));
        let (kept, rate) = ((1.0 - rate * DECAY) as f32, rate as f32);
        for ((var, gradient), [first, second]) in vars.iter().zip(own).zip(&mut self.moments) {
            let Some(gradient) = gradient else { continue };
            let mut values = numbers(var.as_tensor())?;
            let moments = first.iter_mut().zip(second);
            for ((value, gradient), (first, second)) in values.iter_mut().zip(gradient).zip(moments)
            {
                let gradient = gradient * factor;
                *first = *first * BETA1 + gradient * (1.0 - BETA1);
                *second = *second * BETA2 + gradient * gradient * (1.0 - BETA2);
                let size = (*second / bias2).sqrt() + EPS;
                *value = *value * kept - rate * (*first / bias1) / size;
            }
            var.set(&Tensor::from_vec(values, var.dims(), &Device::Cpu)?)?;
        }
        Ok(())
    }
}
