"""Pairs of entities, counted and ranked over documents, with their best sentences.

A pair is (kind, relation, first, second). Documents come one after the other; of those that have gone by, a pair keeps counts, a sum
and a few sentences, so that memory grows with pairs and not with documents.
"""
import heapq
import itertools
import math
import re

from mechanisms import DOUBT

# Which head says what. `cid` and `effect` learnt the same relation from different corpora.
HEADS = {
    ("gad", "1"): ("gene-disease", "associated with"),
    ("cid", "1"): ("drug-disease", "induces"),
    ("effect", "1"): ("drug-disease", "induces"),
    ("chemprot", "CPR:3"): ("drug-gene", "activates"),
    ("chemprot", "CPR:4"): ("drug-gene", "inhibits"),
    ("chemprot", "CPR:5"): ("drug-gene", "agonist of"),
    ("chemprot", "CPR:6"): ("drug-gene", "antagonist of"),
    ("chemprot", "CPR:9"): ("drug-gene", "substrate or product of"),
}
# A gene is coded only by its name as it stands: MeSH names few genes, and its next best is another one.
SAME_NAME = {"exact", "case", "dash", "greek", "roman", "plural"}
GREEK = dict(zip("αβγδεκλμπσωζθ", "alpha beta gamma delta epsilon kappa lambda mu pi sigma omega zeta theta".split()))
# "ACE inhibitors", "SIS3, a specific inhibitor of Smad3": a drug by what it acts on, and no gene that has to do with a disease.
DRUG = re.compile(r"\b(?:inhibitor|antagonist|agonist|blocker|modulator|stimulant)s?\b", re.I)
STRONG = 0.8
LONGEST = 600
# Words that deny what is said of a pair: a verb between the two that is denied in their clause, or a noun before them.
NOT = re.compile(r"\b(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would)(?:n['’]t| not)\b(?! only)"
                 r"|\bcannot\b|\bfail(?:ed|s|ing)? to\b|\bnever\b|\bunrelated\b", re.I)
NONE = re.compile(r"\b(?:no|lack of|absence of)(?: \w+)? (?:associations?|evidence|relation\w*|links?|correlations?|effects?|roles?|influence)\b"
                  r"|\bnot (?:\w+ )?(?:associated|related|linked|correlated|due|caused|attributable)\b"
                  r"|\b(?:neither|nor|ruled out|excluded)\b", re.I)
# "did not prevent the tremor", "did not affect it" deny no cause.
UNCHANGED = re.compile(r"^ (?:\w+ly )?(?:affect|alter|change|influence|prevent|reduce|block|inhibit|attenuate|reverse|abolish|protect)", re.I)
CLAUSE = re.compile(r"[;:]|\b(?:but|whereas|while|although|though|however)\b", re.I)
PARTICIPLE = re.compile(r"[-–\s]*(?:induced|associated|related)(?: by)?\s*$", re.I)
BRACKETS = re.compile(r"\([^()]*\)")
MAY = re.compile(r"\b(may|might|could|appears? to|seems? to)\b", re.I)


def identity(entity):
    """What makes two mentions one: (key, name, code). The code, else the long form of a short form, else the folded words."""
    for link in entity.get("codes") or ():
        if link["code"] and (entity["label"] != "Gene" or link["reason"] in SAME_NAME):
            code = f'{link["system"]}:{link["code"]}'
            return code, link["name"] or entity["text"], code
    words = " ".join((entity.get("expansion") or entity["text"]).split())
    folded = "".join(GREEK.get(c, c) for c in words.casefold() if c.isalnum())
    return folded or words, words, ""


class Pair:
    """What is kept of a pair; `unlikely` is the sum of log(1 - p), from which noisy-or comes, over documents."""

    __slots__ = ("names", "codes", "unlikely", "total", "best", "documents", "sentences", "mentions", "against", "heads", "evidence")

    def __init__(self, names, codes):
        self.names, self.codes = names, codes
        self.unlikely = self.total = self.best = 0.0
        self.documents = self.sentences = self.mentions = self.against = 0
        self.heads, self.evidence = set(), []

    def score(self, pool):
        if not self.documents:
            return 0.0
        return {"noisy-or": 1 - math.exp(self.unlikely), "mean": self.total / self.documents, "max": self.best}[pool]

    def order(self, pool):
        """To sort by, best first: of equals those with more documents, and more sentences."""
        first = self.unlikely if pool == "noisy-or" else -self.score(pool)
        return first, -self.best, -self.documents, -self.sentences, self.names

    def note(self):
        """What the score alone would hide."""
        notes = []
        if self.documents and self.best < STRONG:
            notes.append("many weak, none strong" if self.documents > 1 else "weak")
        if self.against:
            notes.append("denied too" if self.documents else "only denied")
        return "; ".join(notes)


