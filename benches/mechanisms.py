#!/usr/bin/env python3
"""Mechanisms that examples/mining finds in its own sentences: right, wrong, missed.

    python3 benches/mechanisms.py FOUND/mechanisms.tsv [--show]

FOUND is what mine.py wrote for the second column of examples/mining/sentences.tsv, a sentence a line. A row is right if trigger, step,
pathway, direction, outcome, negation and doubt are all as they were written down, but for case.
"""
import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIELDS = ("trigger", "step", "pathway", "direction", "outcome")


def main():
    found = {}
    with open(sys.argv[1], encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            said = ["negated" if row["negated"] else "", "hedged" if row["hedged"] else ""]
            found.setdefault(row["sentence"], []).append("|".join([row[f] for f in FIELDS] + said))
    counts = {}
    for line in (ROOT / "examples/mining/sentences.tsv").read_text(encoding="utf-8").splitlines():
        part, sentence, *wanted = line.split("\t")
        rest, count = [f.lower() for f in found.get(sentence, [])], counts.setdefault(part, [0, 0, 0, 0, 0])
        missed = []
        for row in wanted:
            if row.lower() in rest:
                rest.remove(row.lower())
            else:
                missed.append(row)
        for i, n in enumerate((1, len(wanted), len(wanted) - len(missed), len(rest), len(missed))):
            count[i] += n
        if "--show" in sys.argv and (missed or rest):
            print(sentence, *(f"    missed {m}" for m in missed), *(f"    wrong  {w}" for w in rest), sep="\n")
    for part, count in counts.items():
        print("{}: {} sentences, {} rows: {} right, {} wrong, {} missed".format(part, *count))


if __name__ == "__main__":
    main()
