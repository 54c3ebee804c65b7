// Sixteen lanes of a row on sixteen threads, half a warp: thread i has the values i, i + 16, i + 32 …,
// and the folds below meet in the processor's tree (kernels/src/lanes.rs). Both operands of a fold
// change places freely, so that every thread ends with the result.

#pragma once

constexpr int LANES = 16;

DEVICE float fold_sum(float value) {
    for (int half = LANES / 2; half > 0; half /= 2) value = value + exchange(value, half);
    return value;
}

DEVICE int fold_sum(int value) {
    for (int half = LANES / 2; half > 0; half /= 2) value += exchange(value, half);
    return value;
}

DEVICE float fold_smallest(float value) {
    for (int half = LANES / 2; half > 0; half /= 2) value = smaller(value, exchange(value, half));
    return value;
}

DEVICE float fold_largest(float value) {
    for (int half = LANES / 2; half > 0; half /= 2) value = larger(value, exchange(value, half));
    return value;
}
