//! The products of an embedding's rows with a few states: how near each piece of a vocabulary is to what
//! stands at a place.

use std::borrow::Cow;
use std::ops::Range;

use biobert_kernels::{Matrix, MatrixMut, Panels};

use crate::engine::control::Control;
use crate::engine::runtime::Engine;
use crate::engine::weights::Table;
use crate::error::Result;

/// Rows of a table that a thread takes at a time; rows in int8 are copied to f32 in such blocks.
const BLOCK: usize = 512;

impl Table {
    /// Width of a row.
    pub(crate) fn width(&self) -> usize {
        match self {
            Table::F32 { width, .. } | Table::Int8 { width, .. } => *width,
        }
    }

    /// The product of every row with every state, `[states, rows]`, by all threads. The table is read as
    /// it lies: it is the states that become panels.
    pub(crate) fn products(
        &self,
        engine: &Engine,
        states: &[f32],
        control: &Control,
    ) -> Result<Vec<f32>> {
        let (rows, width) = (self.rows(), self.width());
        let count = states.len() / width;
        let panels = Panels::pack(width, count, |k, state| states[state * width + k]);
        let blocks = (0..rows).step_by(BLOCK).map(|first| first..rows.min(first + BLOCK));
        let product = |block: Range<usize>| {
            control.check()?;
            let values = self.values(block.clone());
            let mut out = vec![0.0; block.len() * count];
            let x = Matrix::new(&values, block.len(), width, width);
            let target = MatrixMut::new(&mut out, block.len(), count, count);
            engine.workers().kernel().matmul(x, &panels, target);
            Ok((block, out))
        };
        let mut products = vec![0.0; count * rows];
        for (block, found) in engine.workers().map(blocks.collect(), product)? {
            for (row, found) in block.zip(found.chunks_exact(count.max(1))) {
                for (state, value) in found.iter().enumerate() {
                    products[state * rows + row] = *value;
                }
            }
        }
        Ok(products)
    }

    /// Some rows in f32.
    fn values(&self, rows: Range<usize>) -> Cow<'_, [f32]> {
        if let Table::F32 { values, width } = self {
            return Cow::Borrowed(&values[rows.start * width..rows.end * width]);
        }
        let mut values = vec![0.0; rows.len() * self.width()];
        for (row, out) in rows.zip(values.chunks_exact_mut(self.width())) {
            self.add_row(row, out);
        }
        Cow::Owned(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Bytes;
    use crate::engine::EngineOptions;

    #[test]
    fn every_row_meets_every_state_whatever_the_table_and_the_threads() {
        let (rows, width) = (BLOCK + 3, 5);
        let whole = |row: usize, k: usize| ((row * 7 + k * 3) % 11) as i8 - 5;
        let bytes = (0..rows * width).map(|at| whole(at / width, at % width) as u8);
        let bytes: Vec<u8> = bytes.collect();
        let copy = |out: &mut [u8]| {
            out.copy_from_slice(&bytes);
            Ok(())
        };
        let mapped = Bytes::private(bytes.len(), copy).unwrap();
        let scales = vec![0.5; rows];
        let int8 =
            Table::Int8 { range: 0..mapped.len(), bytes: mapped, stride: width, width, scales };
        let values = bytes.iter().map(|&byte| f32::from(byte as i8) * 0.5).collect();
        let f32 = Table::F32 { values, width };
        let states: Vec<f32> = (0..2 * width).map(|at| at as f32).collect();
        for threads in [1, 2] {
            let engine = Engine::new(EngineOptions { threads, ..Default::default() }).unwrap();
            for table in [&f32, &int8] {
                let products = table.products(&engine, &states, &Control::default()).unwrap();
                for (at, product) in products.iter().enumerate() {
                    let (state, row) = (at / rows, at % rows);
                    let terms = (0..width)
                        .map(|k| f32::from(whole(row, k)) * 0.5 * states[state * width + k]);
                    assert_eq!(*product, terms.sum::<f32>());
                }
                let none = table.products(&engine, &[], &Control::default()).unwrap();
                assert!(none.is_empty());
            }
        }
    }
}
