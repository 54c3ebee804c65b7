// A GPU on the processor: runs a kernel's blocks one after another, the threads of a block as
// coroutines that meet where the kernel says they do (__syncthreads, and the lanes of a warp in an
// exchange or a product of the tensor cores).
//
// Between two barriers each warp goes as far as it can before the next one does, in an order that is
// drawn anew each time, and so do its lanes between two meetings: a kernel that races gives other bits
// from run to run. Where an asynchronous copy goes there is garbage from its start until its thread
// has waited for it. The shared memory that a launch asks for begins as garbage. A block whose threads cannot
// all go on ends the process with the reason.

#pragma once

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <ucontext.h>
#include <vector>

#include <cmath>

using uint8 = unsigned char;
using uint32 = unsigned int;

struct alignas(8) int2 {
    int x, y;
};
struct alignas(8) float2 {
    float x, y;
};
struct alignas(8) uint2 {
    uint32 x, y;
};
struct alignas(16) float4 {
    float x, y, z, w;
};
struct alignas(16) uint4 {
    uint32 x, y, z, w;
};
struct uint3 {
    uint32 x, y, z;
};
inline int2 make_int2(int x, int y) { return {x, y}; }
inline float2 make_float2(float x, float y) { return {x, y}; }
inline uint2 make_uint2(uint32 x, uint32 y) { return {x, y}; }
inline uint4 make_uint4(uint32 x, uint32 y, uint32 z, uint32 w) { return {x, y, z, w}; }
inline int min(int a, int b) { return a < b ? a : b; }

#define DEVICE static inline
#define DEVICE_MEMBER inline
#define __global__
#define __shared__ static
#define __launch_bounds__(...)

namespace simt {

constexpr int WARP = 32;
constexpr size_t STACK = 256 << 10;
constexpr size_t SHARED = 227 << 10;

enum class State { Ready, AtBarrier, InWarp, Done };

/// What the lanes of a warp meet for.
enum class Meeting { None, Exchange, Product };

struct Copy {
    void* to;
    const void* from;
    int group;
};

struct Thread {
    uint3 index;
    int lane, warp;
    State state;
    ucontext_t start;
    jmp_buf here;
    bool begun;
    std::vector<char> stack;
    /// What it brings to a meeting, and takes from it.
    Meeting meeting;
    uint32 value;
    int mask;
    uint4 a;
    uint32 b[2];
    int* sums;
    std::vector<Copy> copies;
    int group;
};

struct Machine {
    uint3 grid, block, at;
    std::vector<Thread> threads;
    std::vector<int> waiting;
    Thread* current = nullptr;
    jmp_buf scheduler;
    std::function<void()> kernel;
    std::mt19937 random{1};
};

inline Machine machine;

[[noreturn]] inline void fail(const char* reason) {
    std::fprintf(stderr, "emulator: %s\n", reason);
    std::abort();
}

/// Leaves the current thread where it stands.
inline void leave() {
    if (_setjmp(machine.current->here) == 0) _longjmp(machine.scheduler, 1);
}

inline void entry() {
    machine.kernel();
    machine.current->state = State::Done;
    _longjmp(machine.scheduler, 1);
}

inline void enter(Thread& thread) {
    machine.current = &thread;
    if (_setjmp(machine.scheduler) != 0) return;
    if (thread.begun) _longjmp(thread.here, 1);
    thread.begun = true;
    getcontext(&thread.start);
    thread.start.uc_stack.ss_sp = thread.stack.data();
    thread.start.uc_stack.ss_size = thread.stack.size();
    thread.start.uc_link = nullptr;
    makecontext(&thread.start, entry, 0);
    setcontext(&thread.start);
}

inline void barrier() {
    machine.current->state = State::AtBarrier;
    leave();
}

/// A byte of a lane's words.
inline uint8 byte_of(uint32 word, int index) { return word >> (8 * index) & 0xFF; }

/// m16n8k32 as PTX spreads it, but with rows before halves of k.
inline void product(Thread* lanes) {
    int16_t rows[16][32], columns[8][32];
    for (int lane = 0; lane < WARP; lane++) {
        const uint4& a = lanes[lane].a;
        const uint32 words[4] = {a.x, a.y, a.z, a.w};
        for (int half = 0; half < 2; half++) {
            for (int i = 0; i < 4; i++) {
                int k = 16 * half + lane % 4 * 4 + i;
                rows[lane / 4][k] = byte_of(words[half], i);
                rows[lane / 4 + 8][k] = byte_of(words[2 + half], i);
                columns[lane / 4][k] = static_cast<signed char>(byte_of(lanes[lane].b[half], i));
            }
        }
    }
    for (int row = 0; row < 16; row++) {
        for (int column = 0; column < 8; column++) {
            int sum = 0;
            for (int k = 0; k < 32; k++) sum += rows[row][k] * columns[column][k];
            lanes[row % 8 * 4 + column / 2].sums[row / 8 * 2 + column % 2] += sum;
        }
    }
}

/// Waits for the other lanes; the last one does for all what they met for.
inline void meet(Meeting meeting) {
    Thread* self = machine.current;
    self->meeting = meeting;
    Thread* lanes = &machine.threads[self->warp * WARP];
    if (++machine.waiting[self->warp] < WARP) {
        self->state = State::InWarp;
        leave();
        return;
    }
    machine.waiting[self->warp] = 0;
    uint32 given[WARP];
    for (int lane = 0; lane < WARP; lane++) {
        if (lanes[lane].meeting != meeting) fail("the lanes of a warp do different things");
        given[lane] = lanes[lane].value;
        lanes[lane].state = State::Ready;
    }
    if (meeting == Meeting::Product) return product(lanes);
    for (int lane = 0; lane < WARP; lane++) lanes[lane].value = given[lane ^ lanes[lane].mask];
}

/// Runs the lanes of a warp until none can go on by itself, in an order drawn anew before each meeting;
/// says whether any went on.
inline bool run_warp(Thread* lanes) {
    int order[WARP];
    for (int lane = 0; lane < WARP; lane++) order[lane] = lane;
    for (bool moved = false;; moved = true) {
        std::shuffle(order, order + WARP, machine.random);
        bool moves = false;
        for (int lane : order) {
            if (lanes[lane].state != State::Ready) continue;
            enter(lanes[lane]);
            moves = true;
        }
        if (!moves) return moved;
    }
}

/// Runs a kernel for a grid, with so many bytes of shared memory for a block.
template <typename Kernel>
void run(uint3 grid, uint3 block, size_t shared, Kernel&& kernel);

}  // namespace simt

