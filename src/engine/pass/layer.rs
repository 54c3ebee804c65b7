//! One layer over one pack.

use std::ops::Range;

use biobert_kernels::{MatrixMut, ROW_BLOCK};

use crate::engine::pass::crew::Crew;
use crate::engine::pass::given::Pass;
use crate::engine::pass::rows::SharedRows;
use crate::engine::pass::scratch::{Block, Context, resized};
use crate::engine::quant::QuantLinear;
use crate::engine::weights::{Layer, Norm};
use crate::error::Result;

/// Rows that go through the feed-forward steps together: BERT-base's inner states, 1.5 MB in f32.
const BLOCK: usize = 128;

/// A layer of a pass, and who works on it.
pub(super) struct Step<'a> {
    pub(super) pass: &'a Pass<'a>,
    pub(super) layer: &'a Layer<QuantLinear>,
    /// The layer that is worked on afterwards.
    pub(super) next: &'a Layer<QuantLinear>,
    pub(super) crew: &'a Crew,
    /// Whether the states are the last ones: these go to heads, which read f32.
    pub(super) last: bool,
}

impl Step<'_> {
    /// Brings the states of a pack through the layer. `states` and `quantized` are those of the
    /// share, in which the pack's first row is `first`.
    pub(super) fn run(
        &self,
        sequences: Range<usize>,
        first: usize,
        states: &MatrixMut<'_>,
        quantized: &SharedRows<'_>,
        (context, shared): (&mut Context, &mut Block),
    ) -> Result<()> {
        let (kernel, hidden) = (self.pass.kernel(), self.pass.hidden);
        let count = self.pass.rows(&sequences).len();
        if count == 0 {
            return Ok(());
        }
        let rows = first..first + count;
        let values = resized(&mut context.values, count * hidden);
        let values = MatrixMut::new(values, count, hidden, hidden);
        self.heads(sequences, rows.clone(), quantized, &values)?;

        let length = (count + ROW_BLOCK) * kernel.row_bytes(hidden);
        let context = resized(&mut context.quantized, length);
        let context = SharedRows::new(context, hidden, kernel);
        let forward = Forward { step: self, values, context, first, states, quantized };
        if count.div_ceil(self.crew.threads()) < ROW_BLOCK && self.crew.threads() > 1 {
            return forward.block(0..count, shared, self.crew);
        }
        // Whole blocks of rows, which a product may read to the end, and as much for each thread.
        let tasks = count.div_ceil(BLOCK).next_multiple_of(self.crew.threads());
        let size = count.div_ceil(tasks).next_multiple_of(ROW_BLOCK);
        self.crew.each(count.div_ceil(size), |index| {
            let rows = index * size..count.min((index + 1) * size);
            let Pass { scratch, .. } = self.pass;
            scratch.with_task(|task| forward.block(rows, &mut task.block, &Crew::Alone))
        })
    }
}

/// The steps after attention.
struct Forward<'a> {
    step: &'a Step<'a>,
    /// What attention gave for the pack, and room for it in quantized rows.
    values: MatrixMut<'a>,
    context: SharedRows<'a>,
    /// The pack's first row in the share.
    first: usize,
    /// The states of the share.
    states: &'a MatrixMut<'a>,
    quantized: &'a SharedRows<'a>,
}

