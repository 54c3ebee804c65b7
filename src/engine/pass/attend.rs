//! Attention of one layer over one pack: query, key and value of a few heads, then what these heads make
//! of every sequence.

use std::ops::Range;

use biobert_kernels::{Bias, Head, Matrix, MatrixMut, ROW_BLOCK};

use crate::engine::pass::layer::Step;
use crate::engine::pass::rows::SharedRows;
use crate::engine::pass::scratch::{Heads, Task, resized};
use crate::engine::quant::QuantLinear;
use crate::engine::sight::View;
use crate::error::Result;

/// Bytes that query, key and value of a group of heads may take: they are read again at once, from L2.
const GROUP: usize = 1 << 18;

/// Heads that are worked on together.
struct Group {
    heads: Range<usize>,
    /// Where the channels of query, key and value begin, and how many each has.
    channels: [usize; 3],
    width: usize,
}

/// Query, key and value of a group: `[rows, 3 * width]`.
#[derive(Clone, Copy)]
struct Qkv<'a> {
    values: &'a [f32],
    width: usize,
    head_width: usize,
}

impl Step<'_> {
    /// Attention of all heads: `context` gets `[rows, hidden]`.
    pub(super) fn heads(
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
        let (heads, hidden) = (self.pass.attention_heads, self.pass.hidden);
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
        let hidden = self.pass.hidden;
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
        let (pass, layer) = (self.pass, self.layer);
        let globals = &pass.globals[sequences.clone()];
        let global = layer.global_qkv.as_deref().filter(|_| globals.iter().any(|&some| some > 0));
        let Task { qkv, global_qkv, heads: scratch, .. } = task;
        let stride = 3 * group.width;
        let qkv = resized(qkv, rows.len() * stride);
        self.project(&layer.qkv, group, rows.clone(), quantized, qkv);
        let global_qkv = global.map(|linear| {
            let out = resized(global_qkv, rows.len() * stride);
            self.project(linear, group, rows.clone(), quantized, out);
            &*out
        });
        let before = pass.rows(sequences).start;
        for sequence in sequences.clone() {
            let rows = pass.rows(&(sequence..sequence + 1));
            let (first, length) = (rows.start - before, rows.len());
            if length == 0 {
                continue;
            }
            let part = first * stride..(first + length) * stride;
            let qkv = &mut qkv[part.clone()];
            if let Some(rotary) = &layer.sight.rotary {
                for (place, row) in qkv.chunks_exact_mut(stride).enumerate() {
                    rotary.turn(pass.kernel(), place, &mut row[..2 * group.width]);
                }
            }
            let of = |values| Qkv {
                values,
                width: group.width,
                head_width: group.width / group.heads.len(),
            };
            let globals = match global_qkv {
                Some(_) => length.min(pass.globals[sequence] as usize),
                None => 0,
            };
            // SAFETY: no other task has these heads of this sequence.
            let out = unsafe { context.shared_part(first..first + length, 0..context.cols()) };
            for head in group.heads.clone() {
                let at = head - group.heads.start;
                for view in layer.sight.views(length, globals) {
                    let bias = layer.sight.bias(head, &view);
                    self.head(of(&*qkv), (at, head), (&view, bias), scratch, &out);
                }
                if let Some(global_qkv) = global_qkv.filter(|_| globals > 0) {
                    let view = View::all(0..globals, length);
                    let qkv = of(&global_qkv[part.clone()]);
                    self.head(qkv, (at, head), (&view, None), scratch, &out);
                }
            }
        }
    }

    /// Query, key and value of a group's heads.
    fn project(
        &self,
        linear: &QuantLinear,
        group: &Group,
        rows: Range<usize>,
        quantized: &SharedRows<'_>,
        out: &mut [f32],
    ) {
        let (pass, kernel, width) = (self.pass, self.pass.kernel(), group.width);
        // SAFETY: in this phase nobody writes the states.
        let x = unsafe { quantized.range(rows.clone()) };
        let weights = linear.weights();
        let after = self.layer.attention_output.values();
        let mut out = MatrixMut::new(out, rows.len(), 3 * width, 3 * width);
        if width == pass.hidden {
            kernel.linear(x, &weights.then(after), false, out);
            return;
        }
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

    /// One head's attention in a sequence, over what a view shows. `at` is the head's place in the group
    /// and its number.
    fn head(
        &self,
        qkv: Qkv<'_>,
        at: (usize, usize),
        (view, bias): (&View, Option<Bias<'_>>),
        scratch: &mut Heads,
        out: &MatrixMut<'_>,
    ) {
        let Qkv { values, width, head_width } = qkv;
        let stride = 3 * width;
        let first = at.0 * head_width;
        let part = |part: usize, rows: &Range<usize>| {
            let values = &values[rows.start * stride + part * width + first..];
            Matrix::new(values, rows.len(), head_width, stride)
        };
        let query = part(0, &view.queries);
        let (key, value) = match view.range() {
            Some(range) => (part(1, &range), part(2, &range)),
            None => {
                // Global tokens and those of the window, side by side.
                let rows = resized(&mut scratch.seen, view.len() * 2 * head_width);
                for (key, row) in rows.chunks_exact_mut(2 * head_width).enumerate() {
                    let token = &values[view.token(key) * stride + first..];
                    row[..head_width].copy_from_slice(&token[width..][..head_width]);
                    row[head_width..].copy_from_slice(&token[2 * width..][..head_width]);
                }
                let half = |at: usize| {
                    Matrix::new(&rows[at * head_width..], view.len(), head_width, 2 * head_width)
                };
                (half(0), half(1))
            }
        };
        let columns = at.1 * head_width..(at.1 + 1) * head_width;
        // SAFETY: the caller's task has this head to itself.
        let out = unsafe { out.shared_part(view.queries.clone(), columns) };
        let head = Head { query, key, value, bias };
        self.pass.kernel().attention(head, &mut scratch.attention, out);
    }
}
