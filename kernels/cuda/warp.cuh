// What the kernels ask of the machine beyond C++: tensor cores, asynchronous copies, and the lanes of
// a warp. The emulator of tests/cuda brings the same functions.

#pragma once

#ifdef SIMT_EMULATOR
#include "simt.h"
#else

using uint8 = unsigned char;
using uint32 = unsigned int;

/// Bytes of a block, as many as its launch says.
extern __shared__ uint4 shared_memory[];

#define DEVICE static __device__ __forceinline__
#define DEVICE_MEMBER __device__ __forceinline__

/// sums += a · b: sixteen rows of 32 u8 by 32 rows of eight s8, spread over the lanes as PTX says
/// (mma.sync.m16n8k32, whose second and third words of a change places here: fragments.cuh). Turing does
/// it in four parts.
DEVICE void mma(int (&sums)[4], const uint4& a, uint32 b0, uint32 b1) {
#if __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
        "{%0,%1,%2,%3};"
        : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
        : "r"(a.x), "r"(a.z), "r"(a.y), "r"(a.w), "r"(b0), "r"(b1));
#else
#define PART(first, second, a, b)                                                                  \
    asm volatile(                                                                         \
        "mma.sync.aligned.m8n8k16.row.col.s32.u8.s8.s32 {%0,%1}, {%2}, {%3}, {%0,%1};"             \
        : "+r"(first), "+r"(second)                                                                \
        : "r"(a), "r"(b))
    PART(sums[0], sums[1], a.x, b0);
    PART(sums[0], sums[1], a.y, b1);
    PART(sums[2], sums[3], a.z, b0);
    PART(sums[2], sums[3], a.w, b1);
#undef PART
#endif
}

/// Starts copying sixteen bytes to shared memory; Turing copies them at once.
DEVICE void copy_async(uint4* to, const uint4* from) {
#if __CUDA_ARCH__ >= 800
    uint32 address = static_cast<uint32>(__cvta_generic_to_shared(to));
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(address), "l"(from) : "memory");
#else
    *to = *from;
#endif
}

/// Ends a group of copies.
DEVICE void commit_copies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

/// Waits until all groups of this thread but the last `LEFT` have arrived.
template <int LEFT>
DEVICE void wait_for_copies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" ::"n"(LEFT) : "memory");
#endif
}

/// The value of the lane whose number differs in the bits of `mask`.
template <typename T>
DEVICE T exchange(T value, int mask) {
    return __shfl_xor_sync(0xFFFFFFFF, value, mask);
}

DEVICE uint32 bits_of(float value) { return __float_as_uint(value); }
DEVICE float float_of(uint32 bits) { return __uint_as_float(bits); }
/// Towards zero, the nearest number where it does not fit, 0 for NaN, as in Rust.
DEVICE int whole(float value) { return __float2int_rz(value); }
DEVICE float root(float value) { return __fsqrt_rn(value); }

#endif
