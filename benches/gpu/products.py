#!/usr/bin/env python3
"""Our int8 products alone, by the kernels that the library carries, against what tensor cores can do.

usage: products.py [--tokens 24576] [--rounds 3] > RESULTS
"""
import argparse
import ctypes
import json
import os
import pathlib
import random
import statistics
import struct
import sys
import time
import zlib

from driver import Driver, Failure
from limit import Fp16, Int8

BUILT = pathlib.Path(__file__).parents[2] / "kernels/cuda/built"
# The tile of many rows: src/engine/cuda/kernels.rs.
SIDE, THREADS, SHARED = 128, 128, 49_152
# A layer of BERT-base: k, n, and whether GELU follows.
LAYER = {
    "query, key and value": (768, 2304, False),
    "attention's output": (768, 768, False),
    "inner states": (768, 3072, True),
    "their output": (3072, 768, False),
}


def say(words):
    print(words, file=sys.stderr, flush=True)


def image(capability):
    """The kernels for a GPU, as src/engine/cuda/images.rs chooses them."""
    major, minor = capability
    for lower in range(minor, -1, -1):
        path = BUILT / f"sm_{major}{lower}.cubin.z"
        if path.exists():
            break
    else:
        path = BUILT / "kernels.ptx.z"
    return path.name, zlib.decompress(path.read_bytes())


def arguments(driver, tokens, k, n):
    """What `linear_*` takes (kernels/cuda/linear.cuh), in its order: all on random values."""
    padded_k, padded_n = -(-k // 64) * 64, -(-n // SIDE) * SIDE
    rows = -(-tokens // SIDE) * SIDE
    noise = os.urandom(1 << 20)
    floats = struct.pack("<f", 0.01)
    draw = random.Random(7)
    # A scale, a zero point, an outlier's place and its excess: trained encoders have one in most rows.
    params = [struct.pack("<fiii", 0.01, 128, draw.randrange(k), 30) for _ in range(1024)]
    number = ctypes.c_int
    return [
        driver.memory(rows * padded_k, noise),             # x
        driver.memory(rows * 16, b"".join(params)),        # params
        driver.memory(8, struct.pack("<ii", tokens, rows)),  # sizes
        number(k),
        driver.memory(padded_n * padded_k, noise),         # fragments
        driver.memory(k * padded_n, noise),                # by_k
        driver.memory(padded_n * 4, floats),               # scales
        driver.memory(padded_n * 4, b"\1\0\0\0"),          # sums
        driver.memory(padded_n * 4, floats),               # bias
        number(n),
        number(padded_n),
        driver.memory(tokens * n * 4),                     # out
    ]


class Product:
    def __init__(self, driver, module, tokens, k, n, gelu):
        self.driver = driver
        self.function = driver.function(module, "linear_128_gelu" if gelu else "linear_128")
        self.arguments = arguments(driver, tokens, k, n)
        self.grid = (-(-n // SIDE), -(-tokens // SIDE), 1)
        self.operations = 2 * tokens * k * n

    def milliseconds(self):
        launch = lambda: self.driver.launch(
            self.function, self.grid, THREADS, SHARED, self.arguments)
        return self.driver.milliseconds(launch, 20)


def limits(driver):
    """What there is to compare with; why not the rest is said."""
    found = {}
    for what, make in [("int8", lambda: Int8(driver)), ("fp16", Fp16)]:
        try:
            found[what] = make()
        except (Failure, ImportError) as error:
            say(f"the limit in {what} is not measured: {error}")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokens", type=int, default=64 * 384)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    driver = Driver()
    name, kernels = image(driver.capability)
    module = driver.module(kernels)
    products = {
        what: Product(driver, module, options.tokens, *shape) for what, shape in LAYER.items()}
    measured = {**products, **limits(driver)}
    rounds = {what: [] for what in measured}
    # The clock has to rise first.
    until = time.monotonic() + 1
    while time.monotonic() < until:
        for product in products.values():
            product.milliseconds()
    # In turn, so that a clock that moves moves for all.
    for _ in range(options.rounds):
        for what, one in measured.items():
            rounds[what].append(one.milliseconds() if what in products else one.rate())
    median = {what: statistics.median(values) for what, values in rounds.items()}
    for what, product in products.items():
        rate = product.operations / median[what] * 1e3
        say(f"{what:22} {median[what]:8.3f} ms {rate / 1e12:8.1f} TOPS")
    operations = sum(product.operations for product in products.values())
    ours = operations / sum(median[what] for what in products) * 1e3
    result = {"what": "products", "kernels": name, "tokens": options.tokens, "ours": ours}
    result |= {what: median.get(what) for what in ("int8", "fp16")}
    print(json.dumps(result))


main()
