//! A long short-term memory that reads packed sequences in both directions (Hochreiter & Schmidhuber
//! 1997, with forget gates; gates in PyTorch's order: input, forget, cell, output).

use biobert_kernels::{Kernel, Matrix, MatrixMut, Panels, math};

/// Which way a direction reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

/// Both, in the order in which their outputs lie beside each other.
pub(crate) const DIRECTIONS: [Direction; 2] = [Direction::Forward, Direction::Backward];

/// The rows of each step: one of every sequence that is still running, the longest sequence first,
/// so that the rows of a step continue the first rows of the step before.
#[derive(Debug, Clone)]
pub(crate) struct Steps(Vec<Vec<usize>>);

impl Steps {
    /// `starts` has where each sequence starts, and the end of the last.
    pub(crate) fn new(starts: &[usize], direction: Direction) -> Steps {
        let mut sequences: Vec<(usize, usize)> =
            starts.windows(2).map(|pair| (pair[0], pair[1])).collect();
        sequences.sort_by_key(|&(start, end)| std::cmp::Reverse(end - start));
        let longest = sequences.first().map_or(0, |&(start, end)| end - start);
        let rows = |step: usize| {
            let running = sequences.iter().take_while(move |&&(start, end)| end - start > step);
            running.map(move |&(start, end)| match direction {
                Direction::Forward => start + step,
                Direction::Backward => end - 1 - step,
            })
        };
        Steps((0..longest).map(|step| rows(step).collect()).collect())
    }

    /// The rows, step by step.
    pub(crate) fn rows(&self) -> &[Vec<usize>] {
        &self.0
    }
}

/// What a direction computed, step by step in the order of its steps.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    /// Gates after their nonlinearities, `[rows, 4 * width]`.
    pub(crate) gates: Vec<f32>,
    /// Cells, `[rows, width]`.
    pub(crate) cells: Vec<f32>,
    /// Outputs, `[rows, width]`.
    pub(crate) outputs: Vec<f32>,
}

/// Runs one direction. `input` gives a row's part of the gates that comes from the input, `4 * width`
/// numbers; `recurrent` is `[width, 4 * width]`.
pub(crate) fn run<'a>(
    kernel: &dyn Kernel,
    steps: &Steps,
    recurrent: &Panels,
    input: impl Fn(usize) -> &'a [f32],
) -> Tape {
    let width = recurrent.k();
    let mut tape = Tape::default();
    let mut product = Vec::new();
    let mut before = None;
    for rows in steps.rows() {
        let at = tape.outputs.len();
        for &row in rows {
            tape.gates.extend_from_slice(input(row));
        }
        tape.cells.resize(at + rows.len() * width, 0.0);
        tape.outputs.resize(at + rows.len() * width, 0.0);
        let (old_cells, cells) = tape.cells.split_at_mut(at);
        let (old_outputs, outputs) = tape.outputs.split_at_mut(at);
        let gates = &mut tape.gates[4 * at..];
        if let Some(before) = before {
            product.resize(gates.len(), 0.0);
            let states = Matrix::new(&old_outputs[before..], rows.len(), width, width);
            let out = MatrixMut::new(&mut product, rows.len(), 4 * width, 4 * width);
            kernel.matmul(states, recurrent, out);
            kernel.add(gates, &product[..gates.len()]);
        }
        for row in 0..rows.len() {
            let gates = &mut gates[4 * row * width..][..4 * width];
            let (input, rest) = gates.split_at_mut(width);
            let (forget, rest) = rest.split_at_mut(width);
            let (cell, output) = rest.split_at_mut(width);
            for at in 0..width {
                input[at] = math::sigmoid(input[at]);
                forget[at] = math::sigmoid(forget[at]);
                cell[at] = math::tanh(cell[at]);
                output[at] = math::sigmoid(output[at]);
                let old = before.map_or(0.0, |before| old_cells[before + row * width + at]);
                let new = forget[at] * old + input[at] * cell[at];
                cells[row * width + at] = new;
                outputs[row * width + at] = output[at] * math::tanh(new);
            }
        }
        before = Some(at);
    }
    tape
}

/// Writes a direction's outputs to where their rows are, in rows of `stride` numbers from `column` on.
pub(crate) fn scatter(
    tape: &Tape,
    steps: &Steps,
    width: usize,
    out: &mut [f32],
    stride: usize,
    column: usize,
) {
    let rows = steps.rows().iter().flatten();
    for (&row, values) in rows.zip(tape.outputs.chunks_exact(width)) {
        out[row * stride + column..][..width].copy_from_slice(values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_take_the_longest_first_and_go_both_ways() {
        let starts = [0, 2, 5, 6];
        let forward = Steps::new(&starts, Direction::Forward);
        assert_eq!(forward.rows(), [vec![2, 0, 5], vec![3, 1], vec![4]]);
        let backward = Steps::new(&starts, Direction::Backward);
        assert_eq!(backward.rows(), [vec![4, 1, 5], vec![3, 0], vec![2]]);
        assert!(Steps::new(&[0], Direction::Forward).rows().is_empty());
    }
}
