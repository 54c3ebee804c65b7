//! Both directions of an LSTM as one operation of the autograd: step by step, its graph would have
//! thousands of nodes for a batch.

use std::sync::{Arc, Mutex, PoisonError};

use biobert_kernels::{FloatEnv, Kernel, Matrix, MatrixMut, Panels};
use candle_core::{CpuStorage, CustomOp2, Device, Layout, Result, Shape, Tensor};

use crate::heads::lstm::{DIRECTIONS, Direction, Steps, Tape, run, scatter};
use crate::train::net::product::{product, transposed};
use crate::train::net::storage::values;

/// From gates, `[rows, 8 * width]` with the forward direction's first, and recurrent weights,
/// `[2, 4 * width, width]`, to outputs, `[rows, 2 * width]`.
pub(super) struct Lstm {
    pub(super) kernel: &'static dyn Kernel,
    /// Where each sequence starts, and the end of the last.
    pub(super) starts: Arc<[usize]>,
    pub(super) width: usize,
    /// Kept from the forward pass for the backward one.
    pub(super) tapes: Mutex<Vec<Tape>>,
}

/// Gradients of one direction: of its gates, `[rows, 4 * width]` in the order of its steps, and the
/// outputs that its steps read, `[rows, width]` in the same order.
struct Back {
    gates: Vec<f32>,
    read: Vec<f32>,
}

impl Lstm {
    fn both<T: Send>(&self, work: impl Fn(usize, Direction, &Steps) -> T + Sync) -> [T; 2] {
        let work = |index: usize| {
            let _env = FloatEnv::standard();
            let direction = DIRECTIONS[index];
            work(index, direction, &Steps::new(&self.starts, direction))
        };
        let (first, second) = rayon::join(|| work(0), || work(1));
        [first, second]
    }

    fn back(
        &self,
        tape: &Tape,
        steps: &Steps,
        recurrent: &[f32],
        outer: impl Fn(usize) -> f32,
    ) -> Back {
        let width = self.width;
        let weight = Panels::pack(4 * width, width, |k, n| recurrent[k * width + n]);
        let mut gates = vec![0.0; tape.gates.len()];
        let mut read = vec![0.0; tape.outputs.len()];
        let mut at: Vec<usize> = vec![0];
        for rows in steps.rows() {
            at.push(at[at.len() - 1] + rows.len());
        }
        // Of the outputs and the cells, from the step after.
        let (mut outputs, mut cells): (Vec<f32>, Vec<f32>) = (Vec::new(), Vec::new());
        for (step, rows) in steps.rows().iter().enumerate().rev() {
            outputs.resize(rows.len() * width, 0.0);
            cells.resize(rows.len() * width, 0.0);
            for (row, &to) in rows.iter().enumerate() {
                for column in 0..width {
                    let here = (at[step] + row) * width + column;
                    let gate = |gate: usize| (at[step] + row) * 4 * width + gate * width + column;
                    let [input, forget, cell, output] = [0, 1, 2, 3].map(|g| tape.gates[gate(g)]);
                    let squashed = biobert_kernels::math::tanh(tape.cells[here]);
                    let old = match step {
                        0 => 0.0,
                        _ => tape.cells[(at[step - 1] + row) * width + column],
                    };
                    let of_output = outputs[row * width + column] + outer(to * 2 * width + column);
                    let of_cell = cells[row * width + column]
                        + of_output * output * (1.0 - squashed * squashed);
                    gates[gate(0)] = of_cell * cell * input * (1.0 - input);
                    gates[gate(1)] = of_cell * old * forget * (1.0 - forget);
                    gates[gate(2)] = of_cell * input * (1.0 - cell * cell);
                    gates[gate(3)] = of_output * squashed * output * (1.0 - output);
                    cells[row * width + column] = of_cell * forget;
                }
            }
            if step > 0 {
                let own = &gates[at[step] * 4 * width..at[step + 1] * 4 * width];
                let own = Matrix::new(own, rows.len(), 4 * width, 4 * width);
                self.kernel.matmul(
                    own,
                    &weight,
                    MatrixMut::new(&mut outputs, rows.len(), width, width),
                );
                let before = &tape.outputs[at[step - 1] * width..][..rows.len() * width];
                read[at[step] * width..at[step + 1] * width].copy_from_slice(before);
            }
        }
        Back { gates, read }
    }
}

impl CustomOp2 for Lstm {
    fn name(&self) -> &'static str {
        "lstm"
    }

    fn cpu_fwd(
        &self,
        gates: &CpuStorage,
        gates_at: &Layout,
        recurrent: &CpuStorage,
        recurrent_at: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let gates = values(gates, gates_at)?;
        let recurrent = values(recurrent, recurrent_at)?;
        let (rows, width) = (gates_at.dims()[0], self.width);
        let tapes = self.both(|index, _, steps| {
            let own = &recurrent[index * 4 * width * width..][..4 * width * width];
            let own = Panels::pack(width, 4 * width, |k, n| own[n * width + k]);
            run(self.kernel, steps, &own, |row| {
                &gates[row * 8 * width + index * 4 * width..][..4 * width]
            })
        });
        let mut out = vec![0.0; rows * 2 * width];
        for (index, (tape, direction)) in tapes.iter().zip(DIRECTIONS).enumerate() {
            let steps = Steps::new(&self.starts, direction);
            scatter(tape, &steps, width, &mut out, 2 * width, index * width);
        }
        *self.tapes.lock().unwrap_or_else(PoisonError::into_inner) = tapes.into();
        Ok((CpuStorage::F32(out), Shape::from((rows, 2 * width))))
    }

    fn bwd(
        &self,
        gates: &Tensor,
        recurrent: &Tensor,
        _out: &Tensor,
        outer: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (rows, width) = (gates.dim(0)?, self.width);
        let outer = outer.flatten_all()?.to_vec1::<f32>()?;
        let weights = recurrent.flatten_all()?.to_vec1::<f32>()?;
        let tapes = std::mem::take(&mut *self.tapes.lock().unwrap_or_else(PoisonError::into_inner));
        let back = self.both(|index, _, steps| {
            let own = &weights[index * 4 * width * width..][..4 * width * width];
            self.back(&tapes[index], steps, own, |at| outer[at + index * width])
        });
        let mut of_gates = vec![0.0; rows * 8 * width];
        let mut of_recurrent = Vec::new();
        for (index, (back, direction)) in back.into_iter().zip(DIRECTIONS).enumerate() {
            let steps = Steps::new(&self.starts, direction);
            let order = steps.rows().iter().flatten();
            for (&row, own) in order.zip(back.gates.chunks_exact(4 * width)) {
                of_gates[row * 8 * width + index * 4 * width..][..4 * width].copy_from_slice(own);
            }
            let read = Panels::pack(rows, width, |row, column| back.read[row * width + column]);
            let own = product(self.kernel, &transposed(&back.gates, 4 * width), &read);
            of_recurrent.push(Tensor::from_vec(own, (4 * width, width), &Device::Cpu)?);
        }
        let of_gates = Tensor::from_vec(of_gates, (rows, 8 * width), &Device::Cpu)?;
        Ok((Some(of_gates), Some(Tensor::stack(&of_recurrent, 0)?)))
    }
}
