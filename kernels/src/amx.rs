//! AMX: the CPU's int8 matrix unit (first: Intel Sapphire Rapids 2023). Everything but the int8
//! block is AVX-512's.

use std::arch::asm;
use std::sync::OnceLock;

use crate::attention::{self, AttentionScratch, Head};
use crate::epilogue::Terms;
use crate::epilogue512;
use crate::int8::{self, Block, Dot, GROUP, Operands, QuantRows, QuantWeights};
use crate::tier::tier;
use crate::{Isa, Kernel, Matrix, MatrixMut, Panels, matmul, quantize, rows, sweeps};

tier! {
    /// AVX-512 with AMX-INT8.
    Amx, "avx512f,avx512bw,avx512dq,avx512vl", rows: 8, panels: 2, dot: Tiles
}

/// Whether the processor has AMX-INT8 and the operating system lets this process use it.
pub(crate) fn is_available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| Isa::Avx512.is_available() && processor_has_it() && permission())
}

/// CPUID leaf 7: AMX-TILE and AMX-INT8; XCR0: the system saves tile state.
fn processor_has_it() -> bool {
    use std::arch::x86_64::{__cpuid, __cpuid_count};
    const TILE_AND_INT8: u32 = 1 << 24 | 1 << 25;
    const OSXSAVE: u32 = 1 << 27;
    const TILE_STATE: u32 = 1 << 17 | 1 << 18;
    if __cpuid(0).eax < 7 || __cpuid(1).ecx & OSXSAVE == 0 {
        return false;
    }
    let enabled: u32;
    // SAFETY: OSXSAVE says that `xgetbv` is there; register 0 always is.
    unsafe {
        asm!("xgetbv", in("ecx") 0, out("eax") enabled, out("edx") _, options(nomem, nostack));
    }
    __cpuid_count(7, 0).edx & TILE_AND_INT8 == TILE_AND_INT8 && enabled & TILE_STATE == TILE_STATE
}

/// Asks Linux for the right to use tiles: `arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA)`.
/// It holds for the process and all its threads. Other systems are not asked and get AVX-512.
#[cfg(target_os = "linux")]
fn permission() -> bool {
    const ARCH_PRCTL: i64 = 158;
    let result: i64;
    // SAFETY: the call reads no memory of this process and changes nothing but that right.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") ARCH_PRCTL => result,
            in("rdi") 0x1023, in("rsi") 18,
            out("rcx") _, out("r11") _,
            options(nomem, nostack),
        );
    }
    result == 0
}

#[cfg(not(target_os = "linux"))]
fn permission() -> bool {
    false
}

/// What `ldtilecfg` reads: eight tiles of sixteen rows of 64 bytes.
#[repr(C, align(64))]
struct TileConfig {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    bytes_per_row: [u16; 16],
    rows: [u8; 16],
}

static CONFIG: TileConfig = TileConfig {
    palette: 1,
    start_row: 0,
    reserved: [0; 14],
    bytes_per_row: [64, 64, 64, 64, 64, 64, 64, 64, 0, 0, 0, 0, 0, 0, 0, 0],
    rows: [16, 16, 16, 16, 16, 16, 16, 16, 0, 0, 0, 0, 0, 0, 0, 0],
};

/// `tdpbusd` on 2 × 2 tiles of sums: 32 rows, 32 channels.
pub(crate) struct Tiles;

impl Dot for Tiles {
    type Value = u8;
    type Sweeps = sweeps::Wide;
    const ROWS: usize = 32;
    /// More would be in the way of the tiles' own loads.
    const LINES: usize = 2;

    #[inline(always)]
    fn begin() {
        // SAFETY: this type is only named where tiles may be used; the configuration is valid.
        unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const CONFIG, options(nostack, readonly)) };
    }

    /// Gives the tiles up: the host's context switches stay cheap, and no sums stay behind.
    #[inline(always)]
    fn end() {
        // SAFETY: as above.
        unsafe { asm!("tilerelease", options(nostack, nomem)) };
    }

    #[inline(always)]
    unsafe fn dot(of: Operands, rows: usize, out: &mut Block) {
        // SAFETY: the caller's promise.
        unsafe { if rows > 16 { two_by_two(of, out) } else { one_by_two(of, out) } }
    }

    #[inline(always)]
    unsafe fn scale<const GELU: bool>(sums: &Block, terms: &Terms<'_>, out: MatrixMut<'_>) {
        // SAFETY: AMX is only offered together with AVX-512.
        unsafe { epilogue512::scale::<GELU>(sums, terms, out) }
    }
}

