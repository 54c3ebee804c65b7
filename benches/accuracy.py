#!/usr/bin/env python3
"""The accuracy tables of the model card and of README.md: `biobert eval` of the default model on the files of
the reference, beside what PyTorch reached with the unquantized checkpoint.
    python3 benches/accuracy.py [../shared]"""
import json
import subprocess
import sys
from pathlib import Path

shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
reference = json.loads((shared / "model/bio-minilm-2/reference.json").read_text())["measures"]


def measured(want):
    tool = ["target/release/biobert", "eval", want["task"], "--threads", "2", "--head", want["head"]]
    done = subprocess.run(tool + ["--data", shared / "data" / want["data"]], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def row(*cells):
    texts = (f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells)
    print("| " + " | ".join(texts) + " |", flush=True)


for want in reference:
    got, name = measured(want), want["data"].removesuffix("/test.tsv")
    keys = {"f1": ["precision", "recall", "f1"], "mrr": ["strict", "lenient", "mrr"]}
    keys = keys.get(want["key"], ["accuracy", "macro_f1"])
    row(want["head"], name, *(float(got[key]) for key in keys), float(want[want["key"]]))
    for kind in want.get("by_kind", {}):
        of_kind = next(found for found in got["by_label"] if found["label"] == kind)
        row(f"{want['head']}: {kind}", name, *(of_kind[key] for key in keys), want["by_kind"][kind])
