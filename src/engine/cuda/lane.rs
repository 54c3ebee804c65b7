//! What one batch needs on its way: a stream, and memory that is kept for the next one.

use std::sync::Arc;

use crate::engine::batch::Batch;
use crate::engine::cuda::context::Context;
use crate::engine::cuda::layout::{Attention, Pointer, ROW_BLOCK, Rows, STEP, Sizes};
use crate::engine::cuda::memory::{Pinned, Values};
use crate::engine::cuda::stream::{Recording, Stream};
use crate::error::Result;

/// Widths of an encoder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) hidden: usize,
    /// Of the inner states.
    pub(super) inner: usize,
    pub(super) heads: usize,
}

impl Shape {
    pub(super) fn head(&self) -> usize {
        self.hidden / self.heads
    }

    fn padded_head(&self) -> usize {
        self.head().next_multiple_of(STEP)
    }
}

/// How much there is room for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Room {
    tokens: usize,
    padded_tokens: usize,
    sequences: usize,
    /// Tokens of all the states that are given back.
    given: usize,
}

impl Room {
    /// Room for this and for what there was room for before.
    fn with(self, before: Room) -> Room {
        Room {
            tokens: self.tokens.max(before.tokens),
            padded_tokens: self.padded_tokens.max(before.padded_tokens),
            sequences: self.sequences.max(before.sequences),
            given: self.given.max(before.given),
        }
    }

    /// How many numbers each part of what is sent has: the sizes, ids, places and segments, starts, blocks
    /// and their sequences.
    fn numbers(self) -> [usize; 7] {
        let Room { tokens, padded_tokens, sequences, .. } = self;
        [2, tokens, tokens, tokens, sequences + 1, sequences + 1, padded_tokens / STEP]
    }
}

/// What batches are rounded up to, so that a recorded series of launches serves many of them.
const GRAIN: usize = 64;
/// The largest batch whose launches are recorded: larger ones keep the GPU busy for longer than launching
/// takes.
const RECORDED: usize = 1024;
/// Series that a lane keeps.
const MOST_RECORDS: usize = 32;

/// What a series of launches was recorded for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Key {
    tokens: usize,
    padded_tokens: usize,
    depth: usize,
}

/// Where the sequences of a batch lie, as attention sees them: each padded to 32 tokens.
pub(super) struct Layout {
    pub(super) at: Vec<u32>,
    pub(super) sequences: Vec<u32>,
}

impl Layout {
    pub(super) fn of(batch: &Batch) -> Layout {
        let mut layout = Layout { at: vec![0], sequences: Vec::new() };
        for (sequence, rows) in batch.sequences().enumerate() {
            let blocks = rows.len().div_ceil(STEP);
            layout.sequences.extend(std::iter::repeat_n(sequence as u32, blocks));
            layout.at.push((layout.sequences.len() * STEP) as u32);
        }
        layout
    }
}

/// A stream and its memory. One batch at a time.
#[derive(Debug)]
pub(super) struct Lane {
    stream: Stream,
    memory: Option<Memory>,
}

/// A batch that is on its way.
pub(super) struct Flight<'a> {
    pub(super) stream: &'a Stream,
    pub(super) places: Places,
    memory: &'a mut Memory,
    /// Values of a state.
    length: usize,
}

/// Everything that depends on the size of a batch.
#[derive(Debug)]
struct Memory {
    room: Room,
    /// Series of launches that read and write this memory; `None` for what came once so far.
    records: Vec<(Key, Option<Recording>)>,
    /// The parts of [`Room::numbers`], one after another.
    sent: Pinned<u32>,
    ids: Values<u32>,
    /// `[tokens, hidden]` of f32: the states, and what is added to them.
    states: Values<f32>,
    added: Values<f32>,
    /// What a product gives that is wider: query, key and value, or inner states.
    wide: Values<f32>,
    /// Rows for products: of states, and of inner states.
    narrow_rows: Quantized,
    wide_rows: Quantized,
    queries: Quantized,
    keys: Quantized,
    values: Quantized,
    /// What is given back, one state of the batch after another.
    given: Pinned<f32>,
}

/// Bytes, and what they stand for.
#[derive(Debug)]
struct Quantized {
    values: Values<u8>,
    params: Values<u32>,
}

impl Quantized {
    fn new(context: &Arc<Context>, bytes: usize, params: usize) -> Result<Quantized> {
        Ok(Quantized {
            values: Values::uninit(context, bytes)?,
            params: Values::uninit(context, params)?,
        })
    }

    /// Rows of states: whole blocks of the largest product, with four words each.
    fn rows(context: &Arc<Context>, tokens: usize, k: usize) -> Result<Quantized> {
        let rows = tokens.next_multiple_of(ROW_BLOCK);
        Quantized::new(context, rows * k.next_multiple_of(64), rows * 4)
    }

    fn pointers(&self) -> Rows {
        Rows { values: self.values.pointer(), params: self.params.pointer() }
    }
}

/// Where everything of a batch lies.
#[derive(Clone, Copy)]
pub(super) struct Places {
    pub(super) sizes: Sizes,
    pub(super) ids: [Pointer; 3],
    pub(super) states: Pointer,
    pub(super) added: Pointer,
    pub(super) wide: Pointer,
    pub(super) narrow_rows: Rows,
    pub(super) wide_rows: Rows,
    pub(super) attention: Attention,
}

impl Lane {
    /// The context is entered, here and below.
    pub(super) fn new(context: &Arc<Context>) -> Result<Lane> {
        Ok(Lane { stream: Stream::new(context)?, memory: None })
    }

