// A linear layer in int8: products by the tensor cores, exact in i32, then scale, bias and GELU
// (kernels/src/int8.rs and epilogue.rs).
//
// A block of threads has `16·MT·WM` rows and `16·NP·WN` channels: WM × WN warps of `16·MT` by `16·NP`
// each. Where rows are few, WK warps share the same rows and channels instead, each with its part of
// k. Rows and weights come to shared memory in stages of KS steps, two stages ahead of the products.

#pragma once

/// The weights of a layer, in fragments, channels padded to `n_padded`.
struct Weights {
    const uint4* fragments;
    /// The same values as `[k][n_padded]`: what an outlier's excess is multiplied by.
    const uint4* by_k;
    const float* scales;
    const int* sums;
    const float* bias;
};

template <int MT, int NP, int WM, int WN, int WK, int KS>
struct Tile {
    static constexpr int M = 16 * MT * WM;
    static constexpr int N = 16 * NP * WN;
    static constexpr int THREADS = 32 * WM * WN * WK;
    static constexpr int STAGES = 3;
    /// Sixteen bytes each, of a stage.
    static constexpr int UNITS = (M + N) / 16 * KS * 32;
    /// An outlier's weights are rows of N bytes, sixteen apart from a multiple of the banks.
    static constexpr int OUTLIER_STRIDE = N + 16;

    /// Starts the copies of a stage; none of steps beyond the last.
    static DEVICE_MEMBER void load(const uint4* x, const uint4* w, int steps, int stage) {
        uint4* to = shared_memory + stage % STAGES * UNITS;
        for (int at = threadIdx.x; at < UNITS; at += THREADS) {
            int block = at / (KS * 32), within = at % (KS * 32);
            if (stage * KS + within / 32 >= steps) continue;
            const uint4* from = block < M / 16 ? x + static_cast<size_t>(block) * steps * 32
                                               : w + static_cast<size_t>(block - M / 16) * steps * 32;
            copy_async(to + at, from + stage * KS * 32 + within);
        }
    }
};

