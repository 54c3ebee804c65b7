//! The int8 product, written once for every instruction set.
//!
//! Activations are u8 with a scale, a zero point and one outlier per row, weights s8 with a scale per channel;
//! the sums are exact in i32, so the order in which an instruction set adds is free. Each brings
//! only [`Dot`], a block of a few rows and 32 channels:
//!
//! ```text
//! for each pair of panels (32 channels: 24 KB for K = 768, read again and again)
//!     for each block of rows
//!         sums = Dot          in registers or tiles, then 4 KB of i32 on the stack;
//!                             meanwhile the next panels come nearer, a few lines in each step
//!         epilogue            what becomes of the sums
//! ```

use crate::epilogue::{self, Scaled, Terms};
use crate::matrix::MatrixMut;
use crate::panels::{PANEL, QuantPanels};
use crate::quantize::Value;
use crate::sweeps::Sweeps;

/// Bytes of a cache line.
const LINE: usize = 64;
/// Channels of a block: two panels.
pub(crate) const GROUP: usize = 2 * PANEL;
/// The most rows of a block. Buffers of quantized rows are padded to a multiple of this, so that
/// no kernel needs a second version for fewer rows.
pub const ROW_BLOCK: usize = 32;

/// The sums of a block; a [`Dot`] fills its first [`Dot::ROWS`] rows.
#[repr(C, align(64))]
pub(crate) struct Block(pub(crate) [[i32; GROUP]; ROW_BLOCK]);

/// What the products of a block are made of: rows of `64 * steps` values each, `stride` bytes apart
/// from `x` on, and two panels of `1024 * steps` bytes one after another from `w` on.
#[derive(Clone, Copy)]
pub(crate) struct Operands {
    pub(crate) x: *const u8,
    pub(crate) stride: usize,
    pub(crate) w: *const u8,
    pub(crate) steps: usize,
    /// Values of a row that are not padding: zeros follow, which need not be multiplied.
    pub(crate) k: usize,
    /// What is read after this block, to be brought nearer: `lines` cache lines in each step.
    pub(crate) ahead: *const u8,
    pub(crate) lines: usize,
}

impl Operands {
    /// Brings the lines of a step nearer; a hint that changes nothing else. Step by step: in one burst
    /// they would hold up the loads.
    #[inline(always)]
    pub(crate) fn fetch(&self, step: usize) {
        for line in 0..self.lines {
            prefetch(self.ahead.wrapping_add((step * self.lines + line) * LINE));
        }
    }
}

/// Into L2: L1 is full of what is read now.
#[inline(always)]
fn prefetch(line: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch reads nothing that the program could see and never faults.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T1>(line.cast());
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    unsafe {
        std::arch::asm!("prfm pldl2keep, [{}]", in(reg) line, options(nostack, readonly));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let _ = line;
}

/// What an instruction set brings to the int8 product.
pub(crate) trait Dot {
    /// What a value of a row is held in.
    type Value: Value;

    /// How what is around the products is done.
    type Sweeps: Sweeps;

    /// Rows that one call works on at most.
    const ROWS: usize;

    /// The most lines that are fetched in a step.
    const LINES: usize = usize::MAX;

    /// Before the first call of a product, on the thread that makes it.
    #[inline(always)]
    fn begin() {}

    /// After the last call of a product.
    #[inline(always)]
    fn end() {}

    /// `out[r][c] = Σ x[r][k] · w[k][c]` over `64 * steps` values of k, for `rows` rows or a few
    /// more: up to `ROWS`, if that divides [`ROW_BLOCK`], else up to the next even number.
    ///
    /// # Safety
    /// The processor has the instructions, `begin` was called on this thread; that many rows and two
    /// panels can be read as [`Operands`] says.
    unsafe fn dot(of: Operands, rows: usize, out: &mut Block);

    /// What the sums of a linear layer become; see [`epilogue::scale`], which any other has to equal.
    ///
    /// # Safety
    /// The processor has the instructions.
    #[inline(always)]
    unsafe fn scale<const GELU: bool>(sums: &Block, terms: &Terms<'_>, out: MatrixMut<'_>) {
        epilogue::scale::<GELU>(sums, terms, out);
    }
}

/// What becomes of the sums.
pub(crate) trait Epilogue {
    /// Takes `rows` rows and 32 channels, of which `row` and `channel` are the first.
    fn block(&mut self, row: usize, rows: usize, channel: usize, sums: &Block);
}

/// Four values of a row as one word: what an instruction meets sixteen times four weights with.
///
/// # Safety
/// Four bytes can be read from `x`.
#[inline(always)]
#[cfg(target_arch = "x86_64")]
pub(crate) unsafe fn word(x: *const u8) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { x.cast::<i32>().read_unaligned() }
}

