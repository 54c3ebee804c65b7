#!/usr/bin/env python3
"""Ranked pairs and mechanisms out of abstracts: what `biobert extract` finds in each, pooled over all.

    mine.py --out found abstracts.pubtator

writes pairs, their evidence and mechanisms as tables into the directory `found`, and index.html for the browser. Python 3.8 or later,
its standard library alone.
"""
import argparse
import csv
import json
import os
import subprocess
import sys

from mechanisms import FIELDS, LONGEST, mechanisms
from page import page
from pairs import Pairs, sentence_of

HEADS = "gene,chemical,disease,gad,chemprot,cid,effect"


def options(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", help="abstracts; with --extracted, what `biobert extract` wrote as JSON lines")
    parser.add_argument("-o", "--out", required=True, help="directory for the tables and the page")
    parser.add_argument("--input-format", default="pubtator", help="as `biobert formats list` names it; default pubtator")
    parser.add_argument("--extracted", action="store_true", help="the files are JSON lines of `biobert extract`: no model runs")
    parser.add_argument("--biobert", default="biobert", help="the tool; default: the one in the PATH")
    parser.add_argument("--model", help="as the tool takes it; default: its own")
    parser.add_argument("--terms", default="mesh", help="terminologies for codes, as the tool takes them, or none; default mesh")
    parser.add_argument("--threads", default="1")
    parser.add_argument("--pool", choices=("noisy-or", "mean", "max"), default="noisy-or", help="how documents make one score")
    parser.add_argument("--evidence", type=int, default=5, help="sentences kept of each pair; default 5")
    parser.add_argument("--max-pairs", type=int, default=100_000, help="pairs kept; beyond, the weakest quarter is forgotten, and told")
    parser.add_argument("--rows", type=int, default=500, help="rows of each table in the page; default 500")
    parser.add_argument("--csv", action="store_true", help="tables separated by commas instead of tabs")
    args = parser.parse_args(argv)
    if args.evidence < 1 or args.max_pairs < 4:
        parser.error("--evidence is at least 1, --max-pairs at least 4")
    if "-" in args.files:
        parser.error("files are read twice, for entities and for sentences: standard input cannot be")
    return args


class Tool:
    """A run of the tool, of which the lines are read as they come. Of two over the same files one tells what is wrong with them."""

    def __init__(self, args, command, *more, tells=True):
        self.tells = tells
        line = [args.biobert, command, *more, "--", *args.files]
        try:
            self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=None if tells else subprocess.DEVNULL)
        except OSError as error:
            sys.exit(f"{args.biobert}: {error.strerror}; --biobert names the tool")

    def lines(self):
        for line in self.process.stdout:
            line = json.loads(line)
            # What could not be read has its error in its place.
            if "error" not in line:
                yield line
            elif self.tells:
                print(f"{line['id']}: {line['error']}" if "id" in line else line["error"], file=sys.stderr)

    def status(self):
        self.process.stdout.close()
        return self.process.wait()


def extracted(files):
    """What `biobert extract` wrote, line by line."""
    for name in files:
        try:
            file = open(name, "rb")
        except OSError as error:
            sys.exit(f"{name}: {error.strerror}")
        with file:
            for number, line in enumerate(file, 1):
                try:
                    document = json.loads(line)
                    if "error" in document:
                        print(f"{name}:{number}: {document['error']}", file=sys.stderr)
                        continue
                    document["id"], document["text"], document["relations"]
                    for entity in document["entities"]:
                        entity["start"], entity["end"], entity["label"]
                except (ValueError, KeyError, TypeError):
                    sys.exit(f"{name}:{number}: not a line of `biobert extract`")
                yield document


def documents(args):
    """(document, places of its sentences) one by one; at last (None, whether documents were left out)."""
    form = "jsonl" if args.extracted else args.input_format
    splitter = Tool(args, "sentences", "--input-format", form, tells=args.extracted)
    if args.extracted:
        tools, found = [splitter], extracted(args.files)
    else:
        more = ["--heads", HEADS, "--assertion", "off", "--input-format", form, "--threads", args.threads]
        more += ["--model", args.model] if args.model else []
        more += ["--terms", args.terms] if args.terms != "none" else []
        extract = Tool(args, "extract", *more)
        tools, found = [extract, splitter], extract.lines()
    divided = splitter.lines()
    for document in found:
        # Both read the same files in the same order; either may leave out what it cannot read.
        for other in divided:
            if other["id"] == document["id"] and other["text"] == document["text"]:
                break
        else:
            sys.exit(f"{document['id']}: the document was not divided into sentences")
        yield document, [(s["start"], s["end"]) for s in other["sentences"]]
    for _ in divided:
        pass
    statuses = [tool.status() for tool in tools]
    if any(status not in (0, 1) for status in statuses):
        sys.exit("biobert was stopped: nothing is written")
    yield None, any(statuses)