template <bool GELU, int MT, int NP, int WM, int WN, int WK, int KS>
DEVICE void linear(const uint4* x, const RowParams* params, int tokens, int k, const Weights& weights,
                   int n, int n_padded, float* out) {
    using T = Tile<MT, NP, WM, WN, WK, KS>;
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    int part = warp % WK, wm = warp / WK % WM, wn = warp / WK / WM;
    int first_row = blockIdx.y * T::M, first_channel = blockIdx.x * T::N;
    if (first_row >= tokens) return;
    int steps = (k + 63) / 64 * 2, stages = (steps + KS - 1) / KS;
    x += static_cast<size_t>(first_row / 16) * steps * 32;
    const uint4* w = weights.fragments + static_cast<size_t>(first_channel / 16) * steps * 32;

    int sums[MT][2 * NP][4] = {};
    for (int stage = 0; stage < T::STAGES - 1; stage++) {
        if (stage < stages) T::load(x, w, steps, stage);
        commit_copies();
    }
    for (int stage = 0; stage < stages; stage++) {
        wait_for_copies<T::STAGES - 2>();
        // What this thread waited for the others may read, and what they have read it may fill again.
        __syncthreads();
        if (stage + T::STAGES - 1 < stages) T::load(x, w, steps, stage + T::STAGES - 1);
        commit_copies();
        const uint4* rows = shared_memory + stage % T::STAGES * T::UNITS;
        const uint4* channels = rows + T::M / 16 * KS * 32;
#pragma unroll
        for (int step = 0; step < KS; step += WK) {
            int own = step + part;
            // The last stage may be shorter; there are always two steps.
            if (KS > 2 && stage * KS + own >= steps) continue;
            uint4 a[MT], b[NP];
#pragma unroll
            for (int i = 0; i < MT; i++) a[i] = rows[((wm * MT + i) * KS + own) * 32 + lane];
#pragma unroll
            for (int j = 0; j < NP; j++) b[j] = channels[((wn * NP + j) * KS + own) * 32 + lane];
#pragma unroll
            for (int i = 0; i < MT; i++) {
#pragma unroll
                for (int j = 0; j < NP; j++) {
                    mma(sums[i][2 * j], a[i], b[j].x, b[j].y);
                    mma(sums[i][2 * j + 1], a[i], b[j].z, b[j].w);
                }
            }
        }
    }
    __syncthreads();

    // The weights that the outliers of the block's rows meet.
    signed char* outliers = reinterpret_cast<signed char*>(shared_memory);
    constexpr int CHUNKS = T::N / 16;
    for (int at = threadIdx.x; at < T::M * CHUNKS; at += T::THREADS) {
        int row = at / CHUNKS, chunk = at % CHUNKS;
        if (first_row + row >= tokens) break;
        RowParams of_row = params[first_row + row];
        uint4 found = make_uint4(0, 0, 0, 0);
        if (of_row.excess != 0) {
            found = weights.by_k[(static_cast<size_t>(of_row.outlier) * n_padded + first_channel) / 16 + chunk];
        }
        *reinterpret_cast<uint4*>(outliers + row * T::OUTLIER_STRIDE + chunk * 16) = found;
    }
    // The parts of k that other warps have summed.
    if (WK > 1) {
        int* parts = reinterpret_cast<int*>(outliers + T::M * T::OUTLIER_STRIDE);
        constexpr int COUNT = MT * 2 * NP * 4;
        int others = ((wn * WM + wm) * (WK - 1)) * COUNT * 32;
        if (part > 0) {
#pragma unroll
            for (int i = 0; i < COUNT; i++) {
                parts[others + ((part - 1) * COUNT + i) * 32 + lane] = (&sums[0][0][0])[i];
            }
        }
        __syncthreads();
        if (part > 0) return;
#pragma unroll
        for (int other = 0; other < WK - 1; other++) {
#pragma unroll
            for (int i = 0; i < COUNT; i++) {
                (&sums[0][0][0])[i] += parts[others + (other * COUNT + i) * 32 + lane];
            }
        }
    } else {
        __syncthreads();
    }

    // What belongs to a row or to two channels is read once: stores to `out` might change it.
    int first_within = wm * MT * 16 + lane / 4;
    RowParams of_rows[2 * MT];
#pragma unroll
    for (int i = 0; i < 2 * MT; i++) {
        int row = first_row + first_within + i * 8;
        of_rows[i] = params[row < tokens ? row : 0];
    }
#pragma unroll
    for (int j = 0; j < 2 * NP; j++) {
        int column = wn * NP * 16 + j * 8 + lane % 4 * 2, channel = first_channel + column;
        int2 of_weights = *reinterpret_cast<const int2*>(weights.sums + channel);
        float2 scale = *reinterpret_cast<const float2*>(weights.scales + channel);
        float2 bias = *reinterpret_cast<const float2*>(weights.bias + channel);
#pragma unroll
        for (int i = 0; i < 2 * MT; i++) {
            int within = first_within + i * 8, row = first_row + within;
            if (row >= tokens) continue;
            RowParams of_row = of_rows[i];
            const signed char* outlier = outliers + within * T::OUTLIER_STRIDE + column;
            const int* sum = sums[i / 2][j] + i % 2 * 2;
            int exact = sum[0] - of_row.zero * of_weights.x + of_row.excess * outlier[0];
            int next = sum[1] - of_row.zero * of_weights.y + of_row.excess * outlier[1];
            float value = static_cast<float>(exact) * (of_row.scale * scale.x) + bias.x;
            float after = static_cast<float>(next) * (of_row.scale * scale.y) + bias.y;
            if (GELU) {
                value = gelu_coarse(value);
                after = gelu_coarse(after);
            }
            float* to = out + static_cast<size_t>(row) * n + channel;
            if (n % 2 == 0 && channel + 1 < n) {
                *reinterpret_cast<float2*>(to) = make_float2(value, after);
            } else {
                if (channel < n) to[0] = value;
                if (channel + 1 < n) to[1] = after;
            }
        }
    }
}

/// `x` is `[tokens, k]` in fragments, its blocks allocated to a multiple of 128 rows; `out` is
/// `[tokens, n]`. A grid of channels by rows.
#define LINEAR(name, gelu, ...)                                                                    \
    extern "C" __global__ void __launch_bounds__(Tile<__VA_ARGS__>::THREADS)                      \
    name(const uint4* x, const RowParams* params, const Sizes* sizes, int k,                       \
         const uint4* fragments,                                                                   \
         const uint4* by_k, const float* scales, const int* sums, const float* bias, int n,        \
         int n_padded, float* out) {                                                               \
        Weights weights = {fragments, by_k, scales, sums, bias};                                   \
        linear<gelu, __VA_ARGS__>(x, params, sizes->tokens, k, weights, n, n_padded, out);         \
    }

// 128 × 128 by four warps, for many rows.
LINEAR(linear_128, false, 4, 4, 2, 2, 1, 2)
LINEAR(linear_128_gelu, true, 4, 4, 2, 2, 1, 2)
// 64 × 64 by four warps.
LINEAR(linear_64, false, 2, 2, 2, 2, 1, 2)
LINEAR(linear_64_gelu, true, 2, 2, 2, 2, 1, 2)
// 32 × 32, a quarter of k for each of four warps: as many blocks as can be, for few rows.
LINEAR(linear_32, false, 2, 2, 1, 1, 4, 4)
LINEAR(linear_32_gelu, true, 2, 2, 1, 1, 4, 4)
