#!/usr/bin/env python3
r"""Drug-gene and gene-disease pairs of examples/mining from raw sentences, against ChemProt and GAD.

    python3 benches/mining-genes.py [--data ../shared/data/re] [--biobert target/release/biobert] [--corpus chemprot|gad]

Both corpora are here as sentences in which the two names of a pair are masked, a row for each pair. The sentence itself
can be had only where rows mask different names: a name that one row masks stands in another one. What is masked in all rows is lost,
and such sentences are left out, which is told. The others go through the tool as raw text. A pair that was found is right if both of its
places overlap those of a gold pair with the same relation.
"""
import argparse
import collections
import csv
import itertools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples/mining"))
from mining import precision  # noqa: E402
from pairs import HEADS, Pairs, identity, is_drug  # noqa: E402

MASK = re.compile(r"@(CHEMICAL|GENE|DISEASE)\$")
AT = (50, 100, 200)


def merged(a, b):
    """The sentence that two rows mask differently; None if they are not of one, or mask the same words."""
    out, i, j = [], 0, 0
    while i < len(a) or j < len(b):
        in_a, in_b = MASK.match(a, i), MASK.match(b, j)
        if in_a and in_b:
            return None
        if in_a or in_b:
            hidden = shown(a, in_a.end(), b, j) if in_a else shown(b, in_b.end(), a, i)
            if hidden is None:
                return None
            out.append(hidden)
            i, j = (in_a.end(), j + len(hidden)) if in_a else (i + len(hidden), in_b.end())
        elif a[i:i + 1] == b[j:j + 1]:
            out.append(a[i])
            i, j = i + 1, j + 1
        else:
            return None
    return "".join(out)


def shown(a, after, b, j):
    """What stands in `b` from `j` for the mask before `after` in `a`: up to where both go on alike, for 25 characters or to a mask."""
    mask = MASK.search(b, j)
    for end in range(j + 1, (mask.start() if mask else len(b)) + 1):
        x, y = a[after:after + 25], b[end:end + 25]
        if not x and not y:
            return b[j:end]
        x, y = (MASK.split(text)[0] for text in (x, y))
        near = min(len(x), len(y))
        if near and x[:near] == y[:near]:
            return b[j:end]
    return None


def places(row, sentence):
    """Where a row's masks are in the sentence: {kind: (start, end)}; None if it is not of this sentence."""
    masks = list(MASK.finditer(row))
    if len(masks) != 2:
        return None
    first, second = masks
    before, between, after = row[:first.start()], row[first.end():second.start()], row[second.end():]
    start, end = len(before), len(sentence) - len(after)
    at = sentence.find(between, start + 1, end - 1) if between else -1
    if at < 0 or not sentence.startswith(before) or not sentence.endswith(after) or at + len(between) >= end:
        return None
    return {first[1]: (start, at), second[1]: (at + len(between), end)}


def recovered(rows):
    """[(sentence, [(first place, second place, label)])] of the (masked, label) of a document."""
    sentences = []
    for i, (a, _) in enumerate(rows):
        if not any(places(a, s) for s, _ in sentences):
            found = next((s for b, _ in rows[i + 1:] for s in [merged(a, b)] if s and places(a, s) and places(b, s)), None)
            if found:
                sentences.append((found, []))
    for row, label in rows:
        for sentence, pairs in sentences:
            at = places(row, sentence)
            if at:
                first, second = (at[k] for k in (("CHEMICAL", "GENE") if "CHEMICAL" in at else ("GENE", "DISEASE")))
                pairs.append((first, second, label))
                break
    return sentences


def chemprot(data):
    documents = collections.defaultdict(list)
    for line in (data / "chemprot/test.tsv").read_text(encoding="utf-8").splitlines():
        name, masked, label = line.split("\t")
        documents[name.split(".")[0]].append((masked, label))
    return documents


def gad(data):
    """The first fold, as one document: which rows are of one article is not told. What the head learnt from helps to find the sentences,
    and is not judged: its label is None."""
    rows = {line.rsplit("\t", 1)[0]: None for line in (data / "GAD/1/train.tsv").read_text(encoding="utf-8").splitlines()}
    with (data / "GAD/1/test.tsv").open(encoding="utf-8", newline="") as file:
        for row in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]:
            rows[row[1]] = row[2]
    return {"": list(rows.items())}


def overlap(a, b):
    return a[0] < b[1] and b[0] < a[1]


