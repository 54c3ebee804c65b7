#!/usr/bin/env python3
"""Pairs of drug and adverse effect from raw sentences, against the ADE corpus.
    python3 benches/ade.py [--data ../shared/data/re/ade] [--part test|dev] [--tool biobert [--heads A,B]] [--screen "COMMAND"]

Each sentence is a document of its own. Of the sentences with an adverse event the pairs of DRUG-AE.rel count, drug and
effect as exact strings but for case; in those without one every pair is false. What runs is the tool's `re` with --heads,
or a program that reads JSON lines ({"id", "text"}) and writes a table with the columns document, drug, effect, assertion and
basis, such as examples/ade. The test part are the corpus's held-out sentences; dev is every tenth of the others, which choices are made on."""
import argparse
import collections
import csv
import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def sentences(data, part):
    """Text to whether it reports an adverse event. `dev` is as in adverse-effects.py, and every tenth of the negatives."""
    rows = [line.rsplit("\t", 1) for line in (data / f"class_{'test' if part == 'test' else 'train'}.tsv").read_text().splitlines()]
    found = {text: label == "1" for text, label in rows}
    if part == "test":
        return found
    counts, chosen = collections.Counter(), {}
    # The positives in the order of the corpus, as adverse-effects.py counts them.
    order = [text for text in gold(data) if found.get(text)] + [text for text, label in found.items() if not label]
    for text in order:
        label = found[text]
        if counts[label] % 10 == 9:
            chosen[text] = label
        counts[label] += 1
    return chosen


def gold(data):
    """Sentence to its pairs of drug and effect."""
    pairs = collections.defaultdict(set)
    for line in (data / "DRUG-AE.rel").read_text().splitlines():
        _, text, effect, _, _, drug, *_ = line.split("|")
        pairs[text].add((drug.lower(), effect.lower()))
    return pairs


def by_tool(options, texts):
    """Pairs of each text by `re`."""
    command = [options.tool, "re", "--heads", options.heads, "--threads", str(options.threads)]
    if options.model:
        command += ["--model", options.model]
    out = subprocess.run(command, input="\n".join(texts) + "\n", capture_output=True, text=True, check=True).stdout
    found = []
    for line in out.splitlines():
        document = json.loads(line)
        for relation in document["relations"]:
            drug, effect = (document["text"][relation[end]["start"]:relation[end]["end"]] for end in ("first", "second"))
            found.append((document["doc"], drug, effect, ""))
    return found


def by_screen(options, texts):
    """Pairs of each text by a program's table."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for index, text in enumerate(texts):
            file.write(json.dumps({"id": str(index), "text": text}) + "\n")
        file.flush()
        out = subprocess.run(shlex.split(options.screen) + [file.name], capture_output=True, text=True)
    if out.returncode:
        sys.exit(out.stderr)
    rows = csv.DictReader(out.stdout.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(int(row["document"]), row["drug"], row["effect"], row["assertion"] + " by " + row["basis"]) for row in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT / "../shared/data/re/ade")
    parser.add_argument("--part", choices=("test", "dev"), default="test")
    parser.add_argument("--tool", default=str(ROOT / "target/release/biobert"))
    parser.add_argument("--heads", default="disease,chemical,effect")
    parser.add_argument("--model")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--screen")
    parser.add_argument("--show", type=int, default=0, help="print so many wrong pairs of each kind")
    options = parser.parse_args()

    labels = sentences(options.data, options.part)
    texts, pairs = list(labels), gold(options.data)
    found = collections.defaultdict(dict)
    for index, drug, effect, assertion in (by_screen if options.screen else by_tool)(options, texts):
        found[index][(drug.lower(), effect.lower())] = assertion
    right = wrong = missed = false = 0
    kinds = collections.Counter()
    shown = collections.Counter()

    def show(kind, text, pair):
        if shown[kind] < options.show:
            shown[kind] += 1
            print(kind, pair, "IN", text)

    for index, text in enumerate(texts):
        got = found[index]
        if not labels[text]:
            false += len(got)
            for pair, assertion in got.items():
                kinds["false", assertion] += 1
                show("FALSE", text, pair)
            continue
        for pair, assertion in got.items():
            good = pair in pairs[text]
            right, wrong = right + good, wrong + (not good)
            kinds["right" if good else "wrong", assertion] += 1
            if not good:
                show("WRONG", text, pair)
        for pair in pairs[text] - got.keys():
            missed += 1
            show("MISSED", text, pair)
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    positive = sum(labels.values())
    print(f"{options.part}: {positive} sentences with an adverse event, {len(texts) - positive} without")
    print(f"pairs {right + missed}, found {right + wrong}, right {right}: "
          f"precision {100 * precision:.2f}, recall {100 * recall:.2f}, F1 {100 * f1:.2f}; false pairs in negatives {false}")
    for (kind, assertion), count in sorted(kinds.items()):
        if assertion:
            print(f"  {kind} {assertion} {count}")


if __name__ == "__main__":
    main()
