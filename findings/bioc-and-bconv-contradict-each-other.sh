#!/bin/sh
# Guess: a BioC annotation with several locations has one right text, which every reader takes.
# What happens: bioc.validate wants all words from the first location to the last; bconv.load refuses these, and wants the pieces alone.
# Why it matters: no file with a discontinuous entity passes both, whatever is written; bconv gives up the whole collection.
#
# bioc 2.1 and bconv 1.2.1 of PyPI. Needs python3 with venv.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip install -q bioc==2.1 bconv==1.2.1

cat > try.py <<'PY'
import bconv
import bioc
from bioc import biocxml

FILE = """<collection><source/><date/><key/><document><id>1</id><passage><offset>0</offset>
<text>left and right knee</text><annotation id="1"><infon key="type">Part</infon>
<location offset="0" length="4"/><location offset="15" length="4"/><text>{}</text></annotation>
</passage></document></collection>"""


def taken(call):
    try:
        call()
    except (AssertionError, ValueError):
        return "refused"
    return "taken"


for text in "left and right knee", "left knee":
    with open("a.xml", "w") as file:
        file.write(FILE.format(text))
    bioc_says = taken(lambda: bioc.validate(biocxml.load(open("a.xml"))))
    bconv_says = taken(lambda: bconv.load("a.xml", fmt="bioc_xml", byte_offsets=False))
    print(f"{text}: bioc {bioc_says}, bconv {bconv_says}")
PY
v/bin/python try.py | tee output
grep -qx "left and right knee: bioc taken, bconv refused" output
grep -qx "left knee: bioc refused, bconv taken" output
echo "bioc 2.1 and bconv 1.2.1: each refuses what the other wants"
