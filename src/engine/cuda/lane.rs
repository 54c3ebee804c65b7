//! What one batch needs on its way: a stream, and memory that is kept for the next one.

use std::fmt;
use std::sync::Arc;

use cudarc::driver::{CudaGraph, CudaStream, PinnedHostSlice, sys};

use crate::engine::batch::Batch;
use crate::engine::cuda::card::Card;
use crate::engine::cuda::failure::failed;
use crate::engine::cuda::layout::{Attention, Pointer, ROW_BLOCK, Rows, STEP, Sizes};
use crate::engine::cuda::memory::Values;
use crate::error::{Error, Result};

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
#[derive(Debug, Clone, Copy, Default)]
struct Room {
    tokens: usize,
    padded_tokens: usize,
    sequences: usize,
    /// States that are given back.
    given: usize,
}

impl Room {
    fn holds(self, other: Room) -> bool {
        self.tokens >= other.tokens
            && self.padded_tokens >= other.padded_tokens
            && self.sequences >= other.sequences
            && self.given >= other.given
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
pub(super) struct Key {
    tokens: usize,
    padded_tokens: usize,
    depth: usize,
}

/// A recorded series.
struct Record(CudaGraph);

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Record")
    }
}

// SAFETY: the driver binds a graph to no thread, and whoever has the lane has it alone.
unsafe impl Send for Record {}

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
    pub(super) stream: Arc<CudaStream>,
    memory: Option<Memory>,
}

/// Everything that depends on the size of a batch.
#[derive(Debug)]
struct Memory {
    room: Room,
    /// Series of launches that read and write this memory; `None` for what came once so far.
    records: Vec<(Key, Option<Record>)>,
    /// The parts of [`Room::numbers`], one after another.
    sent: PinnedHostSlice<u32>,
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
    /// `[tokens, hidden]` each, on the processor.
    given: Vec<PinnedHostSlice<f32>>,
}

/// Bytes, and what they stand for.
#[derive(Debug)]
struct Quantized {
    values: Values<u8>,
    params: Values<u32>,
}

impl Quantized {
    fn new(stream: &Arc<CudaStream>, bytes: usize, params: usize) -> Result<Quantized> {
        Ok(Quantized {
            values: Values::uninit(stream, bytes)?,
            params: Values::uninit(stream, params)?,
        })
    }

    /// Rows of states: whole blocks of the largest product, with four words each.
    fn rows(stream: &Arc<CudaStream>, tokens: usize, k: usize) -> Result<Quantized> {
        let rows = tokens.next_multiple_of(ROW_BLOCK);
        Quantized::new(stream, rows * k.next_multiple_of(64), rows * 4)
    }

    fn pointers(&self) -> Rows {
        Rows { values: self.values.pointer(), params: self.params.pointer() }
    }
}

