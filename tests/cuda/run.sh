#!/bin/sh
# The GPU path without a GPU: its kernels on an emulator, its calls against a driver on that.
# For people: `make test-cuda`.
set -eu
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# The sources that the embedded kernels were compiled from are those that are tested here.
(cd kernels/cuda && sha256sum --quiet --check built/SHA256SUMS)

c++ -std=c++17 -O2 -shared -fPIC -ffp-contract=off -fwrapv -I tests/cuda -Wall -Wextra -Werror \
    -Wno-unknown-pragmas -Wno-unused-function tests/cuda/driver.cpp -o "$out/libcuda.so.1"
LD_LIBRARY_PATH=$out cargo test --release --features cuda --lib -- engine::cuda --nocapture \
    > "$out/log" 2>&1 || { cat "$out/log"; exit 1; }
if grep SKIPPED "$out/log"; then
    echo "the emulated driver was not found" >&2
    exit 1
fi
grep "test result" "$out/log"
