#!/bin/sh
# Guess: scispacy installs on Python 3.11 and later, so its index of names can be built there from a terminology of one's own.
# What happens: create_tfidf_ann_index refuses (it wants scipy below 1.11), also with out_path=None, where nothing is saved in 16-bit floats.
# Why it matters: whoever links to local codes must go back to Python 3.10, or replace the check, which concerns saving alone.
set -eu
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "needs Python 3.11 or later"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet scispacy==0.6.2
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import importlib.metadata as metadata
import sys

from scispacy.candidate_generation import create_tfidf_ann_index
from scispacy.linking_utils import Entity, KnowledgeBase

print("Python", sys.version.split()[0], "scispacy", metadata.version("scispacy"), "scipy", metadata.version("scipy"))
names = [f"kind {number} of arthritis" for number in range(20)]
knowledge = KnowledgeBase([Entity(f"C{at}", name, [name.upper()]) for at, name in enumerate(names)])
try:
    create_tfidf_ann_index(None, knowledge)
except RuntimeError as error:
    print("RuntimeError:", error)
else:
    sys.exit("changed: an index was built")
PYTHON
