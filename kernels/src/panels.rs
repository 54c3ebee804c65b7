//! Weights in panels of sixteen output channels: the layout in which every product reads them.

/// Output channels in a panel: one AVX-512 register of f32, one AMX tile row of i32.
pub const PANEL: usize = 16;

/// An f32 matrix `[k, n]` laid out as `[n / 16][k][16]`, the last panel padded with zeros.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Panels {
    data: Vec<f32>,
    k: usize,
    n: usize,
}

impl Panels {
    /// Packs a matrix given as `(k, n) -> value`.
    pub fn pack(k: usize, n: usize, value: impl Fn(usize, usize) -> f32) -> Panels {
        let mut panels = Panels::default();
        panels.repack(k, n, value);
        panels
    }

    /// Packs another matrix into the memory of this one.
    pub fn repack(&mut self, k: usize, n: usize, value: impl Fn(usize, usize) -> f32) {
        (self.k, self.n) = (k, n);
        self.data.clear();
        self.data.resize(n.div_ceil(PANEL) * k * PANEL, 0.0);
        for (panel, chunk) in self.data.chunks_exact_mut((k * PANEL).max(1)).enumerate() {
            let first = panel * PANEL;
            let lanes = PANEL.min(n - first);
            for (k, row) in chunk.chunks_exact_mut(PANEL).enumerate() {
                for (lane, out) in row[..lanes].iter_mut().enumerate() {
                    *out = value(k, first + lane);
                }
            }
        }
    }

    /// Rows of the matrix: the length of the sums.
    pub fn k(&self) -> usize {
        self.k
    }

    /// Columns of the matrix: the output channels.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Element `(k, n)`.
    pub fn value(&self, k: usize, n: usize) -> f32 {
        self.data[(n / PANEL * self.k + k) * PANEL + n % PANEL]
    }

    /// The panel with channels `16 * index ..`, as `[k][16]`.
    #[inline(always)]
    pub(crate) fn panel(&self, index: usize) -> &[f32] {
        &self.data[index * self.k * PANEL..][..self.k * PANEL]
    }

    /// How many panels there are.
    #[inline(always)]
    pub(crate) fn count(&self) -> usize {
        self.n.div_ceil(PANEL)
    }
}

/// The int8 layout `[n / 16][k / 4][16][4]`, `k` padded to 64 and `n` to 32 with zeros: it suits
/// AMX tiles, VNNI and AVX2 alike. Only the arithmetic of places is here; the bytes lie in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuantPanels {
    k: usize,
    n: usize,
}

impl QuantPanels {
    /// The layout of a `[k, n]` matrix.
    pub const fn new(k: usize, n: usize) -> QuantPanels {
        QuantPanels { k, n }
    }

    /// Rows of the matrix: the length of the sums.
    pub const fn k(self) -> usize {
        self.k
    }

    /// Columns of the matrix: the output channels.
    pub const fn n(self) -> usize {
        self.n
    }

    /// `k` with its padding.
    pub const fn padded_k(self) -> usize {
        self.k.next_multiple_of(64)
    }

    /// `n` with its padding.
    pub const fn padded_n(self) -> usize {
        self.n.next_multiple_of(32)
    }

    /// Bytes of the whole matrix.
    pub const fn len(self) -> usize {
        self.padded_k() * self.padded_n()
    }

    /// Whether the matrix has no elements.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Where element `(k, n)` lies.
    pub const fn index(self, k: usize, n: usize) -> usize {
        ((n / PANEL * (self.padded_k() / 4) + k / 4) * PANEL + n % PANEL) * 4 + k % 4
    }
}
