#!/usr/bin/env python3
"""The last table of scripts/gpu.sh: a row for each measurement, whether it was made or not.

usage: table.py RESULTS CARD
"""
import json
import sys

NOT_RUN = "not run"
# Milliseconds on an H100, and shares of torch.compile's time.
MILLISECONDS = {"1x128": 0.5, "64x128": 2.6, "64x384": 9.5}
SHARES = {"1x32": 0.6, "64x128": 0.9, "corpus": 0.9}
SHAPES = ["1x32", "1x128", "8x128", "64x128", "64x384", "corpus"]
EQUAL = {
    "kernels": "equal bits: every kernel, an encoder",
    "tasks": "equal bytes: tests of the GPU path",
    "bio-minilm": "equal bytes: the default model",
    "base": "equal bytes: BERT-base's shape",
}
CLEAN = {"memcheck": "compute-sanitizer memcheck", "racecheck": "compute-sanitizer racecheck"}
# Chips of which the milliseconds are asked.
H100 = ["H100", "H200", "GH200"]
PRODUCTS, CORPUS = 0.5, 30


class Results:
    def __init__(self, path):
        with open(path) as lines:
            # Libraries may print something too.
            self.all = [json.loads(line) for line in lines if line.startswith("{")]

    def find(self, **wanted):
        of = lambda result: all(result.get(key) == value for key, value in wanted.items())
        return next(filter(of, self.all), {})


def reached(yes):
    return NOT_RUN if yes is None else "yes" if yes else "no"


def counted(name, found):
    """A check of several parts."""
    if not found:
        return [name, NOT_RUN, "", "", "all", NOT_RUN]
    good, of = found["good"], found["of"]
    return [name, f"{good} of {of}", "", "", "all", reached(0 < good == of)]


def speed(results, shape, card):
    """A row for each target of a shape, one if it has none."""
    found = results.find(what="speed", shape=shape).get("ms", {})
    name = "packed corpus, ms" if shape == "corpus" else f"{shape}, ms"
    ours, compiled = found.get("ours"), found.get("compile")
    labels = {"eager": "eager", "compile": "compile", "onnx": "ONNX"}
    peers = [f"{label} {found[key]:.2f}" for key, label in labels.items() if key in found]
    row = [name, f"{ours:.2f}" if ours else NOT_RUN, ", ".join(peers)]
    ratio = ours / compiled if ours and compiled else None
    shown = f"{ratio:.2f} of compile" if ratio else ""
    if shape in MILLISECONDS:
        target = MILLISECONDS[shape]
        asked = any(chip in card for chip in H100)
        met = reached(ours and ours <= target) if asked or not ours else "other card"
        yield [*row, "" if shape in SHARES else shown, f"<= {target} on an H100", met]
    if shape in SHARES:
        target = SHARES[shape]
        met = reached(None if ratio is None else ratio <= target)
        yield [*row, shown, f"<= {target} of compile", met]
    if shape not in MILLISECONDS and shape not in SHARES:
        yield [*row, shown, "", "" if ours else NOT_RUN]


def products(results):
    found = results.find(what="products")
    ours, int8, fp16 = (found.get(key) for key in ["ours", "int8", "fp16"])
    tera = lambda rate: f"{rate / 1e12:.0f}" if rate else NOT_RUN
    ratio = ours / int8 if ours and int8 else None
    yield ["int8 products at 64x384, TOPS", tera(ours), f"bare mma {tera(int8)}" if ours else "",
           f"{ratio:.2f}" if ratio else "", f">= {PRODUCTS} of bare mma",
           reached(None if ratio is None else ratio >= PRODUCTS)]
    yield ["the same and fp16's limit, TFLOPS", tera(ours), f"matmul {tera(fp16)}" if fp16 else "",
           f"{ours / fp16:.2f}" if ours and fp16 else "", "", "" if ours and fp16 else NOT_RUN]


def corpus(results, model, task):
    found = results.find(what="corpus", model=model, task=task)
    name = f"text to {task}, {model}, tokens/s"
    if not found:
        return [name, NOT_RUN, "", "", f">= {CORPUS} times", NOT_RUN]
    ratio = found["gpu"] / found["cpu"]
    return [f"{name} ({found['threads']} threads)", f"{found['gpu']:.0f}",
            f"two CPU threads {found['cpu']:.0f}", f"{ratio:.1f} times", f">= {CORPUS} times",
            reached(ratio >= CORPUS)]


def rows(results, card):
    for key, name in EQUAL.items():
        yield counted(name, results.find(what="equal", part=key))
    for key, name in CLEAN.items():
        yield counted(name, results.find(what="clean", part=key))
    for shape in SHAPES:
        yield from speed(results, shape, card)
    yield from products(results)
    for model in ["base", "bio-minilm"]:
        for task in ["entities", "vectors"]:
            yield corpus(results, model, task)


def main():
    path, card = sys.argv[1:]
    table = [["measurement", "ours", "peers", "ratio", "target", "reached"]]
    table += rows(Results(path), card)
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    table.insert(1, ["-" * width for width in widths])
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


main()
