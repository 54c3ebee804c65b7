//! The AMX block on processors without AMX: its very instructions, which such a processor refuses
//! with SIGILL, are read and carried out by the handler of that signal.

use std::cell::UnsafeCell;
use std::sync::Once;

use super::{Layer, Random, bits, quantized};
use crate::amx::Tiles;
use crate::attention::attention;
use crate::int8::linear;
use crate::{AttentionScratch, Head, Isa, Matrix, MatrixMut, QuantRows, kernel};

/// Eight tiles of sixteen rows of 64 bytes.
struct Emulated([[[u8; 64]; 16]; 8]);

thread_local! {
    static TILES: UnsafeCell<Emulated> = const { UnsafeCell::new(Emulated([[[0; 64]; 16]; 8])) };
}

/// The general registers of a context, in the order in which instructions number them.
const REGISTERS: [i32; 16] = [
    libc::REG_RAX,
    libc::REG_RCX,
    libc::REG_RDX,
    libc::REG_RBX,
    libc::REG_RSP,
    libc::REG_RBP,
    libc::REG_RSI,
    libc::REG_RDI,
    libc::REG_R8,
    libc::REG_R9,
    libc::REG_R10,
    libc::REG_R11,
    libc::REG_R12,
    libc::REG_R13,
    libc::REG_R14,
    libc::REG_R15,
];

/// Carries out the AMX instruction at the context's instruction pointer and steps over it.
extern "C" fn on_illegal(_: libc::c_int, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel hands over a valid context; the instruction pointer is at code of ours.
    // Nothing else borrows the tiles: signals of this kind come from instructions of this thread.
    unsafe {
        let registers = &mut (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs;
        let code = registers[libc::REG_RIP as usize] as *const u8;
        let register = |number: u8| registers[REGISTERS[number as usize] as usize] as usize;
        let length = TILES.with(|tiles| step(code, register, &mut (*tiles.get()).0));
        match length {
            Some(length) => registers[libc::REG_RIP as usize] += length as i64,
            None => libc::abort(),
        }
    }
}

/// Intel's manual, volume 2, "TDPBUSD", "TILELOADD" and neighbours: three-byte VEX, map 0F38.
unsafe fn step(
    code: *const u8,
    register: impl Fn(u8) -> usize,
    tiles: &mut [[[u8; 64]; 16]; 8],
) -> Option<usize> {
    // SAFETY: the longest instruction here has eleven bytes, and the code continues after it.
    let code: [u8; 11] = unsafe { code.cast::<[u8; 11]>().read_unaligned() };
    let [vex, rxb, wvlp, opcode, modrm, ..] = code;
    if vex != 0xC4 || rxb & 0x1F != 2 || wvlp & 0x84 != 0 {
        return None;
    }
    let (prefix, third) = (wvlp & 3, (!wvlp >> 3 & 15) as usize);
    let (mode, reg, rm) = (modrm >> 6, (modrm >> 3 & 7) as usize, modrm & 7);
    match (opcode, prefix, mode) {
        // ldtilecfg and tilerelease: the sizes are known, and the tiles become zeros.
        (0x49, 0, _) => *tiles = [[[0; 64]; 16]; 8],
        // tilezero
        (0x49, 3, 3) => tiles[reg] = [[0; 64]; 16],
        // tdpbusd
        (0x5E, 1, 3) => {
            let (a, b) = (tiles[rm as usize], tiles[third]);
            for (row, a) in a.iter().enumerate() {
                for n in 0..16 {
                    let sum = &mut tiles[reg][row].as_chunks_mut::<4>().0[n];
                    let mut total = i32::from_le_bytes(*sum);
                    for k in 0..64 {
                        let weight = i32::from(b[k / 4][4 * n + k % 4] as i8);
                        total = total.wrapping_add(i32::from(a[k]) * weight);
                    }
                    *sum = total.to_le_bytes();
                }
            }
        }
        // tileloadd, tilestored
        (0x4B, 2 | 3, 0..=2) if rm == 4 => {
            let sib = code[5];
            let extended = |low: u8, bit: u8| low | ((!rxb >> bit & 1) << 3);
            let (base, index) = (extended(sib & 7, 5), extended(sib >> 3 & 7, 6));
            if mode == 0 && base & 7 == 5 {
                return None;
            }
            let displacement = match mode {
                0 => 0,
                1 => isize::from(code[6] as i8),
                _ => i32::from_le_bytes([code[6], code[7], code[8], code[9]]) as isize,
            };
            let start = register(base).wrapping_add_signed(displacement);
            let stride = register(index) << (sib >> 6);
            for (row, line) in tiles[reg].iter_mut().enumerate() {
                let memory = (start + row * stride) as *mut [u8; 64];
                // SAFETY: what the instruction would have read or written.
                unsafe { if prefix == 3 { *line = memory.read() } else { memory.write(*line) } }
            }
        }
        _ => return None,
    }
    let memory = mode != 3;
    let sib = usize::from(memory && rm == 4);
    Some(5 + sib + if !memory { 0 } else { [0, 1, 4][mode as usize] })
}

fn emulate() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: an action of zeros is a valid one; the handler has the signature of SA_SIGINFO.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = on_illegal as *const () as usize;
            action.sa_flags = libc::SA_SIGINFO;
            assert_eq!(libc::sigaction(libc::SIGILL, &action, std::ptr::null_mut()), 0);
        }
    });
}

#[test]
fn amx_agrees_with_the_portable_kernel() {
    if Isa::Amx.is_available() {
        println!("amx: tested as every other tier");
        return;
    }
    if !Isa::Avx512.is_available() {
        println!("amx: skipped, this processor lacks AVX-512, which is not emulated");
        return;
    }
    println!("amx: its instructions are emulated");
    emulate();
    let portable = kernel(Isa::Portable).unwrap();
    let mut random = Random(2023);
    for round in 0..40 {
        let (rows, k, n) = (random.below(70), 1 + random.below(200), 1 + random.below(100));
        let (rows, k, n) = if round == 0 { (33, 768, 40) } else { (rows, k, n) };
        let layer = Layer::random(&mut random, k, n);
        let x = random.values(rows * k);
        let bytes = quantized(portable, &mut random, &x, k);
        let (mut want, mut got) = (vec![0.0; rows * n], vec![0.0; rows * n]);
        let x = QuantRows::new(&bytes, rows, k, portable.row_bytes(k));
        portable.linear(x, &layer.weights(), false, MatrixMut::new(&mut want, rows, n, n));
        linear::<Tiles>(x, &layer.weights(), false, MatrixMut::new(&mut got, rows, n, n));
        assert_eq!(bits(&want), bits(&got), "{rows}x{k}x{n}");
    }
    for _ in 0..20 {
        let (length, width) = (1 + random.below(90), 1 + random.below(80));
        let qkv = random.values(length * 3 * width);
        let part = |at: usize| Matrix::new(&qkv[at * width..], length, width, 3 * width);
        let head = Head { query: part(0), key: part(1), value: part(2), bias: None };
        let (mut want, mut got) = (vec![0.0; length * width], vec![0.0; length * width]);
        let mut scratch = AttentionScratch::default();
        portable.attention(head, &mut scratch, MatrixMut::new(&mut want, length, width, width));
        attention::<Tiles>(head, &mut scratch, MatrixMut::new(&mut got, length, width, width));
        assert_eq!(bits(&want), bits(&got), "{length} tokens, width {width}");
    }
}
