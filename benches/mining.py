#!/usr/bin/env python3
r"""Precision of the first k drug-disease pairs of examples/mining, against the relations of BC5CDR.

    python3 benches/mining.py EXTRACTED.jsonl [--data ../shared/data/re/cid/CDR_TestSet.PubTator.txt] [--biobert target/release/biobert]

EXTRACTED.jsonl is what the tool wrote for the titles and abstracts alone:

    grep -E '^[0-9]+\|[ta]\||^$' CDR_TestSet.PubTator.txt > raw.pubtator
    biobert extract --input-format pubtator --assertion off --terms mesh --heads gene,chemical,disease,gad,chemprot,cid,effect \
        -o EXTRACTED.jsonl raw.pubtator

A pair counts as right if
a document of the corpus has its codes as a CID relation; a name without a code stands for the codes that the corpus gives to the
same words. To compare with: all pairs of a chemical and a disease in a sentence, by how many sentences or documents have them; among equals
the precision is that of a random order.
"""
import argparse
import collections
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples/mining"))
import mine  # noqa: E402
from pairs import Pairs, identity, sentence_of  # noqa: E402

AT = (50, 100, 200)


def gold(path):
    """The pairs of codes, and folded words to codes."""
    pairs, words = set(), collections.defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) == 4 and cells[1] == "CID":
            pairs.add((cells[2], cells[3]))
        elif len(cells) >= 6:
            key, _, _ = identity({"text": cells[3], "label": cells[4]})
            words[key] |= set(cells[5].split("|"))
    return pairs, words


def right(first, second, pairs, words):
    def codes(key):
        return {key[5:]} if key.startswith("MESH:") else words.get(key, set())
    return any((a, b) in pairs for a in codes(first) for b in codes(second))


def precision(ranked, k):
    """Expected precision of the first k of (rank key, right) pairs, equals in random order."""
    groups = collections.defaultdict(list)
    for key, good in ranked:
        groups[key].append(good)
    taken = hits = 0
    for key in sorted(groups):
        share = min(len(groups[key]), k - taken)
        hits += share * sum(groups[key]) / len(groups[key])
        taken += share
    return 100 * hits / taken


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("extracted", nargs="+")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/re/cid/CDR_TestSet.PubTator.txt")
    parser.add_argument("--biobert", default=str(ROOT / "target/release/biobert"))
    args = parser.parse_args()
    args.files, args.extracted = args.extracted, True
    pairs, words = gold(args.data)
    every = {(heads, denials): Pairs(1, 10**9, denials=denials) for heads in ("cid,effect", "cid", "effect") for denials in (True, False)}
    together, documents = collections.Counter(), collections.Counter()
    for document, sentences in mine.documents(args):
        if document is None:
            break
        for (heads, _), table in every.items():
            table.add({**document, "relations": [r for r in document["relations"] if r["head"] in heads]}, sentences)
        seen = set()
        kinds = {"Chemical": set(), "Disease": set()}
        for e in document["entities"]:
            if e["label"] in kinds:
                kinds[e["label"]].add((sentence_of(sentences, e["start"]), identity(e)[0]))
        for at, a in kinds["Chemical"]:
            for b in {b for other, b in kinds["Disease"] if other == at}:
                together[a, b] += 1
                seen.add((a, b))
        documents.update(seen)
    show("together in sentences", [(-n, right(*p, pairs, words)) for p, n in together.items()])
    show("together in documents", [(-n, right(*p, pairs, words)) for p, n in documents.items()])
    show("documents, then sentences", [((-n, -together[p]), right(*p, pairs, words)) for p, n in documents.items()])
    for (heads, denials), table in every.items():
        table = {k: p for k, p in table.pairs.items() if p.documents}
        if denials:
            rows = [((-p.documents, -p.sentences), right(k[2], k[3], pairs, words)) for k, p in table.items()]
            show(f"{heads}, documents, then sentences", rows)
        for pool in ("noisy-or", "mean", "max"):
            rows = [(p.order(pool), right(k[2], k[3], pairs, words)) for k, p in table.items()]
            show(f"{heads}, {pool}" + ("" if denials else ", denials not minded"), rows)


def show(name, rows):
    print(f"{name:45}" + "".join(f"  @{k} {precision(rows, k):5.1f}" for k in AT) + f"  of {len(rows)}: {sum(r for _, r in rows)} right")


if __name__ == "__main__":
    main()