/// Rows of quantized values; see [`quantize`](crate::Kernel::quantize) for the layout.
#[derive(Debug, Clone, Copy)]
pub struct QuantRows<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) rows: usize,
    pub(crate) k: usize,
    pub(crate) stride: usize,
}

impl<'a> QuantRows<'a> {
    /// `rows` rows of `k` values as the kernel quantized them, `stride` bytes apart, which is its
    /// [`row_bytes`](crate::Kernel::row_bytes). The bytes go on to a multiple of [`ROW_BLOCK`] rows.
    ///
    /// # Panics
    /// If there are fewer bytes.
    pub fn new(bytes: &'a [u8], rows: usize, k: usize, stride: usize) -> Self {
        assert!(rows.next_multiple_of(ROW_BLOCK) * stride <= bytes.len());
        assert!(k.next_multiple_of(64) + 64 <= stride, "rows overlap");
        QuantRows { bytes, rows, k, stride }
    }
}

/// Bytes from one row to the next: the padded values, then 64 bytes for scale and zero point.
/// The odd 64 also keep the rows of a block from meeting in one set of the cache.
pub(crate) const fn row_bytes<V: Value>(k: usize) -> usize {
    k.next_multiple_of(64) * size_of::<V>() + 64
}

/// The weights of a linear layer as a bundle holds them: views of its bytes.
#[derive(Debug, Clone, Copy)]
pub struct QuantWeights<'a> {
    /// Shape, and with it the place of each value.
    pub layout: QuantPanels,
    /// s8 values in panels.
    pub bytes: &'a [u8],
    /// Scale of each channel, padded as the channels are.
    pub scales: &'a [f32],
    /// Sum of each channel's values, padded likewise.
    pub sums: &'a [i32],
    /// Bias of each channel, padded likewise.
    pub bias: &'a [f32],
    /// What is read after the weights, to be brought nearer meanwhile: a hint. May be empty.
    pub next: &'a [u8],
}

impl<'a> QuantWeights<'a> {
    /// The layer of `count` channels from `first` on.
    ///
    /// # Panics
    /// If `first` is not a multiple of 32, or the channels go beyond the last.
    pub fn channels(&self, first: usize, count: usize) -> QuantWeights<'a> {
        assert!(first.is_multiple_of(GROUP) && first + count <= self.layout.n());
        let layout = QuantPanels::new(self.layout.k(), count);
        let padded = first..first + layout.padded_n();
        let (bytes, next) = self.bytes[first * layout.padded_k()..].split_at(layout.len());
        QuantWeights {
            layout,
            bytes,
            scales: &self.scales[padded.clone()],
            sums: &self.sums[padded.clone()],
            bias: &self.bias[padded],
            next,
        }
    }

    /// The same layer; `next` is read after it.
    pub fn then(self, next: &'a [u8]) -> QuantWeights<'a> {
        QuantWeights { next, ..self }
    }
}

