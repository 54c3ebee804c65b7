//! How each kernel is launched.

use cudarc::driver::{CudaFunction, CudaStream, DriverError, LaunchConfig, PushKernelArg};

use crate::engine::cuda::failure::failed;
use crate::engine::cuda::kernels::{HEADS, Kernels, TILES, Tile};
use crate::engine::cuda::layout::{Attention, Pointer, Rows};
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
    pub(super) stream: &'a CudaStream,
    /// Multiprocessors that want something to do.
    pub(super) processors: usize,
}

impl Launcher<'_> {
    /// States of `tokens` tokens from ids, places and segments, `tables` in the same order.
    pub(super) fn embed(
        &self,
        tokens: usize,
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
            Number(tokens as i32),
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
        self.rows(&self.kernels.embed, tokens, shared_rows(norm.width), &arguments)
    }

    /// `states = LayerNorm(before + x)`, quantized to `rows` too.
    pub(super) fn add_norm(
        &self,
        tokens: usize,
        (before, x): (Pointer, Pointer),
        norm: &Norm,
        (states, rows): (Pointer, Rows),
    ) -> Result<()> {
        let arguments = [
            At(before),
            At(x),
            Number(tokens as i32),
            Number(norm.width as i32),
            At(norm.scale()),
            At(norm.shift()),
            Float(norm.eps),
            At(states),
            At(rows.values),
            At(rows.params),
        ];
        self.rows(&self.kernels.add_norm, tokens, shared_rows(norm.width), &arguments)
    }

    /// Quantizes `[tokens, width]`.
    pub(super) fn quantize(
        &self,
        tokens: usize,
        values: Pointer,
        width: usize,
        rows: Rows,
    ) -> Result<()> {
        let arguments = [
            At(values),
            Number(tokens as i32),
            Number(width as i32),
            At(rows.values),
            At(rows.params),
        ];
        self.rows(&self.kernels.quantize, tokens, 0, &arguments)
    }

    /// `out = rows · weights + bias`, `[tokens, n]`, through GELU where asked for.
    pub(super) fn linear(
        &self,
        tokens: usize,
        rows: Rows,
        linear: &Linear,
        gelu: bool,
        out: Pointer,
    ) -> Result<()> {
        let blocks = |tile: &Tile| (tokens.div_ceil(tile.side), linear.n.div_ceil(tile.side));
        // The largest that leaves no multiprocessor idle; the smallest if all do.
        let busy = |tile: &Tile| {
            let (rows, channels) = blocks(tile);
            rows * channels >= self.processors
        };
        let chosen = TILES.iter().position(busy).unwrap_or(TILES.len() - 1);
        self.linear_by(chosen, tokens, rows, linear, gelu, out)
    }

    /// The same by one of the tiles.
    pub(super) fn linear_by(
        &self,
        tile: usize,
        tokens: usize,
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
            Number(tokens as i32),
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
        let grid = (linear.n.div_ceil(tile.side), tokens.div_ceil(tile.side), 1);
        self.launch(function, grid, (tile.threads, tile.shared), &arguments)
    }

    /// Queries, keys and values from f32, `[tokens, 3 · heads · width]`, to integers.
    pub(super) fn pack(&self, qkv: Pointer, to: &Attention) -> Result<()> {
        let shape =
            [Number(to.padded_tokens as i32), Number(to.heads as i32), Number(to.width as i32)];
        let [padded_tokens, heads, width] = shape;
        let arguments = [
            At(qkv),
            At(to.starts),
            At(to.at),
            At(to.sequences),
            padded_tokens,
            heads,
            width,
            At(to.queries.values),
            At(to.queries.params),
            At(to.keys.values),
            At(to.keys.params),
        ];
        let grid = (to.padded_tokens / ROWS, to.heads, 2);
        self.launch(&self.kernels.pack_queries_keys, grid, (ROW_THREADS, 0), &arguments)?;
        let arguments = [
            At(qkv),
            At(to.starts),
            At(to.at),
            Number(to.padded_tokens as i32),
            Number(to.heads as i32),
            Number(to.width as i32),
            At(to.values.values),
            At(to.values.params),
        ];
        self.launch(&self.kernels.pack_values, (to.count, to.heads, 1), (128, 0), &arguments)
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
            At(of.starts),
            At(of.at),
            At(of.sequences),
            Number(of.padded_tokens as i32),
            Number(of.heads as i32),
            Number(of.width as i32),
            At(out),
        ];
        self.launch(function, (of.padded_tokens.div_ceil(64), of.heads, 1), (128, 0), &arguments)
    }

    fn rows(
        &self,
        function: &CudaFunction,
        tokens: usize,
        shared: u32,
        arguments: &[Argument],
    ) -> Result<()> {
        self.launch(function, (tokens.div_ceil(ROWS), 1, 1), (ROW_THREADS, shared), arguments)
    }

    fn launch(
        &self,
        function: &CudaFunction,
        grid: (usize, usize, usize),
        (threads, shared): (u32, u32),
        arguments: &[Argument],
    ) -> Result<()> {
        let mut launch = self.stream.launch_builder(function);
        for argument in arguments {
            match argument {
                At(pointer) => launch.arg(pointer),
                Number(number) => launch.arg(number),
                Float(float) => launch.arg(float),
            };
        }
        let config = LaunchConfig {
            grid_dim: (grid.0 as u32, grid.1 as u32, grid.2 as u32),
            block_dim: (threads, 1, 1),
            shared_mem_bytes: shared,
        };
        // SAFETY: the functions above pass what their kernel declares, in its order; whoever calls
        // them passes buffers of the sizes that the kernels say, which live until the stream is done.
        let launched: Result<_, DriverError> = unsafe { launch.launch(config) };
        launched.map_err(failed("launching a kernel")).map(drop)
    }
}

/// Shared memory for the rows of a block of threads, each four floats apart from a multiple of banks.
fn shared_rows(width: usize) -> u32 {
    (ROWS * (width + 4) * size_of::<f32>()) as u32
}