class Table:
    """A file of rows that is there whole or not at all."""

    def __init__(self, args, name, header):
        self.path = os.path.join(args.out, name + (".csv" if args.csv else ".tsv"))
        self.file = open(self.path + ".new", "w", encoding="utf-8", newline="")
        self.rows = csv.writer(self.file) if args.csv else None
        self.write(header)

    def write(self, row):
        # Line ends and tabs of a text would be those of the table.
        row = [" ".join(str(cell).split()) for cell in row]
        if self.rows:
            self.rows.writerow(row)
        else:
            self.file.write("\t".join(row) + "\n")

    def close(self):
        self.file.close()
        os.replace(self.path + ".new", self.path)

    def discard(self):
        self.file.close()
        os.remove(self.path + ".new")


PAIR_HEADER = ("rank", "kind", "relation", "first", "first_code", "second", "second_code", "score", "best", "note", "documents",
               "sentences", "mentions", "denied", "heads")
EVIDENCE_HEADER = ("rank", "probability", "heads", "doc", "start", "end", "first_start", "first_end", "second_start", "second_end",
                   "negated", "hedged", "sentence")


def write_pairs(args, ranked):
    table, evidence = Table(args, "pairs", PAIR_HEADER), Table(args, "evidence", EVIDENCE_HEADER)
    for rank, ((kind, relation, _, _), pair) in enumerate(ranked, 1):
        table.write((rank, kind, relation, pair.names[0], pair.codes[0], pair.names[1], pair.codes[1], f"{pair.score(args.pool):.4f}",
                     f"{pair.best:.4f}", pair.note(), pair.documents, pair.sentences, pair.mentions, pair.against,
                     "+".join(sorted(pair.heads))))
        for _, _, item in sorted(pair.evidence, key=lambda e: e[:2], reverse=True):
            evidence.write((rank, f"{item['probability']:.4f}", "+".join(item["heads"]), item["doc"], item["start"], item["end"],
                            *item["first"], *item["second"], yes(item["negated"]), yes(item["hedged"]), item["sentence"][0]))
    table.close()
    evidence.close()


def yes(value):
    return "yes" if value else ""


def main():
    args = options()
    os.makedirs(args.out, exist_ok=True)
    pairs, shown, count, found, long, failed = Pairs(args.evidence, args.max_pairs, args.pool), [], 0, 0, 0, False
    table = Table(args, "mechanisms", ("doc", "start", "end", *FIELDS, "sentence"))
    try:
        for document, sentences in documents(args):
            if document is None:
                failed = sentences
                break
            count += 1
            pairs.add(document, sentences)
            within = {}
            for entity in document["entities"]:
                within.setdefault(sentence_of(sentences, entity["start"]), []).append(entity)
            for at, entities in sorted(within.items()):
                start, end = sentences[at]
                if end - start > LONGEST:
                    long += 1
                    continue
                entities = [e for e in entities if e["end"] <= end]
                for row in mechanisms(document["text"], start, end, entities):
                    found += 1
                    sentence = document["text"][start:end]
                    table.write((document["id"], row["start"], row["end"], *(row[f] for f in FIELDS), sentence))
                    if len(shown) < args.rows:
                        shown.append((document["id"], row, sentence, start))
        if failed and not count:
            sys.exit("no document could be read: nothing is written")
    except BaseException:
        table.discard()
        raise
    table.close()
    ranked = pairs.ranked()
    write_pairs(args, ranked)
    with open(os.path.join(args.out, "index.html.new"), "w", encoding="utf-8") as file:
        file.write(page(ranked[:args.rows], len(ranked), shown, found, count, args.pool))
    os.replace(os.path.join(args.out, "index.html.new"), os.path.join(args.out, "index.html"))
    print(f"{count} document{'s' * (count != 1)}: {len(ranked)} pairs, {found} mechanisms; {os.path.join(args.out, 'index.html')}", file=sys.stderr)
    if long:
        print(f"not read for mechanisms: {long} sentences of more than {LONGEST} characters", file=sys.stderr)
    if pairs.dropped:
        print(f"forgotten because of --max-pairs: {pairs.dropped} weak pairs; their counts may be too low", file=sys.stderr)
    if failed:
        sys.exit("not all documents could be read: see above")


if __name__ == "__main__":
    main()
