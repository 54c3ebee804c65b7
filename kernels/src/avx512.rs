//! AVX-512.

use crate::tier::tier;
use crate::{Isa, Kernel, Matrix, MatrixMut, Panels, matmul, rows};

tier! {
    /// Sixteen lanes a register, thirty-two registers. Of a block of eight rows and two panels
    /// sixteen registers hold sums, two weights, and products have room.
    Avx512, "avx512f,avx512bw,avx512dq,avx512vl", rows: 8, panels: 2
}