/// Where everything of a batch lies.
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
    pub(super) fn new(card: &Card) -> Result<Lane> {
        let stream = card.context.new_stream().map_err(failed("a stream of the GPU"))?;
        Ok(Lane { stream, memory: None })
    }

    /// Sends a batch on its way, for `given` states, and says where it lies.
    pub(super) fn send(&mut self, batch: &Batch, shape: Shape, given: usize) -> Result<Places> {
        let layout = Layout::of(batch);
        let padded_tokens = layout.sequences.len() * STEP;
        let (tokens, sequences) = (batch.len(), layout.at.len() - 1);
        let sizes = [tokens as u32, padded_tokens as u32];
        let (tokens, padded_tokens) =
            (tokens.next_multiple_of(GRAIN), padded_tokens.next_multiple_of(GRAIN));
        let room = Room { tokens, padded_tokens, sequences, given };
        if !self.memory.as_ref().is_some_and(|memory| memory.room.holds(room)) {
            // Never both at once.
            self.memory = None;
            self.memory = Some(Memory::new(&self.stream, shape, room)?);
        }
        let Some(memory) = &mut self.memory else { unreachable!("there is memory now") };
        let parts: [&[u32]; 7] = [
            &sizes,
            &batch.tokens,
            &batch.position,
            &batch.segment,
            &batch.starts,
            &layout.at,
            &layout.sequences,
        ];
        let sent = memory.sent.as_mut_slice().map_err(failed("memory that the GPU reads"))?;
        let (mut end, mut places) = (0, [0; 7]);
        for ((part, room), place) in parts.iter().zip(memory.room.numbers()).zip(&mut places) {
            sent[end..end + part.len()].copy_from_slice(part);
            *place = memory.ids.pointer() + (end * size_of::<u32>()) as Pointer;
            end += room;
        }
        let copied = self.stream.memcpy_htod(&memory.sent, memory.ids.slice_mut());
        copied.map_err(failed("copying to the GPU"))?;
        let [sizes, ids, position, segment, starts, at, of_blocks] = places;
        Ok(Places {
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
        })
    }

    /// Launches what `launch` does. What comes more than once is recorded the second time.
    pub(super) fn launch(
        &mut self,
        sizes: Sizes,
        depth: usize,
        launch: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let Some(memory) = &mut self.memory else { return launch() };
        let Sizes { tokens, padded_tokens, .. } = sizes;
        if padded_tokens > RECORDED {
            return launch();
        }
        let key = Key { tokens, padded_tokens, depth };
        let failure = || failed("recording launches");
        let known = memory.records.iter_mut().find(|(of, _)| *of == key);
        let record = match known {
            None => {
                if memory.records.len() == MOST_RECORDS {
                    memory.records.clear();
                }
                memory.records.push((key, None));
                return launch();
            }
            Some((_, Some(record))) => record,
            Some((_, empty)) => {
                let mode = sys::CUstreamCaptureMode::CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
                self.stream.begin_capture(mode).map_err(failure())?;
                let launched = launch();
                let flags =
                    sys::CUgraphInstantiate_flags::CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH;
                let graph = self.stream.end_capture(flags);
                launched?;
                let Some(graph) = graph.map_err(failure())? else {
                    return Err(Error::Internal("an empty series of launches".into()));
                };
                empty.insert(Record(graph))
            }
        };
        record.0.launch().map_err(failure())
    }

    /// Has the first `length` values of the states, as they are at this point, copied to place `index` of
    /// those that are given back.
    pub(super) fn copy_states(&mut self, index: usize, length: usize) -> Result<()> {
        let Some(memory) = &mut self.memory else { return Ok(()) };
        let states = memory.states.slice().slice(..length);
        let copied = self.stream.memcpy_dtoh(&states, &mut memory.given[index]);
        copied.map_err(failed("copying from the GPU"))
    }

    /// Waits for the batch; gives the first `length` values of each of `count` states.
    pub(super) fn receive(&mut self, count: usize, length: usize) -> Result<Vec<Vec<f32>>> {
        self.stream.synchronize().map_err(failed("computing on the GPU"))?;
        let memory = self.memory.iter();
        let given = memory.flat_map(|memory| &memory.given).take(count);
        let given = given.map(|states| Ok(states.as_slice()?[..length].to_vec()));
        given.collect::<Result<_, _>>().map_err(failed("computing on the GPU"))
    }
}

impl Memory {
    fn new(stream: &Arc<CudaStream>, shape: Shape, room: Room) -> Result<Memory> {
        let Room { tokens, padded_tokens, given, .. } = room;
        let numbers = room.numbers().iter().sum();
        let states = || Values::uninit(stream, tokens * shape.hidden);
        let attention = |params: usize| {
            let bytes = shape.heads * padded_tokens * shape.padded_head();
            Quantized::new(stream, bytes, 2 * params)
        };
        let of_tokens = shape.heads * padded_tokens;
        let context = stream.context();
        // SAFETY: written before it is read, by `send`.
        let sent = unsafe { context.alloc_pinned(numbers) };
        let pinned = |_| {
            // Not write-combined, which is slow to read.
            // SAFETY: written before it is read, by the copy that `receive` waits for.
            unsafe { context.alloc_pinned_with_flags(tokens * shape.hidden, 0) }
        };
        let given: Result<Vec<_>, _> = (0..given).map(pinned).collect();
        let reason = || failed("memory that the GPU reads and writes");
        Ok(Memory {
            room,
            records: Vec::new(),
            sent: sent.map_err(reason())?,
            ids: Values::uninit(stream, numbers)?,
            states: states()?,
            added: states()?,
            wide: Values::uninit(stream, tokens * shape.inner.max(3 * shape.hidden))?,
            narrow_rows: Quantized::rows(stream, tokens, shape.hidden)?,
            wide_rows: Quantized::rows(stream, tokens, shape.inner)?,
            queries: attention(of_tokens)?,
            keys: attention(of_tokens)?,
            values: attention(padded_tokens / STEP * shape.heads * shape.padded_head())?,
            given: given.map_err(reason())?,
        })
    }
}
