//! The floating-point environment: a host may have switched on flush-to-zero or another rounding
//! mode, and the results must not depend on it.

use std::marker::PhantomData;

/// Sets round-to-nearest-even with denormals kept; restores the caller's settings on drop.
///
/// The settings belong to a thread, so the guard cannot move to another one.
#[derive(Debug)]
pub struct FloatEnv {
    saved: Control,
    _this_thread: PhantomData<*const ()>,
}

impl FloatEnv {
    /// Saves the thread's settings and sets the standard ones.
    pub fn standard() -> FloatEnv {
        let saved = read();
        write(STANDARD);
        FloatEnv { saved, _this_thread: PhantomData }
    }
}

impl Drop for FloatEnv {
    fn drop(&mut self) {
        write(self.saved);
    }
}

#[cfg(target_arch = "x86_64")]
type Control = u32;
/// MXCSR after reset: all exceptions masked, nearest-even, no FTZ, no DAZ.
#[cfg(target_arch = "x86_64")]
const STANDARD: Control = 0x1F80;

#[cfg(target_arch = "x86_64")]
fn read() -> Control {
    let mut control: u32 = 0;
    // SAFETY: `stmxcsr` is in the base instruction set and writes the four bytes pointed to.
    unsafe {
        std::arch::asm!("stmxcsr [{}]", in(reg) &mut control, options(nostack, preserves_flags));
    }
    control
}

#[cfg(target_arch = "x86_64")]
fn write(control: Control) {
    // SAFETY: the value is one that the register held or its reset value, so no reserved bit is set.
    unsafe {
        std::arch::asm!("ldmxcsr [{}]", in(reg) &control, options(nostack, readonly, preserves_flags));
    }
}

#[cfg(target_arch = "aarch64")]
type Control = u64;
/// FPCR: nearest-even, no flush-to-zero, no default NaN, no traps.
#[cfg(target_arch = "aarch64")]
const STANDARD: Control = 0;

#[cfg(target_arch = "aarch64")]
fn read() -> Control {
    let control: u64;
    // SAFETY: FPCR may be read at any privilege level.
    unsafe { std::arch::asm!("mrs {}, fpcr", out(reg) control, options(nostack, nomem)) };
    control
}

#[cfg(target_arch = "aarch64")]
fn write(control: Control) {
    // SAFETY: FPCR may be written at any privilege level; the value is a saved or the default one.
    unsafe { std::arch::asm!("msr fpcr, {}", in(reg) control, options(nostack)) };
}

// Elsewhere the mode is left as it is.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Control = u32;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const STANDARD: Control = 0;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn read() -> Control {
    STANDARD
}
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn write(_: Control) {}
