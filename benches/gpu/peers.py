#!/usr/bin/env python3
"""Times us, PyTorch in fp16 and ONNX Runtime on one GPU, in turn: BERT-base, ids on the host to logits there.

usage: peers.py --tool BIOBERT --model BUNDLE [--shapes 1x32,corpus] [--rounds 2] [--seconds 120] > RESULTS

Every round times each engine once, ours in a process of its own; the median over the rounds counts. The
weights of PyTorch's model are random, its shape is ours. What it can do without is left out: no mask
where all sequences have one length. `--seconds` is when no more peers are compiled.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

# The targets' shapes first.
SHAPES = [(64, 128), (1, 32), (1, 128), (64, 384), (8, 128)]
# Ragged sequences, and the shortest and longest of them.
CORPUS, SHORTEST, LONGEST = 2000, 8, 128
# PyTorch pads to a multiple of this, in batches of about so many tokens.
GRAIN, BATCH = 32, 8192
MASK = (1 << 64) - 1


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def lengths():
    """Those that `biobert bench --shortest` draws (splitmix64)."""
    state, found = 20190125, []
    for _ in range(CORPUS):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
        found.append(SHORTEST + (z ^ (z >> 31)) % (LONGEST - SHORTEST + 1))
    return found


def padded():
    """The corpus as PyTorch gets it: (rows, padded length, lengths) of each batch, by length.

    The batches of a length are all of one size, so that each length is compiled once.
    """
    by_length = {}
    for length in sorted(lengths()):
        by_length.setdefault(-(-length // GRAIN) * GRAIN, []).append(length)
    batches = []
    for width, found in by_length.items():
        count = -(-len(found) * width // BATCH)
        rows = -(-len(found) // count)
        batches += [(rows, width, found[at:at + rows]) for at in range(0, len(found), rows)]
    return batches


def median(run, seconds=0.5, warm=3):
    """Milliseconds of one run."""
    for _ in range(warm):
        run()
    taken, end = [], time.perf_counter() + seconds
    while len(taken) < 5 or (time.perf_counter() < end and len(taken) < 200):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1e3)
    return statistics.median(taken)


class Torch:
    """transformers' BERT-base in fp16, with PyTorch's own attention; ids and logits as for us."""

    def __init__(self):
        import torch
        import transformers

        if not torch.cuda.is_available():
            raise ImportError("PyTorch sees no GPU")
        self.torch = torch
        config = transformers.BertConfig(num_labels=3, attn_implementation="sdpa")
        self.model = transformers.BertForTokenClassification(config).half().cuda().eval()
        self.version = f"PyTorch {torch.__version__}, transformers {transformers.__version__}"

    def forward(self, ids, mask):
        return self.model(input_ids=ids, attention_mask=mask).logits

    def compiled(self):
        # What was compiled for other shapes, and its graphs, would only be in the way.
        self.torch._dynamo.reset()
        return self.torch.compile(self.forward, mode="reduce-overhead", dynamic=False)

    def inputs(self, rows, width, of=None):
        """Ids on the host, and the mask where sequences are shorter."""
        ids = self.torch.randint(1000, 20000, (rows, width)).pin_memory()
        if of is None:
            return ids, None
        mask = self.torch.zeros(rows, width, dtype=self.torch.int64)
        for row, length in enumerate(of):
            mask[row, :length] = 1
        return ids, mask.pin_memory()

    def run(self, forward, batches):
        with self.torch.no_grad():
            for ids, mask in batches:
                there = None if mask is None else mask.cuda(non_blocking=True)
                forward(ids.cuda(non_blocking=True), there).cpu()


class OnnxRuntime:
    """The same model, exported, where ONNX Runtime has CUDA."""

    def __init__(self, peer):
        import onnxruntime

        if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
            raise ImportError(f"ONNX Runtime {onnxruntime.__version__} here has no CUDA")
        torch = peer.torch

        class Wrapped(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.model = peer.model

            def forward(self, ids, mask):
                return self.model(input_ids=ids, attention_mask=mask).logits

        ids = torch.randint(1000, 20000, (2, 16)).cuda()
        axes = {name: {0: "rows", 1: "width"} for name in ["ids", "mask", "logits"]}
        path = os.path.join(tempfile.mkdtemp(dir=os.environ.get("TMPDIR")), "base.onnx")
        torch.onnx.export(
            Wrapped(), (ids, torch.ones_like(ids)), path, input_names=["ids", "mask"],
            output_names=["logits"], dynamic_axes=axes, opset_version=17, dynamo=False)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            path, options, providers=["CUDAExecutionProvider"])
        self.version = f"ONNX Runtime {onnxruntime.__version__}"

    def run(self, batches):
        for ids, mask in batches:
            mask = (ids > 0).long() if mask is None else mask
            self.session.run(None, {"ids": ids.numpy(), "mask": mask.numpy()})


class Run:
    def __init__(self, options):
        self.options = options
        self.until = time.monotonic() + options.seconds
        self.torch = self.peer("PyTorch", Torch)
        self.onnx = self.torch and self.peer("ONNX Runtime", lambda: OnnxRuntime(self.torch))

    def peer(self, name, make):
        """What cannot run is said."""
        try:
            made = make()
        except Exception as error:
            say(f"{name} is not run: {type(error).__name__}: {str(error)[:300]}")
            return None
        say(made.version)
        return made

    def ours(self, shape, arguments):
        command = [self.options.tool, "bench", "--device", self.options.device,
                   "--model", self.options.model, *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        figures = json.loads(done.stdout.splitlines()[-1])
        want = sum(lengths()) if shape == "corpus" else None
        if want not in (None, figures["tokens"]):
            sys.exit(f"ours has {figures['tokens']} tokens, the peers {want}")
        return figures["median_ms"]

    def engines(self, shape, batches):
        """Those that run, each as a function that gives milliseconds."""
        peer, found = self.torch, {}
        if not peer:
            return found
        inputs = [peer.inputs(*batch) for batch in batches]
        found["eager"] = lambda: median(lambda: peer.run(peer.forward, inputs))
        if self.onnx:
            found["onnx"] = lambda: median(lambda: self.onnx.run(inputs))
        if time.monotonic() > self.until:
            say(f"{shape}: torch.compile is not run: no time is left")
            return found
        try:
            start = time.monotonic()
            compiled = peer.compiled()
            for _ in range(3):
                peer.run(compiled, inputs)
            say(f"{shape}: compiled in {time.monotonic() - start:.0f} s")
            found["compile"] = lambda: median(lambda: peer.run(compiled, inputs))
        except Exception as error:
            say(f"{shape}: torch.compile failed: {str(error)[:300]}")
        return found

    def measure(self, shape, batches, arguments):
        engines = self.engines(shape, batches)
        engines["ours"] = lambda: self.ours(shape, arguments)
        rounds = {}
        for _ in range(self.options.rounds):
            for name in list(engines):
                try:
                    rounds.setdefault(name, []).append(engines[name]())
                except Exception as error:
                    say(f"{shape}: {name} failed: {str(error)[:300]}")
                    engines.pop(name)
                    rounds.pop(name, None)
        medians = {name: statistics.median(values) for name, values in rounds.items()}
        say(f"{shape:>7}", "  ".join(f"{name} {ms:.3f} ms" for name, ms in medians.items()))
        print(json.dumps({"what": "speed", "shape": shape, "ms": medians}), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--device", default="gpu")
    parser.add_argument("--shapes")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args()
    threads = str(min(os.cpu_count(), 16))
    run = Run(options)
    todo = {f"{rows}x{width}": (rows, width) for rows, width in SHAPES}
    order = [*todo][:1] + ["corpus"] + [*todo][1:]
    for shape in options.shapes.split(",") if options.shapes else order:
        if shape == "corpus":
            arguments = ["--batch", CORPUS, "--shortest", SHORTEST, "--seq", LONGEST,
                         "--callers", 4, "--threads", threads]
            run.measure(shape, padded(), list(map(str, arguments)))
            continue
        rows, width = todo.get(shape) or map(int, shape.split("x"))
        # One sequence is not worth another thread.
        arguments = ["--batch", rows, "--seq", width, "--threads", 1 if rows == 1 else threads]
        run.measure(shape, [(rows, width)], list(map(str, arguments)))


main()
