#!/bin/sh
# What other libraries read of the formats that this one writes: bioc with its validator, bconv,
# pubtator-loader, brat-peek. Needs python3 with venv and PyPI; not part of the tests.
#
# usage: sh scripts/formats.sh
set -eu
cd "$(dirname "$0")/.."
venv=target/formats-venv
if [ ! -x $venv/bin/python ]; then
    python3 -m venv $venv
    # brat-peek names none of what it imports; pubtator-loader's spaCy is not needed for reading.
    $venv/bin/pip install -q bioc==2.1 bconv==1.2.1 brat-peek==0.1.2.1 pandas seaborn unidecode
    $venv/bin/pip install -q --no-deps pubtator-loader==0.1.4
fi
cargo test --release --test formats -- --ignored files_for_others
$venv/bin/python tests/formats_peers.py target/formats
