#!/bin/sh
# The GPU path without a GPU: its kernels on an emulator, its calls against a driver on that.
# For people: `make test-cuda`.
set -eu
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cargo="cargo test --quiet --release --features cuda"

# The kernels that the library carries were compiled from these sources.
(cd kernels/cuda && sha256sum --quiet --check built/SHA256SUMS)

echo "without a driver:"
$cargo --test cuda -- --nocapture | grep -E "^SKIPPED|^test result|running"

c++ -std=c++17 -O3 -march=native -shared -fPIC -ffp-contract=off -fwrapv -I tests/cuda \
    -Wall -Wextra -Werror -Wno-unknown-pragmas -Wno-unused-function tests/cuda/driver.cpp \
    -o "$out/libcuda.so.1"
export LD_LIBRARY_PATH="$out"
echo "kernels on the emulator, and the library on its driver:"
$cargo --lib -- --nocapture cuda > "$out/log" 2>&1 || { cat "$out/log"; exit 1; }
$cargo --test cuda -- --nocapture >> "$out/log" 2>&1 || { cat "$out/log"; exit 1; }
if grep SKIPPED "$out/log"; then
    echo "the emulated driver was not found" >&2
    exit 1
fi
grep -E "calls of the driver|^test result: ok. [1-9]" "$out/log"

tool=target/release/biobert
text="Patient with type 2 diabetes was started on metformin. Denies chest pain."
for command in extract ner embed; do
    for device in cpu gpu prefer; do
        echo "$text" | $tool $command --model models/bio-minilm --device $device > "$out/$device"
    done
    cmp "$out/cpu" "$out/gpu" && cmp "$out/cpu" "$out/prefer"
done
$tool info --model models/bio-minilm --device gpu | grep "^device .*gpu (Emulated GPU"
echo "the tool: the same bytes on the GPU"
