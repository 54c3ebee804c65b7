// LayerNorm, and the sum before it (kernels/src/rows.rs).

#pragma once

struct Norm {
    const float* scale;
    const float* shift;
    float eps;
};

/// Normalises a row in place, and writes it to `states` too where it is one of those that are there. All
/// threads of its half-warp call this, each with the values that it alone reads and writes, whose sum is
/// `total`.
DEVICE void normalise(float* row, int width, float total, const Norm& norm, bool is_there,
                      float* states) {
    int lane = threadIdx.x % LANES;
    float mean = fold_sum(total) / static_cast<float>(width), squares = 0.0f;
    for (int i = lane; i < width; i += LANES) {
        float value = row[i] - mean;
        squares = squares + value * value;
        row[i] = value;
    }
    float variance = fold_sum(squares) / static_cast<float>(width);
    float deviation = root(variance + norm.eps);
    for (int i = lane; i < width; i += LANES) {
        row[i] = row[i] / deviation * norm.scale[i] + norm.shift[i];
        if (is_there) states[i] = row[i];
    }
}

/// Rows in shared memory: half-warps side by side, each on half of the 32 banks.
DEVICE int row_stride(int width) { return (width + 31) / 32 * 32 + 16; }

/// `states = LayerNorm(before + x)`, both `[tokens, width]`, and the same quantized. Eight tokens a
/// block of threads; shared memory for as many rows.
extern "C" __global__ void __launch_bounds__(ROW_THREADS)
add_norm(const float* before, const float* x, const Sizes* sizes, int width, const float* scale,
         const float* shift, float eps, float* states, uint4* out, RowParams* params) {
    int first = blockIdx.x * ROWS, row = threadIdx.x / LANES, lane = threadIdx.x % LANES;
    int tokens = sizes->tokens;
    if (first >= tokens) return;
    int count = min(ROWS, tokens - first);
    size_t at = (static_cast<size_t>(first) + row) * width;
    float* rows = reinterpret_cast<float*>(shared_memory);
    float* own = rows + row * row_stride(width);
    float total = 0.0f;
    for (int i = lane; i < width; i += LANES) {
        // Those without a row have zeros.
        float value = row < count ? before[at + i] + x[at + i] : 0.0f;
        total = total + value;
        own[i] = value;
    }
    normalise(own, width, total, {scale, shift, eps}, row < count, states + at);
    quantize_block(rows, row_stride(width), count, width,
                   half_block(out, width), params + first);
}
