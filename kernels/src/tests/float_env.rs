//! The host's floating-point mode neither shows in the results nor gets lost.

use std::arch::asm;

use super::{Random, bits};
use crate::{FloatEnv, Isa, Matrix, MatrixMut, Panels, kernel};

#[cfg(target_arch = "x86_64")]
mod mode {
    use super::asm;

    /// Of MXCSR: nearest-even, all exceptions masked.
    pub const STANDARD: u32 = 0x1F80;
    /// The same with flush-to-zero, denormals-are-zero, round towards zero.
    pub const OTHER: u32 = STANDARD | 0x8040 | 0x6000;

    pub fn set(mode: u32) {
        // SAFETY: the modes above are valid.
        unsafe { asm!("ldmxcsr [{}]", in(reg) &mode) };
    }

    pub fn get() -> u32 {
        let mut control = 0u32;
        // SAFETY: writes the four bytes pointed to.
        unsafe { asm!("stmxcsr [{}]", in(reg) &mut control) };
        // Without the flags of what has happened.
        control & 0xFFC0
    }
}

#[cfg(target_arch = "aarch64")]
mod mode {
    use super::asm;

    /// Of FPCR: nearest-even, denormals kept.
    pub const STANDARD: u64 = 0;
    /// Flush-to-zero, round towards zero.
    pub const OTHER: u64 = 1 << 24 | 0b11 << 22;

    pub fn set(mode: u64) {
        // SAFETY: the modes above are valid.
        unsafe { asm!("msr fpcr, {}", in(reg) mode) };
    }

    pub fn get() -> u64 {
        let mode;
        // SAFETY: reads a register.
        unsafe { asm!("mrs {}, fpcr", out(reg) mode) };
        mode
    }
}

#[test]
fn results_do_not_depend_on_the_hosts_rounding_and_flushing() {
    fn product() -> Vec<u32> {
        let values = Random(3).values(64 * 64);
        let w = Panels::pack(64, 64, |k, n| values[k * 64 + n] * 1e-20);
        let mut out = vec![0.0; 64 * 64];
        let x: Vec<f32> = values.iter().map(|v| v * 1e-20).collect();
        kernel(Isa::best()).unwrap().matmul(
            Matrix::new(&x, 64, 64, 64),
            &w,
            MatrixMut::new(&mut out, 64, 64, 64),
        );
        bits(&out)
    }
    fn guarded() -> Vec<u32> {
        let _env = FloatEnv::standard();
        product()
    }
    let plain = guarded();
    mode::set(mode::OTHER);
    let (changed, unguarded) = (guarded(), product());
    let after = mode::get();
    mode::set(mode::STANDARD);
    assert!(plain == changed, "the host's floating-point mode shows in the result");
    assert!(plain != unguarded, "the other mode changes nothing, so this test shows nothing");
    assert_eq!(after, mode::OTHER, "the host's mode was not restored");
}
