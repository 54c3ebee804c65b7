//! How each kernel is launched.

use crate::engine::cuda::kernels::{Function, HEADS, Kernels, TILES, Tile};
use crate::engine::cuda::layout::{Attention, Pointer, Rows, Sizes};
use crate::engine::cuda::stream::{Grid, Stream};
use crate::engine::cuda::weights::{Linear, Norm, Table};
use crate::error::Result;

/// An argument of a kernel.
enum Argument {
    Pointer(Pointer),
    Number(i32),
    Float(f32),
}
use Argument::{Float, Number, Pointer as At};

/// The rows that a block of threads of `embed`, `add_norm` and `quantize` has, and its threads.
const ROWS: usize = 8;
const ROW_THREADS: u32 = 128;

/// Launches on one stream.
pub(super) struct Launcher<'a> {
    pub(super) kernels: &'a Kernels,
    pub(super) stream: &'a Stream,
    /// Multiprocessors that want something to do.
    pub(super) processors: usize,
    /// Of the batch.
    pub(super) sizes: Sizes,
}

impl Launcher<'_> {
    /// States from ids, places and segments, `tables` in the same order.
    pub(super) fn embed(
        &self,
        ids: [Pointer; 3],
        tables: [&Table; 3],
        norm: &Norm,
        (states, rows): (Pointer, Rows),
    ) -> Result<()> {
        let [ids, places, segments] = ids.map(At);
        let [word, position, segment] = tables.map(|table| {
            let (values, scales) = table.pointers();
            (At(values), At(scales))
        });
        let arguments = [
            ids,
            places,
            segments,
            At(self.sizes.pointer),
            Number(norm.width as i32),
            word.0,
            word.1,
            position.0,
            position.1,
            segment.0,
            segment.1,
            At(norm.scale()),
            At(norm.shift()),
            Float(norm.eps),
            At(states),
            At(rows.values),
            At(rows.params),
        ];
        self.rows(&self.kernels.embed, shared_rows(norm.width), &arguments)
    }

    /// `states = LayerNorm(before + x)`, quantized to `rows` too.
    pub(super) fn add_norm(
        &self,
        (before, x): (Pointer, Pointer),
        norm: &Norm,
        (states, rows): (Pointer, Rows),
    ) -> Result<()> {
        let arguments = [
            At(before),
            At(x),
            At(self.sizes.pointer),
            Number(norm.width as i32),
            At(norm.scale()),
            At(norm.shift()),
            Float(norm.eps),
            At(states),
            At(rows.values),
            At(rows.params),
        ];
        self.rows(&self.kernels.add_norm, shared_rows(norm.width), &arguments)
    }

    /// Quantizes `[tokens, width]`.
    pub(super) fn quantize(&self, values: Pointer, width: usize, rows: Rows) -> Result<()> {
        let arguments = [
            At(values),
            At(self.sizes.pointer),
            Number(width as i32),
            At(rows.values),
            At(rows.params),
        ];
        self.rows(&self.kernels.quantize, 0, &arguments)
    }

    /// `out = rows · weights + bias`, `[tokens, n]`, through GELU where asked for.
    pub(super) fn linear(
        &self,
        rows: Rows,
        linear: &Linear,
        gelu: bool,
        out: Pointer,
    ) -> Result<()> {
        let tokens = self.sizes.tokens;
        let blocks = |tile: &Tile| (tokens.div_ceil(tile.side), linear.n.div_ceil(tile.side));
        // The largest that leaves no multiprocessor idle; the smallest if all do.
        let busy = |tile: &Tile| {
            let (rows, channels) = blocks(tile);
            rows * channels >= self.processors
        };
        let chosen = TILES.iter().position(busy).unwrap_or(TILES.len() - 1);
        self.linear_by(chosen, rows, linear, gelu, out)
    }

    /// The same by one of the tiles.
    pub(super) fn linear_by(
        &self,
        tile: usize,
        rows: Rows,
        linear: &Linear,
        gelu: bool,
        out: Pointer,
    ) -> Result<()> {
        let function = &self.kernels.linear[tile][usize::from(gelu)];
        let tile = &TILES[tile];
        let arguments = [
            At(rows.values),
            At(rows.params),
            At(self.sizes.pointer),
            Number(linear.k as i32),
            At(linear.fragments()),
            At(linear.by_k()),
            At(linear.scales()),
            At(linear.sums()),
            At(linear.bias()),
            Number(linear.n as i32),
            Number(linear.padded_n() as i32),
            At(out),
        ];
        let grid = (linear.n.div_ceil(tile.side), self.sizes.tokens.div_ceil(tile.side), 1);
        self.launch(function, grid, (tile.threads, tile.shared), &arguments)
    }

    /// Queries, keys and values from f32, `[tokens, 3 · heads · width]`, to integers.
    pub(super) fn pack(&self, qkv: Pointer, to: &Attention) -> Result<()> {
        let arguments = [
            At(qkv),
            At(self.sizes.pointer),
            At(to.starts),
            At(to.at),
            At(to.sequences),
            Number(to.room as i32),
            Number(to.heads as i32),
            Number(to.width as i32),
            At(to.queries.values),
            At(to.queries.params),
            At(to.keys.values),
            At(to.keys.params),
            At(to.values.values),
            At(to.values.params),
        ];
        let grid = (self.sizes.padded_tokens / ROWS, to.heads, 3);
        self.launch(&self.kernels.pack, grid, (ROW_THREADS, 0), &arguments)
    }

    /// What attention gives, `[tokens, heads · width]`.
    pub(super) fn attend(&self, of: &Attention, out: Pointer) -> Result<()> {
        let fits = HEADS.iter().position(|&(width, _)| width >= of.width);
        let function = &self.kernels.attend[fits.unwrap_or(HEADS.len() - 1)];
        let arguments = [
            At(of.queries.values),
            At(of.queries.params),
            At(of.keys.values),
            At(of.keys.params),
            At(of.values.values),
            At(of.values.params),
            At(self.sizes.pointer),
            At(of.starts),
            At(of.at),
            At(of.sequences),
            Number(of.room as i32),
            Number(of.heads as i32),
            Number(of.width as i32),
            At(out),
        ];
        let grid = (self.sizes.padded_tokens.div_ceil(64), of.heads, 1);
        self.launch(function, grid, (128, 0), &arguments)
    }

    fn rows(&self, function: &Function, shared: u32, arguments: &[Argument]) -> Result<()> {
        let grid = (self.sizes.tokens.div_ceil(ROWS), 1, 1);
        self.launch(function, grid, (ROW_THREADS, shared), arguments)
    }

    fn launch(
        &self,
        function: &Function,
        blocks: (usize, usize, usize),
        (threads, shared): (u32, u32),
        arguments: &[Argument],
    ) -> Result<()> {
        let pointer = |argument: &Argument| match argument {
            At(pointer) => std::ptr::from_ref(pointer).cast_mut().cast(),
            Number(number) => std::ptr::from_ref(number).cast_mut().cast(),
            Float(float) => std::ptr::from_ref(float).cast_mut().cast(),
        };
        let mut pointers: Vec<_> = arguments.iter().map(pointer).collect();
        let grid = Grid { blocks, threads, shared };
        // SAFETY: the functions above pass what their kernel declares, in its order; the lane that calls
        // them has buffers of the sizes that the kernels say, and waits before it lets go of them.
        unsafe { self.stream.launch(function, grid, &mut pointers) }
    }
}

/// Shared memory for the rows of a block of threads: see `row_stride` in `norm.cuh`.
fn shared_rows(width: usize) -> u32 {
    (ROWS * (width.next_multiple_of(32) + 16) * size_of::<f32>()) as u32
}
