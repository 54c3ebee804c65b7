"""Sentences as words with tags, which the grammar and the cues of negation and doubt read.

An entity is one word, whatever stands in it. What a word is, is decided by lists; what is in no list is a noun or adjective
("N"), since in abstracts nearly everything else is.
"""
import re

# Verbs of effect: direction, verb, nominalisation. `-` where there is none that is used.
VERBS = """
activates   activate      activation
activates   stimulate     stimulation
activates   upregulate    upregulation
activates   up-regulate   up-regulation
activates   potentiate    potentiation
activates   agonize       agonism
inhibits    inhibit       inhibition
inhibits    suppress      suppression
inhibits    block         blockade
inhibits    antagonize    antagonism
inhibits    inactivate    inactivation
inhibits    downregulate  downregulation
inhibits    down-regulate down-regulation
inhibits    repress       repression
inhibits    silence       silencing
inhibits    abrogate      abrogation
inhibits    abolish       abolition
inhibits    impair        impairment
increases   increase      increase
increases   enhance       enhancement
increases   elevate       elevation
increases   raise         -
increases   augment       augmentation
increases   accelerate    acceleration
increases   exacerbate    exacerbation
increases   aggravate     aggravation
reduces     reduce        reduction
reduces     decrease      decrease
reduces     attenuate     attenuation
reduces     lower         lowering
reduces     diminish      -
reduces     ameliorate    amelioration
reduces     alleviate     alleviation
reduces     prevent       prevention
reduces     limit         -
reduces     deplete       depletion
leads-to    cause         -
leads-to    induce        induction
leads-to    trigger       triggering
leads-to    promote       promotion
leads-to    drive         -
leads-to    evoke         -
leads-to    elicit        -
leads-to    provoke       -
leads-to    produce       -
leads-to    mediate       -
leads-to    precipitate   -
"""
# Verbs that need their preposition.
PHRASES = {("lead", "to"): "leads to", ("result", "in"): "leads to", ("contribute", "to"): "leads to",
           ("culminate", "in"): "leads to", ("protect", "against"): "reduces", ("give", "rise", "to"): "leads to"}
IRREGULAR = {"led": ("lead", "P"), "drove": ("drive", "V"), "driven": ("drive", "P"), "gave": ("give", "V"), "given": ("give", "P")}

CLASSES = {
    "D": "a an the this that these those its their his her our both such all each any some",
    "L": "to",
    "B": "is are was were be been being",
    "A": "do does did has have had will would also even further can",
    "X": "not never no neither nor without cannot n't fail fails failed failing",
    "H": "may might could possibly probably perhaps potentially presumably likely appear appears appeared seem seems seemed "
         "thought believed proposed hypothesized hypothesised suggested postulated reported expected",
    "O": "of", "Y": "by", "C": ", ;", "J": "and or but while whereas", "T": "which that who", "S": "thereby thus hence therefore then consequently subsequently ultimately eventually",
    "W": "via through",
    "w": "with", "n": "in", "Q": "on at from for into during after before under within among between against upon following over per",
    "Z": "so as than well because when if since although about compared despite unlike . : ( ) [ ] ? ! = < > ± %",
    "U": "we they it he she there you i is suggest suggests show shows showed find finds demonstrate demonstrates "
         "indicate indicates indicated hypothesize hypothesise assessed investigated examined studied tested "
         "remain remains modulate modulates regulate regulates affect affects alter alters require requires involve involves include "
         "includes bind binds interact interacts express expresses play plays act acts become becomes develop develops exhibit exhibits "
         "report reports however moreover furthermore influence influences support supports confirm confirms reveal reveals provide provides encode encodes represent represents "
         "whether who underwent developed occurred remained showed received treated evaluated associated",
    "F": "found shown demonstrated observed known able",
}
ACTED = "induced|mediated|stimulated|activated|evoked|triggered|elicited|driven"
WORD = re.compile(rf"[-–‐‑](?:{ACTED})\b|\d+(?:\.\d+)?\s?%|\d+[.,]\d+(?:-\d+(?:\.\d+)?)?|[^\W_]+(?:[-/'’][^\W_]+)*|[^\w\s]|_", re.I)
HYPHENATED = re.compile(rf"[-–‐‑]({ACTED})$", re.I)


def forms(verb):
    """The forms of a verb with the tag of each: V finite, P past or participle, G gerund, L bare."""
    if verb.endswith("e"):
        past, gerund = verb + "d", verb[:-1] + "ing"
    else:
        past, gerund = verb + "ed", verb + "ing"
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
    return {verb: "V", third: "V", past: "P", gerund: "G"}