def measure(name, head, documents, args):
    texts, judged = [], {}
    for rows in documents.values():
        for sentence, pairs in recovered(rows):
            pairs = [p for p in pairs if p[2] is not None]
            if pairs:
                judged[f"{name}{len(texts)}"] = pairs
                texts.append({"id": f"{name}{len(texts)}", "text": sentence})
    gold = {doc: [p for p in pairs if (head, p[2]) in HEADS] for doc, pairs in judged.items()}
    labels = [label for rows in documents.values() for _, label in rows if label is not None]
    total = sum(map(len, gold.values()))
    print(f"{name}: {len(texts)} sentences recovered; {sum(map(len, judged.values()))} of {len(labels)} pairs, "
          f"{total} of {sum((head, label) in HEADS for label in labels)} with a relation")

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "raw.jsonl"
        path.write_text("".join(json.dumps(t) + "\n" for t in texts), encoding="utf-8")
        kinds = "gene,chemical" if head == "chemprot" else "gene,disease"
        out = subprocess.run([args.biobert, "extract", "--heads", f"{kinds},{head}", "--assertion", "off", "--terms", "mesh", "--input-format", "jsonl",
                              str(path)], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    table, together = Pairs(10**9, 10**9), collections.defaultdict(list)
    found = right = related = known = 0
    hit = set()
    both = ("Chemical", "Gene") if head == "chemprot" else ("Gene", "Disease")
    for line in out.splitlines():
        document = json.loads(line)
        table.add(document, [(0, len(document["text"]))])
        for a, b in itertools.product(*([e for e in document["entities"] if e["label"] == kind] for kind in both)):
            together[identity(a)[0], identity(b)[0]].append((document["id"], (a["start"], a["end"]), (b["start"], b["end"])))
        for relation in document["relations"]:
            if (relation["head"], relation["label"]) not in HEADS or head == "gad" and is_drug(document, document["entities"][relation["first"]]):
                continue
            a, b = (tuple(document["entities"][relation[k]][at] for at in ("start", "end")) for k in ("first", "second"))
            same = [i for i, (x, y, _) in enumerate(gold[document["id"]]) if overlap(a, x) and overlap(b, y)]
            good = [i for i in same if gold[document["id"]][i][2] == relation["label"]]
            found, right, related = found + 1, right + bool(good), related + bool(same)
            known += any(overlap(a, x) and overlap(b, y) for x, y, _ in judged[document["id"]])
            hit |= {(document["id"], i) for i in good}
    if head == "gad":
        # Its authors judged some of a sentence's pairs only: what is not there is neither right nor wrong.
        print(f"  mentions: {found} found, of which GAD judges {known}: {right} right ({100 * right / known:.1f} %; of all that it judges "
              f"{100 * total / sum(map(len, judged.values())):.1f} %); recall {100 * len(hit) / total:.1f}")
        return
    p, r = right / found, len(hit) / total
    print(f"  mentions: {found} found, {right} right, {related} with a relation of any kind, {known} with names that the corpus has; "
          f"precision {100 * p:.1f}, recall {100 * r:.1f}, F1 {200 * p * r / (p + r):.1f}")
    kinds_of = {HEADS[h, label]: label for h, label in HEADS if h == head}

    def stated(doc, first, second, label=None):
        return any(overlap(first, x) and overlap(second, y) and label in (None, said) for x, y, said in gold[doc])
    rows = [any(stated(e["doc"], e["first"], e["second"], kinds_of[key[:2]]) for _, _, e in pair.evidence) for key, pair in table.ranked() if pair.documents]
    show("ranked pairs", [(i, row) for i, row in enumerate(rows)])
    show("co-occurrence, any relation", [(-len(at), any(stated(*one) for one in at)) for at in together.values()])


def show(name, rows):
    print(f"  {name}: " + ", ".join(f"@{k} {precision(rows, k):.1f}" for k in AT) + f"; of {len(rows)} {sum(good for _, good in rows)} right")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/re")
    parser.add_argument("--biobert", default=str(ROOT / "target/release/biobert"))
    parser.add_argument("--corpus", choices=("chemprot", "gad"))
    args = parser.parse_args()
    if args.corpus != "gad":
        measure("ChemProt", "chemprot", chemprot(args.data), args)
    if args.corpus != "chemprot":
        measure("GAD", "gad", gad(args.data), args)


if __name__ == "__main__":
    main()
