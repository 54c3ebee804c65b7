#!/bin/sh
# Builds the tool and the tests of the GPU path into a folder, under names of their own: build.sh DIR
set -eu
out=$1
cargo build --release --features cuda --bin biobert
cp "${CARGO_TARGET_DIR:-target}/release/biobert" "$out/biobert"
cargo test --release --features cuda --lib --test cuda --no-run 2> "$out/log" || { cat "$out/log" && exit 1; }
program() { sed -n "s|.*Executable.*$1.*(\(.*\))|\1|p" "$out/log"; }
cp "$(program src/lib.rs)" "$out/kernels"
cp "$(program tests/cuda.rs)" "$out/tasks"
rm "$out/log"
