"""What the tensor cores can do at the most: bare products in int8, and PyTorch's in fp16."""
import ctypes

from driver import Failure

# A warp's products in one turn: a tile of 4 by 4, each of m16n8k32, as a kernel's inner loop has them.
SIDE = 4
UNROLLED = 4
OPERATIONS = 2 * 16 * 8 * 32
THREADS, BLOCKS = 256, 2
TURNS = 4096


def ptx():
    """A loop of nothing but mma, written out so that no compiler is needed: the driver assembles it.

    The operands are a mixture of bits, as real ones are: a tensor core that multiplies zeros draws less
    power and runs at a higher clock.
    """
    a = [[f"%a{row * 4 + i}" for i in range(4)] for row in range(SIDE)]
    b = [[f"%b{column * 2 + i}" for i in range(2)] for column in range(SIDE)]
    sums = [[f"%s{tile * 4 + i}" for i in range(4)] for tile in range(SIDE * SIDE)]
    operands = sum(a + b, [])
    lines = [
        ".version 7.0", ".target sm_80", ".address_size 64",
        ".visible .entry limit(.param .u64 out, .param .u32 turns) {",
        f".reg .b32 %a<{SIDE * 4}>, %b<{SIDE * 2}>, %s<{SIDE * SIDE * 4}>, %r<8>;",
        ".reg .b64 %d<3>;", ".reg .pred %p;",
        "mov.u32 %r0, %tid.x;", "mov.u32 %r1, %ctaid.x;", "mov.u32 %r2, %ntid.x;",
        "mad.lo.u32 %r3, %r1, %r2, %r0;", "add.u32 %r4, %r3, 1;", "ld.param.u32 %r5, [turns];",
    ]
    for number, register in enumerate(operands):
        lines.append(f"mul.lo.u32 {register}, %r4, {2654435761 + 40503 * number * 2};")
    lines += [f"mov.u32 {register}, 0;" for register in sum(sums, [])]
    lines.append("turn:")
    for _ in range(UNROLLED):
        for tile, four in enumerate(sums):
            registers = ", ".join(four)
            lines.append(
                "mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32 "
                f"{{{registers}}}, {{{', '.join(a[tile // SIDE])}}}, "
                f"{{{', '.join(b[tile % SIDE])}}}, {{{registers}}};")
    lines += ["sub.u32 %r5, %r5, 1;", "setp.ne.u32 %p, %r5, 0;", "@%p bra turn;"]
    # All sums count, so that none is left out.
    lines += [f"add.u32 {sums[0][0]}, {sums[0][0]}, {register};" for register in sum(sums, [])[1:]]
    lines += ["ld.param.u64 %d0, [out];", "mul.wide.u32 %d1, %r3, 4;", "add.u64 %d2, %d0, %d1;",
              f"st.global.u32 [%d2], {sums[0][0]};", "ret;", "}"]
    return "\n".join(lines) + "\n"


class Int8:
    """The loop, on all multiprocessors."""

    def __init__(self, driver):
        if driver.capability < (8, 0):
            raise Failure("m16n8k32 needs compute capability 8.0")
        self.driver = driver
        self.function = driver.function(driver.module(ptx().encode()), "limit")
        self.blocks = BLOCKS * driver.processors
        self.arguments = [driver.memory(self.blocks * THREADS * 4), ctypes.c_uint32(TURNS)]

    def rate(self):
        """Operations a second."""
        launch = lambda: self.driver.launch(
            self.function, (self.blocks, 1, 1), THREADS, 0, self.arguments)
        products = self.blocks * THREADS // 32 * TURNS * UNROLLED * SIDE * SIDE
        return products * OPERATIONS / self.driver.milliseconds(launch, 10) * 1e3


class Fp16:
    """PyTorch's product of matrices."""

    def __init__(self, side=8192):
        import torch

        self.torch, self.side = torch, side
        if not torch.cuda.is_available():
            raise ImportError("PyTorch sees no GPU")
        self.a, self.b = (torch.randn(side, side, device="cuda").half() for _ in range(2))

    def rate(self):
        torch = self.torch
        events = [torch.cuda.Event(enable_timing=True) for _ in range(11)]
        for _ in range(2):
            torch.matmul(self.a, self.b)
        events[0].record()
        for event in events[1:]:
            torch.matmul(self.a, self.b)
            event.record()
        events[-1].synchronize()
        taken = sorted(before.elapsed_time(after) for before, after in zip(events, events[1:]))
        return 2 * self.side**3 / taken[len(taken) // 2] * 1e3


if __name__ == "__main__":
    print(ptx(), end="")
