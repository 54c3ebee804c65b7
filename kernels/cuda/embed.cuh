// The embeddings of words, places and segments, added up and normalised.

#pragma once

/// A table of f32 rows, or of s8 rows with a scale each.
struct Table {
    const void* values;
    /// NULL: the values are f32.
    const float* scales;

    DEVICE_MEMBER float at(int row, int width, int column) const {
        size_t place = static_cast<size_t>(row) * width + column;
        if (scales == nullptr) return static_cast<const float*>(values)[place];
        return static_cast<float>(static_cast<const signed char*>(values)[place]) * scales[row];
    }
};

/// Fills the states of `tokens` tokens, `[tokens, width]`, and the same quantized. `ids`, `places` and
/// `segments` are rows of the tables. Launched as `add_norm` is.
extern "C" __global__ void __launch_bounds__(ROW_THREADS)
embed(const int* ids, const int* places, const int* segments, const Sizes* sizes, int width,
      const void* words, const float* word_scales, const void* positions,
      const float* position_scales, const void* kinds, const float* kind_scales,
      const float* scale, const float* shift, float eps, float* states, uint4* out,
      RowParams* params) {
    int first = blockIdx.x * ROWS, row = threadIdx.x / LANES, lane = threadIdx.x % LANES;
    int tokens = sizes->tokens;
    if (first >= tokens) return;
    int count = min(ROWS, tokens - first);
    // Those without a row do the first one once more.
    int token = first + (row < count ? row : 0);
    Table word = {words, word_scales}, place = {positions, position_scales};
    Table segment = {kinds, kind_scales};
    float* rows = reinterpret_cast<float*>(shared_memory);
    float* own = rows + row * row_stride(width);
    float total = 0.0f;
    for (int i = lane; i < width; i += LANES) {
        float value = 0.0f + word.at(ids[token], width, i);
        value = value + place.at(places[token], width, i);
        value = value + segment.at(segments[token], width, i);
        total = total + value;
        own[i] = value;
    }
    normalise(own, width, total, {scale, shift, eps}, row < count,
              states + static_cast<size_t>(token) * width);
    quantize_block(rows, row_stride(width), count, width,
                   half_block(out, width), params + first);
}
