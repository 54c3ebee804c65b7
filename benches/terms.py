"""Codes of a corpus' mentions: ours beside gilda and scispaCy's matcher, on the same tables.

    python3 benches/terms.py --data CDR_TestSet.PubTator.txt --tables mesh-diseases.tsv mesh-drugs.tsv … \\
        --terms NAME.terms NAME.terms … [--biobert target/release/biobert]

Needs gilda 1.6.1 and scispacy 0.6.2 (`pip install gilda scispacy`). Every peer reads the tables, each in a
process of its own, and is asked for every mention; its first candidate counts. gilda gets the words alone,
scispaCy also the long form that its detector finds in the abstract, and gives nothing below the threshold of
0.7 that its linker has. A code is right if it is one of the mention's; a mention without a code cannot be.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict


def mentions(path):
    """Texts, and of each its mentions: start, end, words, kind, codes."""
    texts, marks = {}, defaultdict(list)
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\r\n")
        head = line.split("|", 2)
        if len(head) == 3 and head[1] in "ta" and "\t" not in head[0]:
            texts[head[0]] = texts.get(head[0], "") + head[2] + (" " if head[1] == "t" else "")
        columns = line.split("\t")
        if len(columns) >= 6:
            document, start, end, words, kind, codes = columns[:6]
            marks[document].append((int(start), int(end), words, kind, set(codes.split("|")) - {"-1"}))
    return texts, marks


def table(paths):
    """Concepts of tables: code, name, synonyms; of a code in several tables all its names."""
    concepts = {}
    for path in paths:
        for line in open(path, encoding="utf-8"):
            code, name, synonyms = (line.rstrip("\n").split("\t") + ["", ""])[:3]
            known = concepts.setdefault(code, [name])
            known.extend(one for one in [name, *synonyms.split("|")] if one and one not in known)
    return concepts


def judged(texts, marks, link):
    """Accuracy and precision by kind, and mentions a second of processor time."""
    counts = defaultdict(lambda: [0, 0, 0])
    start = time.process_time()
    answers = {document: link(texts[document], marks[document]) for document in marks}
    seconds = time.process_time() - start
    for document, answers in answers.items():
        for (_, _, _, kind, gold), given in zip(marks[document], answers):
            count = counts[kind]
            count[0] += 1
            count[1] += given is not None
            count[2] += given in gold
    for kind, (number, given, right) in sorted(counts.items()):
        accuracy, precision = 100 * right / number, 100 * right / max(given, 1)
        print(f"  {kind:9} mentions {number:5}  accuracy {accuracy:.2f}  precision {precision:.2f}")
    total = sum(count[0] for count in counts.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {total / seconds:,.0f} mentions a second, {memory:,.0f} MiB", flush=True)


def gilda(arguments):
    from gilda import make_grounder
    from gilda.process import normalize
    from gilda.term import Term

    terms = [
        Term(normalize(one), one, "MESH", code, names[0], "name" if one == names[0] else "synonym", "table")
        for code, names in table(arguments.tables).items()
        for one in names
    ]
    grounder = make_grounder(terms)

    def link(_, marks):
        found = [grounder.ground(words) for _, _, words, _, _ in marks]
        return [matches[0].term.id if matches else None for matches in found]

    judged(*mentions(arguments.data), link)


def scispacy(arguments):
    import spacy
    from scispacy import candidate_generation
    from scispacy.abbreviation import AbbreviationDetector
    from scispacy.linking_utils import Entity, KnowledgeBase

    knowledge = KnowledgeBase(
        [Entity(code, names[0], names[1:]) for code, names in table(arguments.tables).items()]
    )
    # What it asks of SciPy's version is for saving an index, which is not done here.
    candidate_generation.scipy_supports_sparse_float16 = lambda: True
    aliases, vectorizer, index = candidate_generation.create_tfidf_ann_index(None, knowledge)
    generator = candidate_generation.CandidateGenerator(index, vectorizer, aliases, knowledge)
    language = spacy.blank("en")
    detector = AbbreviationDetector(language)

    def link(text, marks):
        document = detector(language(text))
        long_forms = {short.text: short._.long_form.text for short in document._.abbreviations}
        answers = []
        for candidates in generator([long_forms.get(words, words) for _, _, words, _, _ in marks], 30):
            scored = [(max(one.similarities), one.concept_id) for one in candidates]
            score, code = max(scored, default=(0.0, None))
            answers.append(code if score > 0.7 else None)
        return answers

    judged(*mentions(arguments.data), link)


def ours(arguments):
    command = [arguments.biobert, "eval", "terms", "--data", arguments.data, "--terms", ",".join(arguments.terms)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime
    kinds = json.loads(said.strip().splitlines()[-1])
    total = 0
    for kind, counts in sorted(kinds.items()):
        if not isinstance(counts, dict):
            continue
        total += counts["mentions"]
        accuracy, precision = counts["accuracy"], counts["precision"]
        print(f"  {kind:9} mentions {counts['mentions']:5}  accuracy {accuracy:.2f}  precision {precision:.2f}")
    memory = used.ru_maxrss / 1024
    print(f"  {total / seconds:,.0f} mentions a second with opening the indices and reading the file, {memory:,.0f} MiB", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--tables", nargs="+", required=True)
    parser.add_argument("--terms", nargs="+", required=True)
    parser.add_argument("--biobert", default="target/release/biobert")
    parser.add_argument("--peer", choices=["ours", "gilda", "scispacy"])
    arguments = parser.parse_args()
    if arguments.peer:
        return {"ours": ours, "gilda": gilda, "scispacy": scispacy}[arguments.peer](arguments)
    for peer in ["ours", "gilda", "scispacy"]:
        print(peer, flush=True)
        subprocess.run([sys.executable, *sys.argv, "--peer", peer], check=False)


if __name__ == "__main__":
    main()
