//! One pass of a BERT in int8: from ids to states, layer by layer, over a packed batch.
//!
//! ```text
//! a share of the sequences for each thread, who meets the others again at the end
//!     for each layer
//!         for each pack of whole sequences, about 128 rows: what it works on stays in L2
//!             attend          query, key and value of a few heads, then their attention
//!             feed forward    output, norm, inner layer and outer layer, block of rows by block
//! ```
//!
//! Where there are fewer sequences than threads, all threads work on one share instead, and divide
//! every step: heads among them, then rows, or the channels of each product where rows are few.
//! Nothing is allocated but the states, once the scratch memory has been used before.

mod attend;
mod crew;
mod given;
mod layer;
mod rows;
mod scratch;
mod shares;

use std::ops::Range;

use biobert_kernels::{Matrix, MatrixMut, ROW_BLOCK};

use crate::engine::pass::crew::Crew;
pub(super) use crate::engine::pass::given::Pass;
use crate::engine::pass::rows::SharedRows;
pub(super) use crate::engine::pass::scratch::Scratch;
use crate::engine::pass::scratch::resized;
use crate::engine::weights::Embeddings;
use crate::error::Result;

/// Rows of a pack: in BERT-base 0.4 MB of f32 states and as much of what becomes of them.
const PACK: usize = 128;

impl Pass<'_> {
    /// Fills `states`, `[T, hidden]` each: of one, with the states after the last layer; of more,
    /// with those of the embeddings and of every layer.
    pub(super) fn run(&self, states: &[MatrixMut<'_>]) -> Result<()> {
        let sequences = self.starts.len() - 1;
        self.workers.inside(|threads| match Crew::of(threads) {
            Crew::Alone => self.share(0..sequences, states, &Crew::Alone),
            all if shares::even(self.starts, threads) => all.each(threads, |index| {
                self.share(shares::share(self.starts, threads, index), states, &Crew::Alone)
            }),
            all => self.share(0..sequences, states, &all),
        })
    }

    /// Some sequences from ids to states.
    fn share(&self, sequences: Range<usize>, states: &[MatrixMut<'_>], crew: &Crew) -> Result<()> {
        let rows = self.rows(&sequences);
        if rows.is_empty() {
            return Ok(());
        }
        self.scratch.with_share(|scratch| {
            let (kernel, hidden) = (self.kernel(), self.hidden);
            // A product may read, and ignore, a block of rows after the last.
            let length = (rows.len() + ROW_BLOCK) * kernel.row_bytes(hidden);
            let quantized = resized(&mut scratch.states, length);
            let quantized = SharedRows::new(quantized, hidden, kernel);
            // SAFETY: shares have no row in common, and this one takes the parts one after another.
            let part = |index: usize| unsafe { states[index].shared_part(rows.clone(), 0..hidden) };
            self.embed(rows.clone(), &part(0), &quantized, crew)?;
            for (index, layer) in self.layers.iter().enumerate() {
                let x = if states.len() > 1 {
                    // The layer works on a copy: the states before it are wanted too.
                    let (mut before, mut x) = (part(index), part(index + 1));
                    for row in 0..rows.len() {
                        x.row(row).copy_from_slice(before.row(row));
                    }
                    x
                } else {
                    part(0)
                };
                let last = index + 1 == self.layers.len();
                for pack in shares::packs(self.starts, sequences.clone(), PACK) {
                    let first = self.rows(&pack).start - rows.start;
                    let is_last_pack = pack.end == sequences.end;
                    let next = if is_last_pack && !last { &self.layers[index + 1] } else { layer };
                    let step = layer::Step { pass: self, layer, next, crew, last };
                    let buffers = (&mut scratch.context, &mut scratch.shared);
                    step.run(pack, first, &x, &quantized, buffers)?;
                }
            }
            Ok(())
        })
    }

    /// The embeddings of some rows, added up, normalised and, where they are narrower than the states,
    /// projected.
    fn embed(
        &self,
        rows: Range<usize>,
        states: &MatrixMut<'_>,
        quantized: &SharedRows<'_>,
        crew: &Crew,
    ) -> Result<()> {
        let Embeddings { norm, project, .. } = self.embeddings;
        let (kernel, width) = (self.kernel(), self.embeddings.width());
        let sum = |at: usize, row: &mut [f32]| {
            self.embeddings.sum(self.tokens[at], self.position[at], self.segment[at], row);
        };
        let normalise = |row: &mut [f32]| {
            kernel.layer_norm(row, &norm.scale, &norm.shift, norm.eps);
        };
        crew.rows(self.control, rows.len(), |index| {
            let at = rows.start + index;
            // SAFETY: each index comes once.
            let (mut states, quantized) = unsafe {
                (states.shared_part(index..index + 1, 0..states.cols()), quantized.row(index))
            };
            let row = states.row(0);
            if let Some(linear) = project {
                self.scratch.with_task(|task| {
                    let narrow = resized(&mut task.block.outer, width);
                    sum(at, narrow);
                    normalise(narrow);
                    let x = Matrix::new(narrow, 1, width, width);
                    let columns = row.len();
                    kernel.matmul(x, &linear.weight, MatrixMut::new(row, 1, columns, columns));
                    kernel.add(row, &linear.bias);
                });
                kernel.quantize(row, quantized);
                return;
            }
            sum(at, row);
            if !norm.pre {
                normalise(row);
                kernel.quantize(row, quantized);
                return;
            }
            self.scratch.with_task(|task| {
                let read = resized(&mut task.block.outer, width);
                read.copy_from_slice(row);
                normalise(read);
                kernel.quantize(read, quantized);
            });
        })
    }
}
