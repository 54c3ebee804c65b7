// Attention in integers (kernels/src/attention.rs): u8 queries, s8 keys and values, u8 probabilities.
//
// Every sequence has its own blocks, padded to 32 tokens: `at[s]` is where those of sequence s begin.
// Operands lie in fragments, `[head][token blocks][width]`. A key is a channel of the first product,
// a token a k of the second one. There, the tokens of each 32 change places, so that the scores of a
// lane are, as they come from the first product, the lane's operands of the second:
//
//     k of the second product   token
//     16·h + 4·t + 2·e + b      16·h + 8·e + 2·t + b

#pragma once

/// The packed batch, as attention sees it.
struct Batch {
    /// Where each sequence begins, `[N + 1]`.
    const int* starts;
    /// Where its blocks begin, `[N + 1]`, multiples of 32.
    const int* at;
    /// The sequence of every 32 padded tokens.
    const int* sequences;
};

/// Where the blocks of a head begin that are at some padded token; there is room for `room` of these.
/// `padded` is the width of a head to a multiple of 32.
DEVICE size_t head_block(int head, int room, int padded, int at) {
    return (static_cast<size_t>(head) * room + at) * padded;
}

/// What belongs to a query or a key: its scale, and its zero point or the sum of its values.
struct alignas(8) Token {
    float scale;
    int number;
};

/// What `pack` writes. `room` is the padded tokens that there is room for.
struct Packed {
    uint32* queries;
    Token* query_params;
    uint32* keys;
    Token* key_params;
    uint32* values;
    float2* value_params;
    int room;
};

/// Quantizes queries or keys: half a warp for each padded token.
DEVICE void pack_rows(const float* qkv, const Batch& batch, int heads, int width, bool is_key,
                      const Packed& out) {
    int place = blockIdx.x * ROWS + threadIdx.x / LANES, lane = threadIdx.x % LANES;
    int head = blockIdx.y, padded = (width + 31) / 32 * 32, sequence = batch.sequences[place / 32];
    int token = place - batch.at[sequence] + batch.starts[sequence];
    // Whole half-warps go on together; what is after the sequence counts as zeros.
    bool is_there = token < batch.starts[sequence + 1];
    const float* row = qkv + (static_cast<size_t>(token) * 3 + is_key) * heads * width + head * width;
    auto value = [&](int k) { return is_there && k < width ? row[k] : 0.0f; };

    float low = 0.0f, high = 0.0f;
    for (int k = lane; k < width; k += LANES) {
        low = smaller(low, value(k));
        high = larger(high, value(k));
    }
    low = fold_smallest(low);
    high = fold_largest(high);
    size_t block = head_block(head, out.room, padded, place / 16 * 16) / 4;
    size_t param = static_cast<size_t>(head) * out.room + place;
    if (is_key) {
        float largest = larger(high, -low), factor = factor_of(largest);
        int sum = 0;
        for (int k = lane * 4; k < padded; k += 4 * LANES) {
            uint32 word = 0;
            for (int i = 0; i < 4; i++) {
                uint32 byte = round_bits(value(k + i) * factor) & 0xFF;
                sum += static_cast<signed char>(byte);
                word |= byte << (8 * i);
            }
            out.keys[block + word_of(place % 16, k)] = word;
        }
        sum = fold_sum(sum);
        if (lane == 0) {
            out.key_params[param] = {scale_of(largest), sum};
        }
    } else {
        float scale;
        Steps steps = steps_of(low, high - low, scale);
        for (int k = lane * 4; k < padded; k += 4 * LANES) {
            uint32 word = 0;
            for (int i = 0; i < 4; i++) {
                uint32 step = k + i < width ? step_of(value(k + i), steps) : 0;
                word |= step << (8 * i);
            }
            out.queries[block + word_of(place % 16, k)] = word;
        }
        // Scores in powers of two: e^x is 2^(x · log₂e).
        float factor = 1.44269504f / root(static_cast<float>(width));
        if (lane == 0) {
            out.query_params[param] = {scale * factor, whole(steps.zero)};
        }
    }
}