class Pairs:
    """All pairs; `limit` bounds how many are kept, `evidence` how many sentences of each."""

    def __init__(self, evidence=5, limit=100_000, pool="noisy-or", denials=True):
        self.evidence, self.limit, self.pool, self.denials = evidence, limit, pool, denials
        self.pairs, self.dropped, self._number = {}, 0, itertools.count()

    def add(self, document, sentences):
        """One document as `biobert extract` writes it, and the places of its sentences."""
        found = {}
        for relation in document["relations"]:
            what = HEADS.get((relation["head"], relation["label"]))
            if what:
                first, second = (document["entities"][relation[k]] for k in ("first", "second"))
                if what[0] == "gene-disease" and is_drug(document, first):
                    continue
                a, b = identity(first), identity(second)
                at = sentence_of(sentences, min(first["start"], second["start"]))
                by = found.setdefault((*what, a[0], b[0]), {}).setdefault(at, [])
                by.append((relation["score"], relation["head"], first, second, a, b))
        for key, places in found.items():
            self._add_pair(key, places, document, sentences)
        if len(self.pairs) > self.limit:
            self._prune()

    def _add_pair(self, key, places, document, sentences):
        pair, best = self.pairs.get(key), 0.0
        for at, mentions in sorted(places.items()):
            score, _, first, second, a, b = max(mentions, key=lambda m: (m[0], -m[2]["start"], -m[3]["start"]))
            if pair is None:
                pair = self.pairs[key] = Pair((a[1], b[1]), (a[2], b[2]))
            start, end = sentences[at]
            negated, hedged = said_of(document["text"], start, end, key[1], first, second)
            negated = negated and self.denials
            heads = sorted({m[1] for m in mentions})
            pair.heads.update(heads)
            if negated:
                pair.against += 1
            else:
                best = max(best, score)
                pair.sentences += 1
                pair.mentions += len({(m[2]["start"], m[3]["start"]) for m in mentions})
            self._keep(pair, score if not negated else -score, {
                "probability": score, "heads": heads, "doc": document["id"], "start": start, "end": end, "negated": negated,
                "hedged": hedged, "first": (first["start"], first["end"]), "second": (second["start"], second["end"]),
                "sentence": clip(document["text"], start, end, first, second)})
        if best:
            pair.documents += 1
            pair.best = max(pair.best, best)
            pair.total += best
            # No sentence is certain: else one would hide all that follow.
            pair.unlikely += math.log(1 - min(best, 0.999))

    def _keep(self, pair, score, evidence):
        item = (score, -next(self._number), evidence)
        if len(pair.evidence) < self.evidence:
            heapq.heappush(pair.evidence, item)
        else:
            heapq.heappushpop(pair.evidence, item)

    def _prune(self):
        """Forgets the weakest quarter. One of them that comes again counts from there on."""
        order = sorted(self.pairs, key=lambda k: self.pairs[k].order(self.pool))
        for key in order[self.limit * 3 // 4:]:
            del self.pairs[key]
            self.dropped += 1

    def ranked(self):
        """(key, pair), the best first."""
        return sorted(self.pairs.items(), key=lambda item: (item[1].order(self.pool), item[0]))


def is_drug(document, gene):
    """Whether what was taken for a gene names a drug."""
    after = document["text"][gene["end"]:gene["end"] + 24].lstrip(") -")
    same = any(e["label"] == "Chemical" and e["start"] <= gene["start"] and gene["end"] <= e["end"] for e in document["entities"])
    return bool(same or DRUG.match(after) or DRUG.search(gene.get("expansion") or gene["text"]))


def sentence_of(sentences, place):
    """The number of the sentence that a place is in."""
    return next((i for i, (_, end) in enumerate(sentences) if place < end), len(sentences) - 1)


def said_of(text, start, end, relation, first, second):
    """Whether words between the two, or shortly before, deny the pair, and whether they doubt it."""
    left, right = sorted((first, second), key=lambda e: e["start"])
    before, between = text[start:left["start"]], text[left["end"]:right["start"]]
    near, said = CLAUSE.split(before)[-1], BRACKETS.sub("", between)
    # "X-induced Y" is said of the pair, whatever else is denied.
    apart = not PARTICIPLE.match(said)
    no = NOT.search(said)
    if no and relation == "induces" and UNCHANGED.match(said[no.end():]):
        no = None
    denied = apart and (no and not CLAUSE.search(said) or NONE.search(said) or NONE.search(near))
    return bool(denied), bool(DOUBT.search(before) or DOUBT.search(between) or MAY.search(between))


def clip(text, start, end, first, second):
    """(text, where it starts): the sentence, of a very long one what is around the pair."""
    if end - start > LONGEST:
        middle = min(first["start"], second["start"])
        start = max(start, middle - LONGEST // 2)
        end = min(end, start + LONGEST)
    return text[start:end], start
