//! A linear layer in f32.

use biobert_kernels::{Matrix, MatrixMut, Panels};

use crate::engine::Engine;

/// A linear layer: `x * weight + bias`.
#[derive(Debug)]
pub(crate) struct Linear {
    pub(crate) weight: Panels,
    pub(crate) bias: Vec<f32>,
}

impl Linear {
    /// From weights as PyTorch keeps them: `[out, in]`, `k` inputs each.
    pub(crate) fn from_rows(weight: &[f32], k: usize, bias: Vec<f32>) -> Linear {
        let weight = Panels::pack(k, bias.len(), |row, column| weight[column * k + row]);
        Linear { weight, bias }
    }

    /// `x * weight + bias` for each row.
    pub(crate) fn apply(&self, engine: &Engine, x: &[f32]) -> Vec<f32> {
        let (k, n) = (self.weight.k(), self.weight.n());
        let rows = x.len() / k;
        let kernel = engine.workers().kernel();
        let mut out = vec![0.0; rows * n];
        let x = Matrix::new(x, rows, k, k);
        kernel.matmul(x, &self.weight, MatrixMut::new(&mut out, rows, n, n));
        out.chunks_exact_mut(n).for_each(|row| kernel.add(row, &self.bias));
        out
    }
}