/// Two tiles of rows meet two of weights: four loads for four products. The prefetches lie between
/// them, a few in each step: in one burst they would hold up the loads.
///
/// # Safety
/// As [`Dot::dot`].
#[inline(always)]
unsafe fn two_by_two(of: Operands, out: &mut Block) {
    // Sums lie two lines a row.
    const { assert!(4 * GROUP == 128) };
    let Operands { x, stride, w, steps, ahead, lines, .. } = of;
    // SAFETY: the caller's promise covers all rows and panels that are read; the four tiles of
    // sums are the 32 rows of `out`. A prefetch never faults.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "tilezero tmm3",
            "2:",
            "tileloadd tmm4, [{x} + {stride}]",
            "tileloadd tmm6, [{w} + {line}]",
            "prefetcht1 [{ahead}]",
            "tileloadd tmm7, [{w2} + {line}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "tileloadd tmm5, [{x2} + {stride}]",
            "tdpbusd tmm1, tmm4, tmm7",
            "prefetcht1 [{ahead} + {second}]",
            "tdpbusd tmm2, tmm5, tmm6",
            "tdpbusd tmm3, tmm5, tmm7",
            "add {x}, 64",
            "add {x2}, 64",
            "add {w}, 1024",
            "add {w2}, 1024",
            "add {ahead}, {forth}",
            "dec {steps}",
            "jnz 2b",
            "tilestored [{out} + 2*{line}], tmm0",
            "tilestored [{out} + 2*{line} + 64], tmm1",
            "tilestored [{out2} + 2*{line}], tmm2",
            "tilestored [{out2} + 2*{line} + 64], tmm3",
            x = inout(reg) x => _,
            x2 = inout(reg) x.add(16 * stride) => _,
            w = inout(reg) w => _,
            w2 = inout(reg) w.add(1024 * steps) => _,
            ahead = inout(reg) ahead => _,
            second = in(reg) 64 * (lines - 1),
            forth = in(reg) 64 * lines,
            steps = inout(reg) steps => _,
            stride = in(reg) stride,
            line = in(reg) 64_usize,
            out = in(reg) &raw mut out.0[0],
            out2 = in(reg) &raw mut out.0[16],
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// The same for sixteen rows.
///
/// # Safety
/// As [`Dot::dot`].
#[inline(always)]
unsafe fn one_by_two(of: Operands, out: &mut Block) {
    let Operands { x, stride, w, steps, ahead, lines, .. } = of;
    // SAFETY: as above.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "2:",
            "tileloadd tmm4, [{x} + {stride}]",
            "tileloadd tmm6, [{w} + {line}]",
            "prefetcht1 [{ahead}]",
            "tileloadd tmm7, [{w2} + {line}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "prefetcht1 [{ahead} + {second}]",
            "tdpbusd tmm1, tmm4, tmm7",
            "add {x}, 64",
            "add {w}, 1024",
            "add {w2}, 1024",
            "add {ahead}, {forth}",
            "dec {steps}",
            "jnz 2b",
            "tilestored [{out} + 2*{line}], tmm0",
            "tilestored [{out} + 2*{line} + 64], tmm1",
            x = inout(reg) x => _,
            w = inout(reg) w => _,
            w2 = inout(reg) w.add(1024 * steps) => _,
            ahead = inout(reg) ahead => _,
            second = in(reg) 64 * (lines - 1),
            forth = in(reg) 64 * lines,
            steps = inout(reg) steps => _,
            stride = in(reg) stride,
            line = in(reg) 64_usize,
            out = in(reg) &raw mut out.0[0],
            out("tmm0") _, out("tmm1") _, out("tmm4") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}
