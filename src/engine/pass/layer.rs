//! One layer over one pack.

use std::ops::Range;

use biobert_kernels::{Head, Matrix, MatrixMut, ROW_BLOCK};

use crate::engine::pass::crew::Crew;
use crate::engine::pass::given::Pass;
use crate::engine::pass::rows::SharedRows;
use crate::engine::pass::scratch::{Block, Context, Task, resized};
use crate::engine::quant::QuantLinear;
use crate::engine::weights::{Layer, Norm};
use crate::error::Result;

/// Rows that go through the feed-forward steps together: BERT-base's inner states, 1.5 MB in f32.
const BLOCK: usize = 128;

/// Bytes that query, key and value of a group of heads may take: they are read again at once, from L2.
const GROUP: usize = 1 << 18;

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

/// Heads that are worked on together.
struct Group {
    heads: Range<usize>,
    /// Where the channels of query, key and value begin, and how many each has.
    channels: [usize; 3],
    width: usize,
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
        let (kernel, hidden) = (self.pass.kernel(), self.pass.hidden());
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

    /// Attention of all heads: `context` gets `[rows, hidden]`.
    fn heads(
        &self,
        sequences: Range<usize>,
        rows: Range<usize>,
        quantized: &SharedRows<'_>,
        context: &MatrixMut<'_>,
    ) -> Result<()> {
        let together = self.together(rows.len());
        self.crew.each(self.pass.attention_heads / together, |index| {
            self.pass.control.check()?;
            let group = self.group(index * together..(index + 1) * together);
            self.pass.scratch.with_task(|task| {
                self.attend(&group, &sequences, rows.clone(), quantized, context, task);
            });
            Ok(())
        })
    }

    /// How many heads are worked on together: as many as [`GROUP`] allows, but as much for each thread.
    fn together(&self, rows: usize) -> usize {
        let (heads, hidden) = (self.pass.attention_heads, self.pass.hidden());
        let width = hidden / heads;
        // Channels are divided between blocks of them; keys begin after all queries.
        let fits = |&together: &usize| {
            heads.is_multiple_of(together) && (together * width).is_multiple_of(ROW_BLOCK)
        };
        if !hidden.is_multiple_of(ROW_BLOCK) {
            return heads;
        }
        let threads = self.crew.threads();
        let suits = |&together: &usize| {
            let bytes = 3 * together * width * rows * size_of::<f32>();
            bytes <= GROUP && (heads / together).is_multiple_of(threads)
        };
        let mut fitting = (1..=heads).filter(fits);
        let smallest = fitting.next().unwrap_or(heads);
        fitting.rfind(suits).unwrap_or(smallest)
    }

    fn group(&self, heads: Range<usize>) -> Group {
        let hidden = self.pass.hidden();
        let width = hidden / self.pass.attention_heads;
        let first = heads.start * width;
        let channels = [first, hidden + first, 2 * hidden + first];
        Group { width: heads.len() * width, heads, channels }
    }

    /// Query, key and value of a group, then the attention of its heads, sequence by sequence.
    fn attend(
        &self,
        group: &Group,
        sequences: &Range<usize>,
        rows: Range<usize>,
        quantized: &SharedRows<'_>,
        context: &MatrixMut<'_>,
        task: &mut Task,
    ) {
        let (pass, kernel) = (self.pass, self.pass.kernel());
        let (width, stride) = (group.width, 3 * group.width);
        // SAFETY: in this phase nobody writes the states.
        let x = unsafe { quantized.range(rows.clone()) };
        let qkv = resized(&mut task.qkv, rows.len() * stride);
        let weights = self.layer.qkv.weights();
        let after = self.layer.attention_output.values();
        let mut out = MatrixMut::new(qkv, rows.len(), stride, stride);
        if width == pass.hidden() {
            kernel.linear(x, &weights.then(after), false, out);
        } else {
            let parts = group.channels.map(|first| weights.channels(first, width));
            let is_last = group.heads.end == pass.attention_heads;
            // After this group's values come the queries of the next.
            let after = if is_last { after } else { parts[0].next };
            let next = [parts[1].bytes, parts[2].bytes, after];
            for (part, (weights, next)) in parts.into_iter().zip(next).enumerate() {
                let out = out.part(0..rows.len(), part * width..(part + 1) * width);
                kernel.linear(x, &weights.then(next), false, out);
            }
        }
        let qkv = &*qkv;
        let head_width = width / group.heads.len();
        let before = pass.rows(sequences).start;
        for sequence in sequences.clone() {
            let rows = pass.rows(&(sequence..sequence + 1));
            let (first, length) = (rows.start - before, rows.len());
            for head in group.heads.clone() {
                let at = first * stride + (head - group.heads.start) * head_width;
                if length == 0 {
                    continue;
                }
                let part = |part: usize| {
                    Matrix::new(&qkv[at + part * width..], length, head_width, stride)
                };
                let parts = Head { query: part(0), key: part(1), value: part(2) };
                let columns = head * head_width..(head + 1) * head_width;
                // SAFETY: no other task has these heads.
                let out = unsafe { context.shared_part(first..first + length, columns) };
                kernel.attention(parts, &mut task.attention, out);
            }
        }
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
        let Layer { attention_output, attention_norm, intermediate, output, output_norm, .. } =
            self.step.layer;
        let Step { pass, last, .. } = *self.step;
        let (kernel, hidden, count) = (pass.kernel(), pass.hidden(), rows.len());
        let wide = intermediate.layout.n();
        let length = (count + ROW_BLOCK) * kernel.row_bytes(wide);
        let quantized = SharedRows::new(resized(&mut block.quantized, length), wide, kernel);
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
        self.linear((intermediate, output), true, (self.quantized, states), &inner, crew)?;
        crew.rows(pass.control, count, |row| {
            // SAFETY: each row comes once.
            unsafe { kernel.quantize(one(&inner, row).row(0), quantized.row(row)) }
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
    /// for.
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
            let row = states.row(0);
            kernel.add_norm(row, x.row(0), &norm.scale, &norm.shift, norm.eps);
            if quantize {
                kernel.quantize(row, quantized);
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
