#!/usr/bin/env python3
"""What the compiled kernels take: built/RESOURCES.txt, a line for each kernel and architecture.

Fails where a kernel keeps values outside of registers, or one that multiplies has no tensor cores.
scripts/cuda.sh runs it with cuobjdump and nvdisasm from PyPI.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zlib

BUILT = pathlib.Path(__file__).parent / "built"
# Those that must have products of the tensor cores.
MULTIPLIES = ("linear_", "attend_")
COLUMNS = ["architecture", "kernel", "registers", "stack", "local", "shared", "IMMA"]


def tools():
    import nvidia

    folders = [pathlib.Path(folder) for folder in nvidia.__path__]
    return next(path.parent for folder in folders for path in folder.glob("*/bin/cuobjdump"))


def dump(folder, what, cubin):
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    command = [folder / "cuobjdump", what, cubin]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def kernels(folder, path):
    """The rows of an architecture."""
    architecture = path.name.split(".")[0]
    with tempfile.NamedTemporaryFile(suffix=".cubin") as cubin:
        cubin.write(zlib.decompress(path.read_bytes()))
        cubin.flush()
        usage = dump(folder, "-res-usage", cubin.name)
        code = dump(folder, "-sass", cubin.name)
    # Sections of the disassembly begin with the name of their kernel.
    _, *sections = re.split(r"^\s*Function : (\S+)$", code, flags=re.M)
    products = {name: text.count(" IMMA") for name, text in zip(sections[::2], sections[1::2])}
    found = re.findall(r"Function (\S+):\s+REG:(\d+) STACK:(\d+) SHARED:(\d+) LOCAL:(\d+)", usage)
    if not found or {name for name, *_ in found} != products.keys():
        sys.exit(f"{path.name}: cuobjdump's output is not understood")
    for name, registers, stack, shared, local in sorted(found):
        numbers = map(int, [registers, stack, local, shared])
        yield [architecture, name, *numbers, products[name]]


def faults(rows):
    for architecture, name, _, stack, local, _, products in rows:
        if stack or local:
            yield f"{name} for {architecture} spills: {stack} bytes of stack, {local} of local memory"
        if name.startswith(MULTIPLIES) and not products:
            yield f"{name} for {architecture} has no IMMA"


def main():
    folder = tools()
    order = lambda path: int(re.sub(r"\D", "", path.name))
    rows = [row for path in sorted(BUILT.glob("*.cubin.z"), key=order) for row in kernels(folder, path)]
    table = [[str(cell) for cell in row] for row in [COLUMNS, *rows]]
    widths = [max(map(len, column)) for column in zip(*table)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table]
    (BUILT / "RESOURCES.txt").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    wrong = list(faults(rows))
    if wrong:
        sys.exit("\n".join(wrong))


main()