    /// Sends a batch on its way, for `given` states.
    pub(super) fn send(&mut self, batch: &Batch, shape: Shape, given: usize) -> Result<Flight<'_>> {
        let layout = Layout::of(batch);
        let padded_tokens = layout.sequences.len() * STEP;
        let (tokens, sequences) = (batch.len(), layout.at.len() - 1);
        let sizes = [tokens as u32, padded_tokens as u32];
        let (tokens, padded_tokens) =
            (tokens.next_multiple_of(GRAIN), padded_tokens.next_multiple_of(GRAIN));
        let sequences = sequences.next_multiple_of(GRAIN);
        let before = self.memory.as_ref().map_or(Room::default(), |memory| memory.room);
        let room = Room { tokens, padded_tokens, sequences, given: given * tokens }.with(before);
        if room != before {
            // Never both at once. Nothing of it is in use: the last batch was waited for.
            self.memory = None;
        }
        let memory = match &mut self.memory {
            Some(memory) => memory,
            empty => empty.insert(Memory::new(self.stream.context(), shape, room)?),
        };
        let parts: [&[u32]; 7] = [
            &sizes,
            &batch.tokens,
            &batch.position,
            &batch.segment,
            &batch.starts,
            &layout.at,
            &layout.sequences,
        ];
        let sent = memory.sent.as_mut();
        let (mut end, mut places) = (0, [0; 7]);
        for ((part, room), place) in parts.iter().zip(memory.room.numbers()).zip(&mut places) {
            sent[end..end + part.len()].copy_from_slice(part);
            *place = memory.ids.pointer() + (end * size_of::<u32>()) as Pointer;
            end += room;
        }
        // SAFETY: the lane waits for its batch before it writes there again, or lets go of it.
        unsafe { self.stream.send(sent, &memory.ids)? };
        let [sizes, ids, position, segment, starts, at, of_blocks] = places;
        let places = Places {
            sizes: Sizes { pointer: sizes, tokens, padded_tokens },
            ids: [ids, position, segment],
            states: memory.states.pointer(),
            added: memory.added.pointer(),
            wide: memory.wide.pointer(),
            narrow_rows: memory.narrow_rows.pointers(),
            wide_rows: memory.wide_rows.pointers(),
            attention: Attention {
                queries: memory.queries.pointers(),
                keys: memory.keys.pointers(),
                values: memory.values.pointers(),
                starts,
                at,
                sequences: of_blocks,
                room: memory.room.padded_tokens,
                heads: shape.heads,
                width: shape.head(),
            },
        };
        let length = batch.len() * shape.hidden;
        Ok(Flight { stream: &self.stream, places, memory, length })
    }
}

impl Flight<'_> {
    /// Launches what `launch` does. What comes more than once is recorded the second time.
    pub(super) fn launch(
        &mut self,
        depth: usize,
        launch: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let Sizes { tokens, padded_tokens, .. } = self.places.sizes;
        let records = &mut self.memory.records;
        if padded_tokens > RECORDED {
            return launch();
        }
        let key = Key { tokens, padded_tokens, depth };
        let known = records.iter_mut().find(|(of, _)| *of == key);
        let recording = match known {
            None => {
                if records.len() == MOST_RECORDS {
                    records.clear();
                }
                records.push((key, None));
                return launch();
            }
            Some((_, Some(recording))) => recording,
            Some((_, empty)) => empty.insert(self.stream.record(launch)?),
        };
        // SAFETY: what it points to is in this memory, and in the weights that the encoder has.
        unsafe { self.stream.replay(recording) }
    }

    /// Has the states, as they are at this point, copied to what is given back, as number `index`.
    pub(super) fn copy_states(&mut self, index: usize) -> Result<()> {
        let to = &mut self.memory.given.as_mut()[index * self.length..][..self.length];
        // SAFETY: nobody looks at it before `receive` has waited.
        unsafe { self.stream.fetch(&self.memory.states, to) }
    }

    /// Waits for the batch; gives `count` states.
    pub(super) fn receive(self, count: usize) -> Result<Vec<Vec<f32>>> {
        self.stream.wait()?;
        let given = self.memory.given.as_mut().chunks(self.length).take(count);
        Ok(given.map(<[f32]>::to_vec).collect())
    }
}

impl Drop for Lane {
    /// A batch that was given up may still be computed, in memory that goes next.
    fn drop(&mut self) {
        if let Ok(_entered) = self.stream.context().enter() {
            let _ = self.stream.wait();
        }
    }
}

impl Memory {
    fn new(context: &Arc<Context>, shape: Shape, room: Room) -> Result<Memory> {
        let Room { tokens, padded_tokens, given, .. } = room;
        let numbers = room.numbers().iter().sum();
        let states = || Values::uninit(context, tokens * shape.hidden);
        let attention = |params: usize| {
            let bytes = shape.heads * padded_tokens * shape.padded_head();
            Quantized::new(context, bytes, 2 * params)
        };
        let of_tokens = shape.heads * padded_tokens;
        Ok(Memory {
            room,
            records: Vec::new(),
            sent: Pinned::zeros(context, numbers)?,
            ids: Values::uninit(context, numbers)?,
            states: states()?,
            added: states()?,
            wide: Values::uninit(context, tokens * shape.inner.max(3 * shape.hidden))?,
            narrow_rows: Quantized::rows(context, tokens, shape.hidden)?,
            wide_rows: Quantized::rows(context, tokens, shape.inner)?,
            queries: attention(of_tokens)?,
            keys: attention(of_tokens)?,
            values: attention(padded_tokens / STEP * shape.heads * shape.padded_head())?,
            given: Pinned::zeros(context, given * shape.hidden)?,
        })
    }
}