/// Quantizes values: a thread finds mean and spread of a channel of a sequence, then all write.
DEVICE void pack_values(const float* qkv, const Batch& batch, int heads, int width,
                        const Packed& out) {
    __shared__ float means[128], factors[128];
    int place = blockIdx.x * ROWS, head = blockIdx.y, channel = threadIdx.x;
    int sequence = batch.sequences[place / 32], start = batch.starts[sequence];
    int padded = (width + 31) / 32 * 32, length = batch.starts[sequence + 1] - start;
    // One block of threads of those that the sequence has.
    if (batch.at[sequence] != place) return;
    size_t stride = static_cast<size_t>(3) * heads * width;
    const float* first = qkv + start * stride + 2 * heads * width + head * width;
    if (channel < padded) {
        float low = 0.0f, high = 0.0f, total = 0.0f;
        if (channel < width) {
            const float* column = first + channel;
            low = high = total = column[0];
            // The order of the sum is the processor's; the loads run ahead of it.
#pragma unroll 16
            for (int token = 1; token < length; token++) {
                float value = column[token * stride];
                low = smaller(low, value);
                high = larger(high, value);
                total = total + value;
            }
        }
        float mean = total / static_cast<float>(length);
        float spread = larger(high - mean, mean - low);
        means[channel] = mean;
        factors[channel] = factor_of(spread);
        out.value_params[(static_cast<size_t>(place / 32) * heads + head) * padded + channel] =
            make_float2(scale_of(spread), mean);
    }
    __syncthreads();
    int steps = (length + STEP - 1) / STEP;
    uint4* blocks = reinterpret_cast<uint4*>(out.values) + head_block(head, out.room, padded, place) / 16;
    for (int at = threadIdx.x; at < padded / 16 * steps * 32; at += ROW_THREADS) {
        // The four words of a lane: of two channels, of two halves of the step.
        int lane = at % 32, step = at / 32 % steps, block = at / 32 / steps;
        uint32 words[4];
        for (int word = 0; word < 4; word++) {
            int of = block * 16 + word / 2 * 8 + lane / 4;
            words[word] = 0;
            for (int i = 0; i < 4; i++) {
                int token = step * STEP + word % 2 * 16 + i / 2 * 8 + lane % 4 * 2 + i % 2;
                bool is_there = of < width && token < length;
                float value = is_there ? first[token * stride + of] - means[of] : 0.0f;
                words[word] |= (round_bits(value * factors[of]) & 0xFF) << (8 * i);
            }
        }
        blocks[at] = make_uint4(words[0], words[1], words[2], words[3]);
    }
}

/// Quantizes queries, keys and values: `qkv` is `[tokens, 3·heads·width]`. Grid: of eight padded tokens,
/// by heads, by the three.
extern "C" __global__ void __launch_bounds__(ROW_THREADS)
pack(const float* qkv, const Sizes* sizes, const int* starts, const int* at, const int* sequences,
     int room, int heads, int width, uint32* queries, Token* query_params, uint32* keys,
     Token* key_params, uint32* values, float2* value_params) {
    if (static_cast<int>(blockIdx.x) * ROWS >= sizes->padded_tokens) return;
    Batch batch = {starts, at, sequences};
    Packed out = {queries, query_params, keys, key_params, values, value_params, room};
    if (blockIdx.z == 2) return pack_values(qkv, batch, heads, width, out);
    pack_rows(qkv, batch, heads, width, blockIdx.z == 1, out);
}

/// Keys of sixteen tokens, as they come from memory: their fragments of every step, then scales and
/// sums of the four columns that a lane has.
template <int WIDTH>
struct Keys {
    uint4 fragments[WIDTH / STEP];

    DEVICE_MEMBER explicit Keys(const uint4* block) {
#pragma unroll
        for (int step = 0; step < WIDTH / STEP; step++) fragments[step] = block[step * 32];
    }

    /// The sums of sixteen queries: of tokens 0 to 7, then 8 to 15.
    DEVICE_MEMBER void products(const uint4 (&queries)[WIDTH / STEP], int (&sums)[2][4]) const {
#pragma unroll
        for (int half = 0; half < 2; half++) {
#pragma unroll
            for (int i = 0; i < 4; i++) sums[half][i] = 0;
        }
#pragma unroll
        for (int step = 0; step < WIDTH / STEP; step++) {
            mma(sums[0], queries[step], fragments[step].x, fragments[step].y);
            mma(sums[1], queries[step], fragments[step].z, fragments[step].w);
        }
    }
};

/// A score in powers of two.
DEVICE float score(int sum, Token query, Token key) {
    int exact = sum - query.number * key.number;
    return static_cast<float>(exact) * key.scale * query.scale;
}

/// f32::MIN, with which the processor begins.
constexpr float LEAST = -3.40282347e38f;

/// What attention gives for sixteen queries a warp, into `out`, `[tokens, heads·width]`. The scores are
/// computed twice: first for the largest of each row, then for the powers. Grid: of 64 padded tokens,
/// by heads; four warps a block.
template <int WIDTH>
DEVICE void attend(const uint4* queries, const Token* query_params, const uint4* keys,
                   const Token* key_params, const uint4* values, const float2* value_params,
                   const Batch& batch, int padded_tokens, int room, int heads, int width,
                   float* out) {
    int lane = threadIdx.x % 32, g = lane / 4, t = lane % 4, head = blockIdx.y;
    int place = (blockIdx.x * 4 + threadIdx.x / 32) * 16;
    if (place >= padded_tokens) return;
    int sequence = batch.sequences[place / 32], at = batch.at[sequence];
    int first = batch.starts[sequence], length = batch.starts[sequence + 1] - first;
    // Blocks that only pad a sequence.
    if (place - at >= length) return;

    size_t of_head = static_cast<size_t>(head) * room;
    uint4 query[WIDTH / STEP];
    const uint4* query_block = queries + head_block(head, room, WIDTH, place) / 16 + lane;
#pragma unroll
    for (int step = 0; step < WIDTH / STEP; step++) query[step] = query_block[step * 32];
    Token of_query[2] = {query_params[of_head + place + g], query_params[of_head + place + g + 8]};
    const uint4* key_blocks = keys + head_block(head, room, WIDTH, at) / 16 + lane;
    const Token* of_keys = key_params + of_head + at;
    constexpr int KEY_BLOCK = WIDTH / STEP * 32;

    float largest[2] = {LEAST, LEAST};
    for (int block = 0; block < length; block += 16) {
        Keys<WIDTH> sixteen(key_blocks + block / 16 * KEY_BLOCK);
        int sums[2][4];
        sixteen.products(query, sums);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            int token = block + i / 2 * 8 + 2 * t + i % 2;
            // The padding of a sequence has keys too: selects instead of branches leave them out.
            Token key = of_keys[token];
#pragma unroll
            for (int r = 0; r < 2; r++) {
                float value = score(sums[i / 2][r * 2 + i % 2], of_query[r], key);
                largest[r] = larger(largest[r], token < length ? value : LEAST);
            }
        }
    }
