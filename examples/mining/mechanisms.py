"""Mechanisms: who does what to whom, and what comes of it, by a grammar over the tags of words.py.

A rule is a regular expression over the tags of a sentence, a letter a word. Its groups are the parts of a row: T the trigger, s
what it does to the pathway P, d what comes of it, the outcome O. A verb tells one thing: what a longer rule has used, a shorter one
leaves alone.
"""
import itertools
import re

from words import tagged

# Noun phrases: "the activated NF-κB pathway", "LPS-induced TNF-α", "transcription of cytokines", "increase in blood pressure".
_CORE = "D?[PR]?[NEKM]*[NEM]"
_NP = f"{_CORE}(?:(?:O|(?<=M)n){_CORE})*(?![NEKM])"
# What acts: "treatment with metformin", "binding of VEGF to VEGFR2", "phosphorylation of AKT by PI3K".
_WHO = f"(?:{_CORE}O{_CORE}Y{_CORE}|{_CORE}(?:(?:[OwL]|(?<=M)n){_CORE})*)(?![NEKM])"
# "A, B and C", where no verb before them has them as its objects.
_ALL = f"(?:(?<![^UZST]){_WHO}(?:(?:CJ|C|J){_WHO})+|{_WHO})"
_IN = f"(?:[Qnw]{_NP})*"
_LIST = f"{_NP}(?:(?:CJ|C|J)(?![PR]){_NP}(?![AXHB]*[VPB]))*"
# "is thought to", "has been shown to", "may also", "did not".
_BEFORE = "(?:[AXH]*(?:B[AXB]*[HF]|[HX])A*L)?[AXH]*"


def _verb(name):
    return f"{_BEFORE}(?P<{name}>[VP])"


# "is not phosphorylated and"
_DONE = "[AXH]*B[AXHB]*(?:[RP](?:CJ|C|J))*"
# What comes of it: ", thereby reducing", ", which leads to", "and thus reduces".
_THEN = f"{_IN}(?P<then>C?J?[AS]*G|C?T{_BEFORE}[VP]|(?:CJ|C|J)A*S[SAXH]*[VP])"
# By what way: "via activation of", "through", "by inhibiting", "by inhibition of".
_VIA = f"(?:W(?P<s>M)O|W|C?Y(?P<by>G)|Y(?P<of>M)O)(?P<P>{_NP})"

# What is acted on, from its first word.
_FREE = "(?<![YONEKMDPR])"
_WHICH = f"{_IN}(?:C?T)?"

RULES = [(name, re.compile(pattern)) for name, pattern in [
    ("nominal", f"(?P<s>M)O(?P<P>{_NP})Y(?P<T>{_WHO}){_IN}{_verb('d')}(?P<O>{_LIST})"),
    ("induced", f"(?P<T>[NE]+)(?P<by>K)(?P<s>M)O(?P<P>{_NP}){_IN}{_verb('d')}(?P<O>{_LIST})"),
    ("front", f"(?:W(?P<s>M)O|W|Y(?P<by>G))(?P<P>{_NP})C(?P<T>{_WHO}){_IN}{_verb('d')}(?P<O>{_LIST})"),
    ("active", f"(?P<T>{_CORE})C?{_VIA}C?{_verb('d')}(?P<O>{_LIST})"),
    ("active", f"(?P<T>{_ALL}){_WHICH}{_verb('s')}(?P<P>{_LIST}){_THEN}(?P<O>{_LIST})"),
    ("active", f"(?P<T>{_ALL}){_WHICH}{_verb('d')}(?P<O>{_LIST}){_IN}{_VIA}"),
    ("passive", f"{_FREE}(?P<P>{_NP}){_IN}{_DONE}(?P<s>P)Y(?P<T>{_WHO}){_THEN}(?P<O>{_LIST})"),
    ("passive", f"{_FREE}(?P<O>{_NP}){_IN}{_DONE}(?P<d>P)Y(?P<T>{_WHO}){_IN}{_VIA}"),
    ("passive", f"{_FREE}(?P<O>{_NP})(?:Y{_WHO})?{_IN}{_DONE}(?P<d>P)Y(?P<T>G?{_WHO})"),
    ("passive", f"{_FREE}(?P<O>{_NP})(?P<d>P)Y(?P<T>G?{_WHO})"),
    ("nominal", f"(?P<d>M)O(?P<O>{_NP})Y(?P<T>{_WHO})"),
    ("nominal", f"(?P<O>[NE]+)(?P<d>M)Y(?P<T>{_WHO})"),
    ("active", f"(?P<T>{_ALL}){_WHICH}{_verb('d')}(?P<O>{_LIST})"),
    ("nominal", f"(?P<s>M)O(?P<P>{_NP})Y(?P<T>{_WHO}){_IN}{_BEFORE}[VP]{_LIST}{_IN}C?J{_verb('d')}(?P<O>{_LIST})"),
    ("shared", f"(?P<T>{_ALL}){_IN}{_BEFORE}[VP]{_LIST}{_IN}C?J{_verb('d')}(?P<O>{_LIST})"),
    ("induced", f"(?P<T>[NE]+)(?P<by>K)(?P<d>M)O(?P<O>{_NP})"),
    ("induced", f"(?P<T>[NE]*[NE])(?P<d>K)(?P<O>[NEM]+(?:O{_CORE})*)(?![NEKM])"),
]]