/// Gives every block of sums to `epilogue`. `x` has `rows` rows of `k` values, padded with zeros to a
/// multiple of 64, and with any rows to a multiple of [`ROW_BLOCK`].
#[inline(always)]
pub(crate) fn product<D: Dot>(
    x: &[u8],
    stride: usize,
    rows: usize,
    (w, next): (&[u8], &[u8]),
    k: usize,
    mut epilogue: impl Epilogue,
) {
    let steps = k.div_ceil(64);
    let group_bytes = steps * 64 * GROUP;
    if rows == 0 || group_bytes == 0 {
        return;
    }
    assert!(64 * steps * size_of::<D::Value>() <= stride);
    assert!(x.len() >= rows.next_multiple_of(ROW_BLOCK) * stride);
    assert!(D::ROWS <= ROW_BLOCK && w.len().is_multiple_of(group_bytes));
    let mut block = Block([[0; GROUP]; ROW_BLOCK]);
    // With few rows the product waits for memory: each block fetches its share of the next panels.
    let lines = (group_bytes / LINE).div_ceil(rows.div_ceil(D::ROWS) * steps).min(D::LINES);
    D::begin();
    for (group, panels) in w.chunks_exact(group_bytes).enumerate() {
        let mut ahead = match (group + 1) * group_bytes < w.len() {
            true => panels.as_ptr_range().end,
            false => next.as_ptr(),
        };
        for row in (0..rows).step_by(D::ROWS) {
            let count = D::ROWS.min(rows - row);
            // SAFETY: a `Dot` type is only named by the tier that has its instructions; the
            // assertions above keep the rows and `chunks_exact` the panels inside their slices.
            unsafe {
                let (x, w) = (x.as_ptr().add(row * stride), panels.as_ptr());
                D::dot(Operands { x, stride, w, steps, k, ahead, lines }, count, &mut block);
            }
            ahead = ahead.wrapping_add(steps * lines * LINE);
            epilogue.block(row, count, group * GROUP, &block);
        }
    }
    D::end();
}

/// Products and sums of a linear layer, and nothing after them; gives a few of the sums.
#[inline(always)]
pub(crate) fn products<D: Dot>(x: QuantRows<'_>, w: &QuantWeights<'_>) -> i32 {
    let mut total = Total(0);
    product::<D>(x.bytes, x.stride, x.rows, (w.bytes, w.next), w.layout.k(), &mut total);
    total.0
}

/// Adds up the first sum of each block.
struct Total(i32);

impl Epilogue for &mut Total {
    #[inline(always)]
    fn block(&mut self, _row: usize, _rows: usize, _channel: usize, sums: &Block) {
        // Else the compiler would leave out the sums that nobody asks for.
        self.0 = self.0.wrapping_add(std::hint::black_box(sums).0[0][0]);
    }
}

/// `out = x * w + bias`, then GELU where asked for, for values that are quantized next.
#[inline(always)]
pub(crate) fn linear<D: Dot>(
    x: QuantRows<'_>,
    w: &QuantWeights<'_>,
    gelu: bool,
    out: MatrixMut<'_>,
) {
    // Two loops, so that neither asks in every row.
    if gelu { scaled::<D, true>(x, w, out) } else { scaled::<D, false>(x, w, out) }
}

#[inline(always)]
fn scaled<D: Dot, const GELU: bool>(x: QuantRows<'_>, w: &QuantWeights<'_>, out: MatrixMut<'_>) {
    let (k, n) = (w.layout.k(), w.layout.n());
    assert!(x.k == k && x.rows == out.rows() && out.cols() == n, "shapes do not fit");
    assert!(w.bytes.len() == w.layout.len(), "the weights have another shape");
    let epilogue = Scaled::<D, GELU>::new(x, *w, out);
    product::<D>(x.bytes, x.stride, x.rows, (w.bytes, w.next), k, epilogue);
}

/// The 32 values of a block's channels.
#[inline(always)]
pub(crate) fn window<T>(values: &[T], first: usize) -> &[T; GROUP] {
    values[first..].first_chunk().expect("channels are padded to 32")
}