impl Forward<'_> {
    /// A block of the pack's rows through all steps: in each, the crew divides the channels of a
    /// product, or the rows.
    fn block(&self, rows: Range<usize>, block: &mut Block, crew: &Crew) -> Result<()> {
        let Layer {
            attention_output,
            attention_norm,
            gated,
            intermediate,
            output,
            output_norm,
            ..
        } = self.step.layer;
        let Step { pass, last, .. } = *self.step;
        let (kernel, hidden, count) = (pass.kernel(), pass.hidden, rows.len());
        // Of a gated layer, values and gates become as many values.
        let (wide, values) = (intermediate.layout.n(), output.layout.k());
        let length = (count + ROW_BLOCK) * kernel.row_bytes(values);
        let quantized = SharedRows::new(resized(&mut block.quantized, length), values, kernel);
        let outer = resized(&mut block.outer, count * hidden);
        let outer = MatrixMut::new(outer, count, hidden, hidden);
        let inner = resized(&mut block.inner, count * wide);
        let inner = MatrixMut::new(inner, count, wide, wide);

        crew.rows(pass.control, count, |row| {
            let row = rows.start + row;
            // SAFETY: each row comes once.
            unsafe { kernel.quantize(one(&self.values, row).row(0), self.context.row(row)) }
        })?;
        let x = (&self.context, rows.clone());
        self.linear((attention_output, intermediate), false, x, &outer, crew)?;
        self.add_norm(attention_norm, rows.clone(), &outer, true, crew)?;
        let states = self.first + rows.start..self.first + rows.end;
        self.linear((intermediate, output), !gated, (self.quantized, states), &inner, crew)?;
        crew.rows(pass.control, count, |row| {
            // SAFETY: each row comes once.
            let (mut inner, quantized) = unsafe { (one(&inner, row), quantized.row(row)) };
            let row = inner.row(0);
            if *gated {
                kernel.gate(row);
            }
            kernel.quantize(&row[..values], quantized);
        })?;
        let is_last = rows.end == self.values.rows();
        let next = if is_last { &self.step.next.qkv } else { attention_output };
        self.linear((output, next), false, (&quantized, 0..count), &outer, crew)?;
        self.add_norm(output_norm, rows, &outer, !last, crew)
    }

    /// A product, its channels divided, before that of the `next` layer.
    fn linear(
        &self,
        (linear, next): (&QuantLinear, &QuantLinear),
        gelu: bool,
        (x, rows): (&SharedRows<'_>, Range<usize>),
        out: &MatrixMut<'_>,
        crew: &Crew,
    ) -> Result<()> {
        let Pass { control, .. } = *self.step.pass;
        let (kernel, weights, next) = (self.step.pass.kernel(), linear.weights(), next.values());
        crew.parts(control, linear.layout.n(), |channels| {
            // SAFETY: in this step nobody writes `x`, and no other part has these channels.
            let (x, out) = unsafe {
                (x.range(rows.clone()), out.shared_part(0..rows.len(), channels.clone()))
            };
            let ahead = &next[next.len() * channels.start / linear.layout.n()..];
            let weights = weights.channels(channels.start, channels.len()).then(ahead);
            kernel.linear(x, &weights, gelu, out);
        })
    }

    /// The states become `LayerNorm(states + x)`, row by row, and are quantized where that is asked
    /// for. Of a pre-norm they become the sum, and what is quantized is normalised.
    fn add_norm(
        &self,
        norm: &Norm,
        rows: Range<usize>,
        x: &MatrixMut<'_>,
        quantize: bool,
        crew: &Crew,
    ) -> Result<()> {
        let Pass { control, .. } = *self.step.pass;
        let kernel = self.step.pass.kernel();
        crew.rows(control, rows.len(), |row| {
            let state = self.first + rows.start + row;
            // SAFETY: each row comes once.
            let (mut x, mut states, quantized) =
                unsafe { (one(x, row), one(self.states, state), self.quantized.row(state)) };
            let (row, x) = (states.row(0), x.row(0));
            if !norm.pre {
                kernel.add_norm(row, x, &norm.scale, &norm.shift, norm.eps);
                if quantize {
                    kernel.quantize(row, quantized);
                }
                return;
            }
            kernel.add(row, x);
            if quantize {
                x.copy_from_slice(row);
                kernel.layer_norm(x, &norm.scale, &norm.shift, norm.eps);
                kernel.quantize(x, quantized);
            }
        })
    }
}

/// One row of a view.
///
/// # Safety
/// Nobody else uses the row meanwhile.
unsafe fn one<'a>(view: &MatrixMut<'a>, row: usize) -> MatrixMut<'a> {
    // SAFETY: the caller's promise.
    unsafe { view.shared_part(row..row + 1, 0..view.cols()) }
}
