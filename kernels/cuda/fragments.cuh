// Where a byte of an operand lies: blocks of sixteen rows (or channels), in each the steps of 32 k one
// after another, in each step sixteen bytes a lane.
//
// A lane has four words of four neighbouring k: of row g, before k = 16 and from there on, and the same
// of row g + 8. That is what mma.sync.m16n8k32 reads of sixteen rows, or of two times eight channels.

#pragma once

/// Bytes of a block in one step.
constexpr int STEP_BYTES = 512;
/// Values of k in a step.
constexpr int STEP = 32;

/// The word, counted from the block's beginning, where row `row` of it has k (a multiple of 4).
DEVICE int word_of(int row, int k) {
    int lane = row % 8 * 4 + k % 16 / 4;
    return (k / STEP * 32 + lane) * 4 + row / 8 * 2 + k % STEP / 16;
}
