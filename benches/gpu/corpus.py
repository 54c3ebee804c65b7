#!/usr/bin/env python3
"""Tokens a second from raw text, by a GPU and by two threads of the processor, in turn.

usage: corpus.py --tool BIOBERT --model NAME=BUNDLE … [--sentences 30000] [--rounds 2] > RESULTS

Entities are found by `biobert bench --corpus`, which says its own seconds; for vectors the time of
`biobert embed` counts without that of one sentence, which is mostly for opening the model.
"""
import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

WHO = ["The patient", "A 54-year-old man", "A 71-year-old woman", "She", "He", "The infant"]
WHAT = ["was started on", "was given", "denies taking", "tolerated", "developed hives after",
        "responded to", "was discharged on", "stopped"]
DRUGS = ["metformin 500 mg twice daily", "amoxicillin", "lisinopril 10 mg", "warfarin",
         "intravenous ceftriaxone", "prednisone 40 mg", "atorvastatin", "heparin"]
WHY = ["type 2 diabetes mellitus", "community-acquired pneumonia", "atrial fibrillation",
       "a urinary tract infection with Escherichia coli", "hypertension", "a BRCA1 mutation",
       "chronic obstructive pulmonary disease", "an acute myocardial infarction in 2009"]
THEN = ["", "", ", without fever or chest pain", ", and the rash resolved within two days",
        ", although creatinine rose from 0.9 to 1.8 mg/dL", "; her mother had breast cancer",
        ", as was noted at the last visit to the clinic on 3 March"]


def sentences(count):
    draw = random.Random(7)
    parts = (WHO, WHAT, DRUGS, ["for"], WHY)
    return [" ".join(map(draw.choice, parts)) + draw.choice(THEN) + "." for _ in range(count)]


class Side:
    """A device, its threads, and the text that it gets: as much as takes it a second or so."""

    def __init__(self, tool, device, threads, path, alone, work):
        self.tool, self.path, self.alone, self.work = tool, path, alone, work
        self.engine = ["--device", device, "--threads", str(threads)]

    def entities(self, model):
        """Seconds and tokens."""
        command = [self.tool, "bench", "--corpus", self.path, "--model", model, *self.engine]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        figures = json.loads(done.stdout.splitlines()[-1])
        return figures["seconds"], figures["tokens"]

    def vectors(self, model):
        return max(self.embed(model, self.path) - self.embed(model, self.alone), 1e-6)

    def embed(self, model, path):
        command = [self.tool, "embed", path, "--out", self.work / "vectors.npy", "--model", model]
        start = time.perf_counter()
        subprocess.run([*command, *self.engine], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--model", action="append", required=True, metavar="NAME=BUNDLE")
    parser.add_argument("--device", default="gpu")
    parser.add_argument("--sentences", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        # Two threads need as long for a twentieth.
        sizes = {"all": options.sentences, "few": -(-options.sentences // 20), "one": 1}
        for name, count in sizes.items():
            (work / name).write_text("\n".join(sentences(count)) + "\n")
        threads = os.cpu_count()
        sides = {
            "gpu": Side(options.tool, options.device, threads, work / "all", work / "one", work),
            "cpu": Side(options.tool, "cpu", 2, work / "few", work / "one", work),
        }
        for model in options.model:
            name, _, path = model.partition("=")
            measure(name, path, sides, threads, options)


def measure(name, path, sides, threads, options):
    rates = {(task, side): [] for task in ["entities", "vectors"] for side in sides}
    for _ in range(options.rounds):
        for side, of in sides.items():
            seconds, tokens = of.entities(path)
            rates["entities", side].append(tokens / seconds)
            rates["vectors", side].append(tokens / of.vectors(path))
    for task in ["entities", "vectors"]:
        medians = {side: statistics.median(rates[task, side]) for side in sides}
        result = {"what": "corpus", "model": name, "task": task, "threads": threads, **medians}
        print(json.dumps(result), flush=True)


main()