# Nothing is said by these words alone.
VAGUE = re.compile(r"(?:(?:any|significant|marked|similar|such|adverse|beneficial|protective|same) )?(?:effects?|changes?|results?|findings?|responses?|roles?|mechanisms?|increase|decrease|reduction|others?)$", re.I)
# "reports of thrombosis induced by": the thrombosis.
ABOUT = re.compile(r"(?:\w+ )?(?:reports?|cases?|role|evidence|mechanisms?|history|episodes?) of ", re.I)
DOUBT = re.compile(r"\b(suggest\w*|hypothes\w+|whether|speculat\w+|propos\w+|possib\w+|unclear|unknown|if)\b", re.I)
DENIAL = re.compile(r"\b(no|not|never|without|lack of|absence of|neither|nor|fail\w*)\b(?! only)", re.I)
# Of a longer sentence, mostly a table or list, nothing is read: time grows with the square of its length or worse.
LONGEST = 2000
FIELDS = ("trigger", "step", "pathway", "direction", "outcome", "negated", "hedged", "pattern")


def mechanisms(text, start, end, entities):
    """The rows of one sentence, in the order of the text; each has FIELDS, `start`, `end` and the `marks` to be shown."""
    words = _without_brackets(tagged(text, start, end, entities))
    tags = "".join(w.tag for w in words)
    if not re.search("[VPGMK]", tags) or "E" not in tags:
        return []
    used, rows = set(), []
    for pattern, rule in RULES:
        for match in _all(rule, tags):
            row = _row(text, start, end, words, match, pattern, used)
            rows += row
    return sorted(rows, key=lambda r: r["start"])


def _all(rule, tags):
    """Matches from the left; after one, the search goes on behind its first word that acts, since objects may be subjects too."""
    at = 0
    while True:
        match = rule.search(tags, at)
        if match is None:
            return
        yield match
        groups = match.groupdict()
        at = max(match.start() + 1, min(match.start(g) for g in ("s", "d", "then") if groups.get(g)) + 1)


def _row(text, start, end, words, match, pattern, used):
    groups = {name: match.span(name) for name, value in match.groupdict().items() if value}
    step, direction = _acting(words, groups, ("s", "by", "of")), _acting(words, groups, ("d", "then"))
    # "LPS-induced activation": the hyphenated word is used up, and the noun says what happens.
    acting = {i for i in (step, direction, _acting(words, groups, ("by",))) if i is not None}
    if direction is None or direction in used:
        return []
    parts = {name: groups[name] for name in "TPO" if name in groups}
    if not any(w.tag == "E" for a, b in parts.values() for w in words[a:b]):
        return []
    # "reduced by 25 to 50%", "decreased 35%"
    if any(not any(c.isalpha() for w in words[a:b] if w.tag != "L" for c in w.text) for a, b in parts.values()):
        return []
    # "volume depleted rats": a participle that only looks like a verb of the past.
    if words[direction].tag == "P" and pattern == "active" and not any(w.tag == "E" for w in words[slice(*parts["T"])]):
        return []
    used |= acting
    of = lambda name: _text(text, words, parts[name]) if name in parts else ""
    # What stands between the parts, and right before and after, may deny or doubt it.
    inside = [w for i, w in enumerate(words[match.start():match.end()], match.start())
              if not any(a <= i < b for a, b in parts.values())]
    first, last = words[match.start()].start, words[match.end() - 1].end
    before, after = text[start:first], words[match.end():match.end() + 4]
    follows = "".join(w.tag for w in after)
    negated = (any(w.tag == "X" for w in inside) or bool(DENIAL.search(" ".join(before.split()[-5:])))
               or bool(re.match("[AH]*BX|[AH]*X", follows)) and words[direction].tag == "M")
    hedged = any(w.tag == "H" for w in inside) or bool(DOUBT.search(before))
    base = {
        "pathway": of("P"), "negated": "yes" if negated else "", "hedged": "yes" if hedged else "",
        "step": "" if "P" not in parts else (words[step].way if step is not None else "through"),
        "direction": words[direction].way, "pattern": pattern, "start": first, "end": last,
    }
    rows = []
    for trigger, outcome in itertools.product(_pieces(words, parts["T"]), _pieces(words, parts["O"])):
        if VAGUE.match(_text(text, words, trigger)) or VAGUE.match(_text(text, words, outcome)):
            continue
        spans = [("T", trigger), ("O", outcome)] + ([("P", parts["P"])] if "P" in parts else [])
        spans += [("verb", (i, i + 1)) for i in sorted(acting)]
        marks = sorted((words[a].start, words[b - 1].end, name) for name, (a, b) in spans)
        rows.append({**base, "trigger": _text(text, words, trigger), "outcome": _text(text, words, outcome), "marks": marks})
    return rows


def _acting(words, groups, names):
    """The word that acts: the last of a group, as in "and thereby reduces"."""
    return next((groups[n][1] - 1 for n in names if n in groups), None)


def _pieces(words, span):
    """The parts of a list, where each has an entity; else the list is one part."""
    pieces, at = [], span[0]
    for i in range(span[0], span[1] + 1):
        if i == span[1] or words[i].tag in "CJ":
            if i > at:
                pieces.append((at, i))
            at = i + 1
    # In "secretion of A and B" the list is what "of" holds.
    listed = all(any(w.tag == "E" for w in words[a:b]) for a, b in pieces)
    if listed and not any(w.tag == "O" for w in words[pieces[0][0]:pieces[0][1]]):
        return pieces
    return [span]


def _text(text, words, span):
    first = span[0]
    # Without its article.
    if words[first].tag == "D" and span[1] - first > 1:
        first += 1
    said = " ".join(text[words[first].start:words[span[1] - 1].end].split())
    return said[ABOUT.match(said).end():] if ABOUT.match(said) else said


def _without_brackets(words):
    """Words in brackets, such as short forms, do not stand between a subject and its verb."""
    out, depth = [], 0
    for word in words:
        if word.text in "([":
            depth += 1
        elif word.text in ")]" and depth:
            depth -= 1
        elif not depth:
            out.append(word)
    return out
