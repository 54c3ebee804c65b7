#!/usr/bin/env python3
"""The adverse effects of the ADE corpus as entities: train.jsonl, dev.jsonl and test.jsonl, a sentence a line.
Test are the sentences of its held-out tenth; of the others, in their order, every tenth is dev.
    python3 benches/adverse-effects.py [--screen] ../shared/data/re/ade OUT

With --screen the drugs too, and sentences that report no adverse event: all of dev and test, two a positive one of train."""
import json
import sys
from pathlib import Path

screen = sys.argv[1] == "--screen"
source, out = map(Path, sys.argv[1 + screen:])
held_out = {line.split("\t")[0] for line in (source / "class_test.tsv").read_text().splitlines()}
places = {}
for line in (source / "DRUG-AE.rel").read_text().splitlines():
    _, text, effect, _, _, drug, *_ = line.split("|")
    # Offsets in the corpus are of articles that are not there: the first mention in the sentence counts.
    for mention, label in ((effect, "Effect"), (drug, "Drug"))[:1 + screen]:
        start = text.find(mention)
        if start >= 0:
            places.setdefault(text, set()).add((start, start + len(mention), label))

files = {name: open(out / f"{name}.jsonl", "w") for name in ("train", "dev", "test")}
learnt = 0
for text, found in places.items():
    entities, end = [], 0
    # Of two that overlap, the one that begins first and is longer.
    for start, stop, label in sorted(found, key=lambda place: (place[0], -place[1])):
        if start >= end:
            entities.append({"start": start, "end": stop, "label": label})
            end = stop
    name = "test" if text in held_out else "dev" if learnt % 10 == 9 else "train"
    learnt += name != "test"
    files[name].write(json.dumps({"text": text, "entities": entities}) + "\n")

if screen:
    for part in ("train", "test"):
        rows = [line.rsplit("\t", 1) for line in (source / f"class_{part}.tsv").read_text().splitlines()]
        for index, text in enumerate(dict.fromkeys(text for text, label in rows if label == "0")):
            name = part if part == "test" else "dev" if index % 10 == 9 else "train" if index % 2 else None
            if name:
                files[name].write(json.dumps({"text": text, "entities": []}) + "\n")
