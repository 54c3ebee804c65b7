//! AVX2.

use crate::tier::tier;
use crate::{Isa, Kernel, Matrix, MatrixMut, Panels, matmul, rows};

tier! {
    /// Eight lanes a register, sixteen registers. Of a block of five rows ten registers hold sums,
    /// two weights, one the broadcast value, and some are left for products.
    Avx2, "avx2", rows: 5, panels: 1
}