def _lexicon():
    words, direction = {}, {}
    for tag, text in CLASSES.items():
        for word in text.split():
            words.setdefault(word, tag)
    for line in VERBS.split("\n"):
        if line.strip():
            way, verb, noun = line.split()
            way = way.replace("-", " ")
            for form, tag in forms(verb).items():
                words[form], direction[form] = tag, way
            if noun != "-":
                # "increase" is both; what stands around it decides.
                words[noun] = "I" if noun in words and words[noun] == "V" else "M"
                direction[noun] = way
    for phrase in PHRASES:
        words.pop(phrase[0], None)
    return words, direction


LEXICON, DIRECTION = _lexicon()
PHRASE_FORMS = {}
for _phrase, _way in PHRASES.items():
    for _form, _tag in list(forms(_phrase[0]).items()) + [(f, t) for f, (v, t) in IRREGULAR.items() if v == _phrase[0]]:
        PHRASE_FORMS[(_form,) + _phrase[1:]] = (_tag, _way)
for _form, (_verb, _tag) in IRREGULAR.items():
    if _verb == "drive":
        LEXICON[_form], DIRECTION[_form] = _tag, "leads to"


class Word:
    """A word of a sentence: its place in the document, its tag, and what it does or which entity it is."""

    def __init__(self, start, end, text, tag, way=None, entity=None):
        self.start, self.end, self.text, self.tag, self.way, self.entity = start, end, text, tag, way, entity


def tagged(text, start, end, entities):
    """The words of `text[start:end]`; `entities` are those of the sentence, of which the outer one counts where two overlap."""
    words, at = [], start
    for entity in sorted(entities, key=lambda e: (e["start"], -e["end"])):
        if entity["start"] < at:
            continue
        words += _plain(text, at, entity["start"])
        words.append(Word(entity["start"], entity["end"], text[entity["start"]:entity["end"]], "E", entity=entity))
        at = entity["end"]
    return _joined(words + _plain(text, at, end))


def _plain(text, start, end):
    words = []
    for match in WORD.finditer(text, start, end):
        word = match.group()
        acted = HYPHENATED.search(word)
        if acted:
            # "-induced" is a word of its own, after an entity, a bracket or another word.
            cut = match.start() + acted.start()
            if cut > match.start():
                words.append(Word(match.start(), cut, text[match.start():cut], "N"))
            words.append(Word(cut, match.end(), acted.group(), "K", _way_of_hyphen(acted.group(1))))
            continue
        low = word.lower().replace("’", "'")
        if low in LEXICON:
            tag, way = LEXICON[low], DIRECTION.get(low)
        elif low.endswith("n't"):
            tag, way = "X", None
        elif low.endswith("ly"):
            tag, way = "A", None
        elif low.endswith("ed") and len(low) > 4:
            tag, way = "R", None
        else:
            # Dashes, slashes and quotation marks go with the nouns around them.
            tag, way = "N" if word[0].isalnum() or word in "-–/'’\"" else "Z", None
        words.append(Word(match.start(), match.end(), word, tag, way))
    return words


def _way_of_hyphen(word):
    return "activates" if word.lower() in ("stimulated", "activated") else "leads to"


def _joined(words):
    """Verbs with their prepositions as one word; "in turn", "by means of" likewise."""
    out, i = [], 0
    while i < len(words):
        for length in (3, 2):
            piece = tuple(w.text.lower() for w in words[i:i + length])
            if len(piece) < length or any(w.tag == "E" for w in words[i:i + length]):
                continue
            tag, way = PHRASE_FORMS.get(piece, (None, None))
            if piece == ("in", "turn"):
                tag = "S"
            if piece in (("by", "means", "of"),):
                tag = "W"
            if tag:
                out.append(Word(words[i].start, words[i + length - 1].end, " ".join(piece), tag, way))
                i += length
                break
        else:
            out.append(words[i])
            i += 1
    # A word that is a noun or a verb: a noun before "of" and "in", after an article or an adjective.
    for i, word in enumerate(out):
        if word.text.lower() == "lower" and i and (out[i - 1].tag in "DB" or out[i - 1].text.lower() in ("had", "has", "have")):
            word.tag = "N"
        # "blocking of the receptor"
        if word.tag == "G" and i + 1 < len(out) and out[i + 1].tag == "O":
            word.tag = "M"
        if word.tag == "I":
            before = out[i - 1].tag if i else "Z"
            after = out[i + 1].text.lower() if i + 1 < len(out) else ""
            word.tag = "M" if (after in ("of", "in", "by") and before not in "AHX") or before == "D" else "V"
    return out