#pragma unroll
    for (int r = 0; r < 2; r++) {
        largest[r] = larger(largest[r], exchange(largest[r], 1));
        largest[r] = larger(largest[r], exchange(largest[r], 2));
    }

    // The processor's sixteen lanes: tokens 2t, 2t + 1, 8 + 2t and 9 + 2t of every sixteen are here.
    float totals[2][4] = {};
    int context[WIDTH / 8][4] = {};
    int steps = (length + STEP - 1) / STEP;
    const uint4* value_blocks = values + head_block(head, room, WIDTH, at) / 16 + lane;
    for (int step = 0; step < steps; step++) {
        uint32 powers[4] = {0, 0, 0, 0};
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int block = step * STEP + half * 16;
            Keys<WIDTH> sixteen(key_blocks + block / 16 * KEY_BLOCK);
            int sums[2][4];
            sixteen.products(query, sums);
#pragma unroll
            for (int i = 0; i < 4; i++) {
                int token = block + i / 2 * 8 + 2 * t + i % 2;
                Token key = of_keys[token];
#pragma unroll
                for (int r = 0; r < 2; r++) {
                    float value = score(sums[i / 2][r * 2 + i % 2], of_query[r], key);
                    float power = exp2_coarse(value - largest[r]) * 255.0f;
                    // What is left out adds a zero, which changes no sum.
                    power = token < length ? power : 0.0f;
                    totals[r][i] = totals[r][i] + power;
                    powers[2 * r + half] |= (round_bits(power) & 0xFF) << (8 * i);
                }
            }
        }
        uint4 probabilities = make_uint4(powers[0], powers[1], powers[2], powers[3]);
#pragma unroll
        for (int block = 0; block < WIDTH / 16; block++) {
            uint4 value = value_blocks[(block * steps + step) * 32];
            mma(context[2 * block], probabilities, value.x, value.y);
            mma(context[2 * block + 1], probabilities, value.z, value.w);
        }
    }
    const float2* of_values = value_params + (static_cast<size_t>(at / 32) * heads + head) * WIDTH;
#pragma unroll
    for (int r = 0; r < 2; r++) {
        float upper = totals[r][0] + totals[r][2], lower = totals[r][1] + totals[r][3];
        upper = upper + exchange(upper, 2);
        lower = lower + exchange(lower, 2);
        upper = upper + exchange(upper, 1);
        lower = lower + exchange(lower, 1);
        float share = 1.0f / (upper + lower);
        int row = place - at + g + 8 * r;
        if (row >= length) continue;
        float* out_row = out + (static_cast<size_t>(first + row) * heads + head) * width;
#pragma unroll
        for (int tile = 0; tile < WIDTH / 8; tile++) {
#pragma unroll
            for (int c = 0; c < 2; c++) {
                int channel = tile * 8 + 2 * t + c;
                if (channel < width) {
                    float2 of_value = of_values[channel];
                    out_row[channel] = static_cast<float>(context[tile][r * 2 + c]) *
                                           (of_value.x * share) + of_value.y;
                }
            }
        }
    }
}

/// `blocks` of a multiprocessor bound the registers; no bound made the compiler spill.
#define ATTEND(name, width_padded, blocks)                                                         \
    extern "C" __global__ void __launch_bounds__(128, blocks)                                      \
    name(const uint4* queries, const Token* query_params, const uint4* keys,                      \
         const Token* key_params, const uint4* values, const float2* value_params,                  \
         const Sizes* sizes, const int* starts, const int* at, const int* sequences, int room,     \
         int heads, int width, float* out) {                                                       \
        Batch batch = {starts, at, sequences};                                                     \
        attend<width_padded>(queries, query_params, keys, key_params, values, value_params, batch, \
                             sizes->padded_tokens, room, heads, width, out);                       \
    }

ATTEND(attend_32, 32, 5)
ATTEND(attend_64, 64, 4)
ATTEND(attend_96, 96, 3)
ATTEND(attend_128, 128, 3)
