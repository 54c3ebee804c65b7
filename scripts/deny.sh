#!/bin/sh
# Licences, bans and sources of every dependency by deny.toml, and known advisories where their database
# is to be had: it is a git repository, which a machine without a network to it does not have.
set -eu
cd "$(dirname "$0")/.."
# The dependencies of other systems too, which no build here has needed.
cargo fetch --quiet --locked || true
cargo deny --offline check licenses bans sources
timeout 120 cargo deny fetch db > /dev/null 2>&1 || true
if ls -d "${CARGO_HOME:-$HOME/.cargo}"/advisory-dbs/*/crates > /dev/null 2>&1; then
    cargo deny --offline check advisories
else
    echo "advisories: SKIPPED: their database (github.com/RustSec/advisory-db) cannot be fetched here" |
        tee -a target/skipped.txt
fi
