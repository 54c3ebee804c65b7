// f32 rows to u8 with a scale, a zero point and one outlier each.
//
// A block of threads has eight rows, half a block of fragments.cuh, the half-warps one each: they find
// the range of their row; then all threads together write them.

#pragma once

constexpr int ROWS = 8;
constexpr int ROW_THREADS = ROWS * LANES;

constexpr float FARTHER = 1.1f;
constexpr float FARTHEST = 64.0f;

/// The farthest value on one side of zero, where it is, and the next one; zeros where there is none.
struct Side {
    float first, next;
    int place;

    DEVICE_MEMBER void meet(float value, int at) {
        bool is_farther = value > first;
        next = is_farther ? first : larger(next, value);
        place = is_farther ? at : place;
        first = is_farther ? value : first;
    }

    /// Meets what the other threads of the half-warp have.
    DEVICE_MEMBER void fold() {
        for (int half = LANES / 2; half > 0; half /= 2) {
            float others_first = exchange(first, half), others_next = exchange(next, half);
            int others_place = exchange(place, half);
            bool is_farther = others_first > first;
            next = is_farther ? larger(first, others_next) : larger(next, others_first);
            place = is_farther ? others_place : place;
            first = is_farther ? others_first : first;
        }
    }
};

/// How a row is quantized (with_outlier of kernels/src/quantize.rs). All threads of its half-warp call
/// this with the same row of `k` values.
DEVICE RowParams params_of(const float* row, int k, Steps& steps) {
    Side below = {0.0f, 0.0f, 0}, above = {0.0f, 0.0f, 0};
    for (int i = threadIdx.x % LANES; i < k; i += LANES) {
        above.meet(row[i], i);
        below.meet(-row[i], i);
    }
    above.fold();
    below.fold();
    float low = -below.first, high = above.first;
    bool is_above = high > -low;
    Side far = is_above ? above : below;
    RowParams params = {0.0f, 0, 0, 0};
    // An outlier is there once.
    if (far.first != far.next) {
        float others_low = is_above ? low : -far.next, others_high = is_above ? far.next : high;
        float range = larger(others_high - others_low, far.first / FARTHEST);
        if (high - low >= FARTHER * range) {
            steps = steps_of(others_low, range, params.scale);
            params.zero = whole(steps.zero);
            params.outlier = far.place;
            float step = (is_above ? far.first : -far.first) * (255.0f / range) + steps.zero;
            float nearest = larger(smaller(step, 255.0f), 0.0f);
            params.excess = whole(step - nearest + ROUND - ROUND);
            return params;
        }
    }
    steps = steps_of(low, high - low, params.scale);
    params.zero = whole(steps.zero);
    return params;
}

/// Four values from `k` on; zeros where the row has ended. Of an aligned row they come together.
DEVICE uint32 word_at(const float* row, int length, int k, bool is_aligned, Steps steps) {
    if (is_aligned && k < length) {
        float4 values = *reinterpret_cast<const float4*>(row + k);
        return step_of(values.x, steps) | step_of(values.y, steps) << 8 |
               step_of(values.z, steps) << 16 | step_of(values.w, steps) << 24;
    }
    uint32 word = 0;
    for (int i = 0; i < 4; i++) {
        if (k + i < length) word |= step_of(row[k + i], steps) << (8 * i);
    }
    return word;
}

/// Quantizes the block's rows, of which the first `rows` are there: `values` is `[8, stride]`.
DEVICE void quantize_block(const float* values, int stride, int rows, int k, uint2* out,
                           RowParams* params) {
    __shared__ Steps steps[ROWS];
    int row = threadIdx.x / LANES;
    // Whole half-warps go on together: those without a row read the first one once more.
    Steps own;
    RowParams of_row = params_of(values + (row < rows ? row : 0) * stride, k, own);
    if (threadIdx.x % LANES == 0) {
        steps[row] = own;
        if (row < rows) params[row] = of_row;
    }
    __syncthreads();
    int padded = (k + 63) / 64 * 64;
    bool is_aligned = stride % 4 == 0 && k % 4 == 0;
    for (int at = threadIdx.x; at < padded; at += ROW_THREADS) {
        // The two words of a lane.
        int first = at / 32 * STEP + at % 4 * 4, of = at % 32 / 4;
        if (of >= rows) continue;
        const float* from = values + of * stride;
        out[at * 2] = make_uint2(word_at(from, k, first, is_aligned, steps[of]),
                                 word_at(from, k, first + 16, is_aligned, steps[of]));
    }
}

/// Where the rows of this block of threads go: every second one has the lower half of a block.
DEVICE uint2* half_block(uint4* out, int k) {
    int padded = (k + 63) / 64 * 64;
    uint4* block = out + static_cast<size_t>(blockIdx.x / 2) * padded;
    return reinterpret_cast<uint2*>(block) + blockIdx.x % 2;
}

/// The size of a batch.
struct Sizes {
    int tokens;
    /// With every sequence padded to 32.
    int padded_tokens;
};

/// `values` is `[tokens, k]`; a block of threads for every eight tokens.
extern "C" __global__ void __launch_bounds__(ROW_THREADS)
quantize(const float* values, const Sizes* sizes, int k, uint4* out, RowParams* params) {
    int first = blockIdx.x * ROWS, tokens = sizes->tokens;
    if (first >= tokens) return;
    quantize_block(values + static_cast<size_t>(first) * k, k, min(ROWS, tokens - first), k,
                   half_block(out, k), params + first);
}