alignas(16) inline uint4 shared_memory[simt::SHARED / sizeof(uint4)];

#define threadIdx (simt::machine.current->index)
#define blockIdx (simt::machine.at)

inline void __syncthreads() { simt::barrier(); }

DEVICE void mma(int (&sums)[4], const uint4& a, uint32 b0, uint32 b1) {
    simt::Thread* self = simt::machine.current;
    self->a = a;
    self->b[0] = b0;
    self->b[1] = b1;
    self->sums = sums;
    simt::meet(simt::Meeting::Product);
}

DEVICE void copy_async(uint4* to, const uint4* from) {
    simt::Thread* self = simt::machine.current;
    // From now on, and until it has been waited for, nobody may look there or still need what was there.
    std::memset(to, 0xA5, sizeof(uint4));
    self->copies.push_back({to, from, self->group});
}

DEVICE void commit_copies() { simt::machine.current->group++; }

template <int LEFT>
DEVICE void wait_for_copies() {
    simt::Thread* self = simt::machine.current;
    size_t kept = 0;
    for (const simt::Copy& copy : self->copies) {
        if (copy.group < self->group - LEFT) {
            std::memcpy(copy.to, copy.from, sizeof(uint4));
        } else {
            self->copies[kept++] = copy;
        }
    }
    self->copies.resize(kept);
}

template <typename T>
DEVICE T exchange(T value, int mask) {
    static_assert(sizeof(T) == sizeof(uint32), "a word");
    simt::Thread* self = simt::machine.current;
    std::memcpy(&self->value, &value, sizeof value);
    self->mask = mask;
    simt::meet(simt::Meeting::Exchange);
    std::memcpy(&value, &self->value, sizeof value);
    return value;
}

DEVICE uint32 bits_of(float value) {
    uint32 bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

DEVICE float float_of(uint32 bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

DEVICE int whole(float value) {
    if (value != value) return 0;
    if (value >= 2147483648.0f) return INT32_MAX;
    return value < -2147483648.0f ? INT32_MIN : static_cast<int>(value);
}

DEVICE float root(float value) { return std::sqrt(value); }

template <typename Kernel>
void simt::run(uint3 grid, uint3 block, size_t shared, Kernel&& kernel) {
    Machine& m = machine;
    int count = block.x * block.y * block.z;
    if (count % WARP != 0 || count > 1024) fail("a block of parts of warps");
    m.grid = grid;
    m.block = block;
    m.kernel = kernel;
    m.threads.resize(count);
    m.waiting.assign(count / WARP, 0);
    std::vector<int> warps(count / WARP);
    for (size_t warp = 0; warp < warps.size(); warp++) warps[warp] = warp;
    for (int at = 0; at < count; at++) {
        Thread& thread = m.threads[at];
        thread.index = {at % block.x, at / block.x % block.y, at / block.x / block.y};
        thread.lane = at % WARP;
        thread.warp = at / WARP;
        thread.stack.resize(STACK);
    }
    for (m.at.z = 0; m.at.z < grid.z; m.at.z++) {
        for (m.at.y = 0; m.at.y < grid.y; m.at.y++) {
            for (m.at.x = 0; m.at.x < grid.x; m.at.x++) {
                std::memset(shared_memory, 0xA5, shared);
                for (Thread& thread : m.threads) {
                    thread.state = State::Ready;
                    thread.begun = false;
                    thread.copies.clear();
                    thread.group = 0;
                }
                int done = 0, standing = 0;
                while (done < count) {
                    // Another order after every barrier; between them, whoever can goes on.
                    if (standing == count - done) {
                        for (Thread& thread : m.threads) {
                            if (thread.state == State::AtBarrier) thread.state = State::Ready;
                        }
                    }
                    // A warp goes on as far as it can, before the next one has its turn.
                    std::shuffle(warps.begin(), warps.end(), m.random);
                    bool moved = false;
                    for (int warp : warps) moved |= run_warp(&m.threads[warp * WARP]);
                    if (!moved) fail("threads wait for others that have ended or wait elsewhere");
                    done = standing = 0;
                    for (const Thread& thread : m.threads) {
                        done += thread.state == State::Done;
                        standing += thread.state == State::AtBarrier;
                    }
                }
            }
        }
    }
}
