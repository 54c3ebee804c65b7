// The encoder on a GPU: the processor's own bits.
//
// Sums of products are exact integers, whose order is free. What is f32 repeats the processor's order
// of operations (the crate `biobert-kernels`, whose functions have the same names): sums over sixteen
// strided lanes and one tree, no fused multiply-add, no approximate division or root. Compiled by
// build.py with -fmad=false; tests/cuda compiles the same files for its emulator.
//
// A packed batch is a list of T tokens. Its size stands in memory, so that one recorded series of launches
// serves many batches: grids may be larger, and blocks of threads beyond the batch end at once. Quantized rows and weights lie in the order in which the tensor
// cores' operands are spread over the lanes of a warp (fragments.cuh), so that every lane reads sixteen
// bytes beside its neighbours', from memory as from shared memory.
//
//     embed                ids → states, and quantized
//     linear_*             quantized rows × weights → f32, through GELU where asked for
//     pack                 queries, keys and values of that, quantized head by head
//     attend               softmax(Q·Kᵀ)·V of sixteen queries a warp
//     quantize             f32 rows → quantized
//     add_norm             states + f32 rows → states, and quantized

#include "warp.cuh"

#include "math.cuh"

#include "fragments.cuh"

#include "lanes.cuh"

#include "quantize.cuh"

#include "norm.cuh"

#include "embed.cuh"

#include "linear.cuh"

#include "attention.cuh"
