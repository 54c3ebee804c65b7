// The functions of kernels/src/math.rs and quantize.rs that a pass needs, step by step the same.

#pragma once

/// 1.5·2²³: adding and subtracting it rounds to an integer, ties to even.
constexpr float ROUND = 12582912.0f;

DEVICE float smaller(float a, float b) { return a < b ? a : b; }
DEVICE float larger(float a, float b) { return a > b ? a : b; }

/// A whole number from -2²² to 2²² in the low bits.
DEVICE uint32 round_bits(float value) { return bits_of(value + ROUND); }

/// 2^x for x from −∞ to 0.
DEVICE float exp2_coarse(float x) {
    float rounded = x + ROUND;
    float r = x - (rounded - ROUND);
    float p = 0.0550086f;
    p = p * r + 0.242211f;
    p = p * r + 0.693283f;
    p = p * r + 1.0f;
    float value = float_of(bits_of(p) + (bits_of(rounded) << 23));
    return x < -30.0f ? 0.0f : value;
}

DEVICE float gelu_coarse(float x) {
    float c = x > 3.8f ? 3.8f : x;
    c = c < -3.8f ? -3.8f : c;
    float s = c * c;
    float p = 3.164899e-8f;
    p = p * s + -2.0196935e-6f;
    p = p * s + 5.570536e-5f;
    p = p * s + -8.833968e-4f;
    p = p * s + 9.081878e-3f;
    p = p * s + -6.519536e-2f;
    p = p * s + 0.39828794f;
    return x * (0.5f + c * p);
}

/// Smallest range that is still divided by.
constexpr float SMALLEST = 1e-30f;

/// Factor and scale of s8 values whose largest magnitude is given; 0 for NaN.
DEVICE float factor_of(float largest) { return largest >= SMALLEST ? 127.0f / largest : 0.0f; }
DEVICE float scale_of(float largest) { return largest >= SMALLEST ? largest / 127.0f : 0.0f; }

/// What the processor knows of a quantized row (kernels/src/quantize.rs).
struct alignas(16) RowParams {
    float scale;
    int zero;
    int outlier;
    int excess;
};

/// How a row becomes u8: `step = value · inverse + zero`. An inverse of 0 makes all of it 0.
struct Steps {
    float inverse;
    float zero;
};

/// Steps for the range from `low` on, and the scale that they mean.
DEVICE Steps steps_of(float low, float range, float& scale) {
    if (!(range >= SMALLEST)) {
        scale = 0.0f;
        return {0.0f, 0.0f};
    }
    float inverse = 255.0f / range;
    scale = range / 255.0f;
    float zero = -low * inverse + ROUND - ROUND;
    return {inverse, zero == zero ? zero : 0.0f};
}

DEVICE uint32 step_of(float value, Steps steps) {
    int step = static_cast<int>(round_bits(value * steps.inverse + steps.zero) - bits_of(ROUND));
    return static_cast<uint32>(step < 0 ? 0 : step > 255 ? 255 : step);
}
