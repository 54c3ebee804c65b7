#!/bin/sh
# Guess: an added token has the id that tokenizer.json states for it, since an entry of added_tokens is {"id": …, "content": …}.
# What happens: a token that the model's vocabulary lacks gets the next free number, in the order of the list; no error, no warning.
# Why it matters: markers such as [E1] of a relation model meet other rows of its embedding than those that were trained for them.
#
# tokenizers 0.23.3 of PyPI. Needs python3 with venv.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v
v/bin/pip install -q tokenizers==0.23.3

cat > try.py <<'PY'
import json

from tokenizers import Tokenizer


def added(number, content):
    flags = dict.fromkeys(["single_word", "lstrip", "rstrip", "normalized", "special"], False)
    return {"id": number, "content": content, **flags}


file = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [added(12, "[E2]"), added(20, "[E1]")],
    "normalizer": None,
    "pre_tokenizer": {"type": "Whitespace"},
    "post_processor": None,
    "decoder": None,
    "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "fever": 1, "rash": 2}},
}
tokenizer = Tokenizer.from_str(json.dumps(file))
print("stated: [E2] 12, [E1] 20; read:", tokenizer.encode("fever [E1] [E2]").ids)
PY
v/bin/python try.py | tee output
grep -qx "stated: \[E2\] 12, \[E1\] 20; read: \[1, 4, 3\]" output
echo "tokenizers 0.23.3: added tokens were numbered in their order"
