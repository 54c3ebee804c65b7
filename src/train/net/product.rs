//! Products of matrices by the kernels of the engine, as an operation of the autograd: the same bits on
//! every processor and with any number of threads, and no threads but those of the pool it runs on.

use biobert_kernels::{FloatEnv, Kernel, Matrix, MatrixMut, Panels, ROW_BLOCK};
use candle_core::{CpuStorage, CustomOp2, Device, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

use crate::train::net::storage::values;

/// `[rows, k]` times `[k, n]`.
pub(super) struct Product(pub(super) &'static dyn Kernel);

/// `[rows, k]` times a matrix of `k` rows.
pub(super) fn product(kernel: &'static dyn Kernel, x: &[f32], weight: &Panels) -> Vec<f32> {
    let (k, n) = (weight.k(), weight.n());
    let rows = x.len() / k;
    let mut out = vec![0.0; rows * n];
    let per_task = rows.div_ceil(rayon::current_num_threads()).next_multiple_of(ROW_BLOCK);
    x.par_chunks(per_task * k).zip(out.par_chunks_mut(per_task * n)).for_each(|(x, out)| {
        let _env = FloatEnv::standard();
        let rows = x.len() / k;
        kernel.matmul(Matrix::new(x, rows, k, k), weight, MatrixMut::new(out, rows, n, n));
    });
    out
}

/// `[rows, columns]` the other way round.
pub(super) fn transposed(x: &[f32], columns: usize) -> Vec<f32> {
    let rows = x.len() / columns;
    let mut out = vec![0.0; x.len()];
    for (row, values) in x.chunks_exact(columns).enumerate() {
        for (column, &value) in values.iter().enumerate() {
            out[column * rows + row] = value;
        }
    }
    out
}

impl CustomOp2 for Product {
    fn name(&self) -> &'static str {
        "product"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_at: &Layout,
        weight: &CpuStorage,
        weight_at: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, (k, n)) = (x_at.dims()[0], weight_at.shape().dims2()?);
        let weight = values(weight, weight_at)?;
        let weight = Panels::pack(k, n, |row, column| weight[row * n + column]);
        let out = product(self.0, values(x, x_at)?, &weight);
        Ok((CpuStorage::F32(out), Shape::from((rows, n))))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        _out: &Tensor,
        outer: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (rows, (k, n)) = (x.dim(0)?, weight.dims2()?);
        let outer = outer.flatten_all()?.to_vec1::<f32>()?;
        let across = transposed(&x.flatten_all()?.to_vec1()?, k);
        let panels = Panels::pack(rows, n, |row, column| outer[row * n + column]);
        let of_weight = Tensor::from_vec(product(self.0, &across, &panels), (k, n), &Device::Cpu)?;
        // What nothing is learnt of needs no gradient.
        if !x.track_op() {
            return Ok((None, Some(of_weight)));
        }
        let weight = weight.flatten_all()?.to_vec1::<f32>()?;
        let panels = Panels::pack(n, k, |row, column| weight[column * n + row]);
        let of_x = Tensor::from_vec(product(self.0, &outer, &panels), (rows, k), &Device::Cpu)?;
        Ok((Some(of_x), Some(of_weight)))
    }
}
